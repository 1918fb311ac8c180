"""Which submitted applications go on, and which go no further."""

from __future__ import annotations

import pytest

from services.programmes.errors import NotInCohort, WrongStage
from services.programmes.events import ApplicationLonglisted, ApplicationNotSelected
from services.programmes.subscriptions import MemberMerged, StandingChanged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.world import World, cut_at_every_write


class Entries(World):
    """A world with a cohort and some submitted applications."""

    cohort_id: str
    ids: list[str]

    @classmethod
    def of(cls, number: int) -> Entries:
        world = cls()
        world.cohort_id = world.cohort()
        world.ids = [world.submitted(world.cohort_id) for _ in range(number)]
        return world

    def longlist(self, **arguments: object) -> object:
        return self.call("longlist", cohort_id=self.cohort_id, **arguments)

    def status(self) -> list[str]:
        return [self.application(id).status.value for id in self.ids]


def test_all_that_are_submitted_go_on_and_each_is_told_of() -> None:
    """Without ids, everybody's; drafts are not looked at."""
    world = Entries.of(3)
    view = world.longlist()
    assert view.longlisted == tuple(world.ids)
    assert (view.held_back, view.unchanged) == ((), ())
    told = [each.application_id for each in world.events(ApplicationLonglisted)]
    assert sorted(told) == sorted(world.ids)
    again = world.longlist()
    assert (again.longlisted, again.unchanged) == ((), tuple(world.ids))


def test_who_no_longer_may_apply_is_held_back_with_the_rule() -> None:
    """Suspension, standing, eligibility and the form, in this order; nobody is dropped silently."""
    world = Entries.of(5)
    first, lapsed, moved, resting, emptied = world.ids
    member = world.application(lapsed).member_id
    world.tell(StandingChanged(member, "lapsed"))
    gone = world.application(moved).member_id
    world.member(gone, nation="scotland")
    world.repository("applications").change(resting, lambda found: found.pause(world.clock()))
    world.repository("applications").change(emptied, lambda found: found.answers.clear())
    view = world.longlist()
    assert view.longlisted == (first,)
    held = {each.application_id: (each.rule, each.detail) for each in view.held_back}
    assert held == {
        lapsed: ("standing", "lapsed"),
        moved: ("nation", "scotland"),
        resting: ("on_hold", ""),
        emptied: ("answers.motivation", ""),
    }
    assert world.status() == ["longlisted", *["submitted"] * 4]


def test_a_member_who_was_merged_is_judged_as_who_stands_for_them() -> None:
    """Their application goes on if the other is current."""
    world = Entries.of(1)
    other = world.member()
    world.tell(MemberMerged(world.application(world.ids[0]).member_id, other))
    assert world.longlist().longlisted == tuple(world.ids)


def test_what_is_not_submitted_is_held_back_by_its_status() -> None:
    """Named, it is reported; and what is of another cohort is refused before anything is done."""
    world = Entries.of(2)
    first, second = world.ids
    world.bring(second, "withdrawn")
    view = world.longlist(application_ids=[first, second])
    assert view.longlisted == (first,)
    assert [(h.rule, h.detail) for h in view.held_back] == [("status", "withdrawn")]
    elsewhere = world.submitted(world.cohort())
    with pytest.raises(NotInCohort) as refused:
        world.longlist(application_ids=[elsewhere, "nowhere"])
    assert refused.value.details == {"application_ids": [elsewhere, "nowhere"]}


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    """Who would go on."""
    world = Entries.of(2)
    before = world.database.writes
    dry = world.longlist(dry_run=True)
    assert world.database.writes == before
    assert dry.dry_run
    assert dry.longlisted == world.longlist().longlisted


def test_a_call_that_broke_off_is_completed_by_the_same_call() -> None:
    """Wherever it was cut off, everybody is on the list, told of once."""

    def act(world: Entries) -> None:
        world.longlist(message="m")

    for world in cut_at_every_write(act, lambda: Entries.of(3)):
        assert world.status() == ["longlisted"] * 3
        assert len(world.events(ApplicationLonglisted)) == 3


def test_a_rejection_is_told_without_its_reason() -> None:
    """The reason is in the trail alone."""
    world = Entries.of(2)
    first, _ = world.ids
    reason = "Invented reason that nobody else reads"
    arguments = {"cohort_id": world.cohort_id, "application_ids": [first], "reason": reason}
    view = world.call("reject_applications", **arguments)
    assert (view.rejected, view.unchanged) == ((first,), ())
    assert world.status() == ["unsuccessful", "submitted"]
    assert [e.application_id for e in world.events(ApplicationNotSelected)] == [first]
    assert world.trails()[f"applications:{first}"][-1].reason == reason
    assert reason not in str(world.events())
    assert world.call("reject_applications", **arguments).unchanged == (first,)


def test_nobody_is_rejected_when_somebody_cannot_be() -> None:
    """Who is too far, or paused, is named before anything is written."""
    world = Entries.of(3)
    _, placed, resting = world.ids
    world.bring(placed, "placed")
    world.repository("applications").change(resting, lambda found: found.pause(world.clock()))
    with pytest.raises(WrongStage) as refused:
        world.call(
            "reject_applications",
            cohort_id=world.cohort_id,
            application_ids=world.ids,
            reason="Invented.",
        )
    assert refused.value.details["application_ids"] == [placed, resting]
    assert world.status() == ["submitted", "placed", "submitted"]


def test_a_long_list_needs_its_cohort() -> None:
    """And a rejection a reason."""
    world = Entries.of(1)
    with pytest.raises(NotFound):
        world.call("longlist", cohort_id="nowhere")
    with pytest.raises(Invalid) as refused:
        world.call(
            "reject_applications",
            cohort_id=world.cohort_id,
            application_ids=world.ids,
            reason="",
        )
    assert list(refused.value.fields) == ["reason"]
