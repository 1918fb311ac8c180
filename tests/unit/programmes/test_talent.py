"""The talent pool: who is found, by what they agreed to, and who looked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.programmes.errors import MemberNotCurrent, NotAnAlumnus
from services.programmes.subscriptions import (
    MemberErased,
    MemberMerged,
    MemberUnmerged,
    StandingChanged,
)
from shared.errors import Invalid
from tests.unit.programmes.fellowship import completed, scheme
from tests.unit.programmes.world import World

MARK = "international"


@pytest.fixture
def world() -> World:
    return World()


def alumnus(world: World, **member: Any) -> str:
    """The id of a current member who completed a programme; the clock stays where it is."""
    now = world.clock()
    member_id = world.member(**member)
    completed(world, scheme(world), member_id)
    world.clock.now = now
    return member_id


def join(world: World, member_id: str, **changes: Any) -> Any:
    arguments = {
        "interests": ["policy", MARK],
        "nations": ["wales"],
        "available_from": "2029-01-01",
        "wording_version": "2026.1",
        **changes,
    }
    return world.call("join_talent_pool", by=member_id, member_id=member_id, **arguments)


def found(world: World, **criteria: Any) -> list[str]:
    return [each.member_id for each in world.pages("search_talent_pool", **criteria)]


def test_who_agreed_is_found_by_what_they_said(world: World) -> None:
    """By interest, nation and profession; no nation named is all four."""
    first, second = alumnus(world), alumnus(world, profession="pharmacist", nation="england")
    view = join(world, first)
    assert (view.in_pool, view.wording_version) == (True, "2026.1")
    join(world, second, interests=["digital"], nations=[])
    everybody = sorted([first, second])
    assert found(world) == everybody
    assert found(world, limit=1) == everybody
    assert found(world, interest="policy") == [first]
    assert found(world, nation="wales") == everybody
    assert found(world, nation="scotland") == [second]
    assert found(world, profession="pharmacist") == [second]
    assert found(world, interest="policy", profession="pharmacist") == []
    (shown,) = world.call("search_talent_pool", interest="policy").items
    assert (shown.interests, shown.nations) == (("policy", MARK), ("wales",))


def test_what_is_said_anew_takes_the_place_of_before(world: World) -> None:
    """Nothing of it is found by any more."""
    member_id = alumnus(world)
    join(world, member_id)
    join(world, member_id, interests=["digital"])
    assert found(world, interest="policy") == []
    assert found(world, interest="digital") == [member_id]


def test_who_leaves_is_gone_at_once(world: World) -> None:
    """Nothing they said is stored any longer, and leaving twice is no fault."""
    member_id = alumnus(world)
    join(world, member_id)
    for _ in range(2):
        view = world.call("leave_talent_pool", by=member_id, member_id=member_id)
        assert (view.in_pool, view.interests) == (False, ())
    assert found(world) == []
    assert MARK not in json.dumps(world.document("talents", member_id), default=str)
    assert not world.call("get_talent", member_id=member_id).in_pool
    join(world, member_id)
    assert found(world) == [member_id]


def test_only_current_members_are_found(world: World) -> None:
    """Who lapsed or is suspended is not; what they said comes back with them."""
    member_id = alumnus(world)
    join(world, member_id)
    for status, expected in (("suspended", []), ("current", [member_id]), ("lapsed", [])):
        world.tell(StandingChanged(member_id, status))
        assert found(world) == expected


def test_only_current_alumni_join(world: World) -> None:
    """Neither who completed nothing, nor who is no current member."""
    with pytest.raises(NotAnAlumnus):
        join(world, world.member())
    member_id = alumnus(world)
    world.tell(StandingChanged(member_id, "lapsed"))
    with pytest.raises(MemberNotCurrent):
        join(world, member_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interests": ["policy", "golf"]}, "interests"),
        ({"interests": []}, "interests"),
        ({"wording_version": "2025.1"}, "wording_version"),
        ({"nations": ["france"]}, "nations.0"),
    ],
)
def test_only_the_wording_shown_and_codes_there_are(world: World, changes: Any, field: str) -> None:
    """Consent to another text is none; the wording and the codes can be asked for."""
    member_id = alumnus(world)
    with pytest.raises(Invalid) as refused:
        join(world, member_id, **changes)
    assert list(refused.value.fields) == [field]
    wording = world.call("get_talent", member_id=member_id).wording
    assert wording.version == "2026.1"
    assert "policy" in wording.interests
    assert found(world) == []


def test_a_merged_member_is_found_as_who_stands_for_them(world: World) -> None:
    """Whoever that is can leave for both; taken apart they stay out."""
    merged, kept = alumnus(world), world.member(profession="dentist")
    join(world, merged)
    world.tell(MemberMerged(merged, kept))
    assert found(world, profession="dentist") == [kept]
    assert world.call("get_talent", member_id=kept).in_pool
    join(world, kept, interests=["digital"])
    assert found(world) == [kept]
    world.call("leave_talent_pool", member_id=kept)
    world.tell(MemberUnmerged(merged))
    assert found(world) == []


def test_every_search_is_on_record(world: World) -> None:
    """Who, when, for what and how many; not whom."""
    member_id = alumnus(world)
    join(world, member_id)
    world.call("search_talent_pool", by="officer", interest="policy", nation="wales")
    world.call("search_talent_pool", by="another", profession="dentist")
    first, second = world.pages("find_talent_searches", limit=1)
    assert (first.searched_by, first.interest, first.nation, first.found) == (
        "officer",
        "policy",
        "wales",
        1,
    )
    assert (second.searched_by, second.profession, second.found) == ("another", "dentist", 0)
    assert first.searched_at == world.clock()
    assert member_id not in json.dumps(
        list(world.database["talent_searches"].find({})), default=str
    )
    with pytest.raises(Invalid):
        world.call("search_talent_pool", interest="golf")


def test_who_is_erased_is_out_of_the_pool(world: World) -> None:
    """Nothing of what they said is left."""
    member_id = alumnus(world)
    join(world, member_id)
    world.tell(MemberErased("request", member_id))
    assert found(world) == []
    assert MARK not in json.dumps(world.document("talents", member_id), default=str)
