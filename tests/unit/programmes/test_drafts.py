"""Drafts, corrections and withdrawals: what applicants write before it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.question import Question, QuestionKind, checked_answers
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import MemberNotCurrent, OnHold, OutsideWindow, WrongStage
from services.programmes.events import (
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from services.programmes.subscriptions import StandingChanged
from shared.errors import ChangedMeanwhile, Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import ANSWERS, NOW
from tests.unit.programmes.world import World, cut_at_every_write

CLOSES = datetime(2026, 12, 29, 17, tzinfo=UTC)
UNTIL = datetime(2027, 1, 15, 17, tzinfo=UTC)


def start(world: World, cohort_id: str, member_id: str, **options: Any) -> str:
    made = world.call("start_application", cohort_id=cohort_id, member_id=member_id, **options)
    return str(made.application_id)


def save(world: World, application_id: str, answers: dict[str, str], **options: Any) -> Any:
    return world.call("save_draft", application_id=application_id, answers=answers, **options)


def give_back(world: World, application_id: str, until: datetime = UNTIL) -> Any:
    return world.call(
        "return_application",
        application_id=application_id,
        until=until.isoformat(),
        reason="Planted reason.",
    )


def test_a_draft_is_written_bit_by_bit_and_handed_in(world: World) -> None:
    """Nobody is told of it before; then it counts as it was written last."""
    cohort_id, member_id = world.cohort(), world.member()
    id = start(world, cohort_id, member_id)
    view = save(world, id, {"other": "  more "}, member_id=member_id)
    assert (view.status, view.answers, view.draft.answers) == ("draft", {}, {"other": "more"})
    assert view.draft_until == CLOSES
    save(world, id, ANSWERS)
    assert world.events(ApplicationSubmitted) == []
    handed_in = world.call("submit_application", cohort_id=cohort_id, member_id=member_id)
    assert (handed_in.application_id, handed_in.answers) == (id, ANSWERS)
    assert (handed_in.draft, handed_in.draft_until) == (None, None)
    assert len(world.events(ApplicationSubmitted)) == 1


def test_what_is_given_in_a_draft_must_fit(world: World) -> None:
    """What is missing may follow, what is wrong is named, and nothing is kept of it."""
    cohort_id = world.cohort()
    id = start(world, cohort_id, world.member())
    before = save(world, id, {})
    for answers, field in (({"unasked": "x"}, "unasked"), ({"other": "a b c d"}, "other")):
        error = error_of(lambda answers=answers: save(world, id, answers))
        assert isinstance(error, Invalid)
        assert list(error.fields) == [f"answers.{field}"]
    assert world.call("get_application", application_id=id) == before


def test_a_draft_that_is_not_complete_is_not_handed_in(world: World) -> None:
    """It stays a draft."""
    cohort_id, member_id = world.cohort(), world.member()
    id = start(world, cohort_id, member_id)
    error = error_of(
        lambda: world.call("submit_application", cohort_id=cohort_id, member_id=member_id)
    )
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["answers.motivation"]
    assert world.application(id).status is ApplicationStatus.DRAFT


def test_two_windows_do_not_overwrite_each_other(world: World) -> None:
    """Who gives the version they read learns that it is another by now."""
    id = start(world, world.cohort(), world.member())
    version = world.call("get_application", application_id=id).version
    saved = save(world, id, {"other": "first"}, version=version)
    error = error_of(lambda: save(world, id, {"other": "second"}, version=version))
    assert isinstance(error, ChangedMeanwhile)
    assert save(world, id, {"other": "third"}, version=saved.version).draft.answers == {
        "other": "third"
    }


def test_a_draft_belongs_to_its_member_and_there_is_one(world: World) -> None:
    """Beginning again says where it is; somebody else's does not exist."""
    cohort_id, member_id = world.cohort(), world.member()
    id = start(world, cohort_id, member_id, message="m1")
    assert start(world, cohort_id, member_id, message="m1") == id
    error = error_of(lambda: start(world, cohort_id, member_id))
    assert isinstance(error, Duplicate)
    assert error.details["application_id"] == id
    other = world.member()
    for refused in (
        lambda: save(world, id, ANSWERS, member_id=other),
        lambda: world.call("withdraw_application", application_id=id, member_id=other),
    ):
        assert isinstance(error_of(refused), NotFound)
    assert isinstance(error_of(lambda: start(world, cohort_id, "nobody")), MemberNotCurrent)


