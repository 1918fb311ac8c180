"""Organisations, and seats that stand in the ledger and on a member's record."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from services.membership.domain.terms import EntitlementKind
from services.membership.errors import Merged, NoSeatFree, SeatHeld, SeatNotPossible, SeatsInUse
from services.membership.events import (
    EntitlementChanged,
    MemberReinstated,
    OrganisationChanged,
    OrganisationRegistered,
    SeatAllocated,
    SeatReleased,
)
from shared.errors import ChangedMeanwhile, Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.membership.world import World

YEAR_END = date(2026, 12, 31)
TRUST: dict[str, Any] = {"name": "Invented Vale NHS Trust", "kind": "host", "nation": "wales"}


@pytest.fixture
def world() -> World:
    return World()


def organisation(world: World, seats: int = 2, **changes: Any) -> str:
    """The id of a new organisation with seats for two years."""
    made = world.call("register_organisation", **{**TRUST, **changes})
    id: str = made.organisation.organisation_id
    if seats:
        buy(world, id, seats)
    return id


def buy(world: World, id: str, seats: int, first: date = date(2026, 1, 1)) -> Any:
    return world.call(
        "buy_seats",
        organisation_id=id,
        seats=seats,
        from_on=first,
        until_on=date(2027, 12, 31),
        reference=f"invoice of {first} for {seats}",
    )


def allocate(world: World, id: str, member_id: str, **arguments: Any) -> Any:
    return world.call("allocate_seat", organisation_id=id, member_id=member_id, **arguments)


def release(world: World, id: str, member_id: str, **arguments: Any) -> Any:
    arguments = {"reason": "Left.", **arguments}
    return world.call("release_seat", organisation_id=id, member_id=member_id, **arguments)


def covered(world: World, id: str, member_id: str) -> dict[date, date | None]:
    """First and last days that the member's record has of an organisation's seats."""
    return {
        each.from_on: each.until_on
        for each in world.members.get(member_id).entitled
        if (each.kind, each.source_id) == (EntitlementKind.SEAT, id)
    }


def assert_counted(world: World, id: str) -> None:
    """Nobody is covered by a seat on a day on which the ledger does not count it."""
    ledger = world.repository("organisations").get(id)
    for member in world.members.scan({}):
        taken = {
            seat.from_on: seat.until_on
            for seat in ledger.seats.values()
            if seat.member_id == member.id
        }
        for first, last in covered(world, id, member.id).items():
            assert first in taken
            assert last is not None and (last <= taken[first] or last < first)


def before_writing(world: World, collection: str, act: Callable[[], object]) -> None:
    """Let ``act`` be done between the next reading of a collection's document and its writing."""
    documents = world.database[collection]
    write = documents.replace_one

    def replace_one(*arguments: Any, **options: Any) -> Any:
        documents.replace_one = write  # type: ignore[method-assign]
        act()
        return write(*arguments, **options)

    documents.replace_one = replace_one  # type: ignore[assignment]


