"""Interviews as their panels score them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.programmes.errors import (
    InterestConflicts,
    InterviewHeld,
    InterviewMissed,
    InterviewNotBegun,
    NotBooked,
    PanelHasAgreed,
    PanelIncomplete,
    ReviewerNotActive,
    WrongStage,
)
from services.programmes.events import ApplicationInterviewed
from shared.errors import Invalid, NotFound
from tests.unit.programmes.builders import RUBRIC
from tests.unit.programmes.contest import AT, PANEL, SCORES, Contest
from tests.unit.programmes.world import cut_at_every_write


@pytest.fixture
def world() -> Contest:
    return begun()


def begun(**rubric: int) -> Contest:
    """Two on the short list, of whom the first has an interview that has begun."""
    world = Contest.at_interviews([5, 4], **rubric)
    [slot_id] = world.add()
    world.book(slot_id, world.applications[0])
    world.clock.now = AT
    return world


def slot_of(world: Contest) -> str:
    held = world.holds(world.applications[0])
    assert held is not None
    return held


def interview(world: Contest) -> object:
    return world.call("get_interview", application_id=world.applications[0])


def agree(world: Contest, **arguments: object) -> object:
    given = {
        "application_id": world.applications[0],
        "scores": SCORES,
        "agreed_by": PANEL,
        "reason": "Spoken about.",
        **arguments,
    }
    return world.call("agree_interview_scores", **given)


def absent(world: Contest, reviewer_id: str, **arguments: object) -> object:
    given = {"application_id": world.applications[0], "reason": "Fell ill.", **arguments}
    return world.call("record_panel_absence", reviewer_id=reviewer_id, **given)


def test_with_the_last_of_the_panel_the_applicant_is_interviewed(world: Contest) -> None:
    """The score is the mean of what each gave, weighted by criterion."""
    slot_id = slot_of(world)
    world.mark(slot_id, PANEL[0], leadership=4, motivation=1)
    seen = interview(world)
    assert (seen.awaited, seen.complete, seen.score) == ((PANEL[1],), False, None)
    assert world.status() == ["shortlisted", "shortlisted"]
    world.mark(slot_id, PANEL[1], leadership=3, motivation=2)
    seen = interview(world)
    assert (seen.awaited, seen.complete) == ((), True)
    assert seen.score == round((3.5 * 2 + 1.5) / 3 * 10_000)
    assert world.status() == ["interviewed", "shortlisted"]
    assert len(world.events(ApplicationInterviewed)) == 1


def test_scores_can_be_changed_until_the_panel_has_agreed(world: Contest) -> None:
    """One's own alone; what was agreed on stands in place of the mean."""
    slot_id = slot_of(world)
    for reviewer_id in PANEL:
        world.mark(slot_id, reviewer_id, leadership=2, motivation=2)
    world.mark(slot_id, PANEL[0], leadership=4, motivation=4)
    assert interview(world).score == 30_000
    agreed = agree(world)
    assert (agreed.score, agreed.agreed_by) == (40_000, PANEL)
    with pytest.raises(PanelHasAgreed):
        world.mark(slot_id)


def test_a_panel_that_is_far_apart_has_to_agree(world: Contest) -> None:
    """More than the rubric lets pass is no score."""
    slot_id = slot_of(world)
    world.mark(slot_id, PANEL[0], leadership=5, motivation=5)
    world.mark(slot_id, PANEL[1], leadership=2, motivation=2)
    seen = interview(world)
    assert (seen.agreement_missing, seen.complete) == (True, False)
    assert world.status()[0] == "shortlisted"
    agree(world)
    assert (interview(world).agreement_missing, world.status()[0]) == (False, "interviewed")


def test_only_the_panel_scores_and_only_once_it_has_begun() -> None:
    """To others the interview does not exist; nobody scores one that nobody has booked."""
    world = Contest.at_interviews([5])
    [slot_id] = world.add()
    with pytest.raises(NotBooked):
        world.mark(slot_id)
    world.book(slot_id, world.applications[0])
    with pytest.raises(InterviewNotBegun):
        world.mark(slot_id)
    with pytest.raises(InterviewNotBegun):
        agree(world)
    world.clock.now = AT - timedelta(seconds=1)
    with pytest.raises(InterviewNotBegun):
        world.mark(slot_id)
    world.clock.now = AT
    with pytest.raises(NotFound):
        world.mark(slot_id, "stranger")
    with pytest.raises(Invalid) as refused:
        world.mark(slot_id, leadership=6)
    assert sorted(refused.value.fields) == ["scores.leadership", "scores.motivation"]
    world.mark(slot_id)


def test_who_is_in_conflict_neither_scores_nor_counts(world: Contest) -> None:
    """Also where the conflict became known after they had scored."""
    slot_id = slot_of(world)
    world.mark(slot_id, PANEL[0], leadership=1, motivation=1)
    world.call(
        "record_conflict",
        reviewer_id=PANEL[0],
        member_id=world.member_of(world.applications[0]),
        reason="Invented.",
    )
    with pytest.raises(InterestConflicts):
        world.mark(slot_id, PANEL[0])
    with pytest.raises(InterestConflicts):
        agree(world)
    world.mark(slot_id, PANEL[1], leadership=4, motivation=4)
    assert interview(world).score == 40_000
    assert world.status()[0] == "interviewed"


