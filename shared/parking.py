"""Parked messages: kept with the reason until somebody decides, each decision on record.

What a handler could not apply reaches the service's queue ``<service>.parked``, and from there the
service's own store, where it can be listed, read, retried or discarded. Bodies lie beside the
record, in parts, and are removed once the message is retried or discarded: the record of what was
decided stays, the personal data that a body may carry does not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared import telemetry
from shared.blobs import Blobs
from shared.errors import Invalid, NotFound, Refused
from shared.events import Aggregate, Clock, items, new_id, text
from shared.names import unknown
from shared.repository import Index, Page, Repository

# What the parking says of a message, beside the headers of the message itself.
ATTEMPT, OUTAGES, REASON = "x-faculty-attempt", "x-faculty-outages", "x-faculty-reason"
ERROR, FIRST_FAILED, PARKED = "x-faculty-error", "x-faculty-first-failed", "x-faculty-parked"
RETRIES = "x-faculty-retries"
# A headers exchange does not look at headers that begin with "x-", so that every delay would match:
# https://www.rabbitmq.com/tutorials/amqp-concepts#exchange-headers
DELAY = "faculty-delay-ms"
OWN_HEADERS = frozenset({ATTEMPT, OUTAGES, REASON, ERROR, PARKED, DELAY})
# Written by the broker when it moves a message; RabbitMQ 4 ignores them on what clients publish.
BROKER_HEADERS = (
    "x-death",
    "x-first-death-exchange",
    "x-first-death-queue",
    "x-first-death-reason",
    "x-last-death-exchange",
    "x-last-death-queue",
    "x-last-death-reason",
    "x-delivery-count",
    "x-acquired-count",
)
FILTERS = ("queue", "reason", "event_type", "event_id", "subject", "state")
MALFORMED, USED_UP, GIVEN_UP = "malformed", "attempts used up", "delivered too often"
MAX_AT_ONCE = 500
SHOWN_CHARACTERS = 4_000
_PARSED_BYTES = 256 * 1024
_READ_BYTES = 4 * SHOWN_CHARACTERS
_ADDRESS = 512
_HALF_AN_ADDRESS = re.compile(r"[^\s@]*@?[^\s@]*$")

Republish = Callable[["ParkedMessage", bytes], bool]


class State(StrEnum):
    """Whether somebody still has to decide."""

    PARKED = "parked"
    RETRIED = "retried"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Decision:
    """One entry of the audit record: who did what, when and why."""

    action: str
    by: str
    at: datetime
    why: str


@dataclass
class ParkedMessage(Aggregate):
    """A message that a handler could not apply; ``fingerprint`` is the same on redelivery."""

    id: str
    fingerprint: str
    queue: str
    reason: str
    error: str
    attempts: int
    retries: int
    event_id: str
    event_type: str
    subject: str
    headers: str
    content_type: str
    size: int
    first_failed_at: str
    parked_at: datetime
    state: State = State.PARKED
    decisions: tuple[Decision, ...] = field(default_factory=tuple)

    def decide(self, state: State, by: str, at: datetime, why: str) -> None:
        """Record that it was retried or discarded; raises ``Refused`` when it was before."""
        if self.state is not State.PARKED:
            raise Refused("This message is parked no more.", state=self.state.value)
        self.state = state
        self.decisions = (*self.decisions, Decision(state.value, by, at, why))

    def headers_for_retry(self) -> dict[str, Any]:
        """The headers it came with, its attempts counted anew."""
        headers = json.loads(self.headers)
        kept = {name: value for name, value in headers.items() if name not in OWN_HEADERS}
        return kept | {RETRIES: self.retries + 1}


@dataclass(frozen=True)
class Arrival:
    """A message as it came from the queue of parked ones."""

    queue: str
    headers: Mapping[str, Any]
    body: bytes
    content_type: str
    message_id: str

    def fingerprint(self) -> str:
        """Tells a redelivery of this parking from another parking of the same message."""
        parts = (
            self.queue,
            self.message_id,
            *(str(self.headers.get(h)) for h in (PARKED, RETRIES)),
        )
        return hashlib.sha256("|".join(parts).encode() + b"|" + self.body).hexdigest()


class ParkedMessages(Repository[ParkedMessage]):
    """What a service has parked; listed by state, queue, reason and event."""

    collection = "parked_messages"
    aggregate = ParkedMessage
    indexes = (
        Index("fingerprint", unique=True),
        Index(("state", "id")),
        Index(("event_id", "id")),
    )


class Bodies(Blobs):
    """The bodies of parked messages, by fingerprint."""

    collection = "parked_bodies"
    owner = "message"
    indexes = (Index("message"),)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which parked messages are meant: those with these ids, or all that fit the filters."""

    ids: tuple[str, ...] = items(MAX_AT_ONCE, default=())
    filters: dict[str, str] = items(len(FILTERS), default={}, description=", ".join(FILTERS))