class TestRegistering:
    """Who an organisation is."""

    def test_an_organisation_is_registered(self, world: World) -> None:
        """The code is in capitals and without spaces, the name in single spaces."""
        made = world.call(
            "register_organisation", **{**TRUST, "name": " Invented  Vale "}, ods_code=" zz 9 "
        )
        seen = world.call("get_organisation", organisation_id=made.organisation.organisation_id)
        assert seen == made
        assert (seen.organisation.name, seen.organisation.ods_code) == ("Invented Vale", "ZZ9")
        assert (seen.ledger.bought, seen.ledger.used, seen.ledger.free) == (0, 0, 0)
        assert world.events(made.organisation.organisation_id) == [
            OrganisationRegistered(
                organisation_id=made.organisation.organisation_id,
                name="Invented Vale",
                kind="host",
                nation="wales",
                ods_code="ZZ9",
            )
        ]

    @pytest.mark.parametrize("code", ["ZZ", "ZZ9-1", "ABCDEFGHIJK", "ZZ9\u0661"])
    def test_a_code_has_three_to_ten_letters_and_digits(self, world: World, code: str) -> None:
        """Others are refused by name."""
        error = error_of(lambda: organisation(world, ods_code=code))
        assert isinstance(error, Invalid) and set(error.fields) == {"ods_code"}

    @pytest.mark.parametrize("name", ["=1+1", "...", "A\u0000b", "A\u2028b"])
    def test_a_name_is_a_name(self, world: World, name: str) -> None:
        """Formulas, control characters and mere signs are not."""
        error = error_of(lambda: organisation(world, name=name))
        assert isinstance(error, Invalid) and set(error.fields) == {"name"}

    def test_a_code_belongs_to_one(self, world: World) -> None:
        """Whoever comes second is refused by name, whichever way it was spelled."""
        organisation(world, ods_code="ZZ9")
        other = organisation(world, ods_code="ZZ8")
        for act in (
            lambda: organisation(world, ods_code="zz9"),
            lambda: world.call("change_organisation", organisation_id=other, ods_code="Zz9"),
        ):
            error = error_of(act)
            assert isinstance(error, Duplicate)
            assert set(error.details["fields"]) == {"ods_code"}

    def test_any_number_have_no_code(self, world: World) -> None:
        """A code that is not given is nobody's."""
        assert organisation(world) != organisation(world)

    def test_the_same_call_registers_once(self, world: World) -> None:
        """A call that is delivered again is answered by the same organisation."""
        first, again = (world.call("register_organisation", message="m", **TRUST) for _ in range(2))
        assert first == again

    def test_what_is_not_given_stays(self, world: World) -> None:
        """And an empty code takes the code away, for another one to have."""
        id = organisation(world, ods_code="ZZ9")
        world.call("change_organisation", organisation_id=id, kind="partner")
        now = world.call("change_organisation", organisation_id=id, ods_code="").organisation
        assert (now.name, now.kind, now.nation, now.ods_code) == (
            "Invented Vale NHS Trust",
            "partner",
            "wales",
            None,
        )
        organisation(world, ods_code="ZZ9")
        assert world.told(id).count(OrganisationChanged) == 2

    def test_no_change_is_not_told(self, world: World) -> None:
        """Saying again what is known tells nobody anything."""
        id = organisation(world)
        world.call("change_organisation", organisation_id=id, **TRUST)
        assert OrganisationChanged not in world.told(id)

    def test_a_change_of_an_older_version_is_refused(self, world: World) -> None:
        """Somebody else's change is not written over unseen."""
        id = organisation(world, seats=0)
        world.call("change_organisation", organisation_id=id, name="Invented Hill", version=1)
        with pytest.raises(ChangedMeanwhile):
            world.call("change_organisation", organisation_id=id, name="Invented Sea", version=1)


class TestFinding:
    """Lists of organisations."""

    @pytest.fixture
    def four(self, world: World) -> World:
        for name, kind, nation, code in (
            ("Ysbyty Dychmygol", "host", "wales", "ZZ1"),
            ("École inventée", "partner", "outside_uk", None),
            ("Ebb and Flow Ltd", "corporate", "england", None),
            ("Ecole Two", "partner", "wales", "ZZ2"),
        ):
            organisation(world, name=name, kind=kind, nation=nation, ods_code=code)
        return world

    @pytest.mark.parametrize(
        ("filters", "names"),
        [
            ({}, ["Ebb and Flow Ltd", "École inventée", "Ecole Two", "Ysbyty Dychmygol"]),
            ({"kind": "partner"}, ["École inventée", "Ecole Two"]),
            ({"nation": "wales"}, ["Ecole Two", "Ysbyty Dychmygol"]),
            ({"nation": "wales", "kind": "partner"}, ["Ecole Two"]),
            ({"ods_code": " zz1"}, ["Ysbyty Dychmygol"]),
            ({"ods_code": "ZZ3"}, []),
            ({"name": "ÉCOLE"}, ["École inventée", "Ecole Two"]),
            ({"name": "eb", "kind": "corporate"}, ["Ebb and Flow Ltd"]),
            ({"name": "flow"}, []),
        ],
    )
    def test_they_are_found_by_name(
        self, four: World, filters: dict[str, str], names: list[str]
    ) -> None:
        """In the order of names without regard to accents, however small the pages."""
        for limit in (1, 2, 50):
            found = four.pages("find_organisations", filters=filters, limit=limit)
            assert [each.name for each in found] == names

    @pytest.mark.parametrize(
        "filters",
        [{"kind": "host "}, {"nation": "mars"}, {"ods_code": "?"}, {"name": " "}, {"seats": "1"}],
    )
    def test_a_filter_at_fault_is_named(self, four: World, filters: dict[str, str]) -> None:
        """Unknown ones too; nothing is found by accident."""
        error = error_of(lambda: four.call("find_organisations", filters=filters))
        assert isinstance(error, Invalid)
        assert set(error.fields) == {f"filters.{name}" for name in filters}

    def test_a_cursor_is_a_cursor(self, four: World) -> None:
        """What is none is refused by name."""
        error = error_of(lambda: four.call("find_organisations", cursor="?"))
        assert isinstance(error, Invalid) and set(error.fields) == {"cursor"}


