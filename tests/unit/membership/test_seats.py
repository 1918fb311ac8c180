"""The ledger of seats: on no day are more taken than bought, whatever is done in which order."""

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.organisation import Organisation
from services.membership.domain.seats import Block, Seat, levels
from services.membership.domain.terms import Nation, OrganisationKind
from services.membership.errors import NoSeatFree, SeatHeld, SeatsInUse
from services.membership.events import SeatAllocated, SeatReleased, SeatsBought, SeatsReturned
from services.membership.repository import Organisations
from services.membership.repository import organisations as repository
from shared.errors import Duplicate, FacultyError, Invalid, NotFound
from shared.outbox import Outbox
from shared.testing import FakeDatabase
from tests.unit.membership.builders import TODAY

DAYS = 16


def day(number: int) -> date:
    """A day counted from today."""
    return TODAY + timedelta(days=number)


def organisation(*blocks: tuple[int, int, int]) -> Organisation:
    """An organisation that bought so many seats from one day to another."""
    made = Organisation.register(
        "o-1", "Invented Vale", OrganisationKind.HOST, Nation.WALES, None, TODAY
    )
    for number, (seats, first, last) in enumerate(blocks):
        made.buy(seats, day(first), day(last), f"invoice {number}", TODAY)
    made.forget_recorded()
    return made


def give(ledger: Organisation, seat_id: str, first: int | None, last: int | None) -> None:
    ledger.allocate(
        seat_id,
        f"member of {seat_id}",
        None if first is None else day(first),
        None if last is None else day(last),
        TODAY,
    )


def release(ledger: Organisation, member_id: str, last: int, today: date = TODAY) -> None:
    """Both steps, as if the member's record had been written between them."""
    ledger.end_seats(member_id, day(last), today)
    ledger.free_seats(member_id, ledger.cover_of(member_id), today)


def bought(ledger: Organisation, on: date) -> int:
    return sum(block.seats for block in ledger.blocks if block.from_on <= on <= block.until_on)


def used(ledger: Organisation, on: date) -> int:
    return sum(seat.from_on <= on <= seat.until_on for seat in ledger.seats.values())


spans = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)).map(lambda pair: sorted(pair))


class TestLevels:
    """Two numbers that change from day to day."""

    @given(
        st.lists(st.tuples(st.integers(-3, 5), spans), max_size=6),
        st.lists(st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)), max_size=8),
        spans,
    )
    def test_they_are_those_of_counting_each_day(
        self, blocks: Any, seats: Any, span: list[int]
    ) -> None:
        """Between two days that are named nothing changes, and on each it is as counted."""
        ledger = organisation()
        ledger.blocks = tuple(Block(n, day(a), day(b), "", TODAY) for n, (a, b) in blocks)
        ledger.seats = {str(n): Seat("m", day(a), day(b), TODAY) for n, (a, b) in enumerate(seats)}
        named = levels(ledger.blocks, ledger.seats.values(), day(span[0]), day(span[1]))
        assert named[0].day == day(span[0])
        by_day = {level.day: (level.bought, level.used) for level in named}
        assert all(day(span[0]) <= each <= day(span[1]) for each in by_day)
        now = (0, 0)
        for number in range(span[0], span[1] + 1):
            now = by_day.get(day(number), now)
            assert now == (bought(ledger, day(number)), used(ledger, day(number)))

    def test_the_last_day_of_the_calendar_is_a_day(self) -> None:
        """Seats without an end in sight do not run off the calendar."""
        block = Block(1, TODAY, date.max, "", TODAY)
        seat = Seat("m", TODAY, date.max, TODAY)
        assert [level.free for level in levels([block], [seat], TODAY, date.max)] == [0]


