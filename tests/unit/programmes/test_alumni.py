"""The register of alumni, and where they are later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.outcome import Outcome, Tally
from services.programmes.errors import NotAnAlumnus
from services.programmes.subscriptions import MemberMerged, MemberUnmerged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.fellowship import (
    ENDS,
    accepted,
    complete,
    completed,
    placed,
    reported,
    scheme,
)
from tests.unit.programmes.world import World, cut_at_every_write

DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def graduates(world: World, number: int) -> tuple[str, list[Any]]:
    """The id of a cohort, and the placements of so many of its alumni."""
    cohort_id = scheme(world, places=number)
    placements = [placed(world, accepted(world, cohort_id)) for _ in range(number)]
    world.go_to(placements[0].starts_on)
    world.let_the_clock("tick")
    for placement in placements:
        reported(world, placement)
    world.go_to(ENDS)
    for placement in placements:
        complete(world, placement)
    return cohort_id, placements


def outcome(world: World, placement: Any, on: date, **changes: Any) -> Any:
    arguments = {
        "cohort_id": placement.cohort_id,
        "member_id": placement.member_id,
        "role_level": "service_lead",
        "sector": "nhs_provider",
        "source": "survey",
        **changes,
    }
    return world.call("record_outcome", recorded_on=on, **arguments)


def test_alumni_are_listed_page_by_page(world: World) -> None:
    """By programme, by cohort, by member or all, each once."""
    cohort_id, placements = graduates(world, 3)
    members = sorted(placement.member_id for placement in placements)
    by = {"cohort_id": cohort_id, "programme_id": placements[0].programme_id}
    for name, value in by.items():
        found = world.pages("find_alumni", **{name: value}, limit=1)
        assert [each.member_id for each in found] == members
        assert world.pages("find_alumni", **{name: "elsewhere"}) == []
    assert len(world.pages("find_alumni", limit=2)) == 3
    assert len(world.pages("find_alumni", **by)) == 3
    assert [each.member_id for each in world.pages("find_alumni", member_id=members[0])] == [
        members[0]
    ]


def test_alumni_under_merged_ids_are_one_person_s(world: World) -> None:
    """Found by the id that stands for them; taken apart each has their own."""
    kept = world.member()
    placement = completed(world, scheme(world))
    world.tell(MemberMerged(placement.member_id, kept))
    (alumnus,) = world.pages("find_alumni", member_id=kept)
    assert (alumnus.member_id, alumnus.stands_for) == (placement.member_id, kept)
    assert outcome(world, placement, ENDS, member_id=kept).member_id == placement.member_id
    assert len(world.pages("find_outcomes", member_id=kept)) == 1
    world.tell(MemberUnmerged(placement.member_id))
    assert world.pages("find_alumni", member_id=kept) == []
    assert world.pages("find_outcomes", member_id=kept) == []
    assert len(world.pages("find_outcomes", member_id=placement.member_id)) == 1


def test_outcomes_are_counted_by_the_latest_that_is_known(world: World) -> None:
    """One for each alumnus; who turned out to be none is not counted."""
    _, (first, second, third) = graduates(world, 3)
    world.go_to(ENDS + 400 * DAY)
    outcome(world, first, ENDS)
    outcome(world, first, ENDS + 365 * DAY, role_level="director")
    outcome(world, second, ENDS + DAY, sector="industry")
    outcome(world, third, ENDS)
    world.call(
        "withdraw_completion",
        cohort_id=third.cohort_id,
        member_id=third.member_id,
        reason="Invented.",
    )
    tally = world.call("count_outcomes", programme_id=first.programme_id)
    assert tally.known == 2
    assert tally.role_levels == {"director": 1, "service_lead": 1}
    assert tally.sectors == {"industry": 1, "nhs_provider": 1}
    with pytest.raises(NotFound):
        world.call("count_outcomes", programme_id="nowhere")


def test_an_outcome_of_the_same_day_is_corrected(world: World) -> None:
    """What was said before is in the trail."""
    placement = completed(world, scheme(world))
    outcome(world, placement, ENDS)
    outcome(world, placement, ENDS, role_level="board")
    (found,) = world.pages("find_outcomes", member_id=placement.member_id)
    assert found.role_level == "board"
    (kept,) = world.repository("outcomes").find({}).items
    assert len(world.repository("outcomes").trail(kept.id)) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role_level": "king"}, "role_level"),
        ({"sector": "moon"}, "sector"),
        ({"source": "rumour"}, "source"),
    ],
)
def test_outcomes_are_told_in_codes(world: World, changes: Any, field: str) -> None:
    """The refusal names the codes there are."""
    placement = completed(world, scheme(world))
    with pytest.raises(Invalid) as refused:
        outcome(world, placement, ENDS, **changes)
    assert list(refused.value.fields) == [field]


def test_an_outcome_is_of_an_alumnus_and_of_a_day_since(world: World) -> None:
    """Neither before completion nor to come, and of nobody who completed nothing."""
    placement = completed(world, scheme(world))
    for day in (ENDS - DAY, ENDS + DAY):
        with pytest.raises(Invalid) as refused:
            outcome(world, placement, day)
        assert list(refused.value.fields) == ["recorded_on"]
    with pytest.raises(NotAnAlumnus):
        outcome(world, placement, ENDS, member_id=world.member())


def test_an_outcome_that_is_cut_off_is_completed() -> None:
    """The same call again keeps it once."""

    def prepare() -> World:
        world = World()
        world.placement = completed(world, scheme(world))  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        world.call(
            "record_outcome",
            message="m1",
            cohort_id=world.placement.cohort_id,  # type: ignore[attr-defined]
            member_id=world.placement.member_id,  # type: ignore[attr-defined]
            recorded_on=ENDS,
            role_level="board",
            sector="other",
            source="staff",
        )

    for world in cut_at_every_write(act, prepare):
        assert len(world.repository("outcomes").find({}).items) == 1


said = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.sampled_from(["board", "director"])),
    unique_by=lambda each: each[:2],
)


@given(said)
def test_a_tally_counts_everybody_once(said: list[tuple[int, int, str]]) -> None:
    """By the last day of each, whatever was said before."""
    outcomes = [
        Outcome(
            f"c:{who}:{ENDS + day * DAY}",
            f"c:{who}",
            str(who),
            "c",
            "p",
            ENDS + day * DAY,
            level,
            "other",
            "staff",
        )
        for who, day, level in sorted(said)
    ]
    latest = {who: level for who, _, level in sorted(said)}
    tally = Tally.of(outcomes)
    assert tally.known == len(latest) == sum(tally.role_levels.values())
    for level in ("board", "director"):
        assert tally.role_levels.get(level, 0) == list(latest.values()).count(level)