class TestLedger:
    """What an organisation has."""

    def test_it_says_what_there_is_today(self, world: World) -> None:
        """And what was bought and given back, in order."""
        id = organisation(world)
        allocate(world, id, world.member())
        world.call(
            "return_seats",
            organisation_id=id,
            seats=1,
            from_on=world.today,
            until_on=YEAR_END,
            reference="credit note",
        )
        ledger = world.call("get_organisation", organisation_id=id).ledger
        assert (ledger.as_of, ledger.bought, ledger.used, ledger.free) == (world.today, 1, 1, 0)
        assert [(entry.seats, entry.recorded_on) for entry in ledger.history] == [
            (2, world.today),
            (-1, world.today),
        ]

    def test_seats_in_use_are_not_given_back(self, world: World) -> None:
        """By the RPC as by the ledger."""
        id = organisation(world, seats=1)
        allocate(world, id, world.member())
        with pytest.raises(SeatsInUse):
            world.call(
                "return_seats",
                organisation_id=id,
                seats=1,
                from_on=world.today,
                until_on=YEAR_END,
                reference="credit note",
            )

    def test_an_unknown_organisation_is_not_found(self, world: World) -> None:
        """By any call."""
        member_id = world.member()
        for act in (
            lambda: world.call("get_organisation", organisation_id="nobody"),
            lambda: world.call("get_seats", organisation_id="nobody"),
            lambda: buy(world, "nobody", 1),
            lambda: allocate(world, "nobody", member_id),
            lambda: release(world, "nobody", member_id),
        ):
            assert isinstance(error_of(act), NotFound)


class TestAllocating:
    """Whom a seat covers."""

    def test_a_seat_covers_a_member(self, world: World) -> None:
        """For as long as there is one; both the ledger and the member tell of it."""
        id, member_id = organisation(world), world.member()
        seat = allocate(world, id, member_id)
        assert (seat.from_on, seat.until_on) == (world.today, date(2027, 12, 31))
        assert covered(world, id, member_id) == {world.today: date(2027, 12, 31)}
        assert SeatAllocated in world.told(id)
        assert EntitlementChanged in world.told(member_id)

    def test_a_seat_covers_beyond_the_own_subscription(self, world: World) -> None:
        """Terms and seats of several organisations count together."""
        one, two, member_id = organisation(world), organisation(world), world.member()
        allocate(world, one, member_id, until_on=date(2027, 11, 30))
        allocate(world, two, member_id, from_on=date(2027, 12, 1))
        assert world.call("get_member", member_id=member_id).covered_to == date(2027, 12, 31)

    def test_a_lapsed_member_is_covered_again(self, world: World) -> None:
        """Membership goes on from today, and that is told."""
        member_id = world.member()
        world.go_to(date(2028, 6, 1))
        assert world.status(member_id) == "lapsed"
        id = organisation(world, seats=0)
        world.call(
            "buy_seats",
            organisation_id=id,
            seats=1,
            from_on=world.today,
            until_on=date(2029, 5, 31),
            reference="invoice",
        )
        allocate(world, id, member_id)
        assert world.status(member_id) == "current"
        assert MemberReinstated in world.told(member_id)

    def test_a_verified_applicant_may_have_one(self, world: World) -> None:
        """It covers from admission on, so that there is nothing to pay."""
        id, member_id = organisation(world), world.apply()
        world.verify(member_id)
        allocate(world, id, member_id)
        assert world.status(member_id) == "applicant"
        world.call("admit", member_id=member_id)
        member = world.call("get_member", member_id=member_id)
        assert (member.status, member.covered_to) == ("current", date(2027, 12, 31))
        assert (member.terms, member.balance_pence) == ((), 0)

    def test_nobody_else_may_have_one(self, world: World) -> None:
        """Not who was never checked, was refused, turned down or has left; no seat is taken."""
        id = organisation(world)
        unchecked, refused, declined = world.apply(), world.apply(), world.apply()
        world.verify(refused, "suspended")
        world.call("decline", member_id=declined, reason="Invented.")
        left = world.member()
        world.call("withdraw", member_id=left)
        for member_id in (unchecked, refused, declined, left):
            error = error_of(lambda member_id=member_id: allocate(world, id, member_id))
            assert isinstance(error, SeatNotPossible)
            assert error.details["status"] == world.status(member_id)
        assert isinstance(error_of(lambda: allocate(world, id, "nobody")), NotFound)
        assert world.call("get_organisation", organisation_id=id).ledger.used == 0

    def test_there_are_no_more_than_were_bought(self, world: World) -> None:
        """The member who comes too late is covered by nothing."""
        id = organisation(world, seats=1)
        allocate(world, id, world.member())
        late = world.member()
        with pytest.raises(NoSeatFree):
            allocate(world, id, late)
        assert covered(world, id, late) == {}

    def test_a_member_has_one_seat_of_an_organisation(self, world: World) -> None:
        """For other days a second call is refused; for the same it gives the same seat."""
        id, member_id = organisation(world), world.member()
        first = allocate(world, id, member_id)
        assert allocate(world, id, member_id) == first
        with pytest.raises(SeatHeld):
            allocate(world, id, member_id, until_on=YEAR_END)

    def test_two_calls_at_once_for_the_last_seat(self, world: World) -> None:
        """One of them gets it."""
        id, slow, quick = organisation(world, seats=1), world.member(), world.member()
        before_writing(world, "organisations", lambda: allocate(world.another(), id, quick))
        with pytest.raises(NoSeatFree):
            allocate(world, id, slow)
        assert covered(world, id, slow) == {}
        assert covered(world, id, quick) == {world.today: date(2027, 12, 31)}


