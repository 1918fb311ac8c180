"""Fellowship: its levels and routes, what has to be shown for them, and how long things take.

rules = book.fellowship.on(today).policy
rules.level("fellow").domains  # ("self", "team", "organisation")
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.membership.domain.calendar import corresponding_date
from services.membership.domain.policies.faults import Faults
from services.membership.domain.terms import EvidenceUse, Nation
from shared.errors import Invalid
from shared.events import Pattern, integer, items, text

_CODE = Pattern(
    r"[a-z][a-z0-9_]*", "lower-case letters, digits and underscores, such as senior_fellow"
)


@dataclass(frozen=True, kw_only=True)
class FellowshipLevel:
    """A level with the domains of the standards that have to be shown for it.

    Where ``experience_months`` is not 0, evidence of the kind ``experience`` must cover so many.
    """

    code: str = text(40, pattern=_CODE)
    title: str = text(100)
    post_nominals: str = text(40)
    domains: tuple[str, ...] = items(20, min_length=1)
    experience: str | None = text(40, default=None)
    experience_months: int = integer(0, 600, default=0)
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class FellowshipRoute:
    """A way to some levels, for these professions and nations; an empty list means any."""

    code: str = text(40, pattern=_CODE)
    title: str = text(100)
    levels: tuple[str, ...] = items(20, min_length=1)
    professions: tuple[str, ...] = items(500, default=())
    nations: tuple[Nation, ...] = items(10, default=())
    source: str = text(300)

    def refusal(self, level: str, profession: str, nation: str) -> str | None:
        """Why somebody may not go this way to a level, as a code; None when they may."""
        if level not in self.levels:
            return "level_not_on_route"
        if self.professions and profession not in self.professions:
            return "profession_not_on_route"
        if self.nations and nation not in self.nations:
            return "nation_not_on_route"
        return None


@dataclass(frozen=True, kw_only=True)
class EvidenceKind:
    """A kind of evidence, and when one of the kind must be there.

    One older than ``max_age_months`` on the day it is handed in does not count, nor does one that
    needs to be signed off and is not. A kind with a ``period`` says from when to when something
    was done.
    """

    code: str = text(40, pattern=_CODE)
    title: str = text(100)
    required_at: tuple[EvidenceUse, ...] = items(5, default=())
    max_age_months: int | None = integer(1, 600, default=None)
    signed_off: bool = False
    period: bool = False
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class FellowshipRules:
    """The levels in order, the lowest first, and the rules that hold for all of them.

    The trustees decide within ``target_weeks`` of submission, or of an appeal, which is open for
    ``appeal_days``. An award is confirmed every ``revalidation_months`` and its holder is told
    ``notice_months`` before.
    """

    levels: tuple[FellowshipLevel, ...] = items(20, min_length=1)
    routes: tuple[FellowshipRoute, ...] = items(20, min_length=1)
    evidence: tuple[EvidenceKind, ...] = items(50, min_length=1)
    referees: int = integer(0, 10)
    assessors: int = integer(1, 20)
    target_weeks: int = integer(1, 200)
    appeal_days: int = integer(0, 365)
    revalidation_months: int = integer(1, 600)
    notice_months: int = integer(0, 120)
    source: str = text(500)

    def find_level(self, code: str) -> FellowshipLevel | None:
        """The level with a code, or None."""
        return next((each for each in self.levels if each.code == code), None)

    def level(self, code: str) -> FellowshipLevel:
        """The level with a code; raises Invalid naming ``level``."""
        found = self.find_level(code)
        if found is None:
            raise _unknown("level", [each.code for each in self.levels])
        return found

    def rank(self, code: str) -> int:
        """How high a level is, from 0; -1 for one that there is no longer."""
        codes = [each.code for each in self.levels]
        return codes.index(code) if code in codes else -1

    def route(self, code: str) -> FellowshipRoute:
        """The route with a code; raises Invalid naming ``route``."""
        found = next((each for each in self.routes if each.code == code), None)
        if found is None:
            raise _unknown("route", [each.code for each in self.routes])
        return found

    def find_kind(self, code: str) -> EvidenceKind | None:
        """The kind of evidence with a code, or None."""
        return next((each for each in self.evidence if each.code == code), None)

    def kind(self, code: str) -> EvidenceKind:
        """The kind of evidence with a code; raises Invalid naming ``kind``."""
        found = self.find_kind(code)
        if found is None:
            raise _unknown("kind", [each.code for each in self.evidence])
        return found

    def required(self, use: EvidenceUse) -> tuple[EvidenceKind, ...]:
        """The kinds that cannot be done without."""
        return tuple(kind for kind in self.evidence if use in kind.required_at)

    def revalidation(self, day: date) -> tuple[date, date]:
        """By when an award of a day, or one confirmed for it, has to be confirmed next.

        That day still counts. With it comes the day from which its holder is told.
        """
        last = corresponding_date(day, self.revalidation_months)
        return last, corresponding_date(last, -self.notice_months)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Codes used twice, levels and kinds that there are not, and notice that is too long."""
        for name in ("levels", "routes", "evidence"):
            codes = [each.code for each in getattr(self, name)]
            yield from Faults.repeated(name, "code", codes)
        for index, level in enumerate(self.levels):
            kind = None if level.experience is None else self.find_kind(level.experience)
            if (level.experience is not None or level.experience_months) and not (
                kind and kind.period
            ):
                yield f"levels.{index}.experience", "Must be a kind of evidence with a period."
        for index, route in enumerate(self.routes):
            for place, code in enumerate(route.levels):
                if self.find_level(code) is None:
                    yield f"routes.{index}.levels.{place}", "There is no such level."
        if self.notice_months >= self.revalidation_months:
            yield "notice_months", "Must be fewer than those to revalidation."


def _unknown(field: str, known: list[str]) -> Invalid:
    reason = f"Must be one of: {', '.join(known)}."
    return Invalid(f"There is no such {field}.", fields={field: [reason]})
