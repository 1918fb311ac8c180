"""Bookings of sessions: places, waiting lists, and who moves up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.programmes.errors import (
    BookedOtherwise,
    BookingClosed,
    MemberNotCurrent,
    NotOfCohort,
    SessionCalledOff,
)
from services.programmes.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingPromoted,
    BookingWaitlisted,
    SessionRescheduled,
)
from services.programmes.handlers.box_office import BoxOffice
from services.programmes.repository import Bookings, Seats
from services.programmes.subscriptions import MemberErased, MemberMerged, StandingChanged
from shared.errors import Invalid, NotFound
from tests.unit import interleaving
from tests.unit.interleaving import SwitchingDatabase
from tests.unit.programmes.locked import LockedDatabase
from tests.unit.programmes.school import TO_COME, School
from tests.unit.programmes.world import cut_at_every_write
from tests.unit.world import CutOff

BOOKING_EVENTS = (BookingConfirmed, BookingWaitlisted, BookingPromoted, BookingCancelled)


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def told(school: School, member_id: str) -> list[str]:
    """What was told of a member's bookings, in order."""
    return [
        type(event).__name__.removeprefix("Booking")
        for event in school.events()
        if isinstance(event, BOOKING_EVENTS) and event.member_id == member_id
    ]


def states(school: School, session_id: str) -> dict[str, str]:
    found = school.pages("find_bookings", session_id=session_id)
    return {each.member_id: each.state.value for each in found}


def seats(school: School, session_id: str) -> dict[str, int]:
    """How many places each ticket has."""
    taken: dict[str, int] = {}
    for seat in school.database["seats"].find({}):
        if seat["line"].startswith(session_id) and seat["free"] == "taken":
            taken[seat["holder"]] = taken.get(seat["holder"], 0) + 1
    return taken