class TestBuying:
    """Entries of the ledger."""

    def test_a_reference_counts_once(self) -> None:
        """The very same entry changes nothing, even when it is entered on another day."""
        ledger = organisation()
        for on in (TODAY, day(3)):
            ledger.buy(5, day(0), day(9), "invoice", on)
        assert ledger.level(TODAY).bought == 5
        assert [type(each) for each in ledger.recorded] == [SeatsBought]

    @pytest.mark.parametrize(
        ("seats", "first", "last"),
        [(4, 0, 9), (5, 1, 9), (5, 0, 8)],
        ids=["seats", "first", "last"],
    )
    def test_a_reference_does_not_stand_for_two_things(
        self, seats: int, first: int, last: int
    ) -> None:
        """Other seats under a known reference are refused by name."""
        ledger = organisation((5, 0, 9))
        with pytest.raises(Duplicate) as caught:
            ledger.buy(seats, day(first), day(last), "invoice 0", TODAY)
        assert set(caught.value.details["fields"]) == {"reference"}

    def test_a_reference_of_a_purchase_is_none_of_a_return(self) -> None:
        """What was bought cannot be given back under the same reference."""
        ledger = organisation((5, 0, 9))
        with pytest.raises(Duplicate):
            ledger.give_back(5, day(0), day(9), "invoice 0", TODAY)

    def test_days_are_in_order(self) -> None:
        """The last day is not before the first."""
        with pytest.raises(Invalid) as caught:
            organisation().buy(1, day(2), day(1), "invoice", TODAY)
        assert set(caught.value.fields) == {"until_on"}

    def test_what_somebody_has_is_not_given_back(self) -> None:
        """One day on which a seat would be missing is enough, and it is named."""
        ledger = organisation((2, 0, 9))
        give(ledger, "a", 0, 9)
        give(ledger, "b", 5, 6)
        with pytest.raises(SeatsInUse) as caught:
            ledger.give_back(1, day(0), day(9), "credit", TODAY)
        assert caught.value.details == {"on": day(5).isoformat(), "bought": 2, "used": 2}

    def test_what_nobody_has_is_given_back(self) -> None:
        """On days on which it is free; given back twice under one reference it counts once."""
        ledger = organisation((2, 0, 9))
        give(ledger, "a", 0, 9)
        give(ledger, "b", 5, 6)
        ledger.forget_recorded()
        for _ in range(2):
            ledger.give_back(1, day(7), day(9), "credit", TODAY)
        assert [ledger.level(day(n)).free for n in (6, 7, 9)] == [0, 0, 0]
        assert ledger.recorded == (
            SeatsReturned(organisation_id="o-1", seats=1, from_on=day(7), until_on=day(9)),
        )

    def test_more_than_was_bought_is_not_given_back(self) -> None:
        """Not even where no seat is in use."""
        with pytest.raises(SeatsInUse):
            organisation((2, 0, 9)).give_back(2, day(8), day(10), "credit", TODAY)

    def test_the_past_is_not_given_back(self) -> None:
        """Seats of days that are over were there to be used."""
        with pytest.raises(Invalid) as caught:
            organisation((2, -5, 9)).give_back(1, day(-1), day(9), "credit", TODAY)
        assert set(caught.value.fields) == {"from_on"}


class TestAllocating:
    """Giving out what was bought."""

    def test_without_days_a_seat_lasts_as_long_as_there_is_one(self) -> None:
        """From today to the end of what was bought, or to the day before all are taken."""
        ledger = organisation((1, -5, 9), (1, 10, 12))
        give(ledger, "later", 11, 11)
        give(ledger, "now", None, None)
        assert ledger.seats["now"] == Seat("member of now", day(0), day(10), TODAY)
        assert ledger.recorded[-1] == SeatAllocated(
            organisation_id="o-1", member_id="member of now", from_on=day(0), until_on=day(10)
        )

    def test_a_seat_does_not_outlast_what_was_bought(self) -> None:
        """The first day without a seat is named."""
        ledger = organisation((3, 0, 9))
        with pytest.raises(NoSeatFree) as caught:
            give(ledger, "a", 0, 10)
        assert caught.value.details == {"on": day(10).isoformat(), "bought": 0, "used": 0}

    def test_a_seat_does_not_cross_a_gap(self) -> None:
        """Between two blocks there is nothing to give."""
        ledger = organisation((1, 0, 4), (1, 6, 9))
        with pytest.raises(NoSeatFree) as caught:
            give(ledger, "a", 0, 9)
        assert caught.value.details["on"] == day(5).isoformat()

    def test_a_seat_crosses_from_one_block_to_the_next(self) -> None:
        """Blocks that follow each other are as good as one."""
        ledger = organisation((1, 0, 4), (1, 5, 9))
        give(ledger, "a", 0, 9)
        assert ledger.level(day(5)).free == 0

    def test_full_on_one_day_in_the_middle_is_full(self) -> None:
        """It is not enough that seats are free on the first and the last day."""
        ledger = organisation((1, 0, 9))
        give(ledger, "middle", 4, 5)
        with pytest.raises(NoSeatFree) as caught:
            give(ledger, "a", 0, 9)
        assert caught.value.details["on"] == day(4).isoformat()

    def test_nothing_free_today_is_refused(self) -> None:
        """Also when no last day is asked for."""
        ledger = organisation((1, 0, 9))
        give(ledger, "first", None, None)
        with pytest.raises(NoSeatFree):
            give(ledger, "a", None, None)

    def test_the_past_is_not_given_out(self) -> None:
        """A seat begins today or later."""
        with pytest.raises(Invalid) as caught:
            give(organisation((1, -5, 9)), "a", -1, 9)
        assert set(caught.value.fields) == {"from_on"}

    def test_a_member_has_one_seat_on_a_day(self) -> None:
        """A second one for days among those of the first is refused, one after it is not."""
        ledger = organisation((2, 0, 9))
        ledger.allocate("a", "m", day(0), day(4), TODAY)
        with pytest.raises(SeatHeld) as caught:
            ledger.allocate("b", "m", day(4), day(6), TODAY)
        assert caught.value.details["until_on"] == day(4).isoformat()
        ledger.allocate("c", "m", day(5), day(6), TODAY)
        assert set(ledger.seats) == {"a", "c"}

    @pytest.mark.parametrize(("first", "last"), [(0, 4), (None, 4), (0, None), (None, None)])
    def test_asked_for_again_it_is_the_same_seat(self, first: int | None, last: int | None) -> None:
        """Nothing changes and nothing is told, also on a later day."""
        ledger = organisation((2, 0, 9))
        ledger.allocate("a", "m", day(0), day(4), TODAY)
        before = len(ledger.recorded)
        days = [None if number is None else day(number) for number in (first, last)]
        ledger.allocate("b", "m", days[0], days[1], day(2))
        assert set(ledger.seats) == {"a"}
        assert len(ledger.recorded) == before


