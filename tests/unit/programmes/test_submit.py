"""Submitting an application: standing, eligibility, window, answers, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.programmes.errors import MemberNotCurrent, NotEligible, OutsideWindow
from services.programmes.events import ApplicationSubmitted
from services.programmes.subscriptions import (
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
)
from shared.errors import Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import ANSWERS, MEMBER, NOW
from tests.unit.programmes.world import World

CLOSES = datetime(2026, 12, 29, 17, tzinfo=UTC)


def submit(world: World, cohort_id: str, member_id: str = MEMBER, **changes: Any) -> Any:
    arguments = {"cohort_id": cohort_id, "member_id": member_id, "answers": ANSWERS}
    return world.call("submit_application", **{**arguments, **changes})


def told(world: World) -> list[Any]:
    return world.events(ApplicationSubmitted)


def test_an_application_is_kept_and_announced(world: World) -> None:
    """A current, eligible member's application is kept and recorded as one event."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    view = submit(world, cohort_id)
    assert told(world) == [
        ApplicationSubmitted(view.application_id, cohort_id, MEMBER, view.programme_id, NOW)
    ]
    assert world.call("get_application", application_id=view.application_id) == view
    assert (view.answers, view.status, view.shortlisted_at) == (ANSWERS, "submitted", None)


def test_a_member_not_known_is_refused_with_the_reason(world: World) -> None:
    """Without events from membership nobody is current, and the wire says so."""
    error = error_of(lambda: submit(world, world.cohort()))
    assert isinstance(error, MemberNotCurrent)
    assert error.details == {"member_id": MEMBER, "reason": "not_known"}
    assert told(world) == []


def test_a_refusal_after_admission_closes_the_door_and_a_verification_opens_it(
    world: World,
) -> None:
    """What the latest check of the registration says decides."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    world.tell(RegistrationRefused(MEMBER))
    error = error_of(lambda: submit(world, cohort_id))
    assert error.details["reason"] == "registration_refused"
    world.tell(RegistrationVerified(MEMBER, "GMC", "registered"))
    assert submit(world, cohort_id).member_id == MEMBER


def test_who_is_suspended_by_a_register_is_not_current(world: World) -> None:
    """Even before membership has said what follows from it."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    world.tell(RegistrationStatusChanged(MEMBER, "GMC", "suspended"))
    error = error_of(lambda: submit(world, cohort_id))
    assert isinstance(error, MemberNotCurrent)
    assert error.details["reason"] == "suspended"


@pytest.mark.parametrize(
    ("profession", "nation", "rule", "value"),
    [
        ("nurse", "wales", "profession", "nurse"),
        ("doctor", "scotland", "nation", "scotland"),
        ("nurse", "scotland", "profession", "nurse"),
    ],
)
def test_the_rule_that_leaves_a_member_out_is_named(
    world: World, profession: str, nation: str, rule: str, value: str
) -> None:
    """A refusal names the rule, the member's value and the values admitted."""
    cohort_id = world.cohort()
    world.member(MEMBER, profession=profession, nation=nation)
    error = error_of(lambda: submit(world, cohort_id))
    assert isinstance(error, NotEligible)
    assert (error.details["rule"], error.details["value"]) == (rule, value)
    assert value not in error.details["admitted"]
    assert told(world) == []


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-1, True), (-0.001, True), (0, False), (0.001, False), (1, False)]
)
def test_the_window_is_checked_to_the_millisecond(
    world: World, seconds: float, taken: bool
) -> None:
    """The last instant is in time, the closing instant is not, and the refusal says all three."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    world.clock.now = CLOSES + timedelta(seconds=seconds)
    if taken:
        assert submit(world, cohort_id).submitted_at == world.clock.now
        return
    error = error_of(lambda: submit(world, cohort_id))
    assert isinstance(error, OutsideWindow)
    assert error.details == {
        "opens_at": "2026-12-01T09:00:00+00:00",
        "closes_at": CLOSES.isoformat(),
        "now": world.clock.now.isoformat(),
    }
    assert told(world) == []


def test_faulty_answers_keep_nothing(world: World) -> None:
    """An application with faulty answers is refused by field and not kept."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    error = error_of(lambda: submit(world, cohort_id, answers={"motivation": "x", "unasked": "y"}))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["answers.unasked"]
    assert told(world) == []


@pytest.mark.parametrize("answer", ["x" * 20_001, "nul \x00"])
def test_answers_are_bounded_before_any_rule(world: World, answer: str) -> None:
    """No answer carries megabytes or a NUL, whatever its number of words."""
    error = error_of(lambda: submit(world, "any", answers={"motivation": answer}))
    assert isinstance(error, Invalid)
    [field] = error.fields
    assert field.startswith("answers.motivation")


def test_a_long_answer_within_the_word_limit_is_kept_whole(world: World) -> None:
    """The cohort's word limit rules, not the length that other texts have."""
    world.member(MEMBER)
    question = {"id": "essay", "prompt": "At length?", "max_words": 1_000}
    cohort_id = world.cohort(questions=[question])
    essay = " ".join(["leadership"] * 1_000)
    assert submit(world, cohort_id, answers={"essay": essay}).answers == {"essay": essay}


def test_a_member_applies_to_a_cohort_once(world: World) -> None:
    """A second application is a duplicate that points at the first, also after the closing."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    first = submit(world, cohort_id)
    world.clock.advance(days=60)
    error = error_of(lambda: submit(world, cohort_id))
    assert isinstance(error, Duplicate)
    assert error.details["application_id"] == first.application_id
    assert len(told(world)) == 1


def test_the_unique_key_stops_two_at_the_same_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When neither of two requests can see the other, the store refuses the second."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    submit(world, cohort_id)
    monkeypatch.setattr(world.repository("applications"), "first", lambda criteria: None)
    error = error_of(lambda: submit(world, cohort_id))
    assert isinstance(error, Duplicate)
    assert error.details["field"] == "application_key"


def test_a_request_delivered_again_gives_the_application_it_made(world: World) -> None:
    """The same message gets its answer again, also after the closing; another is a duplicate."""
    cohort_id = world.cohort()
    world.member(MEMBER)
    first = submit(world, cohort_id, message="m1")
    world.clock.advance(days=60)
    assert submit(world, cohort_id, message="m1") == first
    assert isinstance(error_of(lambda: submit(world, cohort_id, message="m2")), Duplicate)
    assert len(told(world)) == 1


def test_a_member_may_apply_to_two_cohorts_and_two_members_to_one(world: World) -> None:
    """Only the same member and the same cohort together are one application."""
    one, two = world.cohort(), world.cohort()
    world.member(MEMBER)
    submit(world, one)
    submit(world, two)
    submit(world, one, world.member())
    assert len(told(world)) == 3


def test_a_cohort_that_is_not_there_is_not_found(world: World) -> None:
    """An application needs its cohort."""
    world.member(MEMBER)
    assert isinstance(error_of(lambda: submit(world, "nowhere")), NotFound)


def test_applications_are_counted_by_status(world: World) -> None:
    """Of one cohort, without reading them."""
    cohort_id, other = world.cohort(), world.cohort()
    ids = [world.submitted(cohort_id) for _ in range(3)]
    world.submitted(other)
    world.bring(ids[0], "shortlisted")
    world.bring(ids[1], "withdrawn")
    counts = world.call("count_applications", cohort_id=cohort_id)
    assert counts.by_status == {"shortlisted": 1, "submitted": 1, "withdrawn": 1}
    assert counts.total == 3
    assert isinstance(error_of(lambda: world.call("count_applications", cohort_id="x")), NotFound)
