"""Which professions may join: admitted, in a pilot with limits, or not (yet).

Regulators and their number formats are reference data; whether the body opens itself to those they
register is its own decision, and so is policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.policies.faults import Faults
from services.membership.domain.terms import CODE, CareerStage, Nation
from shared.events import choice, integer, items, text

# The ledger of the places that are taken is part of one document.
MAX_PLACES = 5_000


@dataclass(frozen=True, kw_only=True)
class PilotLimits:
    """How far a pilot goes: to a last day, for so many people, for some nations and stages only."""

    until: date
    places: int = integer(1, MAX_PLACES)
    nations: tuple[Nation, ...] = items(10, default=())
    career_stages: tuple[CareerStage, ...] = items(20, default=())

    def refusal(self, nation: str, career_stage: str, day: date) -> str | None:
        """Why somebody is outside the limits, places apart; None when they are within."""
        if day > self.until:
            return "pilot_over"
        if self.nations and nation not in self.nations:
            return "nation_not_in_pilot"
        if self.career_stages and career_stage not in self.career_stages:
            return "career_stage_not_in_pilot"
        return None


@dataclass(frozen=True, kw_only=True)
class Profession:
    """A profession and whether its members may join."""

    code: str = text(60, pattern=CODE)
    title: str = text(100)
    admission: str = choice(("admitted", "pilot", "closed"))
    pilot: PilotLimits | None = None
    source: str = text(300)

    def refusal(self, nation: str, career_stage: str, day: date) -> str | None:
        """Why somebody of this profession may not apply on a day; None when they may."""
        if self.admission == "admitted":
            return None
        if self.admission == "closed" or self.pilot is None:
            return "profession_not_admitted"
        return self.pilot.refusal(nation, career_stage, day)


@dataclass(frozen=True, kw_only=True)
class Professions:
    """Every profession the body has taken a view of.

    ``required_positions`` is of how many professional bodies the position must be known before a
    profession is opened.
    """

    professions: tuple[Profession, ...] = items(500, min_length=1)
    required_positions: int = integer(1, 50, default=1)

    def find(self, code: str) -> Profession | None:
        return next((each for each in self.professions if each.code == code), None)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(each.code for each in self.professions)

    def with_entries(self, entries: Iterable[Profession]) -> Professions:
        """The same policy but for these professions, whether it knew them or not."""
        changed = {entry.code: entry for entry in entries}
        kept = tuple(changed.pop(each.code, each) for each in self.professions)
        return replace(self, professions=(*kept, *changed.values()))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Codes used twice, and pilots without limits or limits without a pilot."""
        codes = [each.code for each in self.professions]
        yield from Faults.repeated("professions", "code", codes)
        for index, each in enumerate(self.professions):
            if (each.admission == "pilot") != (each.pilot is not None):
                yield f"professions.{index}.pilot", "A pilot, and nothing else, has limits."
