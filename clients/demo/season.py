"""The season of one scheme: what is known of it, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from clients.demo.schemes import Entry, Scheme

MONTHS = 12


@dataclass(frozen=True)
class Calendar:
    """When a year of schemes takes place, by the day on which it is begun."""

    begun_at: datetime

    @property
    def opens_at(self) -> datetime:
        return self.begun_at + timedelta(days=1)

    @property
    def closes_at(self) -> datetime:
        return self.opens_at + timedelta(weeks=4)

    @property
    def interviews_on(self) -> date:
        return self.closes_at.date() + timedelta(weeks=8)

    @property
    def starts_on(self) -> date:
        return date(self.begun_at.year + 1, 9, 1) + timedelta(days=366 * (self.begun_at.month > 4))

    @property
    def ends_on(self) -> date:
        return self.starts_on.replace(year=self.starts_on.year + 1) - timedelta(days=1)

    @staticmethod
    def at(day: date, hour: int = 9) -> datetime:
        """An hour of a day, in UTC."""
        return datetime.combine(day, time(hour), UTC)


@dataclass
class Season:
    """One scheme with its cohort; ``applications`` and ``members`` are by who applied."""

    scheme: Scheme
    programme_id: str
    cohort_id: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    notes: dict[str, str] = field(default_factory=dict)
    """What happened once, e.g. the code with which something was refused."""

    @property
    def places(self) -> int:
        """How many posts there are."""
        return len(self.scheme.hosts) * self.scheme.posts_a_host

    def entry(self, application_id: str) -> Entry:
        """Who applied by an application, as the sample data have them."""
        return self._by_application[application_id]

    def member(self, application_id: str) -> str:
        """The id of the member who applied."""
        return self._owners[application_id]

    @property
    def _by_application(self) -> dict[str, Entry]:
        return {id: self.entries[who] for who, id in self.applications.items()}

    @property
    def _owners(self) -> dict[str, str]:
        return {id: self.members[who] for who, id in self.applications.items()}
