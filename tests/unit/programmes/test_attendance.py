"""Who is on the register of a session: whom it takes, when it is closed, and what is put right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.programmes.errors import (
    MemberNotKnown,
    NotAttended,
    NotExpected,
    NoWalkIns,
    RegisterClosed,
    SessionNotHeld,
)
from services.programmes.events import AttendanceRetracted, SessionAttended, TravelWithdrawn
from services.programmes.subscriptions import MemberErased, MemberMerged, MemberUnmerged
from shared.errors import Invalid, NotFound
from tests.unit import interleaving
from tests.unit.interleaving import SwitchingDatabase
from tests.unit.programmes.school import TO_COME, School
from tests.unit.programmes.world import cut_at_every_write

DAYS = 8


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def booked(school: School, *member_ids: str, **changes: Any) -> str:
    """The id of an online session that these had booked; it was held yesterday."""
    session_id = school.online(5, **changes)
    for member_id in member_ids:
        school.book(session_id, member_id)
    school.clock.advance(days=DAYS)
    return session_id


def record(school: School, session_id: str, *member_ids: str, **changes: Any) -> Any:
    arguments = {"session_id": session_id, "member_ids": member_ids, **changes}
    return school.call("record_attendance", **arguments)


def correct(school: School, session_id: str, member_id: str, **changes: Any) -> Any:
    arguments = {"session_id": session_id, "member_id": member_id, "reason": "Invented.", **changes}
    return school.call("correct_attendance", **arguments)


def retract(school: School, session_id: str, member_id: str, **changes: Any) -> Any:
    arguments = {"session_id": session_id, "member_id": member_id, "reason": "Invented.", **changes}
    return school.call("retract_attendance", **arguments)


def on_record(school: School, session_id: str) -> list[str]:
    return [each.member_id for each in school.pages("find_attendance", session_id=session_id)]


def test_who_did_not_book_is_named_and_nobody_is_recorded(school: School) -> None:
    """Who waits, or cancelled, has no place, so they are not expected either."""
    member_id, stranger, gone = (school.member() for _ in range(3))
    session_id = school.online(1)
    for id in (member_id, gone):
        school.book(session_id, id)
    school.clock.advance(days=DAYS)
    with pytest.raises(NotExpected) as refused:
        record(school, session_id, member_id, stranger, gone)
    assert refused.value.details == {"session_id": session_id, "member_ids": [stranger, gone]}
    assert on_record(school, session_id) == []
    record(school, session_id, member_id)
    assert on_record(school, session_id) == [member_id]


def test_who_walked_in_is_recorded_where_the_session_is_open_to_that(school: School) -> None:
    """It has to be said both of the session and of them."""
    stranger, closed = school.member(), school.online(5)
    session_id = booked(school, walk_ins=True)
    with pytest.raises(NoWalkIns):
        record(school, closed, stranger, walk_in=True)
    with pytest.raises(NotExpected):
        record(school, session_id, stranger)
    assert record(school, session_id, stranger, walk_in=True).recorded == (stranger,)


def test_a_session_that_is_put_on_record_afterwards_is_open_to_all(school: School) -> None:
    """Nobody could book it; and whether one to come is open can be changed until it begins."""
    assert school.schedule().walk_ins
    assert not school.schedule(walk_ins=False).walk_ins
    to_come = school.schedule(starts_at=TO_COME)
    assert not to_come.walk_ins
    own = {"session_id": to_come.session_id, "starts_at": TO_COME, "reason": "Invented."}
    assert school.call("reschedule_session", **own, walk_ins=True).walk_ins
    assert school.call("reschedule_session", **own).walk_ins


def test_fellows_of_the_cohort_are_expected_without_a_booking(school: School) -> None:
    """Nobody else is, an applicant neither; under whichever id they are one."""
    cohort_id = school.cohort(school.programme_id)
    fellow, applicant, twin = (school.member() for _ in range(3))
    school.bring(school.submitted(cohort_id, fellow), "accepted")
    school.submitted(cohort_id, applicant)
    session_id = booked(school, cohort_id=cohort_id)
    with pytest.raises(NotExpected) as refused:
        record(school, session_id, fellow, applicant)
    assert refused.value.details["member_ids"] == [applicant]
    school.tell(MemberMerged(fellow, twin))
    assert record(school, session_id, twin).recorded == (twin,)


@pytest.mark.parametrize("merged_first", [True, False])
def test_a_person_attends_once_under_all_their_ids(school: School, merged_first: bool) -> None:
    """Recorded under either before or after they were merged, or under both in one call."""
    first, kept, session_id = school.member(), school.member(), school.session()
    if not merged_first:
        school.attend(session_id, first)
    school.tell(MemberMerged(first, kept))
    if merged_first:
        view = school.attend(session_id, first, kept)
        assert (view.recorded, view.unchanged) == ((first,), (kept,))
    for id in (first, kept):
        view = school.attend(session_id, id)
        assert (view.recorded, view.unchanged) == ((), (id,))
    assert len(on_record(school, session_id)) == 1
    assert len(school.events(SessionAttended)) == 1


def test_attendance_goes_with_the_booking_when_two_are_taken_apart(school: School) -> None:
    """It was who had booked that came."""
    one, other = school.member(), school.member()
    session_id = booked(school, one)
    school.tell(MemberMerged(one, other))
    record(school, session_id, other)
    school.call("close_register", session_id=session_id)
    school.tell(MemberUnmerged(one))
    assert on_record(school, session_id) == [one]
    assert school.state(session_id, one) == "attended"


def test_nobody_is_recorded_for_who_was_erased(school: School) -> None:
    """Though the id that was merged into theirs is still known."""
    merged, kept, session_id = school.member(), school.member(), school.session()
    school.tell(MemberMerged(merged, kept))
    school.tell(MemberErased("r-1", kept))
    with pytest.raises(MemberNotKnown):
        school.attend(session_id, merged)


def test_a_closed_register_takes_nobody(school: School) -> None:
    """The refusal names who is missing; those who are on it are no fault."""
    came, late = school.member(), school.member()
    session_id = booked(school, came, late)
    record(school, session_id, came)
    school.call("close_register", session_id=session_id)
    with pytest.raises(RegisterClosed) as refused:
        record(school, session_id, came, late, walk_in=True)
    assert refused.value.details["member_ids"] == [late]
    assert record(school, session_id, came).unchanged == (came,)
    assert on_record(school, session_id) == [came]


def test_a_closed_register_is_corrected_with_a_reason(school: School) -> None:
    """Of anybody who is known; the booking follows, and the trail says who did it and why."""
    absent, stranger = school.member(), school.member()
    session_id = booked(school, absent)
    school.call("close_register", session_id=session_id)
    assert school.state(session_id, absent) == "no_show"
    for id in (absent, stranger):
        view = correct(school, session_id, id, reason="The list was lost.")
        assert (view.attended, view.member_id, view.minutes) == (True, id, 210)
        [entry] = school.trails()[f"attendances:{session_id}:{id}"]
        assert (entry.by, entry.reason) == ("staff", "The list was lost.")
    assert school.state(session_id, absent) == "attended"
    with pytest.raises(Invalid):
        correct(school, session_id, absent, reason="")
    with pytest.raises(MemberNotKnown):
        correct(school, session_id, "nobody")


def test_how_somebody_attended_is_corrected(school: School) -> None:
    """Told anew with the next turn, and not where nothing is different; what is not said stays."""
    member_id = school.member()
    session_id = school.session()
    school.attend(session_id, member_id, minutes=60)
    correct(school, session_id, member_id)
    assert len(school.events(SessionAttended)) == 1
    view = correct(school, session_id, member_id, way="online")
    assert (view.way, view.minutes) == ("online", 60)
    view = correct(school, session_id, member_id, minutes=90)
    assert (view.way, view.minutes) == ("online", 90)
    told = [(each.minutes, each.turn) for each in school.events(SessionAttended)]
    assert told == [(60, 1), (60, 2), (90, 3)]
    with pytest.raises(Invalid) as refused:
        correct(school, session_id, member_id, minutes=211)
    assert list(refused.value.fields) == ["minutes"]


def test_an_attendance_by_mistake_is_taken_back(school: School) -> None:
    """Told with the turn that was told; with it goes what was said of the way, and the session.

    Repeated, nothing more happens, and it can be recorded after all.
    """
    member_id = school.member()
    session_id = school.session()
    school.attend(session_id, member_id)
    declare(school, session_id, member_id)
    for _ in range(2):
        view = retract(school, session_id, member_id, reason="Somebody else.")
        assert not view.attended
    [told] = school.events(AttendanceRetracted)
    assert (told.session_id, told.member_id, told.turn) == (session_id, member_id, 1)
    assert len(school.events(TravelWithdrawn)) == 1
    assert on_record(school, session_id) == []
    entry = school.trails()[f"attendances:{session_id}:{member_id}"][-1]
    assert (entry.by, entry.reason) == ("staff", "Somebody else.")
    with pytest.raises(NotAttended):
        declare(school, session_id, member_id)
    assert school.call("get_session_travel", session_id=session_id).in_person == 0
    assert school.attend(session_id, member_id).recorded == (member_id,)
    assert [each.turn for each in school.events(SessionAttended)] == [1, 2]


def declare(school: School, session_id: str, member_id: str) -> Any:
    own = {"session_id": session_id, "member_id": member_id}
    return school.call("declare_travel", **own, legs=[{"mode": "coach", "km": 5}])


def test_only_what_was_recorded_is_taken_back(school: School) -> None:
    """And only of a session that there is."""
    session_id = school.session()
    with pytest.raises(NotAttended):
        retract(school, session_id, school.member())
    with pytest.raises(NotFound):
        retract(school, "nowhere", school.member())


def test_a_session_of_which_all_was_taken_back_can_be_cancelled(school: School) -> None:
    """Nobody is on its register."""
    session_id, member_id = school.session(), school.member()
    school.attend(session_id, member_id)
    retract(school, session_id, member_id)
    assert school.call("cancel_session", session_id=session_id, reason="Invented.").cancelled


def test_a_correction_is_of_a_session_that_was_held(school: School) -> None:
    """As recording is."""
    session_id = school.online(1)
    with pytest.raises(SessionNotHeld):
        correct(school, session_id, school.member())


def test_the_reasons_go_with_the_person(school: School) -> None:
    """That they attended stays."""
    session_id, member_id = school.session(), school.member()
    school.attend(session_id, member_id)
    correct(school, session_id, member_id, minutes=5, reason="Planted reason.")
    school.tell(MemberErased("r-1", member_id))
    assert "Planted" not in str(list(school.database["attendances"].find({})))
    assert on_record(school, session_id) == [member_id]


@pytest.mark.parametrize("method", ["correct_attendance", "retract_attendance"])
@pytest.mark.parametrize("message", ["m1", None])
def test_what_is_put_right_comes_whole_after_a_crash(method: str, message: str | None) -> None:
    """Register, booking and travel agree, and each thing is told once."""

    def prepare() -> School:
        school = School()
        school.member("m-1")
        school.there = booked_in_person(school, "m-1")  # type: ignore[attr-defined]
        if method == "retract_attendance":
            school.attend(school.there, "m-1")  # type: ignore[attr-defined]
            declare(school, school.there, "m-1")  # type: ignore[attr-defined]
        school.call("close_register", session_id=school.there)  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        there = school.there  # type: ignore[attr-defined]
        school.call(method, message=message, session_id=there, member_id="m-1", reason="Invented.")

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == (3 if method == "correct_attendance" else 4)
    for school in worlds:
        there = school.there  # type: ignore[attr-defined]
        attended = method == "correct_attendance"
        assert on_record(school, there) == (["m-1"] if attended else [])
        assert school.state(there, "m-1") == ("attended" if attended else "no_show")
        assert len(school.events(SessionAttended)) == 1
        assert len(school.events(AttendanceRetracted)) == len(school.events(TravelWithdrawn))
        assert len(school.events(AttendanceRetracted)) == (not attended)


def booked_in_person(school: School, member_id: str) -> str:
    session_id = school.session(starts_at=TO_COME)
    school.book(session_id, member_id, "in_person")
    school.clock.advance(days=DAYS)
    return session_id


def busy(order: list[int], *calls: str) -> tuple[School, str]:
    """A session that one had booked, while these calls about it are made at once."""
    school = School(database=SwitchingDatabase())  # type: ignore[arg-type]
    school.member("m-1")
    session_id = booked_in_person(school, "m-1")
    own = {"session_id": session_id, "member_id": "m-1", "reason": "Invented."}
    known: dict[str, Any] = {
        "record": lambda: record(school, session_id, "m-1"),
        "close": lambda: school.call("close_register", session_id=session_id),
        "correct": lambda: correct(school, session_id, "m-1"),
        "retract": lambda: school.call("retract_attendance", **own),
        "declare": lambda: declare(school, session_id, "m-1"),
    }
    if "retract" in calls:
        record(school, session_id, "m-1")
    interleaving.at_once([known[each] for each in calls], interleaving.chooser(order))
    return school, session_id


orders = st.lists(st.integers(0, 2), max_size=120)


@pytest.mark.parametrize("other", ["record", "correct", "retract"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(orders)
def test_the_booking_says_what_the_register_says(other: str, order: list[int]) -> None:
    """Whichever the store sees first, recording, putting right or closing."""
    school, session_id = busy(order, other, "close")
    there = on_record(school, session_id) == ["m-1"]
    assert school.state(session_id, "m-1") == ("attended" if there else "no_show")
    assert there or other != "correct"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(orders)
def test_no_travel_is_left_of_who_was_not_there(order: list[int]) -> None:
    """Though it was declared while the attendance was taken back."""
    school, session_id = busy(order, "retract", "declare")
    assert on_record(school, session_id) == []
    assert school.call("get_session_travel", session_id=session_id).metres == {}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(orders)
def test_two_who_record_the_same_person_at_once_record_them_once(order: list[int]) -> None:
    """Under two ids that are one person's."""
    school = School(database=SwitchingDatabase())  # type: ignore[arg-type]
    ids = [school.member(), school.member()]
    session_id = school.session()
    school.tell(MemberMerged(*ids))
    views = interleaving.at_once(
        [lambda id=id: school.attend(session_id, id) for id in ids],  # type: ignore[misc]
        interleaving.chooser(order),
    )
    assert sorted(len(view.recorded) for view in views) == [0, 1]
    assert len(school.events(SessionAttended)) == 1