def test_drafts_are_begun_and_written_while_the_window_is_open(world: World) -> None:
    """Not a millisecond longer."""
    cohort_id, member_id = world.cohort(), world.member()
    id = start(world, cohort_id, member_id)
    world.clock.now = CLOSES - timedelta(milliseconds=1)
    save(world, id, ANSWERS)
    world.clock.now = CLOSES
    for refused in (
        lambda: save(world, id, {}),
        lambda: start(world, cohort_id, world.member()),
        lambda: world.call("submit_application", cohort_id=cohort_id, member_id=member_id),
    ):
        assert isinstance(error_of(refused), OutsideWindow)
    assert world.application(id).drafted.answers == ANSWERS


def test_an_application_is_returned_and_corrected_after_the_window(world: World) -> None:
    """Until its own instant; the applicant reads the reason, and no event has it."""
    cohort_id, member_id = world.cohort(), world.member()
    id = world.submitted(cohort_id, member_id)
    world.clock.now = CLOSES + timedelta(days=1)
    view = give_back(world, id)
    assert (view.status, view.return_reason, view.draft_until) == (
        "returned",
        "Planted reason.",
        UNTIL,
    )
    assert view.draft.answers == view.answers == ANSWERS
    save(world, id, {"motivation": "Better"})
    assert world.application(id).answers == ANSWERS
    world.clock.now = UNTIL - timedelta(milliseconds=1)
    again = world.call("submit_application", cohort_id=cohort_id, member_id=member_id)
    assert (again.status, again.answers) == ("submitted", {"motivation": "Better"})
    assert again.return_reason is None
    assert len(world.events(ApplicationReturned)) == 1
    assert len(world.events(ApplicationSubmitted)) == 2


def test_what_is_not_corrected_in_time_stands_as_it_was(world: World) -> None:
    """The clock hands it in again, once, with what was handed in before."""
    cohort_id, member_id = world.cohort(), world.member()
    id = world.submitted(cohort_id, member_id)
    give_back(world, id)
    save(world, id, {"motivation": "Half a"})
    world.clock.now = UNTIL
    error = error_of(
        lambda: world.call("submit_application", cohort_id=cohort_id, member_id=member_id)
    )
    assert isinstance(error, OutsideWindow)
    for _ in range(2):
        world.let_the_clock("tick")
    stands = world.application(id)
    assert (stands.status, stands.answers, stands.drafted) == ("submitted", ANSWERS, None)
    assert len(world.events(ApplicationSubmitted)) == 2


def test_what_was_never_handed_in_cannot_be_returned(world: World) -> None:
    """And a time that has passed is no time."""
    cohort_id = world.cohort()
    draft = start(world, cohort_id, world.member())
    assert isinstance(error_of(lambda: give_back(world, draft)), WrongStage)
    error = error_of(lambda: give_back(world, world.submitted(cohort_id), NOW))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["until"]


def test_an_application_can_be_withdrawn_where_the_workflow_lets_it(world: World) -> None:
    """By the member or by staff, once; the reason stands in the trail alone."""
    cohort_id, member_id = world.cohort(), world.member()
    id = world.submitted(cohort_id, member_id)
    for _ in range(2):
        view = world.call(
            "withdraw_application",
            application_id=id,
            member_id=member_id,
            reason="Planted reason.",
        )
    assert view.status == "withdrawn"
    assert len(world.events(ApplicationWithdrawn)) == 1
    assert world.trails()[f"applications:{id}"][-1].reason == "Planted reason."
    over = world.submitted(cohort_id)
    world.bring(over, "unsuccessful")
    error = error_of(lambda: world.call("withdraw_application", application_id=over))
    assert isinstance(error, WrongStage)


def test_withdrawing_gives_back_an_accepted_place_wherever_it_is_cut_off() -> None:
    """The same call completes it: the place is free, the offer is over."""

    def prepare() -> World:
        world = World()
        programme_id = world.programme(kind="course")
        cohort_id = world.cohort(programme_id, posts=[world.post("place", capacity=1)])
        member_id = world.member()
        id = world.submitted(cohort_id, member_id)
        world.call("invite_applicants", cohort_id=cohort_id)
        (offer,) = world.pages("find_offers", cohort_id=cohort_id)
        world.call("accept_offer", offer_id=offer.offer_id, member_id=member_id)
        world.kept = (cohort_id, id)  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        _, id = world.kept  # type: ignore[attr-defined]
        world.call("withdraw_application", application_id=id, message="m1")

    for world in cut_at_every_write(act, prepare):
        cohort_id, id = world.kept  # type: ignore[attr-defined]
        assert world.application(id).status is ApplicationStatus.WITHDRAWN
        assert world.repository("places").free(cohort_id) == {"place": 1}