class TestReleasing:
    """Letting go."""

    def test_a_seat_is_free_after_the_second_step_only(self) -> None:
        """While the member's record still says otherwise the seat is taken."""
        ledger = organisation((1, 0, 9))
        ledger.allocate("a", "m", None, None, TODAY)
        ledger.end_seats("m", day(3), TODAY)
        assert ledger.level(day(4)).free == 0
        assert ledger.cover_of("m") == {day(0): day(3)}
        with pytest.raises(SeatHeld):
            ledger.allocate("b", "m", day(5), day(6), TODAY)
        ledger.free_seats("m", {day(0): day(9)}, TODAY)
        assert ledger.level(day(4)).free == 0
        ledger.free_seats("m", ledger.cover_of("m"), TODAY)
        assert [ledger.level(day(n)).free for n in (3, 4)] == [0, 1]
        assert ledger.recorded[-1] == SeatReleased(
            organisation_id="o-1", member_id="m", from_on=day(0), until_on=day(3)
        )

    def test_what_has_not_begun_is_taken_back_whole(self) -> None:
        """After the day a member has nothing of the organisation any more."""
        ledger = organisation((1, 0, 9))
        ledger.allocate("a", "m", day(0), day(4), TODAY)
        ledger.allocate("b", "m", day(6), day(9), TODAY)
        release(ledger, "m", 2)
        assert [ledger.level(day(n)).free for n in (2, 3, 6, 9)] == [0, 1, 1, 1]
        assert ledger.seats["b"].unused
        told = len(ledger.recorded)
        release(ledger, "m", 2)
        assert len(ledger.recorded) == told

    def test_a_seat_can_be_ended_earlier_still(self) -> None:
        """But not later again."""
        ledger = organisation((1, 0, 9))
        ledger.allocate("a", "m", None, None, TODAY)
        release(ledger, "m", 5)
        release(ledger, "m", 3)
        assert ledger.seats["a"].until_on == day(3)
        with pytest.raises(NotFound):
            release(ledger, "m", 7)

    def test_released_again_nothing_changes(self) -> None:
        """The same words about the same seat are no error."""
        ledger = organisation((1, 0, 9))
        ledger.allocate("a", "m", None, None, TODAY)
        release(ledger, "m", 5)
        told = len(ledger.recorded)
        release(ledger, "m", 5)
        assert len(ledger.recorded) == told

    def test_nobody_s_seat_is_not_found(self) -> None:
        """Neither is another member's."""
        ledger = organisation((1, 0, 9))
        give(ledger, "a", 0, 9)
        with pytest.raises(NotFound):
            release(ledger, "m", 5)

    def test_what_was_covered_was_covered(self) -> None:
        """Yesterday is the earliest last day, so that a seat can change hands today."""
        ledger = organisation((1, -9, 9))
        ledger.seats = {"a": Seat("m", day(-5), day(9), day(-5))}
        with pytest.raises(Invalid) as caught:
            release(ledger, "m", -2)
        assert set(caught.value.fields) == {"last_day"}
        release(ledger, "m", -1)
        give(ledger, "b", 0, 9)
        assert ledger.level(TODAY).free == 0


