"""What operations may ask of every service: its parked messages, and what becomes of them.

What can be called at all and which events there are is in ``shared.catalogue``, for everybody.

class MembershipService(Operations): ...

cluster.membership.find_parked(filters={"state": "parked"})
cluster.membership.retry_parked(filters={"queue": "membership.follow_applications"})
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from shared import parking, telemetry
from shared.catalogue import Catalogue
from shared.errors import Invalid, NotFound
from shared.events import integer, items, text
from shared.messaging.parked import parked_messages
from shared.rpc import rpc

# The service's own name comes before it: ``membership:operate``.
OPERATE = "operate"


@dataclass(frozen=True, kw_only=True)
class FindParked:
    """Ask for parked messages by equal values, a page at a time."""

    filters: dict[str, str] = items(
        len(parking.FILTERS), default={}, description=", ".join(parking.FILTERS)
    )
    cursor: str | None = None
    limit: int = integer(1, 200, default=50)


@dataclass(frozen=True, kw_only=True)
class GetParked:
    """Ask for one parked message with its headers and the beginning of its body."""

    parked_id: str = text(64)


@dataclass(frozen=True)
class ParkedView:
    """A parked message in a list."""

    parked_id: str
    queue: str
    state: parking.State
    reason: str
    error: str
    attempts: int
    retries: int
    event_id: str
    event_type: str
    subject: str
    size: int
    first_failed_at: str
    parked_at: datetime
    decisions: tuple[parking.Decision, ...]

    @classmethod
    def of(cls, message: parking.ParkedMessage) -> Self:
        names = cls.__dataclass_fields__.keys() - {"parked_id"}
        return cls(parked_id=message.id, **{name: getattr(message, name) for name in names})


@dataclass(frozen=True)
class ParkedPage:
    """Some of what is parked; ``next_cursor`` is null on the last page."""

    items: tuple[ParkedView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class ParkedDetail:
    """A parked message; e-mail addresses and sensitive fields in its body are redacted."""

    message: ParkedView
    headers: dict[str, str]
    body: str


class Operations(Catalogue):
    """Base of every service class."""

    runtime: Any

    @parked_messages
    def keep_parked(self, arrival: parking.Arrival) -> None:
        """Store what the handlers of this service could not apply."""
        self.runtime.parking.keep(arrival)

    @rpc(FindParked, returns=ParkedPage, scope=OPERATE, errors=(Invalid,))
    def find_parked(self, request: FindParked) -> ParkedPage:
        """Messages that could not be applied, a page at a time."""
        page = self.runtime.parking.find(
            request.filters, cursor=request.cursor, limit=request.limit
        )
        return ParkedPage(tuple(map(ParkedView.of, page.items)), page.next_cursor)

    @rpc(GetParked, returns=ParkedDetail, scope=OPERATE, errors=(NotFound,))
    def get_parked(self, request: GetParked) -> ParkedDetail:
        """One parked message with its headers and the beginning of its body, redacted."""
        message, body = self.runtime.parking.get(request.parked_id)
        headers = {str(k): str(v) for k, v in json.loads(message.headers).items()}
        return ParkedDetail(ParkedView.of(message), telemetry.redact(headers), body)

    @rpc(
        parking.RetryParked,
        returns=parking.Outcome,
        scope=OPERATE,
        errors=(Invalid,),
        writes=True,
    )
    def retry_parked(self, command: parking.RetryParked) -> parking.Outcome:
        """Give parked messages to their handlers again; unless told otherwise only say which."""
        outcome: parking.Outcome = self.runtime.parking.retry(command, telemetry.current().actor)
        return outcome

    @rpc(
        parking.DiscardParked,
        returns=parking.Outcome,
        scope=OPERATE,
        errors=(Invalid,),
        writes=True,
    )
    def discard_parked(self, command: parking.DiscardParked) -> parking.Outcome:
        """Let go of parked messages, with the reason; unless told otherwise only say which."""
        outcome: parking.Outcome = self.runtime.parking.discard(command, telemetry.current().actor)
        return outcome