class TestReleasing:
    """When cover ends."""

    def test_cover_ends_and_the_seat_is_free(self, world: World) -> None:
        """Today is the last day by default; the reason stands in the trail."""
        id, member_id = organisation(world, seats=1), world.apply()
        world.verify(member_id)
        allocate(world, id, member_id)
        world.call("admit", member_id=member_id)
        answer = release(world, id, member_id, reason="Went elsewhere.")
        assert [seat.until_on for seat in answer.seats] == [world.today]
        assert SeatReleased in world.told(id)
        trail = world.repository("organisations").trail(id)
        assert {entry.reason for entry in trail[-2:]} == {"Went elsewhere."}
        assert world.repository("members").trail(member_id)[-1].reason == "Went elsewhere."
        world.go_to(world.today + timedelta(days=1))
        assert world.status(member_id) == "grace"
        allocate(world, id, world.member())

    def test_a_seat_changes_hands_today(self, world: World) -> None:
        """When the last day of the one was yesterday."""
        id, one, two = organisation(world, seats=1), world.member(), world.member()
        allocate(world, id, one)
        world.go_to(world.today + timedelta(days=9))
        release(world, id, one, last_day=world.today - timedelta(days=1))
        allocate(world, id, two)
        assert_counted(world, id)

    def test_what_has_not_begun_is_taken_back(self, world: World) -> None:
        """It covers no day, and may be given anew from the same day."""
        id, member_id = organisation(world, seats=1), world.member()
        allocate(world, id, member_id, from_on=date(2027, 3, 1))
        release(world, id, member_id)
        cover_of_terms = date(2027, 11, 22)
        assert world.call("get_member", member_id=member_id).covered_to == cover_of_terms
        allocate(world, id, member_id, from_on=date(2027, 3, 1))
        assert covered(world, id, member_id) == {date(2027, 3, 1): date(2027, 12, 31)}
        assert world.call("get_member", member_id=member_id).covered_to == date(2027, 12, 31)

    def test_the_seat_of_nobody_is_not_found(self, world: World) -> None:
        """Nor what was released whole."""
        id, member_id = organisation(world), world.member()
        assert isinstance(error_of(lambda: release(world, id, member_id)), NotFound)

    def test_the_seat_of_an_erased_member_can_be_let_go_of(self, world: World) -> None:
        """Nothing covers them any more, so the ledger alone decides."""
        id, member_id = organisation(world, seats=1), world.member()
        allocate(world, id, member_id)
        world.members.change(member_id, lambda found: setattr(found, "erased_on", world.today))
        release(world, id, member_id)
        world.go_to(world.today + timedelta(days=1))
        assert world.call("get_organisation", organisation_id=id).ledger.free == 1

    def test_the_seat_of_a_merged_record_can_be_let_go_of(self, world: World) -> None:
        """A seat stays with the record that it was given to."""
        id, kept, merged = organisation(world, seats=1), world.member(), world.member()
        allocate(world, id, merged)
        world.members.change(merged, lambda found: setattr(found, "merged_into", kept))
        world.members.change(merged, lambda found: setattr(found, "merged_on", world.today))
        assert isinstance(error_of(lambda: allocate(world, id, merged, until_on=YEAR_END)), Merged)
        release(world, id, merged)
        assert covered(world, id, merged) == {world.today: world.today}

    def test_a_seat_elsewhere_stays(self, world: World) -> None:
        """Only one organisation's seats end."""
        one, two, member_id = organisation(world), organisation(world), world.member()
        allocate(world, one, member_id)
        allocate(world, two, member_id)
        release(world, one, member_id)
        assert covered(world, two, member_id) == {world.today: date(2027, 12, 31)}