class TestPuttingAway:
    """Seats that are over leave the ledger, some at a time."""

    def test_long_over_is_taken_out_with_the_next_change(self) -> None:
        """What ended lately stays, for calls that were cut off; so does what is being released."""
        ledger = organisation((9, -90, 9))
        ledger.seats = {
            "old": Seat("m1", day(-80), day(-40), day(-80)),
            "late": Seat("m2", day(-80), day(-20), day(-80)),
            "ending": Seat("m3", day(-80), day(-40), day(-80), ends_on=day(-50)),
            "held": Seat("m4", day(-80), day(9), day(-80)),
        }
        give(ledger, "new", None, None)
        assert set(ledger.seats) == {"late", "ending", "held", "new"}

    def test_no_single_write_is_large(self) -> None:
        """Of very many only so many leave at once."""
        ledger = organisation((999, -90, 9))
        ledger.seats = {
            f"{number:04}": Seat(f"m{number}", day(-80), day(-40), day(-80))
            for number in range(450)
        }
        left = []
        for number in range(3):
            give(ledger, f"new {number}", None, None)
            left.append(len(ledger.seats))
        assert left == [251, 52, 3]


OPERATIONS = st.one_of(
    st.tuples(st.just("buy"), st.integers(1, 3), spans),
    st.tuples(st.just("give_back"), st.integers(1, 3), spans),
    st.tuples(st.just("allocate"), st.integers(0, 4), spans),
    st.tuples(st.just("allocate_open"), st.integers(0, 4), spans),
    st.tuples(st.just("end"), st.integers(0, 4), spans),
    st.tuples(st.just("free"), st.integers(0, 4), spans),
)


def action(number: int, operation: Any, today: date) -> Callable[[Organisation], None]:
    """One change, with ids that no other has."""
    name, size, (first, last) = operation
    return {
        "buy": lambda found: found.buy(size, day(first), day(last), f"b{number}", today),
        "give_back": lambda found: found.give_back(
            size, day(first), day(last), f"r{number}", today
        ),
        "allocate": lambda found: found.allocate(
            f"s{number:03}", f"m{size}", day(first), day(last), today
        ),
        "allocate_open": lambda found: found.allocate(
            f"s{number:03}", f"m{size}", day(first), None, today
        ),
        "end": lambda found: found.end_seats(f"m{size}", day(last), today),
        "free": lambda found: found.free_seats(f"m{size}", found.cover_of(f"m{size}"), today),
    }[name]


def is_right(error: FacultyError, operation: Any, ledger: Organisation) -> bool:
    """Whether what an error says of seats is so."""
    if not isinstance(error, NoSeatFree | SeatsInUse):
        return True
    on, wanted = date.fromisoformat(error.details["on"]), 1
    if isinstance(error, SeatsInUse):
        wanted = operation[1]
    numbers = (error.details["bought"], error.details["used"])
    return numbers == (bought(ledger, on), used(ledger, on)) and numbers[0] - numbers[1] < wanted


def assert_sound(ledger: Organisation, today: date) -> None:
    """No day from today on has more seats taken than bought, and no member two on a day."""
    for number in range(DAYS + 3):
        if day(number) >= today:
            assert used(ledger, day(number)) <= bought(ledger, day(number))
            holders = [
                seat.member_id
                for seat in ledger.seats.values()
                if seat.from_on <= day(number) <= seat.until_on
            ]
            assert len(holders) == len(set(holders))


