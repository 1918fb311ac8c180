"""Records that look like one person's: every likely pair is found once, without comparing all."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.matching import compare
from services.membership.domain.member import Member
from services.membership.errors import Merged
from services.membership.handlers import duplicates
from shared.errors import Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.membership.world import World

NIA = {"given_name": "Nia", "family_name": "Probert", "date_of_birth": "1988-03-04"}
OWEN = {"given_name": "Owen", "family_name": "Llewellyn", "date_of_birth": "1979-12-31"}


class Apart(World):
    """A world in which no two registration numbers are near one another by themselves."""

    def apply(self, **changes: Any) -> str:
        number = f"{len(list(self.members.scan({}))) + 1:02d}"
        return super().apply(**{"registration_number": f"{number * 3}0", **changes})


@pytest.fixture
def world() -> World:
    return Apart()


def pairs(items: list[Any]) -> set[tuple[str, str]]:
    return {(each.member_id, each.other_id) for each in items}


def found(world: World, **arguments: Any) -> list[Any]:
    return world.pages("find_duplicates", **arguments)


def test_a_proposal_says_what_agrees_and_what_it_weighs(world: World) -> None:
    """Score, reasons and the version of the policy, and no name or address."""
    first = world.apply(**NIA)
    second = world.apply(**NIA)
    page = world.call("find_duplicates")
    (pair,) = page.items
    assert (pair.member_id, pair.other_id, pair.score) == (second, first, 60)
    assert [(each.reason, each.points) for each in pair.reasons] == [
        ("name_same", 30),
        ("birth_same", 30),
    ]
    assert (page.policy, page.crowded, page.next_cursor) == ("2026.1", (), None)
    assert "Probert" not in repr(page)


def test_likeness_below_the_threshold_is_not_proposed(world: World) -> None:
    """The same name alone is no reason, unless somebody asks for less."""
    world.apply(**NIA)
    world.apply(**{**NIA, "date_of_birth": "1960-01-01"})
    assert found(world) == []
    assert [each.score for each in found(world, minimum_score=30)] == [30]
    assert found(world, minimum_score=31) == []


def test_more_than_the_threshold_can_be_asked_for(world: World) -> None:
    """Only the likelier pairs are left."""
    world.apply(**NIA, email="nia.p@gmail.com")
    world.apply(**NIA, email="niap+2@gmail.com")
    world.apply(**NIA)
    assert sorted(each.score for each in found(world)) == [60, 60, 110]
    assert [each.score for each in found(world, minimum_score=61)] == [110]


def test_the_policy_in_force_decides(world: World) -> None:
    """A new version has its own weights and threshold from its day on."""
    world.apply(**NIA)
    world.apply(**NIA)
    stricter = world.call("get_policy", kind="matching").matching
    points = {**vars(stricter.points), "birth_same": 35}
    body = {
        "threshold": 65,
        "points": points,
        "similar_percent": 90,
        "source": "Invented",
    }
    world.call(
        "propose_policy_version",
        version="2027.1",
        effective_from=world.today,
        reason="Invented",
        matching=body,
    )
    assert [each.score for each in found(world)] == [60]
    world.call("activate_policy_version", kind="matching", version="2027.1", reason="Invented")
    page = world.call("find_duplicates")
    assert [each.score for each in page.items] == [65]
    assert page.policy == "2027.1"


def test_of_one_member_both_earlier_and_later_ones_are_found(world: World) -> None:
    """The likeliest first, over pages too; who is not alike is not there."""
    first = world.apply(**NIA)
    second = world.apply(**NIA, email="nia@gmail.com")
    third = world.apply(**NIA, email="nia+3@gmail.com")
    world.apply(**OWEN)
    assert [(each.member_id, each.other_id) for each in found(world, member_id=second)] == [
        (third, second),
        (second, first),
    ]
    assert pairs(found(world, member_id=second, limit=1)) == {(third, second), (second, first)}
    assert len(found(world, member_id=second, limit=1)) == 2


def test_slips_in_numbers_are_found_among_all_registrations(world: World) -> None:
    """Also of those added later, and at another regulator."""
    first = world.apply(**NIA, registration_number="0712345")
    second = world.apply(**OWEN, registration_number="0712354")
    other = {"given_name": "Beti", "family_name": "Quill", "date_of_birth": "1966-06-06"}
    third = world.apply(**other, registration_number="0700000")
    world.call("add_registration", member_id=third, regulator="GMC", registration_number="0712344")
    numbers = {
        (each.member_id, each.other_id)
        for each in found(world, minimum_score=40)
        if [one.reason for one in each.reasons] == ["number_near"]
    }
    assert numbers == {(second, first), (third, first), (third, second)}
    own = found(world, member_id=first, minimum_score=40)
    assert pairs(own) == {(second, first), (third, first)}


def test_the_same_number_with_another_regulator_is_found(world: World) -> None:
    """Whoever holds both may have mixed the regulators up."""
    second = world.apply(**{**NIA, "given_name": "Una"})
    world.call(
        "add_registration", member_id=second, regulator="GPhC", registration_number="2012345"
    )
    third = world.apply(**NIA, registration_number="2012345")
    (pair,) = found(world, minimum_score=70, member_id=second)
    assert (pair.member_id, pair.other_id) == (third, second)
    assert pair.reasons[0].reason == "number_elsewhere"


def test_a_claim_without_a_member_is_no_candidate(world: World) -> None:
    """An application that was never kept is nobody."""
    with world.cut_off(1):
        world.apply(registration_number="0712346")
    world.apply(registration_number="0712345")
    assert found(world) == []


def test_merged_and_erased_records_are_not_proposed(world: World) -> None:
    """Neither as one of a pair nor when they are asked about."""
    first, second = world.apply(**NIA), world.apply(**NIA)
    world.call("merge", kept_id=first, merged_id=second, reason="Invented")
    assert found(world) == found(world, member_id=first) == found(world, member_id=second) == []
    world.call("unmerge", merged_id=second, reason="Invented")
    assert pairs(found(world)) == {(second, first)}
    third = world.apply(**NIA)

    def erase(found: Member) -> None:
        found.erased_on = world.today
        found.settle(world.book, world.today)

    world.members.change(third, erase)
    assert pairs(found(world)) == {(second, first)}
    assert found(world, member_id=third) == []


def test_only_records_that_stand_alone_are_kept_in_blocks(world: World) -> None:
    """Of one that is merged or erased no name or address is left among the keys."""

    def blocks(member_id: str) -> set[str]:
        document = world.document("members", member_id) or {}
        return {name for name in document if name.startswith("block_")}

    kept, merged, erased = (world.apply(**NIA) for _ in range(3))
    assert blocks(merged) == {"block_name", "block_dob", "block_email"}
    world.call("merge", kept_id=kept, merged_id=merged, reason="Invented")
    world.members.change(erased, lambda found: setattr(found, "erased_on", world.today))
    assert blocks(merged) == blocks(erased) == set()
    assert blocks(kept) == {"block_name", "block_dob", "block_email"}


def test_an_unknown_member_is_not_found(world: World) -> None:
    """Nobody can be asked about who is not there."""
    assert isinstance(error_of(lambda: world.call("find_duplicates", member_id="m-0")), NotFound)


def test_a_cursor_that_is_none_is_refused(world: World) -> None:
    """Whether one member is asked about or all."""
    member_id = world.apply()
    for asked in ({}, {"member_id": member_id}):
        error = error_of(lambda asked=asked: world.call("find_duplicates", cursor="?", **asked))
        assert isinstance(error, Invalid)


GIVEN = st.sampled_from(["Nia", "N", "Probert", "Una"])
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "given_name": GIVEN,
            "family_name": st.sampled_from(["Probert", "Probart", "Nia"]),
            "date_of_birth": st.sampled_from(["1988-03-04", "1988-04-03", "1979-12-31"]),
            "registration_number": st.sampled_from(
                ["0712345", "0712346", "0721345", "0712354", "0799999", "0799990"]
            ),
            "email": st.sampled_from(
                ["nia@gmail.com", "n.ia@gmail.com", "nia+1@gmail.com", "una@a.example", "nia@b.org"]
            ),
        }
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.integers(1, 4), st.integers(31, 160))
def test_all_pairs_above_a_name_are_found_and_each_once(
    people: list[dict[str, str]], limit: int, least: int
) -> None:
    """What the walk over pages finds is what comparing everybody with everybody would find."""
    world = Apart()
    for person in people:
        with suppress(Duplicate):
            world.apply(**person)
    members = list(world.members.scan({}))
    policy = world.book.matching.on(world.today).policy
    matches = [compare(one, other, policy) for one, other in combinations(members, 2)]
    expected = {(m.member_id, m.other_id) for m in matches if m.score >= least}
    walked = found(world, limit=limit, minimum_score=least)
    assert pairs(walked) == expected
    assert len(walked) == len(expected)
    for member in members:
        own = found(world, member_id=member.id, limit=limit, minimum_score=least)
        assert pairs(own) == {pair for pair in expected if member.id in pair}
        assert [each.score for each in own] == sorted((e.score for e in own), reverse=True)


def test_a_page_has_the_pairs_of_its_own_members_only(world: World) -> None:
    """The later one of each pair is on the page, the earlier one anywhere before."""
    ids = [world.apply(**NIA) for _ in range(4)]
    later: list[set[str]] = []
    cursor = None
    while True:
        page = world.call("find_duplicates", cursor=cursor, limit=2)
        later.append({each.member_id for each in page.items})
        cursor = page.next_cursor
        if cursor is None:
            break
    assert later == [{ids[1]}, {ids[2], ids[3]}]


def test_many_in_one_block_are_not_all_compared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the earliest are, and the answer says of whom that is so."""
    monkeypatch.setattr(duplicates, "CROWD", 2)
    ids = [world.apply(**NIA) for _ in range(5)]
    page = world.call("find_duplicates")
    assert page.crowded == (ids[3], ids[4])
    assert pairs(page.items) == {
        (ids[1], ids[0]),
        *((later, ids[n]) for later in ids[2:] for n in (0, 1)),
    }


