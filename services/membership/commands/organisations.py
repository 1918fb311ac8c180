"""Organisations, the seats they buy, and the members they give them to."""

from dataclasses import dataclass
from datetime import date

from services.membership.commands.members import VERSION_LIMIT
from services.membership.domain.terms import Nation, OrganisationKind
from shared.events import integer, text

SEATS_LIMIT = 100_000


@dataclass(frozen=True, kw_only=True)
class RegisterOrganisation:
    """Enter an organisation; no other one may have its ODS code."""

    name: str = text(200)
    kind: OrganisationKind
    nation: Nation
    ods_code: str | None = text(
        20, default=None, description="The code of the NHS's Organisation Data Service."
    )


@dataclass(frozen=True, kw_only=True)
class ChangeOrganisation:
    """Describe an organisation otherwise; what is not given stays, an empty code takes it away.

    ``version`` is that of the organisation as read: changed meanwhile, nothing is done.
    """

    organisation_id: str = text(64)
    name: str | None = text(200, default=None)
    kind: OrganisationKind | None = None
    nation: Nation | None = None
    ods_code: str | None = text(20, default=None, min_length=0)
    version: int | None = integer(1, VERSION_LIMIT, default=None)


@dataclass(frozen=True, kw_only=True)
class BuySeats:
    """Enter seats that an organisation bought, first and last day included.

    The same reference, such as an invoice's, counts once.
    """

    organisation_id: str = text(64)
    seats: int = integer(1, SEATS_LIMIT)
    from_on: date
    until_on: date
    reference: str = text(100)


@dataclass(frozen=True, kw_only=True)
class ReturnSeats:
    """Enter seats that an organisation gives back, from today on and only while nobody has them.

    The same reference, such as a credit note's, counts once.
    """

    organisation_id: str = text(64)
    seats: int = integer(1, SEATS_LIMIT)
    from_on: date
    until_on: date
    reference: str = text(100)


@dataclass(frozen=True, kw_only=True)
class AllocateSeat:
    """Give a seat to a member or a verified applicant, whom it covers once they are admitted.

    By default from today, and for as long as a seat is free.
    """

    organisation_id: str = text(64)
    member_id: str = text(64)
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseSeat:
    """Take from a member what they have of an organisation's seats after a day, by default today.

    Seats that have not begun by then are taken back whole.
    """

    organisation_id: str = text(64)
    member_id: str = text(64)
    last_day: date | None = None
    reason: str = text(500)
