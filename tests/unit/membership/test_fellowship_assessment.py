"""Who may assess whose application for fellowship, and what a panel decides."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.errors import (
    FellowshipRunning,
    Merged,
)
from services.membership.events import (
    FellowshipDecided,
)
from shared.errors import Invalid, NotFound
from tests.unit.membership.fellowships import (
    INTEREST,
    MINUTE,
    award,
    barred,
    fill,
    in_state,
    merge,
    nominate,
    own,
    panel,
    ratify,
    reference,
    staff,
    start,
    submit,
    view,
)
from tests.unit.membership.world import World


def test_two_who_hold_the_level_may_assess() -> None:
    """Their decision is told without what it is."""
    world = World()
    fellowship_id = in_state(world, "in_assessment")
    shown = panel(world, fellowship_id, award(world, "fellow"), award(world, "senior_fellow"))
    assert (shown.state, shown.rounds[0].panel.outcome) == ("panel_decided", "award")
    told = world.events(fellowship_id)[-1]
    assert told == FellowshipDecided(fellowship_id, shown.member_id, "fellow", world.today)


@pytest.mark.parametrize(
    ("level", "held", "barred_"),
    [
        ("associate_fellow", "associate_fellow", False),
        ("fellow", "associate_fellow", True),
        ("fellow", "fellow", False),
        ("senior_fellow", "fellow", True),
        ("senior_fellow", "senior_fellow", False),
    ],
)
def test_nobody_assesses_for_a_level_above_their_own(level: str, held: str, barred_: bool) -> None:
    """An award of at least the level is needed."""
    world = World()
    fellowship_id = in_state(world, "in_assessment", level)
    assessor, other = award(world, held), award(world)
    if barred_:
        assert barred(world, fellowship_id, assessor, other) == {assessor: "level"}
    else:
        assert panel(world, fellowship_id, assessor, other).state == "panel_decided"


def test_members_without_an_award_assess_nobody() -> None:
    """Nor does one whose award was not confirmed in time, noticed or not."""
    world = World()
    member, lapsed, held = world.member(), world.member(), award(world)
    arguments = {"level": "senior_fellow", "minute": MINUTE}
    world.call(
        "record_award",
        member_id=lapsed,
        awarded_on=world.today - timedelta(days=1_820),
        **arguments,
    )
    world.go_to(date(2026, 12, 1))
    fellowship_id = in_state(world, "in_assessment")
    assert barred(world, fellowship_id, member, held) == {member: "level"}
    assert world.members.get(lapsed).awards[0].ended_on is None
    assert barred(world, fellowship_id, lapsed, held) == {lapsed: "level"}


def test_nobody_assesses_themselves() -> None:
    """Not even one who holds a level already and applies for a higher one."""
    world = World()
    applicant = award(world, "fellow")
    fellowship_id = in_state(world, "in_assessment", "senior_fellow", applicant)
    assert barred(world, fellowship_id, applicant, award(world)) == {applicant: "applicant"}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_no_referee_assesses(withdrawn: bool) -> None:
    """A member who was named by address is known, also after the address changed, or withdrawal."""
    world = World()
    assessor, later = award(world), award(world)
    address = world.members.get(assessor).email
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id)
    referee_id = nominate(world, fellowship_id, address.upper())
    nominate(world, fellowship_id, "later@example.org")
    referees = submit(world, fellowship_id).referees
    if withdrawn:
        own(world, "withdraw_referee", fellowship_id, referee_id=referee_id)
    for each in referees[:2]:
        reference(world, fellowship_id, each.referee_id)
    assert barred(world, fellowship_id, assessor, award(world)) == {assessor: "referee"}
    world.call("change_contact", member_id=assessor, email="new.address@example.org")
    world.call("change_contact", member_id=later, email="Later@Example.org")
    assert barred(world, fellowship_id, assessor, later) == {
        assessor: "referee",
        later: "referee",
    }


def test_nobody_with_a_conflict_assesses() -> None:
    """Once declared it holds, for this application alone."""
    world = World()
    assessor, other = award(world), award(world)
    fellowship_id, another = in_state(world, "draft"), in_state(world, "in_assessment")
    arguments = {"assessor_id": assessor, "reason": INTEREST}
    for _ in range(2):
        shown = staff(world, "declare_conflict", fellowship_id, **arguments)
    assert [(each.assessor_id, each.reason) for each in shown.conflicts] == [(assessor, INTEREST)]
    fill(world, fellowship_id)
    for referee in submit(world, fellowship_id).referees:
        reference(world, fellowship_id, referee.referee_id)
    assert barred(world, fellowship_id, assessor, other) == {assessor: "conflict"}
    assert panel(world, another, assessor, other).state == "panel_decided"


def test_who_has_two_records_is_barred_by_either() -> None:
    """As applicant, referee, by conflict and as one of the first panel, once they are merged."""
    world = World()
    twins = {name: (award(world), world.member()) for name in ("applicant", "referee", "conflict")}
    address = world.members.get(twins["referee"][1]).email
    fellowship_id = start(world, twins["applicant"][1]).fellowship_id
    fill(world, fellowship_id, without=("referees",))
    nominate(world, fellowship_id, address)
    nominate(world, fellowship_id, "second@example.org")
    staff(
        world,
        "declare_conflict",
        fellowship_id,
        assessor_id=twins["conflict"][1],
        reason=INTEREST,
    )
    for referee in submit(world, fellowship_id).referees:
        reference(world, fellowship_id, referee.referee_id)
    for kept_id, merged_id in twins.values():
        merge(world, kept_id, merged_id)
    assert barred(world, fellowship_id, *(kept_id for kept_id, _ in twins.values())) == {
        kept_id: reason for reason, (kept_id, _) in twins.items()
    }
    panel(world, fellowship_id, outcome="decline")
    ratify(world, fellowship_id, "decline")
    first = view(world, fellowship_id).rounds[0].panel.assessors[0]
    staff(world, "appeal", fellowship_id, member_id=twins["applicant"][0], grounds="Invented.")
    another = award(world)
    merge(world, another, first)
    assert barred(world, fellowship_id, another, award(world)) == {another: "first_panel"}


def test_nobody_is_their_own_referee_by_another_record() -> None:
    """The address of a record that was merged into the applicant's is theirs."""
    world = World()
    kept_id, merged_id = world.member(), world.member()
    address = world.members.get(merged_id).email
    merge(world, kept_id, merged_id)
    fellowship_id = start(world, kept_id).fellowship_id
    with pytest.raises(Invalid) as refused:
        nominate(world, fellowship_id, address)
    assert list(refused.value.fields) == ["email"]


