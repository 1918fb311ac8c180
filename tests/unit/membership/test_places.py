"""The places of a pilot are given strictly, and given back when an application comes to nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.professions import ProfessionCase
from services.membership.errors import ProfessionNotAdmitted
from shared.errors import Conflict, Duplicate, FacultyError
from shared.testing import error_of
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.membership.builders import ARGUMENTS, TODAY
from tests.unit.membership.opening import DAY, MANAGER, UNREGULATED, pilot
from tests.unit.membership.world import World, cut_at_every_write

SOMEBODY = {**ARGUMENTS, **UNREGULATED}


def places(world: World) -> set[str]:
    """Who has a place."""
    return set(world.repository("profession_cases").get(MANAGER).places)


def in_pilot(number: int, database: Any = None) -> World:
    world = World(database=database)
    pilot(world, places=number)
    return world


def apply(world: World, number: int, message: str | None = None, **changes: Any) -> str:
    """The application of an invented manager."""
    email = f"manager.{number}@example.org"
    given = {**SOMEBODY, "email": email, **changes}
    return str(world.call("apply", message=message, **given).member_id)


def is_full(world: World) -> bool:
    """Whether nobody else may apply, which a dry run says without taking a place."""
    before = places(world)
    try:
        world.call("apply", **{**SOMEBODY, "email": "somebody@example.org"}, dry_run=True)
    except ProfessionNotAdmitted as error:
        assert error.details == {"profession": MANAGER, "reason": "pilot_full"}
        return True
    finally:
        assert places(world) == before
    return False


def test_applications_are_taken_up_to_the_places() -> None:
    """The one after is refused, and leaves nothing behind."""
    world = in_pilot(2)
    ids = {apply(world, number) for number in range(2)}
    assert places(world) == ids
    assert is_full(world)
    error = error_of(lambda: apply(world, 3))
    assert isinstance(error, ProfessionNotAdmitted)
    assert error.details["reason"] == "pilot_full"
    assert len(world.pages("find_members", filters={"profession": MANAGER})) == 2
    assert world.call("get_profession", code=MANAGER).places_taken == 2


def test_others_do_not_take_a_place() -> None:
    """Those whose profession is admitted are not counted, nor refused when a pilot is full."""
    world = in_pilot(1)
    apply(world, 1)
    world.apply()
    assert len(places(world)) == 1


def test_a_duplicate_gives_its_place_back() -> None:
    """Also when the call is repeated."""
    world = in_pilot(2)
    first = apply(world, 1)
    for _ in range(2):
        with pytest.raises(Duplicate):
            apply(world, 1, message="again")
        assert places(world) == {first}
    with pytest.raises(Duplicate):
        apply(world, 1, dry_run=True)
    apply(world, 2)


@pytest.mark.parametrize("how", ["decline", "withdraw"])
def test_an_application_that_ends_gives_its_place_back(how: str) -> None:
    """Whoever ended it; one who was admitted keeps the place for good."""
    world = in_pilot(1)
    reason = {"reason": "Invented."}
    member_id = apply(world, 1)
    world.call(how, member_id=member_id, **reason)
    assert places(world) == set()
    member_id = apply(world, 2)
    world.call("admit", member_id=member_id)
    world.call("withdraw", member_id=member_id, **reason)
    assert world.status(member_id) == "withdrawn"
    assert places(world) == {member_id}
    assert is_full(world)


def test_an_application_that_ended_by_itself_gives_its_place_to_who_needs_it() -> None:
    """Such as one withdrawn for a later day, or by a death; until then it is not looked for."""
    world = in_pilot(2)
    later, dead = apply(world, 1), apply(world, 2)
    world.call("withdraw", member_id=later, on=world.today + 5 * DAY)
    assert is_full(world)
    world.go_to(world.today + 5 * DAY)
    world.call("tick")
    world.call("record_death", member_id=dead, died_on=world.today)
    assert places(world) == {later, dead}
    assert not is_full(world)
    new = [apply(world, number) for number in (3, 4)]
    assert places(world) == set(new)
    assert is_full(world)


def test_who_turns_out_to_be_of_another_profession_needs_no_place() -> None:
    """Corrected later, they leave it to who does."""
    world = in_pilot(1)
    member_id = apply(world, 1)
    assert is_full(world)
    correction = {"profession": "nurse", "reason": "Invented."}
    world.call("correct_details", member_id=member_id, **correction)
    assert not is_full(world)
    new = apply(world, 2)
    assert places(world) == {new}


def test_a_place_of_an_application_that_was_never_kept_is_void_after_two_days() -> None:
    """Nobody repeated the call that was cut off; one that is repeated takes its place anew."""
    world = in_pilot(1)
    with world.cut_off(1):
        apply(world, 1, message="cut off")
    (lost,) = places(world)
    for _ in range(2):
        assert is_full(world)
        world.go_to(world.today + DAY)
    assert not is_full(world)
    assert apply(world, 1, message="cut off") == lost
    assert places(world) == {lost}
    assert is_full(world)


def test_a_repeated_call_takes_one_place() -> None:
    """And finds it given back when its application has ended meanwhile."""
    world = in_pilot(2)
    ids = {apply(world, 1, message="m") for _ in range(2)}
    assert places(world) == ids
    (member_id,) = ids
    world.call("decline", member_id=member_id, reason="Invented.")
    assert apply(world, 1, message="m") == member_id
    assert places(world) == set()


def test_a_call_that_is_cut_off_takes_and_gives_back_once_it_is_repeated() -> None:
    """After whichever write: applied, refused as a duplicate, and declined."""

    def act(world: World) -> None:
        first = apply(world, 1, message="a")
        second = apply(world, 2, message="b")
        with pytest.raises(Duplicate):
            apply(world, 2, message="c")
        world.call("decline", member_id=first, reason="Invented.", message="d")
        assert places(world) == {second}

    worlds = cut_at_every_write(act, lambda: in_pilot(3))
    assert len(worlds) > 8


def test_people_taken_over_have_places_too() -> None:
    """As many as there are; a rehearsal says the same, counting the rows before."""
    world = in_pilot(2)
    row = {
        "family_name": "Planted",
        "given_name": "Sample",
        "date_of_birth": "1980-01-01",
        "profession": MANAGER,
        "nation": "wales",
        "career_stage": "senior",
        "grade": "affiliate",
        "joined_on": TODAY.isoformat(),
    }
    rows = [
        {**row, "reference": f"old-{number}", "email": f"taken.over.{number}@example.org"}
        for number in range(3)
    ]
    for dry_run in (True, False):
        taken = world.call("import_members", rows=rows, dry_run=dry_run)
        assert [each.outcome for each in taken.rows] == ["imported", "imported", "refused"]
        assert len(places(world)) == (0 if dry_run else 2)


def test_the_trail_says_whose_place_it_was() -> None:
    """Taking and giving back are one small change each, however many have places."""
    world = in_pilot(3)
    member_id = apply(world, 1)
    world.call("decline", member_id=member_id, reason="Invented.", by="registrar")
    taken, given_back = world.trails()[f"profession_cases:{MANAGER}"][-2:]
    assert [(entry.action, entry.by) for entry in (taken, given_back)] == [
        ("apply", "staff"),
        ("decline", "registrar"),
    ]
    for entry in (taken, given_back):
        assert [change.field for change in entry.changes] == [f"places.{member_id}"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=120), st.integers(1, 3))
def test_no_more_than_the_places_are_given_whatever_happens_at_once(
    order: list[int], number: int
) -> None:
    """Five apply, one of them twice, and one is declined meanwhile, in whatever order.

    Who was put off by a conflict calls again; then the ledger holds the applications that stand.
    """
    world = in_pilot(number, SwitchingDatabase())
    worlds = [world, world.another(), world.another()]
    first = apply(world, 0)
    calls = [
        lambda who=who, on=worlds[who % 3]: apply(on, who, message=f"of {who}")
        for who in range(1, 5)
    ]
    calls.append(lambda: apply(worlds[1], 4, message="of 4, again"))
    calls.append(lambda: world.call("decline", member_id=first, reason="Invented.", message="d"))
    for _ in range(10):
        outcomes = at_once(calls, chooser(order))
        standing = [
            member.member_id
            for member in world.pages("find_members", filters={"profession": MANAGER})
            if member.status != "declined"
        ]
        assert len(standing) <= number
        assert set(standing) <= places(world)
        calls = [
            call
            for call, outcome in zip(calls, outcomes, strict=True)
            if isinstance(outcome, Conflict)
        ]
        for outcome in outcomes:
            expected = isinstance(outcome, Conflict | Duplicate | ProfessionNotAdmitted)
            assert expected or not isinstance(outcome, FacultyError)
        if not calls:
            break
    assert world.status(first) == "declined"
    assert places(world) == set(standing)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30), st.integers(1, 4))
def test_the_ledger_never_holds_more_than_its_places(
    sequence: list[tuple[int, bool]], number: int
) -> None:
    """Whatever is taken and given back; who has a place is never refused it."""
    case = ProfessionCase("x", "X", "R")
    for who, takes in sequence:
        name, has = f"m-{who}", set(case.places)
        if not takes:
            case.give_back({name: TODAY})
            assert set(case.places) == has - {name}
            continue
        try:
            case.take_place(name, number, TODAY)
        except ProfessionNotAdmitted:
            assert name not in has
            assert len(has) == number
        else:
            assert set(case.places) == has | {name}
        assert len(case.places) <= number


def test_a_place_asked_for_again_is_not_given_away() -> None:
    """Who looked at the ledger before gives back only what they saw."""
    case = ProfessionCase("x", "X", "R", places={"m-1": TODAY - 3 * DAY})
    seen = dict(case.places)
    case.take_place("m-1", 1, TODAY)
    case.give_back(seen)
    assert set(case.places) == {"m-1"}