def test_scores_of_who_is_suspended_meanwhile_are_kept(world: Contest) -> None:
    """They go on once the suspension has ended and they are ranked, not before."""
    slot_id, first = slot_of(world), world.applications[0]
    world.suspend(first)
    for reviewer_id in PANEL:
        world.mark(slot_id, reviewer_id)
    assert (interview(world).complete, world.status()[0]) == (True, "shortlisted")
    world.repository("applications").change(first, lambda found: found.resume(world.clock()))
    world.finish(("interview", 1))
    assert world.status()[0] == "ranked"


def test_marks_of_another_slot_do_not_count(world: Contest) -> None:
    """Only those of the slot that the application has."""
    slot_id, first = slot_of(world), world.applications[0]
    for reviewer_id in PANEL:
        world.mark(slot_id, reviewer_id)
    world.repository("panel_marks").change(
        f"{first}:{PANEL[0]}", lambda mark: mark.revise(SCORES, "", "another", world.clock())
    )
    assert interview(world).awaited == (PANEL[0],)


def test_only_the_panel_agrees(world: Contest) -> None:
    """Somebody else is named; and it is the criteria of the rubric that are agreed on."""
    with pytest.raises(ReviewerNotActive):
        agree(world, agreed_by=["stranger"])
    with pytest.raises(Invalid) as refused:
        agree(world, scores={"charm": 5})
    assert "scores.charm" in refused.value.fields


def test_a_panel_agrees_once_all_have_scored_and_by_two_at_least(world: Contest) -> None:
    """One of two does not decide alone, nor while the other's score is awaited."""
    slot_id = slot_of(world)
    world.mark(slot_id, PANEL[0], leadership=5, motivation=5)
    with pytest.raises(PanelIncomplete) as refused:
        agree(world)
    assert (refused.value.details["awaited"], refused.value.details["needed"]) == ([PANEL[1]], 1)
    world.mark(slot_id, PANEL[1], leadership=2, motivation=2)
    with pytest.raises(PanelIncomplete) as refused:
        agree(world, agreed_by=[PANEL[0], PANEL[0]])
    assert (refused.value.details["awaited"], refused.value.details["needed"]) == ([], 2)
    assert world.status()[0] == "shortlisted"
    agree(world)
    assert world.status()[0] == "interviewed"


def test_who_was_not_there_of_the_panel_is_not_awaited(world: Contest) -> None:
    """The scores of the others count; who has scored was there, and strangers are on no panel."""
    slot_id = slot_of(world)
    assert not absent(world, PANEL[1]).complete
    assert world.status()[0] == "shortlisted"
    world.mark(slot_id, PANEL[0])
    seen = interview(world)
    assert (seen.absent, seen.awaited, seen.complete) == ((PANEL[1],), (), True)
    assert world.status()[0] == "interviewed"
    with pytest.raises(InterviewHeld):
        absent(world, PANEL[0])
    with pytest.raises(ReviewerNotActive):
        absent(world, "stranger")
    assert agree(world, agreed_by=[PANEL[0]]).score == 40_000
    world.bring(world.applications[0], "ranked")
    with pytest.raises(WrongStage):
        absent(world, PANEL[1])


def test_an_absence_that_broke_off_is_completed_by_the_same_call() -> None:
    """The applicant is interviewed as soon as nobody is awaited, told of once."""

    def prepare() -> Contest:
        world = begun()
        world.mark(slot_of(world), PANEL[0])
        return world

    def act(world: Contest) -> None:
        absent(world, PANEL[1], message="m")

    for world in cut_at_every_write(act, prepare):
        assert world.status()[0] == "interviewed"
        assert interview(world).absent == (PANEL[1],)
        assert len(world.events(ApplicationInterviewed)) == 1


def test_an_absence_is_of_one_interview(world: Contest) -> None:
    """In another slot somebody is awaited again; and none is recorded before it has begun."""
    first, slot_id = world.applications[0], slot_of(world)
    absent(world, PANEL[1])
    world.call("record_no_show", application_id=first, reason="Not there.")
    [another] = world.add(world.slot(48))
    world.call("book_slot", slot_id=another, application_id=first)
    with pytest.raises(InterviewNotBegun):
        absent(world, PANEL[1])
    world.clock.now = AT + timedelta(hours=48)
    world.mark(another, PANEL[0])
    seen = interview(world)
    assert (seen.slot_id, seen.awaited, seen.absent) == (another, (PANEL[1],), ())
    assert slot_id != another


