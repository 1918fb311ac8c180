"""Events of organisations and their seats. Every last day is itself covered."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER, ORGANISATION
from shared.events import event


@event(
    "organisation.registered",
    example={
        "organisation_id": ORGANISATION,
        "name": "Invented Vale NHS Trust",
        "kind": "host",
        "nation": "england",
        "ods_code": "ZZ9",
    },
)
@dataclass(frozen=True)
class OrganisationRegistered:
    """An organisation is known to the body."""

    organisation_id: str
    name: str
    kind: str
    nation: str
    ods_code: str | None


@event(
    "organisation.changed",
    example={
        "organisation_id": ORGANISATION,
        "name": "Invented Vale and Hills NHS Trust",
        "kind": "host",
        "nation": "england",
        "ods_code": "ZZ9",
    },
)
@dataclass(frozen=True)
class OrganisationChanged:
    """An organisation is described otherwise, completely each time."""

    organisation_id: str
    name: str
    kind: str
    nation: str
    ods_code: str | None


@event(
    "seats.bought",
    example={
        "organisation_id": ORGANISATION,
        "seats": 20,
        "from_on": "2027-01-01",
        "until_on": "2027-12-31",
    },
)
@dataclass(frozen=True)
class SeatsBought:
    """An organisation has so many more seats for its people, for these days."""

    organisation_id: str
    seats: int
    from_on: date
    until_on: date


@event(
    "seats.returned",
    example={
        "organisation_id": ORGANISATION,
        "seats": 5,
        "from_on": "2027-07-01",
        "until_on": "2027-12-31",
    },
)
@dataclass(frozen=True)
class SeatsReturned:
    """An organisation has so many seats fewer, for these days."""

    organisation_id: str
    seats: int
    from_on: date
    until_on: date


@event(
    "seat.allocated",
    example={
        "organisation_id": ORGANISATION,
        "member_id": MEMBER,
        "from_on": "2027-01-01",
        "until_on": "2027-12-31",
    },
)
@dataclass(frozen=True)
class SeatAllocated:
    """A seat was given to a member, for these days."""

    organisation_id: str
    member_id: str
    from_on: date
    until_on: date


@event(
    "seat.released",
    example={
        "organisation_id": ORGANISATION,
        "member_id": MEMBER,
        "from_on": "2027-01-01",
        "until_on": "2027-06-30",
    },
)
@dataclass(frozen=True)
class SeatReleased:
    """A seat ends earlier than it was given for; before its first day when it was never used."""

    organisation_id: str
    member_id: str
    from_on: date
    until_on: date