def test_who_was_merged_goes_on_with_the_other_record() -> None:
    """The application stays where it was begun; whoever stands for it now holds the award."""
    world = World()
    kept_id, merged_id = world.member(), world.member()
    fellowship_id = start(world, merged_id).fellowship_id
    fill(world, fellowship_id)
    merge(world, kept_id, merged_id)
    with pytest.raises(Merged) as refused:
        submit(world, fellowship_id)
    assert refused.value.details["into"] == kept_id
    with pytest.raises(FellowshipRunning):
        start(world, kept_id)
    with pytest.raises(NotFound):
        view(world, fellowship_id, world.member())
    assert view(world, fellowship_id, kept_id).missing == ()
    shown = staff(world, "submit_fellowship", fellowship_id, member_id=kept_id)
    for referee in shown.referees:
        reference(world, fellowship_id, referee.referee_id)
    panel(world, fellowship_id)
    assert ratify(world, fellowship_id).member_id == merged_id
    assert [each.fellowship_id for each in world.members.get(kept_id).awards] == [fellowship_id]
    assert world.members.get(merged_id).awards == ()


def test_a_conflict_is_that_of_a_member() -> None:
    """An id of nobody is refused."""
    world = World()
    with pytest.raises(NotFound):
        staff(
            world,
            "declare_conflict",
            in_state(world, "draft"),
            assessor_id="nobody",
            reason=INTEREST,
        )


def test_only_current_members_assess() -> None:
    """One who left does not, whatever they held."""
    world = World()
    left, other = award(world), award(world)
    fellowship_id = in_state(world, "in_assessment")
    world.call("withdraw", member_id=left)
    assert barred(world, fellowship_id, left, other) == {left: "not_current"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"assessors": ["nobody", "somebody"]}, "assessors.0"),
        ({"outcome": "award", "domains_met": ["self", "team"]}, "domains_met"),
        ({"outcome": "decline", "domains_met": ["self", "system"]}, "domains_met.1"),
        ({"decided_on": date(2026, 11, 24)}, "decided_on"),
        ({"decided_on": date(2026, 11, 22)}, "decided_on"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    """An award needs every domain; domains are the level's; days lie in the round."""
    world = World()
    fellowship_id = in_state(world, "in_assessment")
    with pytest.raises(Invalid) as refused:
        panel(world, fellowship_id, **changes)
    assert field in refused.value.fields


def test_a_panel_is_of_at_least_two_different_members() -> None:
    """How many is policy; the same one twice is one."""
    world = World()
    fellowship_id, assessor = in_state(world, "in_assessment"), award(world)
    with pytest.raises(Invalid) as refused:
        panel(world, fellowship_id, assessor)
    assert list(refused.value.fields) == ["assessors"]
    with pytest.raises(Invalid) as refused:
        panel(world, fellowship_id, assessor, assessor)
    assert list(refused.value.fields) == ["assessors.1"]


def test_a_panel_may_decline_whatever_domains_are_met() -> None:
    """Not every reason lies in the domains."""
    world = World()
    shown = panel(world, in_state(world, "in_assessment"), outcome="decline")
    assert shown.rounds[0].panel.outcome == "decline"
