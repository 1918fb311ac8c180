"""Register extracts taken in: whole or not at all, and whom they concern is checked at once."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.terms import RegisterStatus
from services.membership.events import (
    MemberRemoved,
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
)
from shared.errors import Invalid
from tests.unit.membership.builders import TODAY
from tests.unit.membership.world import World, cut_at_every_write

ROW: dict[str, Any] = {
    "registration_number": "0712345",
    "given_name": "SIAN",
    "family_name": "PLANTED SURNAME",
    "status": "registered",
}


def rows_of(world: World, *ids: str, status: str, **changes: Any) -> list[dict[str, Any]]:
    """What a register says of these members."""
    numbers = [world.members.get(id).registrations[0].number for id in ids]
    return [
        {**ROW, "registration_number": number, "status": status, **changes} for number in numbers
    ]


def take_in(world: World, rows: list[dict[str, Any]], **options: Any) -> Any:
    return world.call("import_register", **{"regulator": "GMC", "rows": rows, **options})


def test_an_extract_is_imported_and_harmless_when_repeated() -> None:
    """The first import is new, the same again unchanged and unwritten, a new status a change."""
    world = World()
    first, second = take_in(world, [ROW]), take_in(world, [ROW])
    writes = world.database.writes
    take_in(world, [ROW])
    assert world.database.writes == writes
    third = take_in(world, [{**ROW, "status": "erased"}])
    assert [(view.new, view.unchanged, view.changed) for view in (first, second, third)] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    entry = world.repository("register_entries").get("GMC:0712345")
    assert (entry.status, entry.previous_status) == (
        RegisterStatus.ERASED,
        RegisterStatus.REGISTERED,
    )


def test_a_rehearsed_extract_is_not_kept() -> None:
    """A dry run counts and keeps nothing; the regulator is found in any case."""
    world = World()
    writes = world.database.writes
    answer = take_in(world, [ROW], regulator="gmc", dry_run=True)
    assert (answer.regulator, answer.accepted, answer.new, answer.dry_run) == ("GMC", 1, 1, True)
    assert world.database.writes == writes


def test_one_bad_row_keeps_the_whole_extract_out() -> None:
    """No row is kept of an extract with a bad one, which is named, and nobody is checked."""
    world = World()
    member_id = world.member()
    erased = rows_of(world, member_id, status="erased")
    writes = world.database.writes
    with pytest.raises(Invalid) as refused:
        take_in(world, [*erased, {**ROW, "registration_number": "x"}])
    assert list(refused.value.fields) == ["rows.1.registration_number"]
    assert world.database.writes == writes


def test_an_extract_has_a_size_and_a_regulator() -> None:
    """No rows, more than 5,000, or an unknown regulator are refused by field."""
    world = World()
    for rows in ([], [ROW] * 5_001):
        with pytest.raises(Invalid) as refused:
            take_in(world, rows)
        assert list(refused.value.fields) == ["rows"]
    with pytest.raises(Invalid) as unknown:
        take_in(world, [ROW], regulator="GXC")
    assert list(unknown.value.fields) == ["regulator"]


def test_whom_an_extract_concerns_is_checked_at_once() -> None:
    """With what was and is, and where it leaves each; others are left alone."""
    world = World()
    same, warned, erased, named = (world.member() for _ in range(4))
    applicant, stranger = world.apply(), {**ROW, "registration_number": "7777777"}
    before = {id: world.members.get(id).version for id in (same, applicant)}
    world.clock.advance(days=1)
    rows = [
        *rows_of(
            world, same, status="registered", given_name="Siân", family_name="Planted-Surname"
        ),
        *rows_of(world, applicant, status="registered"),
        *rows_of(world, warned, status="warning"),
        *rows_of(world, erased, status="erased"),
        *rows_of(world, named, status="registered", family_name="OTHER"),
        stranger,
    ]
    answer = take_in(world, rows)
    assert (answer.accepted, answer.new, answer.changed, answer.unchanged) == (6, 2, 3, 1)
    found = {d.member_id: (d.was, d.now, d.status) for d in answer.differences}
    assert found == {
        warned: ("registered", "warning", "current"),
        erased: ("registered", "erased", "removed"),
        named: ("registered", "registered", "registration_refused"),
    }
    assert all(len(d.registration_number) == 7 for d in answer.differences)
    assert {id: world.members.get(id).version for id in before} == before
    today = TODAY + timedelta(days=1)
    assert world.events(erased)[4:6] == [
        RegistrationRefused(erased, "GMC", "erased", today),
        RegistrationStatusChanged(erased, "GMC", "registered", "erased", today),
    ]
    assert MemberRemoved(erased, "registration_erased", today) in world.events(erased)


def test_the_second_registration_of_somebody_concerns_them_too() -> None:
    """Whatever the first one says."""
    world = World()
    member_id = world.member()
    world.call(
        "add_registration", member_id=member_id, regulator="NMC", registration_number="09I1234E"
    )
    row = {**ROW, "registration_number": "09I1234E"}
    take_in(world, [row], regulator="NMC")
    world.call("verify_registration", member_id=member_id)
    answer = take_in(world, [{**row, "status": "suspended"}], regulator="NMC")
    assert [(d.member_id, d.now, d.status) for d in answer.differences] == [
        (member_id, "suspended", "suspended")
    ]


def test_a_rehearsal_says_what_would_be_and_changes_nothing() -> None:
    """The differences are those of the import that follows, even the events it would tell."""
    world = World()
    ids = [world.member() for _ in range(3)]
    rows = [
        row
        for id, status in zip(ids, ("suspended", "conditions", "erased"), strict=True)
        for row in rows_of(world, id, status=status)
    ]
    writes, events = world.database.writes, len(world.events())
    rehearsed = take_in(world, rows, dry_run=True)
    assert (world.database.writes, len(world.events())) == (writes, events)
    done = take_in(world, rows)
    assert rehearsed.differences == done.differences
    assert [d.status for d in sorted(done.differences, key=lambda d: ids.index(d.member_id))] == [
        "suspended",
        "current",
        "removed",
    ]
    assert world.database.writes > writes


def test_a_rehearsal_knows_what_it_said_of_the_same_member_before() -> None:
    """Of two registrations with one regulator, the second is judged together with the first."""
    world = World()
    member_id = world.member()
    world.call(
        "add_registration", member_id=member_id, regulator="GMC", registration_number="A1234567"
    )
    first = rows_of(world, member_id, status="suspended")[0]
    other = {**ROW, "registration_number": "A1234567"}
    take_in(world, [other])
    world.call("verify_registration", member_id=member_id)
    rows = [first, {**other, "status": "warning"}]
    rehearsed = take_in(world, rows, dry_run=True)
    assert [(d.now, d.status) for d in rehearsed.differences] == [
        ("suspended", "suspended"),
        ("warning", "suspended"),
    ]
    assert take_in(world, rows).differences == rehearsed.differences


def test_what_was_cut_off_is_completed_by_repeating_it() -> None:
    """Wherever: everybody concerned is checked once, and the entries are kept in the end."""
    ids: dict[int, list[str]] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = [world.member() for _ in range(3)]
        return world

    def act(world: World) -> None:
        rows = rows_of(world, *ids[id(world)], status="conditions")
        take_in(world, rows, message="import")

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 7
    for world in worlds:
        for member_id in ids[id(world)]:
            member = world.members.get(member_id)
            [held] = member.registrations
            assert [check.register_status for check in held.checks] == ["registered", "conditions"]
            assert len(member.reviews) == 1
            assert world.told(member_id).count(RegistrationVerified) == 2
            entry = world.repository("register_entries").get(held.key)
            assert entry.status is RegisterStatus.CONDITIONS


def test_members_are_checked_before_the_entries_are_written() -> None:
    """Else a call that was cut off would find nothing left to check when it is repeated."""
    world = World()
    member_id = world.member()
    rows = rows_of(world, member_id, status="suspended")
    with world.cut_off(1):
        take_in(world, rows)
    assert world.was_cut
    assert world.status(member_id) == "suspended"
    key = world.members.get(member_id).registrations[0].key
    assert world.repository("register_entries").get(key).status is RegisterStatus.REGISTERED


def test_a_claim_without_a_member_stops_nothing() -> None:
    """Its application was cut off and never repeated."""
    world = World()
    with world.cut_off(1):
        world.apply(registration_number="0712345")
    assert world.was_cut
    assert take_in(world, [{**ROW, "status": "erased"}]).differences == ()


def test_a_difference_that_was_known_is_not_told_again() -> None:
    """The next extract says the same, so nobody is concerned; later it may say otherwise."""
    world = World()
    member_id = world.member()
    for status, differences in (("suspended", 1), ("suspended", 0), ("registered", 1)):
        world.clock.advance(days=30)
        answer = take_in(world, rows_of(world, member_id, status=status))
        assert len(answer.differences) == differences
    assert world.status(member_id) == "current"
    last = world.members.get(member_id).registrations[0].checks[-1]
    assert (last.checked_on, last.extract_on) == (date(2027, 2, 21), date(2027, 2, 21))