def test_what_came_to_nothing_is_emptied_after_a_year(world: World) -> None:
    """The facts stay; nothing of what was written does, not even in the trail."""
    cohort_id = world.cohort()
    answers = {"motivation": "Planted words"}
    lost, gone, won = (world.submitted(cohort_id, answers=answers) for _ in range(3))
    world.bring(lost, "unsuccessful")
    world.bring(gone, "withdrawn")
    world.bring(won, "shortlisted")
    world.pass_time(days=364)
    assert world.application(lost).answers == answers
    world.pass_time(days=1)
    for id in (lost, gone):
        assert world.application(id).answers == {}
        assert "Planted" not in str(world.document("applications", id))
    assert world.application(won).answers == answers
    assert world.application(lost).status is ApplicationStatus.UNSUCCESSFUL


def test_a_draft_that_was_never_handed_in_is_emptied(world: World) -> None:
    """A month after the window has closed."""
    id = start(world, world.cohort(), world.member())
    save(world, id, {"motivation": "Planted words"})
    world.clock.now = CLOSES + timedelta(days=29)
    world.let_the_clock("tick")
    assert world.application(id).has_content
    world.pass_time(days=1)
    assert not world.application(id).has_content
    assert "Planted" not in str(world.document("applications", id))


def test_a_suspended_applicant_s_correction_waits(world: World) -> None:
    """Its time runs out, and it stands once the suspension is over."""
    member_id = world.member()
    id = world.submitted(world.cohort(), member_id)
    give_back(world, id)
    world.tell(StandingChanged(member_id, "suspended"))
    world.clock.now = UNTIL
    world.let_the_clock("tick")
    assert world.application(id).status is ApplicationStatus.RETURNED
    world.tell(StandingChanged(member_id, "current"))
    world.let_the_clock("tick")
    assert world.application(id).status is ApplicationStatus.SUBMITTED


def test_a_paused_application_is_not_returned(world: World) -> None:
    """It rests."""
    member_id = world.member()
    id = world.submitted(world.cohort(), member_id)
    world.tell(StandingChanged(member_id, "suspended"))
    assert isinstance(error_of(lambda: give_back(world, id)), OnHold)


def question(kind: QuestionKind, **more: Any) -> Question:
    return Question(id="q", prompt="?", kind=kind, **more)


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        (question(QuestionKind.CHOICE, options=("a", "b")), "a", "c"),
        (question(QuestionKind.YES_NO), "yes", "maybe"),
        (question(QuestionKind.NUMBER), "12.5", "twelve"),
        (question(QuestionKind.NUMBER), "-3", "NaN"),
        (question(QuestionKind.DATE), "2027-02-28", "2027-02-29"),
        (question(QuestionKind.DATE), "2027-02-28", "28 February"),
        (question(QuestionKind.TEXT, max_words=2), "two words", "now three words"),
    ],
)
def test_an_answer_fits_its_question(asked: Question, right: str, wrong: str) -> None:
    """By its kind, in a draft as when it is handed in."""
    for complete in (True, False):
        assert checked_answers([asked], {"q": f" {right} "}, complete=complete) == {"q": right}
        error = error_of(
            lambda complete=complete: checked_answers([asked], {"q": wrong}, complete=complete)
        )
        assert isinstance(error, Invalid)


@given(st.dates())
def test_every_date_is_a_date(day: date) -> None:
    """As ISO 8601 writes it, and no other way."""
    asked = question(QuestionKind.DATE)
    assert asked.faults(day.isoformat()) == []
    assert asked.faults(day.strftime("%d/%m/%Y")) != []


@given(st.text(max_size=40))
def test_no_text_breaks_a_question(answer: str) -> None:
    """Whatever is typed is taken or refused with a reason."""
    for kind in QuestionKind:
        options = ("a", "b") if kind is QuestionKind.CHOICE else ()
        reasons = question(kind, options=options, required=False).faults(answer.strip())
        assert all(reason.endswith(".") for reason in reasons)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "choice"}, "questions.0.options"),
        ({"kind": "yes_no", "options": ["a"]}, "questions.0.options"),
        ({"kind": "riddle"}, "questions.0.kind"),
        ({"kind": "attachment", "max_bytes": 6_000_000}, "questions.0.max_bytes"),
    ],
)
def test_a_form_that_cannot_be_answered_is_refused(
    world: World, changes: dict[str, Any], field: str
) -> None:
    """A choice needs options, and nothing else has any."""
    asked = {"id": "q", "prompt": "?", **changes}
    error = error_of(lambda: world.cohort(questions=[asked]))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [field]
