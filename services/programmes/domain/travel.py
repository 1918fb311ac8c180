"""How members came to sessions, so that the carbon of a session can be worked out from it.

What is told bears an id of its own and nobody's name or id, so research learns how far people
travelled and never who did. Here are distances and nights alone; what they weigh is research's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from services.programmes.domain.session import Session
from services.programmes.domain.terms import Faults
from services.programmes.events import TravelDeclared, TravelWithdrawn
from shared.errors import Invalid
from shared.events import Aggregate, integer

FARTHEST_KM = 40_000
MAX_NIGHTS = 31


class TravelMode(StrEnum):
    """The means of travel for which the UK Government publishes conversion factors."""

    NATIONAL_RAIL = "national_rail"
    COACH = "coach"
    AVERAGE_CAR = "average_car"
    UNDERGROUND = "underground"
    LOCAL_BUS = "local_bus"
    DOMESTIC_FLIGHT = "domestic_flight"
    SHORT_HAUL_FLIGHT = "short_haul_flight"
    LONG_HAUL_FLIGHT = "long_haul_flight"


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A part of the way, there and back each counted; a car is shared by its ``passengers``."""

    mode: TravelMode
    km: int = integer(1, FARTHEST_KM)
    passengers: int = integer(1, 9, default=1, description="Of a car, the driver included.")


@dataclass
class Travel(Aggregate):
    """One member's declaration for one session; ``id`` says neither whose nor which."""

    id: str
    travel_key: str
    session_id: str
    programme_id: str
    member_id: str
    declared_at: datetime
    metres: dict[str, int] = field(default_factory=dict)
    nights: int = 0
    london: bool = False
    withdrawn: bool = False

    @staticmethod
    def key(session_id: str, member_id: str) -> str:
        """What is unique: a member declares once for a session."""
        return f"{session_id}:{member_id}"

    @classmethod
    def begin(cls, id: str, session: Session, member_id: str, now: datetime) -> Travel:
        """A declaration that says nothing yet."""
        key = cls.key(session.id, member_id)
        return cls(id, key, session.id, session.programme_id, member_id, now, withdrawn=True)

    def declare(
        self, session: Session, legs: Iterable[Leg], nights: int, london: bool, now: datetime
    ) -> None:
        """Say how one came, in place of whatever was said before; raises Invalid by field."""
        legs = tuple(legs)
        if faults := _faults(legs, nights, london):
            raise Invalid("The travel is not valid.", fields=faults)
        said = (metres_of(legs), nights, london)
        if not self.withdrawn and said == (self.metres, self.nights, self.london):
            return
        self.metres, self.nights, self.london = said
        self.declared_at, self.withdrawn = now, False
        self.record(
            TravelDeclared(
                declaration_id=self.id,
                session_id=self.session_id,
                programme_id=self.programme_id,
                held_on=session.held_on,
                metres=self.metres,
                nights=nights,
                london=london,
            )
        )

    def withdraw(self) -> None:
        """Take it back; nothing of it counts any more."""
        if not self.withdrawn:
            self.metres, self.nights, self.london, self.withdrawn = {}, 0, False, True
            self.record(
                TravelWithdrawn(
                    declaration_id=self.id,
                    session_id=self.session_id,
                    programme_id=self.programme_id,
                )
            )

    def forget(self) -> None:
        """Keep the distances, which say nothing of anybody, and not whose they were."""
        self.travel_key, self.member_id = f"forgotten:{self.id}", ""


def metres_of(legs: Iterable[Leg]) -> dict[str, int]:
    """How far one person's share of each means of travel went, to the nearest metre.

    >>> metres_of([Leg(mode=TravelMode.AVERAGE_CAR, km=100, passengers=3)])
    {'average_car': 33333}
    """
    total: dict[TravelMode, Fraction] = {}
    for leg in legs:
        share = Fraction(leg.km * 1_000, leg.passengers)
        total[leg.mode] = total.get(leg.mode, Fraction()) + share
    return {mode.value: round(total[mode]) for mode in TravelMode if mode in total}


def together(declarations: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The distances of several declarations by means of travel."""
    total: Counter[str] = Counter()
    for metres in declarations:
        total.update(metres)
    return {mode.value: total[mode.value] for mode in TravelMode if total[mode.value]}


def _faults(legs: tuple[Leg, ...], nights: int, london: bool) -> Faults:
    faults: Faults = {}
    for position, leg in enumerate(legs):
        if leg.passengers > 1 and leg.mode is not TravelMode.AVERAGE_CAR:
            faults[f"legs.{position}.passengers"] = ["Only a car is shared so."]
    if london and not nights:
        faults["london"] = ["There is no night to be spent there."]
    return faults
