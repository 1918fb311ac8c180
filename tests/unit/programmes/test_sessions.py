"""Sessions of programmes, and who attended them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.programmes.errors import (
    MemberNotKnown,
    SessionBegun,
    SessionCalledOff,
    SessionNotHeld,
    SessionWasHeld,
)
from services.programmes.events import (
    SessionAttended,
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
)
from services.programmes.subscriptions import ApplicationReceived, StandingChanged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.school import HELD, TO_COME, School
from tests.unit.programmes.world import cut_at_every_write


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def attendees(school: School, session_id: str) -> list[str]:
    return [each.member_id for each in school.pages("find_attendance", session_id=session_id)]


def attend(school: School, **arguments: Any) -> Any:
    return school.call("record_attendance", **{"way": "online", "walk_in": True, **arguments})


def test_a_session_is_kept_as_scheduled(school: School) -> None:
    """Its title without white space around it, each domain once, its day by its own clock."""
    session_id = school.session(
        title="  Leading change ",
        domains=["team", "self", "team"],
        starts_at="2026-12-10T23:30:00+00:00",
        time_zone="Europe/Paris",
    )
    found = school.call("get_session", session_id=session_id)
    assert (found.title, found.minutes, found.mode) == ("Leading change", 210, "hybrid")
    assert (found.starts, found.held_on) == ("2026-12-11T00:30:00+01:00", date(2026, 12, 11))
    assert (found.domains, found.place.town) == (("team", "self"), "Invented Vale")
    assert found.booking_closes_at == found.starts_at
    [told] = school.events(SessionScheduled)
    assert (told.session_id, told.cohort_id, told.nation) == (session_id, None, "wales")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1_441}, "minutes"),
        ({"mode": "by_post"}, "mode"),
        ({"domains": ["Not Snake"]}, "domains.0"),
        ({"starts_at": "2026-12-01T09:00:00"}, "starts_at"),
        ({"time_zone": "Nowhere/Town"}, "time_zone"),
        ({"place": None}, "place"),
        ({"place": {"nation": "wales", "town": " "}}, "place.town"),
        ({"capacity": {"in_person": 5}}, "capacity.online"),
        ({"capacity": {"in_person": 5, "online": 2_001}}, "capacity.online"),
        ({"mode": "in_person"}, "capacity.online"),
        ({"mode": "online", "capacity": {"online": 1}}, "place"),
        ({"booking_closes_at": "2026-12-01T09:00:01+00:00"}, "booking_closes_at"),
    ],
)
def test_a_session_that_is_not_sound_is_refused_by_field(
    school: School, changes: dict[str, Any], field: str
) -> None:
    """Nothing is kept of it, not even a place."""
    with pytest.raises(Invalid) as refused:
        school.session(**changes)
    assert list(refused.value.fields) == [field]
    assert not list(school.database["seats"].find({}))


def test_a_session_of_a_cohort_is_of_its_programme(school: School) -> None:
    """A cohort of another programme is refused."""
    cohort_id = school.cohort()
    with pytest.raises(Invalid) as refused:
        school.session(cohort_id=cohort_id)
    assert list(refused.value.fields) == ["cohort_id"]
    with pytest.raises(NotFound):
        school.session(cohort_id="nowhere")


def test_a_session_is_moved_until_it_begins(school: School) -> None:
    """The deadline of booking moves with it, and what was booked stays booked."""
    session_id = school.session(starts_at=TO_COME, booking_closes_at="2026-12-09T09:00:00+00:00")
    school.book(session_id, member_id := school.member())
    later = "2026-12-20T10:00:00+00:00"
    moved = school.call(
        "reschedule_session",
        session_id=session_id,
        starts_at=later,
        place={"nation": "scotland", "town": "Invented Glen"},
        reason="Invented.",
    )
    assert moved.booking_closes_at == datetime(2026, 12, 19, 10, tzinfo=UTC)
    assert school.state(session_id, member_id) == "confirmed"
    assert school.events(SessionRescheduled) == [
        SessionRescheduled(
            session_id,
            school.programme_id,
            datetime(2026, 12, 20, 10, tzinfo=UTC),
            210,
            "scotland",
            "Invented Glen",
        )
    ]
    school.clock.advance(days=17)
    with pytest.raises(SessionBegun):
        school.call(
            "reschedule_session", session_id=session_id, starts_at=later, reason="Invented."
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": HELD}, "starts_at"),
        ({"booking_closes_at": "2026-12-30T09:00:00+00:00"}, "booking_closes_at"),
    ],
)
def test_a_session_is_not_moved_to_where_it_cannot_be(
    school: School, changes: dict[str, Any], field: str
) -> None:
    """Into the past, or with a deadline after its start."""
    session_id = school.session(starts_at=TO_COME)
    arguments = {"starts_at": "2026-12-20T10:00:00+00:00", "reason": "Invented.", **changes}
    with pytest.raises(Invalid) as refused:
        school.call("reschedule_session", session_id=session_id, **arguments)
    assert field in refused.value.fields
    assert school.events(SessionRescheduled) == []


def test_a_session_is_cancelled_once_with_its_reason_in_the_trail(school: School) -> None:
    """Nothing of the reason is told, and nothing more is done with it."""
    session_id = school.session(starts_at=TO_COME)
    for _ in range(2):
        school.call("cancel_session", session_id=session_id, reason="Planted reason.")
    assert len(school.events(SessionCancelled)) == 1
    assert any(
        entry.reason == "Planted reason." for entry in school.trails()[f"sessions:{session_id}"]
    )
    assert "Planted" not in str(school.document("sessions", session_id)["outbox"])
    school.clock.advance(days=8)
    with pytest.raises(SessionCalledOff):
        school.attend(session_id, school.member())
    with pytest.raises(SessionCalledOff):
        school.call("close_register", session_id=session_id)


def test_a_session_that_somebody_attended_is_not_cancelled(school: School) -> None:
    """It was held."""
    session_id = school.session()
    school.attend(session_id, school.member())
    with pytest.raises(SessionWasHeld):
        school.call("cancel_session", session_id=session_id, reason="Invented.")


def test_sessions_come_in_the_order_in_which_they_begin(school: School) -> None:
    """Those of a programme or a cohort, from an instant on."""
    cohort_id = school.cohort(school.programme_id)
    last = school.session(starts_at="2026-12-20T09:00:00+00:00", cohort_id=cohort_id)
    first, second = school.session(), school.session(starts_at=TO_COME)

    def found(**wanted: Any) -> list[str]:
        return [each.session_id for each in school.pages("find_sessions", limit=1, **wanted)]

    assert found() == [first, second, last]
    assert found(programme_id=school.programme_id, starting_from=TO_COME) == [second, last]
    assert found(cohort_id=cohort_id) == [last]
    assert found(programme_id="nowhere") == []


def test_a_session_needs_its_programme(school: School) -> None:
    """One of a programme that is not there is refused."""
    with pytest.raises(NotFound):
        school.session(programme_id="nowhere")


def test_each_member_who_attended_is_told_of_once(school: School) -> None:
    """With all that a reader needs, and without a name."""
    first, second, session_id = school.member(), school.member(), school.session()
    view = attend(school, session_id=session_id, member_ids=[first, second, first])
    assert (view.recorded, view.unchanged) == ((first, second), ())
    assert school.events(SessionAttended) == [
        SessionAttended(
            session_id=session_id,
            member_id=member_id,
            programme_id=school.programme_id,
            title="Leading change",
            held_on=date(2026, 12, 1),
            minutes=210,
            domains=("self", "team"),
            turn=1,
        )
        for member_id in (first, second)
    ]
    assert attendees(school, session_id) == sorted([first, second])


def test_attendance_is_recorded_once(school: School) -> None:
    """Who is on record already stays as they are and is not told of again."""
    first, second, session_id = school.member(), school.member(), school.session()
    attend(school, session_id=session_id, member_ids=[first])
    view = attend(school, session_id=session_id, member_ids=[second, first])
    assert (view.recorded, view.unchanged) == ((second,), (first,))
    assert [each.member_id for each in school.events(SessionAttended)] == [first, second]


def test_the_same_member_attends_several_sessions(school: School) -> None:
    """Each session counts."""
    member_id = school.member()
    for session_id in (school.session(), school.session()):
        attend(school, session_id=session_id, member_ids=[member_id])
        assert attendees(school, session_id) == [member_id]
    assert len(school.events(SessionAttended)) == 2


def test_members_not_known_are_all_named_and_nothing_is_written(school: School) -> None:
    """A wrong id among many does not leave a half of them recorded."""
    member_id, session_id = school.member(), school.session()
    with pytest.raises(MemberNotKnown) as refused:
        attend(school, session_id=session_id, member_ids=["x", member_id, "y"])
    assert refused.value.details == {"member_ids": ["x", "y"]}
    assert attendees(school, session_id) == []


def test_who_is_known_attends_whatever_their_standing(school: School) -> None:
    """Attendance is a fact: it does not go away because an application or a term ended."""
    lapsed, applicant, session_id = school.member(), "applicant-1", school.session()
    school.tell(StandingChanged(lapsed, "lapsed"))
    school.tell(ApplicationReceived(applicant, "doctor", "wales", "established"))
    view = attend(school, session_id=session_id, member_ids=[lapsed, applicant])
    assert view.recorded == (lapsed, applicant)


def test_nobody_attends_a_session_to_come(school: School) -> None:
    """Attendance begins with the session, to the instant."""
    member_id = school.member()
    session_id = school.session(starts_at="2027-06-02T08:00:00+00:00", walk_ins=True)
    school.clock.now = datetime(2027, 6, 2, 7, 59, 59, tzinfo=UTC)
    for method in ("record_attendance", "close_register"):
        more = {"member_ids": [member_id]} if method == "record_attendance" else {}
        with pytest.raises(SessionNotHeld) as refused:
            school.call(method, session_id=session_id, **more)
        assert refused.value.details["starts_at"] == "2027-06-02T08:00:00+00:00"
    school.clock.advance(seconds=1)
    attend(school, session_id=session_id, member_ids=[member_id])


def test_the_way_of_taking_part_is_that_of_the_booking_or_is_said(school: School) -> None:
    """Where a session is in one way only it need not be said."""
    session_id = school.session(starts_at=TO_COME, walk_ins=True)
    online_id = school.online(2, walk_ins=True)
    booked, other = school.member(), school.member()
    school.book(session_id, booked, "in_person")
    school.clock.advance(days=8)

    def record(session_id: str, *member_ids: str, **more: Any) -> None:
        arguments = {"session_id": session_id, "member_ids": member_ids, "walk_in": True, **more}
        school.call("record_attendance", **arguments)

    with pytest.raises(Invalid) as refused:
        record(session_id, booked, other)
    assert list(refused.value.fields) == ["way"]
    with pytest.raises(Invalid):
        record(online_id, other, way="in_person")
    record(session_id, booked)
    record(online_id, other, minutes=60)
    for where, who, way, minutes in (
        (session_id, booked, "in_person", 210),
        (online_id, other, "online", 60),
    ):
        [found] = school.call("find_attendance", session_id=where).items
        assert (found.member_id, found.way, found.minutes) == (who, way, minutes)
    assert [each.minutes for each in school.events(SessionAttended)] == [210, 60]
    with pytest.raises(Invalid) as refused:
        record(online_id, booked, minutes=211)
    assert list(refused.value.fields) == ["minutes"]


def test_a_call_that_broke_off_is_completed_by_the_same_call() -> None:
    """What was written stays, the rest follows, and nobody is told of twice."""

    def prepare() -> School:
        school = School()
        school.session_id = school.session()  # type: ignore[attr-defined]
        school.ids = [school.member() for _ in range(3)]  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        ids, session_id = school.ids, school.session_id  # type: ignore[attr-defined]
        attend(school, message="m", session_id=session_id, member_ids=ids)

    for school in cut_at_every_write(act, prepare):
        assert attendees(school, school.session_id) == school.ids  # type: ignore[attr-defined]
        assert len(school.events(SessionAttended)) == 3


def test_what_another_call_recorded_meanwhile_is_unchanged(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lists at once make one attendance."""
    member_id, session_id = school.member(), school.session()
    attendances = school.repository("attendances")
    monkeypatch.setattr(attendances, "scan", lambda _criteria: iter(()))
    attend(school, session_id=session_id, member_ids=[member_id])
    view = attend(school, session_id=session_id, member_ids=[member_id])
    assert (view.recorded, view.unchanged) == ((), (member_id,))
    assert len(school.events(SessionAttended)) == 1


def test_attendance_needs_its_session(school: School) -> None:
    """Neither recorded nor read where there is none."""
    with pytest.raises(NotFound):
        attend(school, session_id="nowhere", member_ids=[school.member()])
    with pytest.raises(NotFound):
        school.call("find_attendance", session_id="nowhere")


def test_attendees_come_page_by_page(school: School) -> None:
    """Following the cursor gives each once, and nobody of another session."""
    session_id, other_id = school.session(), school.session()
    members = [school.member() for _ in range(5)]
    attend(school, session_id=session_id, member_ids=members)
    attend(school, session_id=other_id, member_ids=members[:2])
    found = school.pages("find_attendance", session_id=session_id, limit=2)
    assert [each.member_id for each in found] == sorted(members)
