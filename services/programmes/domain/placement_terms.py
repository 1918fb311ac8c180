"""The days and the extent of a placement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.programmes.domain.cohort import Cohort
from services.programmes.domain.period import Period, last_day
from services.programmes.domain.terms import Faults
from shared.errors import Invalid

# As for cohorts; with the days of a pause made up for, a placement may last a little longer.
MOST_MONTHS = 72


@dataclass(frozen=True)
class Terms:
    """The days of a placement, first and last included, and its whole-time equivalent."""

    starts_on: date
    ends_on: date
    wte_percent: int

    @classmethod
    def of(
        cls,
        cohort: Cohort,
        starts_on: date,
        ends_on: date | None,
        wte_percent: int,
        not_before: date,
    ) -> Terms:
        """By default as long as the cohort's; Invalid naming ``starts_on`` or ``ends_on``."""
        terms = cls(starts_on, ends_on or last_day(starts_on, cohort.months), wte_percent)
        faults: Faults = {}
        if starts_on < not_before:
            faults["starts_on"] = [f"Must not be before {not_before.isoformat()}."]
        if terms.ends_on < starts_on:
            faults["ends_on"] = ["Must not be before starts_on."]
        elif terms.ends_on > last_day(starts_on, MOST_MONTHS):
            faults["ends_on"] = [f"Must be at most {MOST_MONTHS} months after starts_on."]
        if faults:
            raise Invalid("The placement cannot be so.", fields=faults)
        return terms

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)
