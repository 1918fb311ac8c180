"""Questions and answers about organisations and their seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.organisation import Organisation
from services.membership.domain.seats import Block, Seat
from services.membership.domain.terms import Nation, OrganisationKind
from shared.events import integer, items, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetOrganisation:
    """Ask for one organisation with its ledger of seats."""

    organisation_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindOrganisations:
    """Ask for organisations that fit every filter; an unknown filter is refused."""

    filters: dict[str, str] = items(
        4,
        default={},
        description="kind, nation, ods_code, name (its beginning, without regard to accents)",
    )
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetSeats:
    """Ask for an organisation's seats in the order in which they were given out.

    Those of today and to come; with ``past`` those that are over or were never used.
    """

    organisation_id: str = text(64)
    past: bool = False
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class LedgerView:
    """An organisation's seats as of a day; ``history`` is what it bought and gave back.

    Seats given back are negative there. Who had which seat is answered by ``get_seats``.
    """

    as_of: date
    bought: int
    used: int
    free: int
    history: tuple[Block, ...]


@dataclass(frozen=True)
class OrganisationSummary:
    """An organisation without its ledger; ``version`` guards changes against those of others."""

    organisation_id: str
    version: int
    name: str
    kind: OrganisationKind
    nation: Nation
    ods_code: str | None
    registered_on: date

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(
            organisation_id=organisation.id,
            version=organisation.version,
            name=organisation.name,
            kind=organisation.kind,
            nation=organisation.nation,
            ods_code=organisation.ods_code,
            registered_on=organisation.registered_on,
        )


@dataclass(frozen=True)
class OrganisationView:
    """An organisation with the seats that it has, and that are free, today."""

    organisation: OrganisationSummary
    ledger: LedgerView

    @classmethod
    def of(cls, organisation: Organisation, today: date) -> Self:
        level = organisation.level(today)
        ledger = LedgerView(today, level.bought, level.used, level.free, organisation.blocks)
        return cls(OrganisationSummary.of(organisation), ledger)


@dataclass(frozen=True)
class OrganisationPage:
    """Organisations by name; ``next_cursor`` is null on the last page."""

    items: tuple[OrganisationSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class SeatView:
    """A seat given to a member; one that ends before it begins was taken back unused."""

    seat_id: str
    organisation_id: str
    member_id: str
    from_on: date
    until_on: date
    allocated_on: date

    @classmethod
    def of(cls, organisation_id: str, seat_id: str, seat: Seat) -> Self:
        return cls(
            seat_id=seat_id,
            organisation_id=organisation_id,
            member_id=seat.member_id,
            from_on=seat.from_on,
            until_on=seat.until_on,
            allocated_on=seat.allocated_on,
        )


@dataclass(frozen=True)
class SeatPage:
    """Some seats; ``next_cursor`` is null on the last page."""

    items: tuple[SeatView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class MemberSeats:
    """What a member has, or lately had, of an organisation's seats, by the days as they are now."""

    organisation_id: str
    member_id: str
    seats: tuple[SeatView, ...]

    @classmethod
    def of(cls, organisation: Organisation, member_id: str) -> Self:
        mine: Iterable[SeatView] = (
            SeatView.of(organisation.id, id, seat)
            for id, seat in organisation.seats.items()
            if seat.member_id == member_id
        )
        return cls(organisation.id, member_id, tuple(mine))