class TestCutOff:
    """Calls that end in the middle, and calls that meet."""

    def cut(self, prepare: Callable[[World], Callable[[World], object]]) -> list[World]:
        """Worlds in which a call was cut off after each of its writes, then done again."""
        worlds = []
        for writes in count():
            world = World()
            act = prepare(world)
            before = world.database.writes
            with world.cut_off(writes):
                act(world)
            whole = world.database.writes < before + writes
            assert_counted(world, self.id)
            act(world)
            assert_counted(world, self.id)
            worlds.append(world)
            if whole:
                return worlds
        raise AssertionError

    def test_an_allocation_is_completed_by_the_same_call(self) -> None:
        """Wherever it was cut off: one seat, one cover, each told once."""

        def prepare(world: World) -> Callable[[World], object]:
            self.id, self.member_id = organisation(world, seats=1), world.member()
            return lambda world: allocate(world, self.id, self.member_id, message="m")

        worlds = self.cut(prepare)
        assert len(worlds) > 2
        for world in worlds:
            [member] = world.members.scan({})
            [id] = [each.id for each in world.repository("organisations").scan({})]
            assert covered(world, id, member.id) == {world.today: date(2027, 12, 31)}
            assert world.told(id).count(SeatAllocated) == 1
            assert world.told(member.id).count(EntitlementChanged) == 1

    def test_an_allocation_is_completed_by_another_call(self) -> None:
        """Somebody who tries again with a call of their own gets the seat that was taken."""

        def prepare(world: World) -> Callable[[World], object]:
            self.id, self.member_id = organisation(world, seats=1), world.member()
            return lambda world: allocate(world, self.id, self.member_id)

        for world in self.cut(prepare):
            [member] = world.members.scan({})
            [id] = [each.id for each in world.repository("organisations").scan({})]
            assert covered(world, id, member.id) == {world.today: date(2027, 12, 31)}
            assert world.call("get_organisation", organisation_id=id).ledger.used == 1

    def test_an_allocation_is_completed_when_the_member_left_meanwhile(self) -> None:
        """The seat was taken, so the record says so; it can then be released."""
        world = World()
        id, member_id = organisation(world, seats=1), world.member()
        with world.cut_off(1):
            allocate(world, id, member_id, message="m")
        world.call("withdraw", member_id=member_id)
        allocate(world, id, member_id, message="m")
        assert covered(world, id, member_id) == {world.today: date(2027, 12, 31)}
        release(world, id, member_id)
        assert covered(world, id, member_id) == {world.today: world.today}

    def test_what_never_covered_anybody_is_not_told_to_have_ended(self) -> None:
        """A seat that was taken, and released before the member's record had it."""
        world = World()
        id, member_id = organisation(world, seats=1), world.member()
        with world.cut_off(1):
            allocate(world, id, member_id)
        release(world, id, member_id, last_day=world.today - timedelta(days=1))
        assert covered(world, id, member_id) == {}
        assert EntitlementChanged not in world.told(member_id)
        assert world.call("get_organisation", organisation_id=id).ledger.free == 1

    @pytest.mark.parametrize("message", ["m", None])
    def test_a_release_is_completed(self, message: str | None) -> None:
        """By the same call or another; the seat is free only once the cover has ended."""

        def prepare(world: World) -> Callable[[World], object]:
            self.id, self.member_id = organisation(world, seats=1), world.member()
            allocate(world, self.id, self.member_id)
            return lambda world: release(world, self.id, self.member_id, message=message)

        worlds = self.cut(prepare)
        assert len(worlds) > 3
        for world in worlds:
            [member] = world.members.scan({})
            [id] = [each.id for each in world.repository("organisations").scan({})]
            assert covered(world, id, member.id) == {world.today: world.today}
            assert world.told(id).count(SeatReleased) == 1
            world.go_to(world.today + timedelta(days=1))
            assert world.call("get_organisation", organisation_id=id).ledger.free == 1

    def test_a_release_completed_days_later_ends_on_the_day_it_was_asked_for(self) -> None:
        """Today is the day of the call, not that of its repetition."""
        world = World()
        id, member_id, asked_on = organisation(world, seats=1), world.member(), world.today
        allocate(world, id, member_id)
        with world.cut_off(1):
            release(world, id, member_id, message="m")
        world.go_to(asked_on + timedelta(days=3))
        release(world, id, member_id, message="m")
        assert covered(world, id, member_id) == {asked_on: asked_on}

    @pytest.mark.parametrize("last_day", [None, date(2026, 11, 22)])
    def test_a_release_while_a_seat_is_being_given(self, last_day: date | None) -> None:
        """The allocation, last to write, does not bring back what was released meanwhile."""
        world = World()
        id, member_id = organisation(world, seats=1), world.member()
        other = world.another()
        before_writing(world, "members", lambda: release(other, id, member_id, last_day=last_day))
        allocate(world, id, member_id)
        assert_counted(world, id)
        last = last_day or world.today
        assert set(covered(world, id, member_id).values()) <= {last}
        assert world.repository("organisations").get(id).level(last + timedelta(days=1)).free == 1

    def test_a_release_of_a_seat_that_was_given_anew_from_the_same_day(self) -> None:
        """An allocation that meets the release of its own seat is not the last word."""
        world = World()
        id, member_id, yesterday = (
            organisation(world, seats=1),
            world.member(),
            world.today - timedelta(days=1),
        )
        allocate(world, id, member_id)
        release(world, id, member_id, last_day=yesterday)
        other = world.another()
        before_writing(world, "members", lambda: release(other, id, member_id, last_day=yesterday))
        allocate(world, id, member_id)
        assert_counted(world, id)
        assert covered(world, id, member_id) == {world.today: yesterday}

    def test_two_releases_at_once(self) -> None:
        """The earlier last day holds, and the seat is not free before the cover has ended."""
        world = World()
        id, member_id, today = organisation(world, seats=1), world.member(), world.today
        allocate(world, id, member_id)
        other = world.another()
        before_writing(world, "members", lambda: release(other, id, member_id, last_day=today))
        release(world, id, member_id, last_day=today + timedelta(days=5))
        assert_counted(world, id)
        assert covered(world, id, member_id) == {today: today}