@pytest.mark.parametrize("way", [1, -1])
def test_a_dismissed_pair_is_not_proposed_again(world: World, way: int) -> None:
    """Whichever of the two is named first; others stay."""
    first, second, third = (world.apply(**NIA) for _ in range(3))
    one, other = (first, second)[::way]
    view = world.call("dismiss_duplicate", member_id=one, other_id=other, reason="Twins")
    assert (view.member_id, view.other_id, view.dismissed_on) == (second, first, world.today)
    assert pairs(found(world)) == {(third, first), (third, second)}
    assert pairs(found(world, member_id=first)) == {(third, first)}
    assert pairs(found(world, member_id=second)) == {(third, second)}


def test_a_dismissal_is_remembered_once_with_its_reason_in_the_trail(world: World) -> None:
    """Dismissed again, or the call redelivered, it stays as it was."""
    first, second = world.apply(**NIA), world.apply(**NIA)
    arguments = {"member_id": first, "other_id": second, "reason": "Cousins"}
    views = [
        world.call("dismiss_duplicate", by="registrar", message=message, **arguments)
        for message in ("d1", "d1", "d2")
    ]
    assert views[0] == views[1] == views[2]
    (distinction,) = world.members.get(second).distinctions
    assert (distinction.member_id, distinction.since) == (first, world.today)
    entries = [each for each in world.members.trail(second) if each.reason == "Cousins"]
    assert entries[0].by == "registrar"


def test_two_records_are_needed_for_a_dismissal(world: World) -> None:
    """Nobody is told apart from themself, from nobody, or from one who is merged."""
    first, second = world.apply(**NIA), world.apply(**NIA)

    def dismiss(one: str, other: str) -> Any:
        return error_of(
            lambda: world.call("dismiss_duplicate", member_id=one, other_id=other, reason="Why")
        )

    same = dismiss(first, first)
    assert isinstance(same, Invalid)
    assert list(same.fields) == ["other_id"]
    assert isinstance(dismiss(first, "m-0"), NotFound)
    assert isinstance(dismiss("m-0", first), NotFound)
    world.call("merge", kept_id=first, merged_id=second, reason="Invented")
    for merged in (dismiss(first, second), dismiss(second, first)):
        assert isinstance(merged, Merged)
        assert merged.details["into"] == first