def test_a_cohort_may_have_a_rubric_for_interviews() -> None:
    """By which interviews are scored, and not by that of reviews."""
    world = Contest()
    rubric = {**RUBRIC, "criteria": [{"id": "presence", "title": "Presence", "weight": 1}]}
    rubric = {**rubric, "highest": 10, "pass_mark": 5, "tie_breaks": ["lot"]}
    world.cohort_id = world.cohort(world.programme(kind="national_scheme"), interview_rubric=rubric)
    assert world.call("get_cohort", cohort_id=world.cohort_id).interview_rubric.highest == 10
    id = world.submitted(world.cohort_id)
    world.bring(id, "shortlisted")
    world.applications = (id,)
    for reviewer_id in PANEL:
        world.reviewer(reviewer_id)
    [slot_id] = world.add()
    world.book(slot_id, id)
    world.clock.now = AT
    with pytest.raises(Invalid):
        world.mark(slot_id)
    for reviewer_id in PANEL:
        world.mark(slot_id, reviewer_id, presence=7)
    assert interview(world).score == 70_000


def test_a_rubric_for_interviews_is_checked_by_field() -> None:
    """As the other one is."""
    world = Contest()
    with pytest.raises(Invalid) as refused:
        world.cohort(interview_rubric={**RUBRIC, "lowest": 5})
    assert "interview_rubric.highest" in refused.value.fields


def test_who_did_not_come_can_be_given_another_time(world: Contest) -> None:
    """By staff; the missed one is scored by nobody."""
    first, slot_id = world.applications[0], slot_of(world)
    world.call("record_no_show", application_id=first, reason="Not there.")
    with pytest.raises(InterviewMissed):
        world.mark(slot_id)
    with pytest.raises(InterviewMissed):
        agree(world)
    [another] = world.add(world.slot(48))
    world.call("book_slot", slot_id=another, application_id=first)
    world.clock.now = AT + timedelta(hours=48)
    for reviewer_id in PANEL:
        world.mark(another, reviewer_id)
    seen = interview(world)
    assert (seen.missed, seen.complete) == ((slot_id,), True)


def test_an_interview_is_not_missed_before_it_begins_or_once_scored() -> None:
    """Nor by who has none."""
    world = Contest.at_interviews([5])
    first = world.applications[0]
    absent = {"application_id": first, "reason": "Not there."}
    with pytest.raises(NotBooked):
        world.call("record_no_show", **absent)
    [slot_id] = world.add()
    world.book(slot_id, first)
    with pytest.raises(InterviewNotBegun):
        world.call("record_no_show", **absent)
    world.clock.now = AT
    world.mark(slot_id)
    with pytest.raises(Exception, match="scored"):
        world.call("record_no_show", **absent)


def test_nothing_is_scored_once_the_applicant_is_ranked(world: Contest) -> None:
    """What the panel agreed on can still be put right, until there is an offer."""
    first, slot_id = world.applications[0], slot_of(world)
    for reviewer_id in PANEL:
        world.mark(slot_id, reviewer_id)
    world.bring(first, "ranked")
    with pytest.raises(WrongStage):
        world.mark(slot_id)
    assert agree(world, scores={"leadership": 3, "motivation": 3}).score == 30_000
    world.bring(first, "offered")
    with pytest.raises(WrongStage):
        agree(world)


@pytest.mark.parametrize("agreed", [False, True])
def test_scoring_that_broke_off_is_completed_by_the_same_call(agreed: bool) -> None:
    """Wherever it was cut off the applicant is interviewed, told of once."""

    def prepare() -> Contest:
        world = begun()
        world.mark(slot_of(world), PANEL[0])
        if agreed:
            world.mark(slot_of(world), PANEL[1], leadership=0, motivation=0)
        return world

    def act(world: Contest) -> None:
        if agreed:
            agree(world, message="m")
        else:
            world.call(
                "score_interview", by=PANEL[1], slot_id=slot_of(world), scores=SCORES, message="m"
            )

    for world in cut_at_every_write(act, prepare):
        assert world.status()[0] == "interviewed"
        assert len(world.events(ApplicationInterviewed)) == 1


def test_comments_are_told_to_nobody_and_forgotten(world: Contest) -> None:
    """Who gave what is withheld from the applicant; at their erasure what was written goes."""
    slot_id, first = slot_of(world), world.applications[0]
    arguments = {"slot_id": slot_id, "scores": SCORES, "comment": "Invented remark"}
    world.call("score_interview", by=PANEL[0], **arguments)
    assert "Invented remark" not in str(world.events())
    holdings = world.app.forget_member.keywords["holdings"]
    member_id = world.member_of(first)
    shown = str([r for r in holdings.disclosed(member_id) if r["record"] == "PanelMark"])
    assert "Invented remark" in shown
    assert PANEL[0] not in shown.replace(f"{first}:{PANEL[0]}", "")
    absent(world, PANEL[1], reason="Invented illness")
    agree(world, reason="Invented explanation")
    holdings.forget(member_id)
    assert "Invented explanation" not in str(world.trails())
    assert "Invented illness" not in str(world.trails())
    assert "Invented remark" not in str(world.document("panel_marks", f"{first}:{PANEL[0]}"))