def test_who_books_has_a_place_until_none_is_left(school: School) -> None:
    """Then they wait, and know which they are."""
    session_id = school.online(1)
    first, second, third = (school.member() for _ in range(3))
    views = [school.book(session_id, member_id) for member_id in (first, second, third)]
    assert [(view.state, view.position) for view in views] == [
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert school.events(BookingConfirmed) == [BookingConfirmed(first, session_id)]
    assert school.events(BookingWaitlisted) == [
        BookingWaitlisted(second, session_id),
        BookingWaitlisted(third, session_id),
    ]


def test_the_first_who_waits_moves_up(school: School) -> None:
    """Exactly one, when a place is given up; when a waiting one leaves, the others move up."""
    session_id = school.online(1)
    ids = [school.member() for _ in range(4)]
    for member_id in ids:
        school.book(session_id, member_id)
        school.clock.advance(seconds=1)
    school.leave(session_id, ids[1])
    school.leave(session_id, ids[0])
    assert states(school, session_id) == dict(
        zip(ids, ("cancelled", "cancelled", "confirmed", "waiting"), strict=True)
    )
    assert school.events(BookingPromoted) == [BookingPromoted(ids[2], session_id)]
    waiting = school.call("get_booking", session_id=session_id, member_id=ids[3])
    assert waiting.position == 1


def test_the_ways_of_a_hybrid_session_have_places_of_their_own(school: School) -> None:
    """A place in the room is none for those online."""
    session_id = school.session(starts_at=TO_COME, capacity={"in_person": 1, "online": 1})
    first, second, third = (school.member() for _ in range(3))
    assert school.book(session_id, first, "in_person").state == "confirmed"
    assert school.book(session_id, second, "in_person").state == "waiting"
    assert school.book(session_id, third, "online").state == "confirmed"
    school.leave(session_id, third)
    assert school.state(session_id, second) == "waiting"


def test_a_booking_is_made_once(school: School) -> None:
    """Again it is the same; in the other way it has to be cancelled first."""
    session_id = school.session(starts_at=TO_COME)
    member_id = school.member()
    first = school.book(session_id, member_id)
    assert school.book(session_id, member_id) == first
    with pytest.raises(BookedOtherwise) as refused:
        school.book(session_id, member_id, "in_person")
    assert refused.value.details["way"] == "online"
    school.leave(session_id, member_id)
    assert school.book(session_id, member_id, "in_person").state == "confirmed"
    assert told(school, member_id) == ["Confirmed", "Cancelled", "Confirmed"]


def test_who_books_again_goes_to_the_end(school: School) -> None:
    """A place that was given up is gone."""
    session_id = school.online(1)
    first, second = school.member(), school.member()
    school.book(session_id, first)
    school.book(session_id, second)
    school.leave(session_id, first)
    assert school.book(session_id, first).position == 1
    assert school.state(session_id, second) == "confirmed"


def test_booking_closes_at_its_deadline(school: School) -> None:
    """To the instant; who cancels from then on is late, and who moves up then has the place."""
    session_id = school.online(1, booking_closes_at="2026-12-09T09:00:00+00:00")
    first, second, late = (school.member() for _ in range(3))
    school.book(session_id, first)
    school.book(session_id, second)
    school.clock.advance(days=5, hours=20, minutes=59, seconds=59)
    assert school.book(session_id, late).state == "waiting"
    school.leave(session_id, late)
    school.clock.advance(seconds=1)
    with pytest.raises(BookingClosed):
        school.book(session_id, school.member())
    assert school.leave(session_id, first).late
    assert not school.call("get_booking", session_id=session_id, member_id=late).late
    assert school.state(session_id, second) == "confirmed"


def test_once_the_session_has_begun_nobody_leaves(school: School) -> None:
    """Who does not come then is a no-show."""
    session_id, member_id = school.online(1), school.member()
    school.book(session_id, member_id)
    school.clock.advance(days=7)
    with pytest.raises(BookingClosed):
        school.leave(session_id, member_id)


def test_what_cannot_be_booked_is_refused(school: School) -> None:
    """No session, no such way, nobody current, or called off."""
    session_id, member_id = school.online(1), school.member()
    with pytest.raises(NotFound):
        school.book("nowhere", member_id)
    with pytest.raises(Invalid) as refused:
        school.book(session_id, member_id, "in_person")
    assert list(refused.value.fields) == ["way"]
    school.tell(StandingChanged(member_id, "lapsed"))
    with pytest.raises(MemberNotCurrent) as lacking:
        school.book(session_id, member_id)
    assert lacking.value.details["reason"] == "lapsed"
    school.call("cancel_session", session_id=session_id, reason="Invented.")
    with pytest.raises(SessionCalledOff):
        school.book(session_id, school.member())
    with pytest.raises(NotFound):
        school.leave(session_id, member_id)


def test_a_session_of_a_cohort_is_for_its_fellows(school: School) -> None:
    """Those who accepted or went on; an application alone is not enough."""
    cohort_id = school.cohort(school.programme_id)
    session_id = school.online(5, cohort_id=cohort_id)
    member_id = school.member()
    for make in (lambda: None, lambda: school.submitted(cohort_id, member_id)):
        make()
        with pytest.raises(NotOfCohort):
            school.book(session_id, member_id)
    school.bring(school.submitted(cohort_id, fellow := school.member()), "accepted")
    assert school.book(session_id, fellow).state == "confirmed"


def test_bookings_are_found_by_session_and_by_member(school: School) -> None:
    """A member's with those of whom was merged into them; one of both must be said."""
    one, other = school.online(5), school.online(5)
    member_id, twin, third = (school.member() for _ in range(3))
    for who, where in ((member_id, one), (twin, other), (third, one)):
        school.book(where, who)
    school.tell(MemberMerged(twin, member_id))
    own = school.pages("find_bookings", member_id=member_id)
    assert {each.session_id for each in own} == {one, other}
    assert set(states(school, one)) == {member_id, third}
    both = school.pages("find_bookings", member_id=member_id, session_id=one)
    assert [each.session_id for each in both] == [one]
    with pytest.raises(Invalid):
        school.call("find_bookings")


def test_who_stands_for_a_merged_member_has_their_booking(school: School) -> None:
    """It is not made again beside it, and is theirs to cancel and to have come to."""
    session_id, member_id, kept = school.online(5), school.member(), school.member()
    first = school.book(session_id, member_id)
    school.tell(MemberMerged(member_id, kept))
    assert school.book(session_id, kept) == first
    assert len(seats(school, session_id)) == 1
    school.leave(session_id, kept)
    assert school.state(session_id, kept) == "cancelled"
    assert school.book(session_id, kept).state == "confirmed"
    school.clock.advance(days=8)
    school.attend(session_id, kept, way="online")
    school.call("close_register", session_id=session_id)
    assert school.state(session_id, kept) == "attended"


def test_a_cancelled_session_cancels_its_bookings(school: School) -> None:
    """Each is told of once, those that waited too, and nobody moves up."""
    session_id = school.online(1)
    ids = [school.member() for _ in range(3)]
    for member_id in ids:
        school.book(session_id, member_id)
    school.leave(session_id, ids[2])
    school.call("cancel_session", session_id=session_id, reason="Invented.")
    assert set(states(school, session_id).values()) == {"cancelled"}
    assert [told(school, id)[-1] for id in ids] == ["Cancelled"] * 3
    assert school.events(BookingPromoted) == []
    assert len(school.events(BookingCancelled)) == 3


def more_room(school: School, session_id: str, places: int, **more: Any) -> Any:
    return school.call(
        "reschedule_session",
        session_id=session_id,
        starts_at=TO_COME,
        capacity={"online": places},
        reason="Invented.",
        **more,
    )


def test_more_room_is_first_of_all_for_those_who_wait(school: School) -> None:
    """In their order, and the session is not moved by it."""
    session_id = school.online(1)
    ids = [school.member() for _ in range(4)]
    for id in ids:
        school.book(session_id, id)
        school.clock.advance(seconds=1)
    assert more_room(school, session_id, 3).capacity.online == 3
    assert list(states(school, session_id).values()) == ["confirmed"] * 3 + ["waiting"]
    assert school.events(SessionRescheduled) == []
    sound(school, session_id, 3)


def test_less_room_is_still_room_for_all_who_have_a_place(school: School) -> None:
    """Who waits goes on waiting; what was taken away can come back, and goes to them."""
    session_id = school.online(4)
    ids = [school.member() for _ in range(3)]
    for id in ids:
        school.book(session_id, id)
    with pytest.raises(Invalid) as refused:
        more_room(school, session_id, 2)
    assert refused.value.fields == {"capacity.online": ["3 places are taken."]}
    assert more_room(school, session_id, 3).capacity.online == 3
    late = school.member()
    assert school.book(session_id, late).position == 1
    school.leave(session_id, ids[0])
    school.book(session_id, ids[0])
    assert states(school, session_id)[ids[0]] == "waiting"
    sound(school, session_id, 3)
    assert more_room(school, session_id, 5).capacity.online == 5
    assert set(states(school, session_id).values()) == {"confirmed"}
    sound(school, session_id, 5)


def test_a_place_taken_while_places_are_taken_away_stays(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session then says how many there are."""
    session_id, late = school.online(3), school.member()
    school.book(session_id, school.member())
    settle = BoxOffice.settle

    def settled_late(office: BoxOffice, session: Any) -> Any:
        school.book(session_id, late)
        return settle(office, session)

    monkeypatch.setattr(BoxOffice, "settle", settled_late)
    assert more_room(school, session_id, 1).capacity.online == 2
    assert school.call("get_session", session_id=session_id).capacity.online == 2
    sound(school, session_id, 2)
    assert school.state(session_id, late) == "confirmed"


@pytest.mark.parametrize("places", [1, 3])
def test_room_that_is_changed_comes_whole_after_a_crash(places: int) -> None:
    """More or less: by the same call, or by the clock."""

    def prepare() -> School:
        school = prepared(2)
        school.book(school.there, "m0")  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        more_room(school, school.there, places, message="r")  # type: ignore[attr-defined]

    def require(school: School, places: int) -> None:
        there = school.there  # type: ignore[attr-defined]
        for number in (1, 2, 3):
            school.book(there, f"m{number}")
        assert list(states(school, there).values()).count("confirmed") == places
        assert school.call("get_session", session_id=there).capacity.online == places

    for school in cut_at_every_write(act, prepare):
        require(school, places)
    for writes in range(5):
        school = prepare()
        with school.cut_off(writes):
            act(school)
        school.pass_time(minutes=1)
        require(school, 2 if writes == 0 else places)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 1), max_size=80))
def test_of_two_who_change_the_room_at_once_the_later_counts(order: list[int]) -> None:
    """There are as many places as the session says, in whatever order the store sees them."""
    school = School(database=SwitchingDatabase())  # type: ignore[arg-type]
    there = school.online(4)
    interleaving.at_once(
        [lambda n=n: more_room(school, there, n) for n in (1, 6)],  # type: ignore[misc]
        interleaving.chooser(order),
    )
    said = school.call("get_session", session_id=there).capacity.online
    free = [each for each in school.database["seats"].find({}) if each["free"] != "gone"]
    assert len(free) == said
    assert said in (1, 6)


def test_the_place_on_a_long_list_costs_one_number() -> None:
    """However many wait, no more is asked of the store and nothing more is read."""

    def cost(waiting: int) -> Any:
        school = School()
        there = school.online(1)
        ids = [school.member() for _ in range(waiting)]
        for id in ids:
            school.book(there, id)
        with school.database.counted() as found:
            view = school.call("get_booking", session_id=there, member_id=ids[-1])
        assert view.position == waiting - 1
        return found.operations, found.documents

    assert cost(5) == cost(50)


def test_more_room_comes_whole_after_a_crash() -> None:
    """By the same call, or by the clock."""

    def prepare() -> School:
        school = prepared()
        for number in range(4):
            school.book(school.there, f"m{number}")  # type: ignore[attr-defined]
            school.clock.advance(seconds=1)
        return school

    def act(school: School) -> None:
        more_room(school, school.there, 3, message="r")  # type: ignore[attr-defined]

    for school in cut_at_every_write(act, prepare):
        sound(school, school.there, 3)  # type: ignore[attr-defined]
    for writes in range(1, 6):
        school = prepare()
        with school.cut_off(writes):
            act(school)
        school.pass_time(minutes=1)
        sound(school, school.there, 3)  # type: ignore[attr-defined]


def test_the_place_of_who_is_erased_goes_on(school: School) -> None:
    """By the clock, to whoever has waited longest."""
    session_id, first, second = school.online(1), school.member(), school.member()
    school.book(session_id, first)
    school.book(session_id, second)
    school.tell(MemberErased("r-1", first))
    school.pass_time(minutes=1)
    assert states(school, session_id) == {first: "cancelled", second: "confirmed"}
    sound(school, session_id, 1)


def test_the_register_says_who_came(school: School) -> None:
    """Whoever booked and is not on record did not come, until that is put right."""
    session_id = school.online(2)
    came, absent, waited = (school.member() for _ in range(3))
    for member_id in (came, absent, waited):
        school.book(session_id, member_id)
    school.clock.advance(days=8)
    school.attend(session_id, came, way="online")
    for _ in range(2):
        school.call("close_register", session_id=session_id)
    assert states(school, session_id) == {came: "attended", absent: "no_show", waited: "waiting"}
    own = {"session_id": session_id, "member_id": absent, "reason": "Invented."}
    school.call("correct_attendance", **own)
    assert school.state(session_id, absent) == "attended"
    school.call("retract_attendance", **own)
    assert school.state(session_id, absent) == "no_show"


def prepared(places: int = 1) -> School:
    school = School()
    school.there = school.online(places)  # type: ignore[attr-defined]
    for number in range(4):
        school.member(f"m{number}")
    return school


def sound(school: School, session_id: str, places: int) -> None:
    """No place is taken twice or left empty while somebody waits, and no ticket has two."""
    held, found = seats(school, session_id), states(school, session_id)
    confirmed = {id for id, state in found.items() if state == "confirmed"}
    assert {ticket.partition(":")[2].partition("#")[0] for ticket in held} == confirmed
    assert set(held.values()) <= {1}
    assert len(confirmed) <= places
    assert "requested" not in found.values()
    assert "waiting" not in found.values() or len(confirmed) == places


def test_bookings_that_break_off_anywhere_are_completed_by_the_same_call() -> None:
    """Whether there was a place or not, and each is told of once."""

    def act(school: School) -> None:
        for number in range(2):
            school.book(school.there, f"m{number}", message=f"b{number}")  # type: ignore[attr-defined]

    for school in cut_at_every_write(act, prepared):
        there = school.there  # type: ignore[attr-defined]
        assert states(school, there) == {"m0": "confirmed", "m1": "waiting"}
        assert (told(school, "m0"), told(school, "m1")) == (["Confirmed"], ["Waitlisted"])
        sound(school, there, 1)


def test_cancellations_that_break_off_anywhere_are_completed_by_the_same_call() -> None:
    """The place goes to who waited longest, once."""

    def prepare() -> School:
        school = prepared()
        for number in range(3):
            school.book(school.there, f"m{number}")  # type: ignore[attr-defined]
            school.clock.advance(seconds=1)
        return school

    def act(school: School) -> None:
        school.leave(school.there, "m0", message="c")  # type: ignore[attr-defined]

    for school in cut_at_every_write(act, prepare):
        there = school.there  # type: ignore[attr-defined]
        assert states(school, there) == {"m0": "cancelled", "m1": "confirmed", "m2": "waiting"}
        assert told(school, "m1") == ["Waitlisted", "Promoted"]
        sound(school, there, 1)


@pytest.mark.parametrize("leaving", ["m0", "m1"])
def test_what_nobody_repeats_the_clock_completes(leaving: str) -> None:
    """A call that broke off and did not come again leaves no place lost or taken twice."""
    cut = 0
    while True:
        school = prepared()
        there = school.there  # type: ignore[attr-defined]
        for number in range(2):
            school.book(there, f"m{number}")
            school.clock.advance(seconds=1)
        with school.cut_off(cut):
            school.leave(there, leaving)
            school.book(there, "m2")
            school.book(there, leaving)
        was_cut, cut = school.was_cut, cut + 1
        school.pass_time(minutes=2)
        sound(school, there, 1)
        if not was_cut:
            return


@pytest.mark.parametrize("clock", [True, False])
def test_who_books_again_after_a_crash_has_one_place(clock: bool) -> None:
    """That of the cancelled booking goes on first, wherever the cancelling broke off."""
    for cut in range(6):
        school = prepared()
        there = school.there  # type: ignore[attr-defined]
        school.book(there, "m0")
        with school.cut_off(cut):
            school.leave(there, "m0")
        if clock:
            school.pass_time(minutes=2)
        assert school.book(there, "m0").state == "confirmed"
        sound(school, there, 1)


def test_a_place_taken_before_a_crash_is_kept() -> None:
    """The clock confirms it, although others wait for one by then."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    with school.cut_off(2):
        school.book(there, "m0")
    assert len(seats(school, there)) == 1
    school.book(there, "m1")
    school.pass_time(minutes=2)
    assert told(school, "m0") == ["Confirmed"]
    sound(school, there, 1)


class Between:
    """Does something else after the first call of a method, before it is gone on with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, act: Any) -> None:
        function, done = getattr(owner, name), []

        def interrupted(*args: Any) -> Any:
            first = not done
            done.append(True)
            answer = function(*args)
            if first:
                act()
            return answer

        monkeypatch.setattr(owner, name, interrupted)


def test_a_place_given_up_while_somebody_begins_to_wait_is_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though there was none when they looked, and nobody waited when it was given up."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    school.book(there, "m0")
    Between(monkeypatch, Seats, "claim", lambda: school.leave(there, "m0"))
    assert school.book(there, "m1").state == "confirmed"
    sound(school, there, 1)


@pytest.mark.parametrize("by", ["call", "clock", "newcomer"])
def test_who_waits_although_a_place_is_free_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """If the call broke off just then, it is theirs before anybody's who comes later."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    school.book(there, "m0")
    with monkeypatch.context() as patch, school.cut_off(99):

        def left() -> None:
            school.leave(there, "m0")
            patch.setattr(BoxOffice, "fill", _break_off)

        Between(patch, Seats, "claim", left)
        school.book(there, "m1", message="m")
    assert school.state(there, "m1") == "waiting"
    if by == "call":
        school.book(there, "m1", message="m")
    elif by == "clock":
        school.pass_time(minutes=2)
    else:
        assert school.book(there, "m2").state == "waiting"
    assert school.state(there, "m1") == "confirmed"
    sound(school, there, 1)


def _break_off(*_: Any) -> None:
    raise CutOff


def test_who_is_late_to_pass_a_place_on_does_not_touch_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The member has booked again by then, and keeps what they have."""
    school = prepared()
    there, done = school.there, []  # type: ignore[attr-defined]
    school.book(there, "m0")
    go_on = BoxOffice.go_on

    def held_up(office: BoxOffice, booking: Any) -> Any:
        if not done:
            done.append(True)
            school.book(there, "m0")
        return go_on(office, booking)

    monkeypatch.setattr(BoxOffice, "go_on", held_up)
    school.leave(there, "m0")
    assert school.state(there, "m0") == "confirmed"
    sound(school, there, 1)


@pytest.mark.parametrize(("owner", "method"), [(Bookings, "head"), (Seats, "claim")])
def test_who_cancels_while_their_request_is_answered_does_not_keep_the_place(
    monkeypatch: pytest.MonkeyPatch, owner: Any, method: str
) -> None:
    """It is there for the next."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    Between(monkeypatch, owner, method, lambda: school.leave(there, "m0"))
    assert school.book(there, "m0").state == "cancelled"
    assert school.book(there, "m1").state == "confirmed"
    sound(school, there, 1)


def test_who_cancels_while_a_place_is_passed_to_them_does_not_keep_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It goes on to whoever is next."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    for number in range(3):
        school.book(there, f"m{number}")
        school.clock.advance(seconds=1)
    Between(monkeypatch, Bookings, "head", lambda: school.leave(there, "m1"))
    school.leave(there, "m0")
    assert school.state(there, "m2") == "confirmed"
    sound(school, there, 1)


def test_a_cancellation_is_gone_on_with_whatever_ended_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The end of the request does not stand for that of the cancelling, which then broke off."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    school.book(there, "m0")
    with monkeypatch.context() as patch:

        def cancelled() -> None:
            with school.cut_off(1):
                school.leave(there, "m1")

        Between(patch, BoxOffice, "fill", cancelled)
        school.book(there, "m1")
    assert school.document("bookings", f"{there}:m1")["pending"]
    school.pass_time(minutes=2)
    assert not school.document("bookings", f"{there}:m1")["pending"]


def test_two_who_pass_on_the_same_place_give_it_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is slower does not confirm somebody who has none."""
    school, done = prepared(), []
    there = school.there  # type: ignore[attr-defined]
    for number in range(3):
        school.book(there, f"m{number}")
        school.clock.advance(seconds=1)
    hand_over = Seats.hand_over

    def slower(seats: Seats, ticket: str, to: str) -> None:
        if not done:  # the other call was about to give it to m1, who cancels at this moment
            done.append(to)
            hand_over(seats, ticket, f"{there}:m1#1")
        hand_over(seats, ticket, to)

    monkeypatch.setattr(Seats, "hand_over", slower)
    Between(monkeypatch, Bookings, "head", lambda: school.leave(there, "m1"))
    school.leave(there, "m0")
    assert done == [f"{there}:m2#1"]
    assert states(school, there) == {"m0": "cancelled", "m1": "cancelled", "m2": "confirmed"}
    sound(school, there, 1)


def test_a_place_that_went_to_who_had_cancelled_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one who passed it on broke off before they saw it; their call again puts it right."""
    school = prepared()
    there = school.there  # type: ignore[attr-defined]
    for number in range(3):
        school.book(there, f"m{number}")
        school.clock.advance(seconds=1)
    with monkeypatch.context() as patch, school.cut_off(99):
        Between(patch, Bookings, "head", lambda: school.leave(there, "m1"))
        patch.setattr(BoxOffice, "_confirm", _break_off)
        school.leave(there, "m0", message="m")
    school.leave(there, "m0", message="m")
    assert school.state(there, "m2") == "confirmed"
    sound(school, there, 1)


def test_a_cancelled_session_is_completed_after_a_crash() -> None:
    """By the same call, or by the clock."""

    def prepare() -> School:
        school = prepared()
        for number in range(3):
            school.book(school.there, f"m{number}")  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        there = school.there  # type: ignore[attr-defined]
        school.call("cancel_session", message="x", session_id=there, reason="Invented.")

    for school in cut_at_every_write(act, prepare):
        assert len(school.events(BookingCancelled)) == 3
    for writes in range(1, 4):
        school = prepare()
        with school.cut_off(writes):
            act(school)
        school.pass_time(minutes=1)
        assert len(school.events(BookingCancelled)) == 3


def test_a_session_is_scheduled_with_all_its_places_or_not_at_all() -> None:
    """Cut off anywhere, the same call gives the same session and as many places as it was for."""

    def act(school: School) -> None:
        school.schedule(message="s", capacity={"in_person": 2, "online": 3})

    for school in cut_at_every_write(act, School):
        (session,) = school.pages("find_sessions")
        lines = [seat["line"] for seat in school.database["seats"].find({})]
        assert sorted(lines) == sorted(
            [f"{session.session_id}:in_person"] * 2 + [f"{session.session_id}:online"] * 3
        )


# Many at once


@contextmanager
def threads(number: int = 16) -> Any:
    with ThreadPoolExecutor(number) as pool:
        yield lambda function, values: list(pool.map(function, values))


def test_many_at_once_fill_every_place_once() -> None:
    """None is refused for the others' sake, and exactly as many wait as there is no place for."""
    school = School(database=LockedDatabase())
    there, ids = school.online(30), [school.member() for _ in range(60)]
    with threads() as at_once:
        at_once(lambda id: school.book(there, id), ids)
    found = states(school, there)
    assert sorted(found.values()) == ["confirmed"] * 30 + ["waiting"] * 30
    sound(school, there, 30)


def test_many_who_leave_at_once_make_room_for_as_many() -> None:
    """Those who wait move up in their order, while others leave, come and cancel their waiting."""
    school = School(database=LockedDatabase())
    there, ids = school.online(20), [school.member() for _ in range(50)]
    for id in ids:
        school.book(there, id)
        school.clock.advance(seconds=1)
    with threads() as at_once:
        at_once(lambda id: school.leave(there, id), ids[:10] + ids[20:25])
    found = states(school, there)
    assert [id for id in ids if found[id] == "confirmed"] == ids[10:20] + ids[25:35]
    sound(school, there, 20)
    promoted = [event.member_id for event in school.events(BookingPromoted)]
    assert len(promoted) == len(set(promoted))


def test_coming_and_going_at_once_leaves_no_place_empty() -> None:
    """Whatever the order was, the places and the list fit together in the end."""
    school = School(database=LockedDatabase())
    there, ids = school.online(5), [school.member() for _ in range(24)]

    def come_and_go(id: str) -> None:
        school.book(there, id)
        if int(id[-1]) % 2:
            school.leave(there, id)
            school.book(there, id)

    with threads() as at_once:
        at_once(come_and_go, ids)
    sound(school, there, 5)
    assert set(states(school, there).values()) == {"confirmed", "waiting"}


# Any order


class Waiting(RuleBasedStateMachine):
    """A session with two places and six members who come and go, some of it cut off."""

    PLACES = 2
    members = st.sampled_from([f"m{number}" for number in range(6)])

    @initialize()
    def begin(self) -> None:
        self.school = School()
        self.there = self.school.online(self.PLACES)
        for number in range(6):
            self.school.member(f"m{number}")
        self.inside: list[str] = []
        self.waiting: list[str] = []
        self.calls = 0

    def _call(self, act: Any, id: str, cut: int | None) -> None:
        """Do it, perhaps cut off and then once more."""
        self.calls += 1
        message = f"m{self.calls}"
        if cut is not None:
            with self.school.cut_off(cut):
                act(self.there, id, message=message)
        act(self.there, id, message=message)
        self.school.clock.advance(seconds=1)

    @rule(id=members, cut=st.none() | st.integers(0, 6))
    def book(self, id: str, cut: int | None) -> None:
        self._call(self.school.book, id, cut)
        if id not in self.inside + self.waiting:
            (self.inside if len(self.inside) < self.PLACES else self.waiting).append(id)

    @rule(id=members, cut=st.none() | st.integers(0, 6))
    def leave(self, id: str, cut: int | None) -> None:
        if id not in states(self.school, self.there):
            return
        self._call(self.school.leave, id, cut)
        if id in self.waiting:
            self.waiting.remove(id)
        elif id in self.inside:
            self.inside.remove(id)
            if self.waiting:
                self.inside.append(self.waiting.pop(0))

    @rule()
    def tick(self) -> None:
        self.school.pass_time(minutes=2)

    @invariant()
    def fits(self) -> None:
        if not hasattr(self, "school"):
            return
        found = states(self.school, self.there)
        assert {id for id, s in found.items() if s == "confirmed"} == set(self.inside)
        assert {id for id, s in found.items() if s == "waiting"} == set(self.waiting)
        for number, id in enumerate(self.waiting, 1):
            view = self.school.call("get_booking", session_id=self.there, member_id=id)
            assert view.position == number
        sound(self.school, self.there, self.PLACES)


TestWaiting = Waiting.TestCase
TestWaiting.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
