"""Sessions of programmes, and who attended them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.programmes.errors import MemberNotKnown, SessionNotHeld
from services.programmes.events import SessionAttended
from services.programmes.subscriptions import ApplicationReceived, StandingChanged
from shared.errors import Invalid, NotFound, Unavailable
from tests.unit.programmes.builders import meta
from tests.unit.programmes.learning import School


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def attendees(school: School, session_id: str) -> list[str]:
    page = school.call("find_attendance", session_id=session_id)
    return [each.member_id for each in page.items]


def test_a_session_is_kept_as_recorded(school: School) -> None:
    """Its title without white space around it, each domain once."""
    session_id = school.session(title="  Leading change ", domains=["team", "self", "team"])
    found = school.call("get_session", session_id=session_id)
    assert (found.title, found.held_on, found.minutes) == (
        "Leading change",
        date(2026, 12, 1),
        210,
    )
    assert (found.mode, found.domains) == ("hybrid", ("team", "self"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1_441}, "minutes"),
        ({"mode": "by_post"}, "mode"),
        ({"domains": ["Not Snake"]}, "domains.0"),
        ({"held_on": "yesterday"}, "held_on"),
    ],
)
def test_a_session_that_is_not_sound_is_refused_by_field(
    school: School, changes: dict[str, Any], field: str
) -> None:
    """Nothing is kept of it."""
    with pytest.raises(Invalid) as refused:
        school.session(**changes)
    assert list(refused.value.fields) == [field]


def test_a_session_needs_its_programme(school: School) -> None:
    """One of a programme that is not there is refused."""
    with pytest.raises(NotFound):
        school.session(programme_id="nowhere")


def test_each_member_who_attended_is_told_of_once(school: School) -> None:
    """With all that a reader needs, and without a name."""
    first, second, session_id = school.member(), school.member(), school.session()
    view = school.call(
        "record_attendance", session_id=session_id, member_ids=[first, second, first]
    )
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
        )
        for member_id in (first, second)
    ]
    assert attendees(school, session_id) == sorted([first, second])


def test_attendance_is_recorded_once(school: School) -> None:
    """Who is on record already stays as they are and is not told of again."""
    first, second, session_id = school.member(), school.member(), school.session()
    school.call("record_attendance", session_id=session_id, member_ids=[first])
    view = school.call("record_attendance", session_id=session_id, member_ids=[second, first])
    assert (view.recorded, view.unchanged) == ((second,), (first,))
    assert [each.member_id for each in school.events(SessionAttended)] == [first, second]


def test_the_same_member_attends_several_sessions(school: School) -> None:
    """Each session counts."""
    member_id = school.member()
    for session_id in (school.session(), school.session()):
        school.call("record_attendance", session_id=session_id, member_ids=[member_id])
        assert attendees(school, session_id) == [member_id]
    assert len(school.events(SessionAttended)) == 2


def test_members_not_known_are_all_named_and_nothing_is_written(school: School) -> None:
    """A wrong id among many does not leave a half of them recorded."""
    member_id, session_id = school.member(), school.session()
    with pytest.raises(MemberNotKnown) as refused:
        school.call("record_attendance", session_id=session_id, member_ids=["x", member_id, "y"])
    assert refused.value.details == {"member_ids": ["x", "y"]}
    assert attendees(school, session_id) == []


def test_who_is_known_attends_whatever_their_standing(school: School) -> None:
    """Attendance is a fact: it does not go away because an application or a term ended."""
    lapsed, applicant, session_id = school.member(), "applicant-1", school.session()
    school.app.record_standing(StandingChanged(lapsed, "lapsed"), meta(9, lapsed))
    school.app.record_standing(
        ApplicationReceived(applicant, "doctor", "wales"), meta(1, applicant)
    )
    view = school.call("record_attendance", session_id=session_id, member_ids=[lapsed, applicant])
    assert view.recorded == (lapsed, applicant)


def test_nobody_attends_a_session_to_come(school: School) -> None:
    """A session may be recorded ahead; attendance begins with its day, in London."""
    member_id, session_id = school.member(), school.session(held_on="2027-06-02")
    with pytest.raises(SessionNotHeld) as refused:
        school.call("record_attendance", session_id=session_id, member_ids=[member_id])
    assert refused.value.details["held_on"] == "2027-06-02"
    school.clock.now = datetime(2027, 6, 1, 22, 59, tzinfo=UTC)
    with pytest.raises(SessionNotHeld):
        school.call("record_attendance", session_id=session_id, member_ids=[member_id])
    school.clock.now = datetime(2027, 6, 1, 23, 0, tzinfo=UTC)
    school.call("record_attendance", session_id=session_id, member_ids=[member_id])


def test_a_call_that_broke_off_is_completed_by_the_same_call(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written stays, the rest follows, and nobody is told of twice."""
    members, session_id = [school.member() for _ in range(3)], school.session()
    attendances = school.repository("attendances")
    add, arguments = attendances.add, {"session_id": session_id, "member_ids": members}
    with monkeypatch.context() as broken:

        def fail_at_the_second(attendance: Any) -> Any:
            if attendance.member_id == members[1]:
                raise Unavailable()
            return add(attendance)

        broken.setattr(attendances, "add", fail_at_the_second)
        with pytest.raises(Unavailable):
            school.call("record_attendance", message="m", **arguments)
    assert attendees(school, session_id) == members[:1]
    view = school.call("record_attendance", message="m", **arguments)
    assert view.recorded == tuple(members[1:])
    assert [each.member_id for each in school.events(SessionAttended)] == members


def test_what_another_call_recorded_meanwhile_is_unchanged(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lists at once make one attendance."""
    member_id, session_id = school.member(), school.session()
    attendances = school.repository("attendances")
    monkeypatch.setattr(attendances, "scan", lambda _criteria: iter(()))
    school.call("record_attendance", session_id=session_id, member_ids=[member_id])
    view = school.call("record_attendance", session_id=session_id, member_ids=[member_id])
    assert (view.recorded, view.unchanged) == ((), (member_id,))
    assert len(school.events(SessionAttended)) == 1


def test_attendance_needs_its_session(school: School) -> None:
    """Neither recorded nor read where there is none."""
    with pytest.raises(NotFound):
        school.call("record_attendance", session_id="nowhere", member_ids=[school.member()])
    with pytest.raises(NotFound):
        school.call("find_attendance", session_id="nowhere")


def test_attendees_come_page_by_page(school: School) -> None:
    """Following the cursor gives each once, and nobody of another session."""
    session_id, other_id = school.session(), school.session()
    members = [school.member() for _ in range(5)]
    school.call("record_attendance", session_id=session_id, member_ids=members)
    school.call("record_attendance", session_id=other_id, member_ids=members[:2])
    seen: list[str] = []
    cursor = None
    while True:
        page = school.call("find_attendance", session_id=session_id, cursor=cursor, limit=2)
        seen += [each.member_id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(members)
