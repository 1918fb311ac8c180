"""A request of somebody to be given all that is kept of them, and who has contributed to it.

What is contributed is kept apart from the request, and not for long; the request stays.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.membership.domain.deadlines import due_on
from services.membership.domain.terms import Nation
from services.membership.events import ExportRequested
from shared.errors import Invalid
from shared.events import Aggregate

OWN = "membership"
SERVICES = (OWN, "programmes", "notifications", "research")


def wanting(
    member_id: str, merged: Sequence[str], done: Container[tuple[str, str]]
) -> tuple[str, ...]:
    """The services that are not done with every record of a person; this one has them together."""
    records = (member_id, *merged)
    return tuple(
        service
        for service in SERVICES
        if any((service, id) not in done for id in (records[:1] if service == OWN else records))
    )


class ExportState(StrEnum):
    """How far an export has come; one that is dropped is no longer kept."""

    GATHERING = "gathering"
    READY = "ready"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Contribution:
    """What a service has sent of a record so far: the numbers of parts, counted from 1."""

    service: str
    member_id: str
    parts: int
    received: tuple[int, ...]
    contributed_on: date

    @property
    def whole(self) -> bool:
        return len(self.received) == self.parts


@dataclass
class ExportRequest(Aggregate):
    """One request; ``kept_from`` is the day from which the policy counts how long to keep it.

    ``merged`` are the records that were merged into the person's: other services know those too.
    """

    id: str
    member_id: str
    received_on: date
    requested_on: date
    due_on: date
    merged: tuple[str, ...] = ()
    state: ExportState = ExportState.GATHERING
    contributions: tuple[Contribution, ...] = ()
    ready_on: date | None = None
    dropped_on: date | None = None

    @classmethod
    def make(
        cls,
        id: str,
        member_id: str,
        merged: Sequence[str],
        nation: Nation,
        received_on: date,
        today: date,
    ) -> ExportRequest:
        """Ask every service for its part; raises Invalid naming ``received_on``."""
        if received_on > today:
            reasons = {"received_on": ["Must not be in the future."]}
            raise Invalid("It cannot have been received yet.", fields=reasons)
        due = due_on(received_on, nation)
        request = cls(id, member_id, received_on, today, due, tuple(merged))
        for record in request.records:
            request.record(ExportRequested(request_id=id, member_id=record))
        return request

    @property
    def records(self) -> tuple[str, ...]:
        """The ids under which the person is, or was, known."""
        return (self.member_id, *self.merged)

    @property
    def missing(self) -> tuple[str, ...]:
        """The services of which something has not arrived."""
        whole = {(each.service, each.member_id) for each in self.contributions if each.whole}
        return wanting(self.member_id, self.merged, whole)

    @property
    def kept_from(self) -> date:
        return self.ready_on or self.due_on

    def overdue(self, today: date) -> bool:
        """Whether it should have been ready before today."""
        return self.state is ExportState.GATHERING and self.due_on < today

    def contribute(self, service: str, member_id: str, part: int, parts: int, on: date) -> None:
        """Note that a part has come; with the last one the export is ready."""
        if self.state is not ExportState.GATHERING:
            return
        known = {(each.service, each.member_id): each for each in self.contributions}
        fresh = Contribution(service, member_id, parts, (), on)
        before = known.get((service, member_id), fresh)
        received = tuple(sorted({*before.received, part}))
        known[service, member_id] = replace(before, received=received)
        self.contributions = tuple(known.values())
        if not self.missing:
            self.state, self.ready_on = ExportState.READY, on

    def drop(self, today: date) -> None:
        """Note that what was gathered is kept no longer; what comes later is not kept at all."""
        if self.state is not ExportState.DROPPED:
            self.state, self.dropped_on = ExportState.DROPPED, today