class TestSeats:
    """Who has which seat."""

    def test_seats_of_today_and_to_come_are_listed(self, world: World) -> None:
        """In the order in which they were given out, however small the pages."""
        id = organisation(world, seats=5)
        members = [world.member() for _ in range(5)]
        given = [allocate(world, id, member_id) for member_id in members]
        for limit in (1, 2, 5, 50):
            assert world.pages("get_seats", organisation_id=id, limit=limit) == given
        assert world.pages("get_seats", organisation_id=id, past=True) == []

    def test_past_seats_are_listed_wherever_they_are_kept(self, world: World) -> None:
        """Those that ended lately, those put away long since, and those never used."""
        id = organisation(world, seats=5)
        members = [world.member() for _ in range(5)]
        unused = allocate(world, id, members[0], from_on=date(2027, 6, 1)).seat_id
        ended = [
            allocate(world, id, member_id, until_on=YEAR_END).seat_id for member_id in members[1:3]
        ]
        late = allocate(world, id, members[3], until_on=date(2027, 2, 15)).seat_id
        release(world, id, members[0])
        world.go_to(date(2027, 3, 1))
        held = allocate(world, id, members[4])
        stored = world.repository("organisations").get(id).seats
        assert set(stored) == {unused, late, held.seat_id}
        for limit in (1, 2, 3, 50):
            past = world.pages("get_seats", organisation_id=id, past=True, limit=limit)
            assert [seat.seat_id for seat in past] == [unused, *ended, late]
            assert world.pages("get_seats", organisation_id=id, limit=limit) == [held]
