"""Seats, each of which stands in two places.

In the organisation's ledger, which decides how many there are, and on the member's record, whom it
covers. The ledger is the first to take a seat and the last to let go of it, so that nobody is
covered by a seat that is not counted. Every step may be done again: what a member's record says of
an organisation's seats is what the ledger says at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from services.membership.commands import organisations as commands
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.terms import EntitlementKind, Status
from services.membership.errors import MemberErased, SeatNotPossible
from services.membership.handlers.desk import Desk
from services.membership.schemas import organisations as schemas
from shared.events import new_id
from shared.repository import decode_cursor, encode_cursor
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.membership.repository import Organisations

_SEATABLE = (
    Status.APPLICANT,
    Status.CURRENT,
    Status.DUE,
    Status.GRACE,
    Status.LAPSED,
    Status.SUSPENDED,
)


def allocate_seat(
    command: commands.AllocateSeat, *, desk: Desk, organisations: Organisations
) -> schemas.SeatView:
    """Take a seat in the ledger, then cover the member.

    A call that took its seat and was cut off goes on, whatever became of the member meanwhile.
    """
    seat_id, today = new_id(), desk.today()
    asked = (command.member_id, command.from_on, command.until_on)
    if seat_id not in organisations.get(command.organisation_id).seats:
        _require_seatable(desk, command.member_id)
    organisation = organisations.change(
        command.organisation_id, lambda found: found.allocate(seat_id, *asked, today)
    )
    if seat_id not in organisation.seats:
        seat_id = organisation.as_asked(*asked, today) or seat_id
    with apart():
        _cover(command.member_id, organisation.id, desk, organisations)
    return schemas.SeatView.of(organisation.id, seat_id, organisation.seats[seat_id])


def release_seat(
    command: commands.ReleaseSeat, *, desk: Desk, organisations: Organisations
) -> schemas.MemberSeats:
    """Say in the ledger that seats are to end, end the member's cover, then let go of the seats."""
    today, member_id = desk.today(), command.member_id
    last_day = command.last_day or today
    organisations.change(
        command.organisation_id, lambda found: found.end_seats(member_id, last_day, today)
    )
    with apart():
        covered = _cover(member_id, command.organisation_id, desk, organisations)
        organisation = organisations.change(
            command.organisation_id, lambda found: found.free_seats(member_id, covered, today)
        )
    return schemas.MemberSeats.of(organisation, member_id)


def _require_seatable(desk: Desk, member_id: str) -> None:
    member = desk.actionable(member_id)
    now = member.standing_on(desk.policies.book(), desk.today())
    if now.status not in _SEATABLE:
        raise SeatNotPossible(member_id=member_id, status=now.status.value, reason=now.reason)


def _cover(
    member_id: str, organisation_id: str, desk: Desk, organisations: Organisations
) -> Mapping[date, date]:
    """Let the member's record say what the ledger says; gives first and last days.

    Afterwards the ledger is looked at again: of two calls that write at once, the one that read the
    older ledger may have been the last to write.
    """
    said: dict[date, date] = {}

    def cover(member: Member, _book: PolicyBook, today: date) -> None:
        said.clear()
        said.update(organisations.get(organisation_id).cover_of(member_id))
        source = (EntitlementKind.SEAT, organisation_id)
        known = {e.from_on for e in member.entitled if (e.kind, e.source_id) == source}
        for first, last in said.items():
            if first <= last or first in known:
                member.entitle(*source, first, last, today)

    while True:
        try:
            desk.change(member_id, cover, even_merged=True)
        except MemberErased:  # whom nothing covers any more, so that their seats can be let go of
            return organisations.get(organisation_id).cover_of(member_id)
        if organisations.get(organisation_id).cover_of(member_id) == said:
            return said


def get_seats(
    request: schemas.GetSeats, *, desk: Desk, organisations: Organisations
) -> schemas.SeatPage:
    """An organisation's seats, those of today and to come or those that are over."""
    organisation, today = organisations.get(request.organisation_id), desk.today()
    after = decode_cursor(request.cursor) if request.cursor else ""
    found = {
        id: seat
        for id, seat in organisation.seats.items()
        if id > after and seat.over(today) is request.past
    }
    if request.past:
        found |= organisations.past_seats.after(organisation.id, after, request.limit + 1)
    ids = sorted(found)
    page = ids[: request.limit]
    return schemas.SeatPage(
        tuple(schemas.SeatView.of(organisation.id, id, found[id]) for id in page),
        encode_cursor(page[-1]) if len(ids) > len(page) else None,
    )
