"""Sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.programmes.commands import sessions as commands
from services.programmes.domain.feedback import FeedbackPolicy
from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import SessionPlan
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.errors import SessionWasHeld
from services.programmes.handlers.box_office import BoxOffice
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.turns import Due
from services.programmes.repository.keys import turn_key
from services.programmes.schemas import sessions as schemas
from shared.errors import Invalid
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.repository import Sessions


def schedule_session(
    command: commands.ScheduleSession,
    *,
    desk: Desk,
    box_office: BoxOffice,
    feedback_forms: Mapping[str, FeedbackPolicy],
    vocabulary: Vocabulary,
) -> schemas.SessionView:
    """Keep a session of a programme.

    Its places are made first, so whoever sees the session finds all of them.
    """
    vocabulary.require(domains=command.domains)
    programme = desk.programmes.get(command.programme_id)
    if command.cohort_id is not None:
        _require_cohort(desk, command.cohort_id, programme.id)
    held = command.starts_at <= desk.clock()
    plan = SessionPlan(
        programme_id=programme.id,
        cohort_id=command.cohort_id,
        title=command.title,
        starts_at=command.starts_at,
        time_zone=command.time_zone,
        minutes=command.minutes,
        mode=command.mode,
        place=command.place,
        domains=command.domains,
        capacity=command.capacity,
        walk_ins=held if command.walk_ins is None else command.walk_ins,
        booking_closes_at=command.booking_closes_at,
        feedback_form=list(feedback_forms)[-1],  # the latest
    )
    session = Session.schedule(new_id(), plan)
    box_office.prepare(session)
    return schemas.SessionView.of(box_office.sessions.add(session))


def _require_cohort(desk: Desk, cohort_id: str, programme_id: str) -> None:
    if desk.cohorts.get(cohort_id).programme_id != programme_id:
        reasons = {"cohort_id": ["Is a cohort of another programme."]}
        raise Invalid("The session is not valid.", fields=reasons)


def reschedule_session(
    command: commands.RescheduleSession, *, desk: Desk, box_office: BoxOffice
) -> schemas.SessionView:
    """Move a session, or change its room: more is first of all for those who wait.

    A place that is taken while others are taken away stays, and the capacity says so.
    """
    taken = box_office.taken(command.session_id)
    moved = box_office.sessions.change(
        command.session_id,
        lambda session: session.reschedule(
            starts_at=command.starts_at,
            minutes=command.minutes,
            place=command.place,
            capacity=command.capacity,
            walk_ins=command.walk_ins,
            booking_closes_at=command.booking_closes_at,
            taken=taken,
            now=desk.clock(),
        ),
    )
    return schemas.SessionView.of(box_office.settle(moved))


def cancel_session(
    command: commands.CancelSession, *, desk: Desk, box_office: BoxOffice
) -> schemas.SessionView:
    """Call a session off, and with it every booking."""
    attendances = box_office.attendances
    if attendances.first(attendances.at(command.session_id)) is not None:
        raise SessionWasHeld(session_id=command.session_id)
    cancelled = box_office.sessions.change(
        command.session_id, lambda session: session.cancel(desk.clock())
    )
    return schemas.SessionView.of(box_office.settle(cancelled))


def get_session(request: schemas.GetSession, *, sessions: Sessions) -> schemas.SessionView:
    """One session."""
    return schemas.SessionView.of(sessions.get(request.session_id))


def find_sessions(request: schemas.FindSessions, *, sessions: Sessions) -> schemas.SessionPage:
    """Sessions in the order in which they begin."""
    named = {"programme_id": request.programme_id, "cohort_id": request.cohort_id}
    criteria: dict[str, object] = {k: v for k, v in named.items() if v is not None}
    if request.starting_from is not None:
        criteria["starts_key"] = {"$gte": turn_key(request.starting_from, "")}
    page = sessions.find(criteria, by="starts_key", cursor=request.cursor, limit=request.limit)
    return schemas.SessionPage(tuple(map(schemas.SessionView.of, page.items)), page.next_cursor)


def settle_sessions(box_office: BoxOffice) -> Due[Session]:
    """Go on where places and bookings have yet to follow what was decided of their session."""
    return Due(box_office.sessions, box_office.clock(), box_office.settle)
