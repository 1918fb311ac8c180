"""How members came to sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from services.programmes.commands import sessions as commands
from services.programmes.domain.attendance import require_attended
from services.programmes.domain.session_plan import Way
from services.programmes.domain.travel import Travel, together
from services.programmes.errors import NotAttended
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import sessions as schemas
from shared.errors import Duplicate, NotFound
from shared.events import new_id
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.programmes.repository import Attendances, Sessions, Standings, Travels


def declare_travel(
    command: commands.DeclareTravel,
    *,
    desk: Desk,
    sessions: Sessions,
    attendances: Attendances,
    travels: Travels,
) -> schemas.TravelView:
    """Keep how somebody who was there in person came; a later declaration takes its place."""
    declared = _declare(command, desk, sessions, attendances, travels)
    ids = desk.standings.ids_of(command.member_id)
    if attendances.of(declared.session_id, ids) is None:  # retracted at this moment
        drop_travel(declared.session_id, ids, travels)
        raise NotAttended(session_id=declared.session_id)
    return schemas.TravelView.of(declared)


def _declare(
    command: commands.DeclareTravel,
    desk: Desk,
    sessions: Sessions,
    attendances: Attendances,
    travels: Travels,
) -> Travel:
    session, now = sessions.get(command.session_id), desk.clock()
    ids = desk.standings.ids_of(command.member_id)
    attended = require_attended(attendances.of(session.id, ids), session.id)
    if attended.way is not Way.IN_PERSON:
        raise NotAttended("The member took part online.", session_id=session.id)

    def declare(travel: Travel) -> None:
        travel.declare(session, command.legs, command.nights, command.london, now)

    begun = Travel.begin(new_id(), session, attended.member_id, now)
    known = travels.first({"travel_key": begun.travel_key})
    if known is None:
        declare(begun)
        try:
            return travels.add(begun)
        except Duplicate:  # declared by another call meanwhile
            known = travels.first({"travel_key": begun.travel_key})
    if known is None:
        raise NotFound("There is no such declaration.")
    return travels.change(known.id, declare)


def drop_travel(session_id: str, member_ids: Iterable[str], travels: Travels) -> None:
    """Let what a member with several ids declared no longer count; without any, nothing happens."""
    for id in member_ids:
        known = travels.first({"travel_key": Travel.key(session_id, id)})
        if known is not None:
            with apart():
                travels.change(known.id, lambda travel: travel.withdraw())


def withdraw_travel(
    command: commands.WithdrawTravel, *, standings: Standings, travels: Travels
) -> schemas.TravelView:
    """Let a declaration no longer count."""
    known = _declared(command.session_id, command.member_id, standings, travels)
    return schemas.TravelView.of(travels.change(known.id, lambda travel: travel.withdraw()))


def get_travel(
    request: schemas.GetTravel, *, standings: Standings, travels: Travels
) -> schemas.TravelView:
    """What a member declared."""
    known = _declared(request.session_id, request.member_id, standings, travels)
    return schemas.TravelView.of(known)


def _declared(session_id: str, member_id: str, standings: Standings, travels: Travels) -> Travel:
    for id in standings.ids_of(member_id):
        found = travels.first({"travel_key": Travel.key(session_id, id)})
        if found is not None:
            return found
    raise NotFound("There is no such declaration.", session_id=session_id)


def get_session_travel(
    request: schemas.GetSessionTravel,
    *,
    sessions: Sessions,
    attendances: Attendances,
    travels: Travels,
) -> schemas.SessionTravelView:
    """What the declarations for a session amount to."""
    session = sessions.get(request.session_id)
    declared = [t for t in travels.scan({"session_id": session.id}) if not t.withdrawn]
    attended = list(attendances.scan(attendances.at(session.id)))
    online = [each.minutes for each in attended if each.way is Way.ONLINE]
    return schemas.SessionTravelView(
        session_id=session.id,
        metres=together(each.metres for each in declared),
        nights=sum(each.nights for each in declared),
        nights_in_london=sum(each.nights for each in declared if each.london),
        declared=len(declared),
        in_person=len(attended) - len(online),
        online=len(online),
        online_minutes=sum(online),
    )
