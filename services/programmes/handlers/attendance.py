"""Who attended sessions.

Until the register is closed, staff record those who were expected: who booked, or is a fellow of
the session's cohort. After that, and of others where a session is not open to them, each is put
right on its own, for a reason. However many ids a person has, they attend a session once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.programmes.commands import sessions as commands
from services.programmes.domain.attendance import Attendance, require_attended, require_minutes
from services.programmes.domain.booking import Booking
from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Way
from services.programmes.errors import NotExpected, NoWalkIns, RegisterClosed
from services.programmes.handlers.box_office import BoxOffice
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.travel import drop_travel
from services.programmes.schemas import sessions as schemas
from shared.errors import Duplicate, Invalid

if TYPE_CHECKING:
    from services.programmes.repository import Attendances, Sessions, Travels


def record_attendance(
    command: commands.RecordAttendance,
    *,
    desk: Desk,
    box_office: BoxOffice,
) -> schemas.AttendanceView:
    """Record who attended, and let bookings follow where the register was closed meanwhile.

    Everybody is looked up before anything is written. Then each attendance is written on its own,
    so a crash may leave some done and some not: calling again with the same ids does the rest.
    """
    session = box_office.sessions.get(command.session_id)
    session.require_held(desk.clock())
    require_minutes(command.minutes, session)
    people = desk.require_known(command.member_ids)
    attendances = box_office.attendances
    attended = box_office.by_person(attendances.scan(attendances.at(session.id)))
    booked = _booked(session, box_office)
    new: dict[str, str] = {}
    for id, person in people.items():
        if person not in attended:
            new.setdefault(person, id)
    _require_recordable(command, session, new, booked, desk)
    came = {
        id: _attendance(session, person, booked.get(person), command, desk)
        for person, id in new.items()
    }
    recorded = [id for id, each in came.items() if _attend(session, each, attendances)]
    box_office.follow_register(session.id, dict.fromkeys(people.values()))
    return schemas.AttendanceView(
        session_id=session.id,
        recorded=tuple(recorded),
        unchanged=tuple(id for id in people if id not in recorded),
    )


def _booked(session: Session, box_office: BoxOffice) -> dict[str, Booking]:
    found = sorted(box_office.bookings.scan({"session_id": session.id}), key=lambda b: b.expected)
    return box_office.by_person(found)


def _require_recordable(
    command: commands.RecordAttendance,
    session: Session,
    new: Mapping[str, str],
    booked: Mapping[str, Booking],
    desk: Desk,
) -> None:
    if new and session.register_closed_at is not None:
        closed_at = session.register_closed_at.isoformat()
        raise RegisterClosed(
            session_id=session.id, closed_at=closed_at, member_ids=list(new.values())
        )
    without = {p: id for p, id in new.items() if p not in booked or not booked[p].expected}
    if without and session.cohort_id is not None:
        fellows = desk.fellows_of(session.cohort_id)
        without = {person: id for person, id in without.items() if person not in fellows}
    if without and not command.walk_in:
        raise NotExpected(session_id=session.id, member_ids=list(without.values()))
    if without and not session.walk_ins:
        raise NoWalkIns(session_id=session.id, member_ids=list(without.values()))


def _attendance(
    session: Session,
    person: str,
    booking: Booking | None,
    command: commands.RecordAttendance | commands.CorrectAttendance,
    desk: Desk,
) -> Attendance:
    """Under the id that booked, so that it stays theirs if the person turns out to be two."""
    owner = booking.member_id if booking else person
    way = _way(session, command.way, booking.way if booking and booking.expected else None)
    return Attendance.at(session, owner, way, command.minutes, desk.today())


def _way(session: Session, said: Way | None, known: Way | None) -> Way:
    if said is not None:
        session.require_way(said)
        return said
    if known is not None:
        return known
    if len(session.ways) > 1:
        reasons = {"way": ["Must be said, as some of them had not booked."]}
        raise Invalid("It is not known how they took part.", fields=reasons)
    return session.ways[0]


def _attend(session: Session, new: Attendance, attendances: Attendances) -> bool:
    """Whether it is this call that recorded it."""
    try:
        attendances.add(new)
    except Duplicate:
        kept = attendances.get(new.id)
        if kept.counts:  # recorded by somebody else meanwhile
            return False
        attendances.change(new.id, lambda found: _record_anew(found, session, new))
    return True


def _record_anew(found: Attendance, session: Session, new: Attendance) -> None:
    """What was retracted is recorded after all."""
    if not found.counts:
        found.correct(session, new.way, new.minutes, new.recorded_on)


def correct_attendance(
    command: commands.CorrectAttendance, *, desk: Desk, box_office: BoxOffice, travels: Travels
) -> schemas.AttendanceRecord:
    """Put right that and how somebody attended, whether they were expected or not."""
    session = box_office.sessions.get(command.session_id)
    session.require_held(desk.clock())
    require_minutes(command.minutes, session)
    person = desk.require_known([command.member_id])[command.member_id]
    ids, attendances = box_office.ids_of(person), box_office.attendances
    kept = sorted(attendances.kept(session.id, ids), key=lambda each: not each.counts)
    if kept:
        way = _way(session, command.way, kept[0].way)
        found = attendances.change(
            kept[0].id,
            lambda each: each.correct(session, way, command.minutes, desk.today()),
        )
    else:
        booking = box_office.bookings.of(session.id, ids)
        new = _attendance(session, person, booking, command, desk)
        found = attendances.put(
            new, lambda each: each.correct(session, new.way, command.minutes, desk.today())
        )
    if found.way is not Way.IN_PERSON:
        drop_travel(session.id, ids, travels)
    box_office.follow_register(session.id, [person])
    return schemas.AttendanceRecord.of(found)


def retract_attendance(
    command: commands.RetractAttendance, *, box_office: BoxOffice, travels: Travels
) -> schemas.AttendanceRecord:
    """Take back that somebody attended; what they said of their way no longer counts.

    Retracted first, so that nothing more is declared; a call that was cut off is completed by the
    same call.
    """
    session = box_office.sessions.get(command.session_id)
    ids, attendances = box_office.ids_of(command.member_id), box_office.attendances
    kept = sorted(attendances.kept(session.id, ids), key=lambda each: not each.counts)
    first = require_attended(next(iter(kept), None), session.id)
    for each in kept:
        attendances.change(each.id, lambda found: found.retract(session))
    drop_travel(session.id, ids, travels)
    box_office.follow_register(session.id, [command.member_id])
    return schemas.AttendanceRecord.of(attendances.get(first.id))


def close_register(
    command: commands.CloseRegister, *, desk: Desk, box_office: BoxOffice
) -> schemas.SessionView:
    """Let every booking say whether the member came."""
    closed = box_office.sessions.change(
        command.session_id, lambda session: session.close_register(desk.clock())
    )
    return schemas.SessionView.of(box_office.settle(closed))


def find_attendance(
    request: schemas.FindAttendance, *, sessions: Sessions, attendances: Attendances
) -> schemas.AttendancePage:
    """Who attended a session."""
    session = sessions.get(request.session_id)
    recorded = attendances.at(session.id)
    page = attendances.find(recorded, cursor=request.cursor, limit=request.limit)
    return schemas.AttendancePage(tuple(map(schemas.Attendee.of, page.items)), page.next_cursor)