class TestWhateverHappens:
    """Any changes, one after another or at once, through the real repository."""

    @given(st.lists(st.tuples(st.integers(0, 1), OPERATIONS), max_size=25))
    @settings(max_examples=200, deadline=None)
    def test_seats_add_up_as_days_pass(self, operations: Any) -> None:
        """After every change that is accepted, and after every one that is refused."""
        ledger, today = organisation((2, 0, DAYS)), TODAY
        for number, (passed, operation) in enumerate(operations):
            today += timedelta(days=passed)
            before, asked = deepcopy(ledger), action(number, operation, today)
            try:
                asked(ledger)
            except FacultyError as error:
                assert ledger == before
                assert is_right(error, operation, ledger)
            assert_sound(ledger, today)

    @given(
        st.lists(OPERATIONS, max_size=6),
        st.lists(st.tuples(OPERATIONS, st.lists(OPERATIONS, max_size=3)), max_size=6),
    )
    @settings(max_examples=200, deadline=None)
    def test_seats_add_up_when_changes_meet(self, first: Any, meeting: Any) -> None:
        """One is made between the reading and the writing of another, several times over."""
        database = FakeDatabase()
        one, other = (Organisations(database, Outbox("membership")) for _ in range(2))
        one.prepare()
        one.add(organisation((2, 0, DAYS)))
        numbers = iter(range(1_000))

        def change(repository: Organisations, operation: Any, inner: list[Any]) -> None:
            wanted, left = action(next(numbers), operation, TODAY), list(inner)

            def act(found: Organisation) -> None:
                wanted(found)
                if left:
                    change(other, left.pop(), [])

            with suppress(FacultyError):
                repository.change("o-1", act)
            assert_sound(one.get("o-1"), TODAY)

        for operation in first:
            change(one, operation, [])
        for operation, inner in meeting:
            change(one, operation, inner)

    def test_the_last_seat_goes_to_one_of_two(self) -> None:
        """Who reads while it is free and writes when it is gone is refused."""
        database = FakeDatabase()
        one, other = (Organisations(database, Outbox("membership")) for _ in range(2))
        one.prepare()
        one.add(organisation((1, 0, 9)))
        meanwhile = [lambda: other.change("o-1", lambda found: give(found, "quick", 0, 9))]

        def slow(found: Organisation) -> None:
            give(found, "slow", 0, 9)
            if meanwhile:
                meanwhile.pop()()

        with pytest.raises(NoSeatFree):
            one.change("o-1", slow)
        assert set(one.get("o-1").seats) == {"quick"}

    def test_a_seat_is_not_given_back_while_it_is_given_out(self) -> None:
        """Whichever is written first, the other is refused."""
        database = FakeDatabase()
        one, other = (Organisations(database, Outbox("membership")) for _ in range(2))
        one.prepare()
        one.add(organisation((1, 0, 9)))
        meanwhile = [lambda: other.change("o-1", lambda found: give(found, "quick", 5, 6))]

        def slow(found: Organisation) -> None:
            found.give_back(1, day(0), day(9), "credit", TODAY)
            if meanwhile:
                meanwhile.pop()()

        with pytest.raises(SeatsInUse):
            one.change("o-1", slow)
        assert one.get("o-1").level(day(5)).free == 0


class TestLargeOrganisations:
    """Five thousand seats."""

    @pytest.fixture
    def organisations(self) -> Organisations:
        made = Organisations(FakeDatabase(), Outbox("membership"))
        made.prepare()
        large = organisation((5_000, -90, 9))
        large.seats = {
            f"{number:05}": Seat(f"m{number}", day(-80), day(9 if number else -40), day(-80))
            for number in range(5_000)
        }
        made.add(large)
        return made

    def test_a_change_tells_its_trail_no_more_than_it_changed(
        self, organisations: Organisations
    ) -> None:
        """The other seats are not written down again."""
        organisations.change("o-1", lambda found: give(found, "99999", 0, 9))
        fields = [change.field for change in organisations.trail("o-1")[-1].changes]
        assert sorted(fields) == ["seats.00000", "seats.99999"]
        organisations.change("o-1", lambda found: found.end_seats("m7", day(2), TODAY))
        fields = [change.field for change in organisations.trail("o-1")[-1].changes]
        assert fields == ["seats.00007.ends_on"]

    def test_what_is_put_away_is_kept_elsewhere(self, organisations: Organisations) -> None:
        """With all that was known of it."""
        organisations.change("o-1", lambda found: give(found, "99999", 0, 9))
        assert "00000" not in organisations.get("o-1").seats
        past = organisations.past_seats.after("o-1", "", 10)
        assert past == {"00000": Seat("m0", day(-80), day(-40), day(-80))}

    def test_a_list_does_not_read_the_seats(self, organisations: Organisations) -> None:
        """Fifty large organisations on a page are fifty small ones."""
        [listed] = organisations.list_by_name({}, cursor=None, limit=50).items
        assert (listed.name, listed.seats, listed.blocks) == ("Invented Vale", {}, ())

    def test_a_long_trail_is_kept_in_parts_and_read_whole(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The document holds the newest part only; every write has its entry once, in order."""
        monkeypatch.setattr(repository, "_TRAIL_SHELVED", 20)
        monkeypatch.setattr(repository, "_TRAIL_LIMIT", 40)
        kept = Organisations(FakeDatabase(), Outbox("membership"))
        kept.prepare()
        kept.add(organisation((1, 0, 9)))
        for number in range(90):
            kept.change(
                "o-1", lambda found, n=number: found.change(f"Invented {n}", None, None, None)
            )
        document = kept.documents.find_one({"_id": "o-1"})
        assert document is not None and 20 <= len(document["trail"]) <= 40
        trail = kept.trail("o-1")
        assert [entry.version for entry in trail] == list(range(1, 92))
        assert trail[-1].changes[0].after == '"Invented 89"'
