"""Stays: which days of a host, a post and a member are taken, and for which application.

A stay is held first, then the placement is written that stands on it. An hour later the clock
settles it: it is kept if the placement stands on it, and freed if it was left over by a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.programmes.domain.period import Period
from shared.events import Aggregate

# Far longer than any call takes from its first write to its last.
SETTLED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Stay:
    """Days at a post, first and last included; a settled one has no ``held_at``."""

    id: str
    application_id: str
    cohort_id: str
    post_id: str
    starts_on: date
    ends_on: date
    held_at: datetime | None

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    def stale(self, held_by: datetime) -> bool:
        """Whether it was held by an instant and is not settled."""
        return self.held_at is not None and self.held_at <= held_by


def crowded_day(others: Iterable[Stay], wanted: Stay, capacity: int) -> date | None:
    """The first day of a stay on which so many others are there already, or None.

    However many stays an application has for a day while it changes, it counts once.
    """
    there = tuple(others)
    # The number only grows where one begins, so it is enough to look there.
    for day in sorted({max(each.starts_on, wanted.starts_on) for each in there}):
        if len({each.application_id for each in there if each.period.covers(day)}) >= capacity:
            return day
    return None


class Register(Aggregate):
    """What has stays; each is of one application, which never stands in its own way."""

    stays: tuple[Stay, ...]

    def has(self, stay_id: str) -> bool:
        """Whether a stay is here."""
        return any(each.id == stay_id for each in self.stays)

    def others(self, wanted: Stay) -> tuple[Stay, ...]:
        """The stays of other applications that share a day with this one."""
        return tuple(
            each
            for each in self.stays
            if each.application_id != wanted.application_id and each.period.overlaps(wanted.period)
        )

    def hold(self, stay: Stay) -> None:
        """Keep a stay; one that was kept before is held anew."""
        self.stays = (*(each for each in self.stays if each.id != stay.id), stay)

    def renew(self, stay_id: str, now: datetime) -> None:
        """Hold a stay anew, so that it is settled again."""
        self.stays = tuple(
            replace(each, held_at=now) if each.id == stay_id else each for each in self.stays
        )

    def drop(self, stay_id: str) -> None:
        """Free a stay."""
        self.stays = tuple(each for each in self.stays if each.id != stay_id)

    def swap(self, before: str | None, now: str | None) -> None:
        """Free the stay on which a placement stood, and settle the one on which it stands."""
        self.stays = tuple(
            replace(each, held_at=None) if each.id == now else each
            for each in self.stays
            if each.id != before or each.id == now
        )

    @property
    def held_since(self) -> datetime | None:
        """When the first of those was held that are not settled."""
        return min((each.held_at for each in self.stays if each.held_at), default=None)

    def unsettled(self, held_by: datetime) -> frozenset[str]:
        """The applications with a stay that was held by an instant."""
        return frozenset(each.application_id for each in self.stays if each.stale(held_by))

    def settle(self, standing: Mapping[str, str | None], held_by: datetime) -> None:
        """Settle applications by the stay on which their placement stands, if it stands on one.

        Applications of which one was held since are left alone: somebody is still at work on them.
        What ``standing`` says may be old by now, so a settled stay is freed only where the one
        that took its place is here too.
        """
        for application_id, current in standing.items():
            mine = [each for each in self.stays if each.application_id == application_id]
            if any(each.held_at and not each.stale(held_by) for each in mine):
                continue
            if any(each.held_at for each in mine):
                self._settle(application_id, current)

    def _settle(self, application_id: str, current: str | None) -> None:
        replaced = current is not None and self.has(current)
        self.stays = tuple(
            replace(each, held_at=None) if each.id == current else each
            for each in self.stays
            if each.application_id != application_id
            or each.id == current
            or (each.held_at is None and not replaced)
        )
