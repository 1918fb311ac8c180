"""What alumni do later, by codes that are data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.programmes.domain.alumni import Alumnus
from services.programmes.domain.eligibility import Word
from services.programmes.domain.terms import Faults
from shared.errors import Invalid
from shared.events import Aggregate, items


@dataclass(frozen=True, kw_only=True)
class OutcomeCodes:
    """The codes there are."""

    role_levels: tuple[Word, ...] = items(50, min_length=1)
    sectors: tuple[Word, ...] = items(50, min_length=1)
    sources: tuple[Word, ...] = items(20, min_length=1)

    def require(self, role_level: str, sector: str, source: str) -> None:
        """Raises Invalid naming each that is no code, with those there are."""
        faults: Faults = {
            name: [f"Must be one of: {', '.join(codes)}."]
            for name, value, codes in (
                ("role_level", role_level, self.role_levels),
                ("sector", sector, self.sectors),
                ("source", source, self.sources),
            )
            if value not in codes
        }
        if faults:
            raise Invalid("There is no such code.", fields=faults)


@dataclass
class Outcome(Aggregate):
    """Where an alumnus was on a day; the id says whose and of which day, and sorts by both."""

    id: str
    alumnus_id: str
    member_id: str
    cohort_id: str
    programme_id: str
    recorded_on: date
    role_level: str
    sector: str
    source: str

    @classmethod
    def of(
        cls,
        alumnus: Alumnus,
        *,
        recorded_on: date,
        role_level: str,
        sector: str,
        source: str,
        today: date,
    ) -> Outcome:
        """An outcome after completion, or Invalid naming ``recorded_on``."""
        if not alumnus.completed_on <= recorded_on <= today:
            reason = f"Must be from {alumnus.completed_on.isoformat()} to today."
            raise Invalid("The day cannot be.", fields={"recorded_on": [reason]})
        return cls(
            id=f"{alumnus.id}:{recorded_on.isoformat()}",
            alumnus_id=alumnus.id,
            member_id=alumnus.member_id,
            cohort_id=alumnus.cohort_id,
            programme_id=alumnus.programme_id,
            recorded_on=recorded_on,
            role_level=role_level,
            sector=sector,
            source=source,
        )

    def correct(self, said: Outcome) -> None:
        """Take what is said of the same day now."""
        self.role_level, self.sector, self.source = said.role_level, said.sector, said.source

    def forget(self) -> None:
        """Keep the codes, which say nothing of who it is, and not the trail."""


@dataclass(frozen=True)
class Tally:
    """Alumni by the latest that is known of each."""

    known: int
    role_levels: dict[str, int]
    sectors: dict[str, int]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Tally:
        """Count outcomes that come in the order of their ids."""
        latest = list(_latest(outcomes))
        return cls(
            len(latest),
            dict(sorted(Counter(each.role_level for each in latest).items())),
            dict(sorted(Counter(each.sector for each in latest).items())),
        )


def _latest(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    last: Outcome | None = None
    for outcome in outcomes:
        if last is not None and last.alumnus_id != outcome.alumnus_id:
            yield last
        last = outcome
    if last is not None:
        yield last
