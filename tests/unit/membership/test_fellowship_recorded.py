"""Awards of fellowship that were made before, or elsewhere."""

from datetime import date
from typing import Any

import pytest

from services.membership.errors import (
    AwardHeld,
    NotAMember,
)
from services.membership.events import (
    AwardRevalidationDue,
    FellowshipAwarded,
)
from shared.errors import Invalid
from tests.unit.membership.fellowships import (
    MINUTE,
    cover,
    revalidate,
    tick,
    told,
)
from tests.unit.membership.world import World, cut_at_every_write


def record(world: World, member_id: str, **changes: Any) -> Any:
    arguments: dict[str, Any] = {
        "level": "fellow",
        "awarded_on": date(2024, 3, 1),
        "minute": MINUTE,
        **changes,
    }
    return world.call("record_award", member_id=member_id, **arguments)


def test_an_award_made_before_is_put_on_record() -> None:
    """It is held, told and confirmed like any other, and has no clock."""
    world = World()
    member_id = world.member()
    shown = record(world, member_id)
    assert (shown.state, shown.route, shown.clock.started_on) == ("awarded", "recorded", None)
    member = world.call("get_member", member_id=member_id)
    assert member.post_nominals == ("FFMLM",)
    assert (member.awards[0].fellowship_id, member.awards[0].revalidate_by) == (
        shown.fellowship_id,
        date(2029, 3, 1),
    )
    assert world.events(shown.fellowship_id) == [
        FellowshipAwarded(
            shown.fellowship_id, member_id, "fellow", "FFMLM", date(2024, 3, 1), date(2029, 3, 1)
        )
    ]
    cover(world, member_id)
    tick(world, date(2028, 9, 1))
    assert revalidate(world, shown.fellowship_id).revalidations[0].due_on == date(2029, 3, 1)


def test_an_award_confirmed_elsewhere_counts_from_then() -> None:
    """One within the time of notice is told of at once."""
    world = World()
    member_id = world.member()
    record(world, member_id, awarded_on=date(2010, 1, 1), confirmed_on=date(2022, 1, 10))
    (held,) = world.members.get(member_id).awards
    assert (held.awarded_on, held.revalidate_by) == (date(2010, 1, 1), date(2027, 1, 10))
    assert [type(each) for each in told(world, member_id)] == [AwardRevalidationDue]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "grand"}, "level"),
        ({"awarded_on": date(2026, 11, 24)}, "awarded_on"),
        ({"awarded_on": date(2021, 11, 22)}, "awarded_on"),
        ({"confirmed_on": date(2024, 2, 29)}, "confirmed_on"),
        ({"confirmed_on": date(2026, 11, 24)}, "confirmed_on"),
        ({"awarded_on": date(2010, 1, 1), "confirmed_on": date(2021, 11, 22)}, "confirmed_on"),
    ],
)
def test_an_award_that_cannot_be_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    """Not in the future, in order, and not one that would have ended."""
    world = World()
    member_id = world.member()
    with pytest.raises(Invalid) as refused:
        record(world, member_id, **changes)
    assert list(refused.value.fields) == [field]
    assert world.members.get(member_id).awards == ()


def test_an_award_that_would_end_tomorrow_is_still_one() -> None:
    """The last day counts."""
    world = World()
    member_id = world.member()
    assert record(world, member_id, awarded_on=date(2021, 11, 23)).state == "awarded"
    assert tick(world, date(2026, 11, 24)).told == {"award.ended": 1}


def test_only_members_have_awards() -> None:
    """An applicant has none; a level that is held is not recorded again."""
    world = World()
    with pytest.raises(NotAMember):
        record(world, world.apply())
    member_id = world.member()
    record(world, member_id)
    for level in ("fellow", "associate_fellow"):
        with pytest.raises(AwardHeld):
            record(world, member_id, level=level)
    assert len(world.pages("find_fellowships", member_id=member_id)) == 1


def test_an_award_that_was_cut_off_is_recorded_once() -> None:
    """The same call delivered again completes it."""
    ids: dict[int, str] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = world.member()
        return world

    def act(world: World) -> None:
        record(world, ids[id(world)], message="a")

    for world in cut_at_every_write(act, prepare):
        member_id = ids[id(world)]
        (kept,) = world.pages("find_fellowships", member_id=member_id)
        (held,) = world.members.get(member_id).awards
        assert held.fellowship_id == kept.fellowship_id
