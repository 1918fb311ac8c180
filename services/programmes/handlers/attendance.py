"""Who attended sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import sessions as commands
from services.programmes.domain.attendance import Attendance, require_minutes
from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Way
from services.programmes.handlers.box_office import BoxOffice
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import sessions as schemas
from shared.errors import Duplicate, Invalid
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.programmes.repository import Attendances, Sessions


def record_attendance(
    command: commands.RecordAttendance,
    *,
    desk: Desk,
    box_office: BoxOffice,
) -> schemas.AttendanceView:
    """Record who attended, whether they had booked or not.

    Every member is looked up before anything is written. Then each attendance is written on its
    own, so a crash may leave some done and some not: calling again with the same ids does the rest.
    """
    session = box_office.sessions.get(command.session_id)
    session.require_held(desk.clock())
    require_minutes(command.minutes, session)
    member_ids = tuple(dict.fromkeys(command.member_ids))
    desk.require_known(member_ids)
    ways = _ways_of(command, session, member_ids, box_office)
    keys = [Attendance.key(session.id, member_id) for member_id in member_ids]
    before = {found.member_id for found in box_office.attendances.scan({"_id": {"$in": keys}})}
    recorded = []
    for member_id in member_ids:
        if member_id not in before:
            came = Attendance.at(session, member_id, ways[member_id], command.minutes, desk.today())
            if _attend(came, box_office.attendances):
                recorded.append(member_id)
        if session.register_closed_at is not None:
            _correct_booking(session, member_id, box_office)
    return schemas.AttendanceView(
        session_id=session.id,
        recorded=tuple(recorded),
        unchanged=tuple(each for each in member_ids if each not in recorded),
    )


def _ways_of(
    command: commands.RecordAttendance,
    session: Session,
    member_ids: tuple[str, ...],
    box_office: BoxOffice,
) -> dict[str, Way]:
    if command.way is not None:
        session.require_way(command.way)
        return dict.fromkeys(member_ids, command.way)
    if len(session.ways) == 1:
        return dict.fromkeys(member_ids, session.ways[0])
    keys = [Attendance.key(session.id, member_id) for member_id in member_ids]
    booked = {b.member_id: b.way for b in box_office.bookings.scan({"_id": {"$in": keys}})}
    if not booked.keys() >= set(member_ids):
        reasons = {"way": ["Must be said, as some of them had not booked."]}
        raise Invalid("It is not known how they took part.", fields=reasons)
    return booked


def _attend(attendance: Attendance, attendances: Attendances) -> bool:
    try:
        attendances.add(attendance)
    except Duplicate:  # recorded by somebody else meanwhile
        return False
    return True


def _correct_booking(session: Session, member_id: str, box_office: BoxOffice) -> None:
    booking = box_office.bookings.of(session.id, box_office.ids_of(member_id))
    if booking is not None:
        with apart():
            box_office.bookings.change(booking.id, lambda found: found.close(attended=True))


def close_register(
    command: commands.CloseRegister, *, desk: Desk, box_office: BoxOffice
) -> schemas.SessionView:
    """Let every booking say whether the member came."""
    closed = box_office.sessions.change(
        command.session_id, lambda session: session.close_register(desk.clock())
    )
    box_office.settle(closed)
    return schemas.SessionView.of(closed)


def find_attendance(
    request: schemas.FindAttendance, *, sessions: Sessions, attendances: Attendances
) -> schemas.AttendancePage:
    """Who attended a session."""
    session = sessions.get(request.session_id)
    page = attendances.find({"session_id": session.id}, cursor=request.cursor, limit=request.limit)
    return schemas.AttendancePage(tuple(map(schemas.Attendee.of, page.items)), page.next_cursor)