@dataclass(frozen=True, kw_only=True)
class RetryParked(Selection):
    """Give parked messages to their handlers again; a dry run only says which."""

    dry_run: bool = True
    why: str = text(500, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class DiscardParked(Selection):
    """Let go of parked messages for ever; a dry run only says which."""

    why: str = text(500, min_length=3)
    dry_run: bool = True


@dataclass(frozen=True)
class Outcome:
    """What became, or in a dry run would become, of the chosen messages."""

    dry_run: bool
    done: tuple[str, ...]
    failed: dict[str, str]
    more: bool


class Parking:
    """The use cases; ``republish`` says whether the broker confirmed the message.

    ``handled`` are the values of the filters ``queue`` and ``event_type`` that there can be.
    """

    def __init__(
        self,
        messages: ParkedMessages,
        bodies: Bodies,
        clock: Clock,
        republish: Republish,
        handled: Mapping[str, Collection[str]],
    ) -> None:
        self.messages, self.bodies = messages, bodies
        self._clock, self._republish = clock, republish
        self._known = {"reason": (MALFORMED, USED_UP, GIVEN_UP), "state": tuple(State), **handled}

    def keep(self, arrival: Arrival) -> ParkedMessage:
        """Store a message that was parked; a second delivery of it changes nothing."""
        fingerprint = arrival.fingerprint()
        known = self.messages.first({"fingerprint": fingerprint})
        if known is not None:
            return known
        self.bodies.put(fingerprint, arrival.body)
        context = telemetry.Context.start(message_id=f"parked:{fingerprint}")
        with telemetry.activate(context):
            return self.messages.add(_record(arrival, fingerprint, self._clock()))

    def find(
        self, filters: Mapping[str, str], *, cursor: str | None, limit: int
    ) -> Page[ParkedMessage]:
        """A page of what fits; raises ``Invalid`` naming a filter or value that there is not."""
        return self.messages.find(self._criteria(filters), cursor=cursor, limit=limit)

    def get(self, id: str) -> tuple[ParkedMessage, str]:
        """A message and the redacted beginning of its body."""
        message = self.messages.get(id)
        return message, shown(self.bodies.get(message.fingerprint))

    def retry(self, command: RetryParked, by: str) -> Outcome:
        """Publish the chosen messages to their queues, then record that.

        A crash in between leaves a message parked that was published: retried again, its handler
        recognises the event and changes nothing.
        """
        return self._decide(command, command.dry_run, lambda m: self._retry(m, by, command.why))

    def discard(self, command: DiscardParked, by: str) -> Outcome:
        """Record why the chosen messages will not be applied, and remove their bodies."""
        return self._decide(
            command,
            command.dry_run,
            lambda m: self._close(m, State.DISCARDED, by, command.why),
        )

    def _retry(self, message: ParkedMessage, by: str, why: str) -> str:
        body = self.bodies.get(message.fingerprint)
        if len(body) != message.size:
            return "body_missing"
        if not self._republish(message, body):
            return "unavailable"
        return self._close(message, State.RETRIED, by, why)

    def _close(self, message: ParkedMessage, state: State, by: str, why: str) -> str:
        try:
            self.messages.change(message.id, lambda m: m.decide(state, by, self._clock(), why))
        except Refused as decided_meanwhile:
            return str(decided_meanwhile.details["state"])
        self.bodies.remove(message.fingerprint)
        return ""

    def _decide(
        self, selection: Selection, dry_run: bool, act: Callable[[ParkedMessage], str]
    ) -> Outcome:
        done: list[str] = []
        failed: dict[str, str] = {}
        chosen, more = self._chosen(selection, failed)
        for message in chosen:
            if message.state is not State.PARKED:
                failed[message.id] = message.state.value
                if not dry_run:
                    # A store that went away right after the decision may have left it.
                    self.bodies.remove(message.fingerprint)
            elif dry_run or not (reason := act(message)):
                done.append(message.id)
            else:
                failed[message.id] = reason
        return Outcome(dry_run, tuple(done), failed, more)

    def _chosen(
        self, selection: Selection, failed: dict[str, str]
    ) -> tuple[list[ParkedMessage], bool]:
        if bool(selection.ids) == bool(selection.filters):
            reason = ["Give either ids or filters."]
            raise Invalid("It is not clear which are meant.", fields={"ids": reason})
        if selection.ids:
            return list(self._by_id(selection.ids, failed)), False
        page = self.messages.find(
            {"state": State.PARKED.value} | self._criteria(selection.filters), limit=MAX_AT_ONCE
        )
        return list(page.items), page.next_cursor is not None

    def _by_id(self, ids: tuple[str, ...], failed: dict[str, str]) -> Iterator[ParkedMessage]:
        for id in dict.fromkeys(ids):
            try:
                yield self.messages.get(id)
            except NotFound as error:
                failed[id] = error.code

    def _criteria(self, filters: Mapping[str, str]) -> dict[str, str]:
        """What to look for: a value with a slip in it would find nothing, as if all were well."""
        faults = {
            f"filters.{name}": [fault]
            for name, value in filters.items()
            if (fault := self._fault(name, value))
        }
        if faults:
            raise Invalid("A filter is not known.", fields=faults)
        return dict(filters)

    def _fault(self, name: str, value: str) -> str:
        if name not in FILTERS:
            return unknown("filter", name, FILTERS)
        known = self._known.get(name)
        if known is None or value in known:
            return ""
        # What was parked by an older version, or what nobody could read, may have other values.
        if self.messages.first({name: value}) is not None:
            return ""
        return unknown(name.replace("_", " "), value, known)


def shown(body: bytes) -> str:
    """The beginning of a body without personal data: a parsed one redacted by field."""
    content: Any = None
    if len(body) <= _PARSED_BYTES:
        with suppress(ValueError, RecursionError):
            content = json.loads(body)
    if isinstance(content, dict | list):
        whole = json.dumps(telemetry.redact(content), ensure_ascii=False)
    else:
        beginning = body[:_READ_BYTES].decode("utf-8", "replace")
        if len(body) > _READ_BYTES:
            kept, end = beginning[:-_ADDRESS], beginning[-_ADDRESS:]
            beginning = kept + _HALF_AN_ADDRESS.sub("", end)
        whole = telemetry.redact_text(beginning)
    return whole[:SHOWN_CHARACTERS]


def _record(arrival: Arrival, fingerprint: str, now: datetime) -> ParkedMessage:
    headers = {k: v for k, v in arrival.headers.items() if k not in BROKER_HEADERS}

    def said(name: str) -> str:
        value = arrival.headers.get(name)
        text = "" if value is None else str(value)
        # py-amqp lets half a character through, which no store takes.
        return text[:500].encode("utf-8", "replace").decode()

    return ParkedMessage(
        id=new_id(),
        fingerprint=fingerprint,
        queue=arrival.queue,
        reason=said(REASON) or GIVEN_UP,
        error=said(ERROR),
        attempts=number(arrival.headers.get(ATTEMPT)) or 1,
        retries=number(arrival.headers.get(RETRIES)),
        event_id=said("ce-id"),
        event_type=said("ce-type"),
        subject=said("ce-subject"),
        headers=json.dumps(_plain(headers), default=str),
        content_type=arrival.content_type,
        size=len(arrival.body),
        first_failed_at=said(FIRST_FAILED),
        parked_at=now,
    )


def _plain(value: Any) -> Any:
    """A header's value with texts as keys, as JSON has them."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def number(value: Any) -> int:
    """A count in a header that anybody may have written; 0 when it is none."""
    return value if isinstance(value, int) and 0 <= value < 1_000_000 else 0
