"""The outbox inside every document, and the relay that publishes it.

A save writes an aggregate's new state and its recorded events in one document: ``outbox`` is the
list of ready events, each numbered by its ``sequence``, and ``outbox_due`` says when a sweep may
take them over. The relay publishes right after the commit, awaits the broker's confirms and only
then clears them.

A clear can race with a handler's save. ``outbox_sent``, the sequence up to which events were
published, tells them apart: the relay empties the list only if the version is still the one it
published, else it only raises ``outbox_sent``; and a save is guarded by ``outbox_sent`` as well as
by the version, so that one which has not seen a clear is done again. No entry is lost or revived.
``outbox_due`` is in milliseconds since 1970, a number, because the embedded store does not keep the
type of a date that is set on its own. See docs/adr/0002.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from pymongo import UpdateOne

from shared import telemetry
from shared.errors import FacultyError
from shared.events import Clock, ce_type, exchange_of, utc_now
from shared.schema import dumps

log = telemetry.logger(__name__)

Entry = dict[str, Any]


def milliseconds(instant: datetime) -> int:
    """Since the start of 1970."""
    return int(instant.timestamp() * 1_000)


class Envelope(NamedTuple):
    """One event, ready for the broker."""

    exchange: str
    routing_key: str
    message_id: str
    headers: dict[str, Any]
    body: bytes


class Transport(Protocol):
    """Publishes persistently and says of each, in order, whether the broker confirmed it."""

    def publish(self, envelopes: Sequence[Envelope]) -> list[bool]:
        """Never raises for a broker that is away: what is not confirmed is False."""


def ready(recorded: Iterable[Any], first_sequence: int, clock: Clock) -> list[Entry]:
    """The outbox entries of newly recorded events, in order."""
    context = telemetry.current()
    now = clock()
    return [
        {
            "id": telemetry.fresh_id(),
            "type": happened.event_type.name,
            "private": happened.event_type.private,
            "sequence": sequence,
            "time": now,
            "data": dumps(happened),
            "correlation_id": context.correlation_id,
            "traceparent": context.traceparent,
            "tracestate": context.tracestate,
        }
        for sequence, happened in enumerate(recorded, first_sequence)
    ]


def envelope(service: str, subject: str, entry: Entry) -> Envelope:
    """An entry as a CloudEvent in binary mode.

    Headers after the RabbitMQ binding of CloudEvents 1.0; the trace headers carry no prefix.
    """
    name = entry["type"]
    headers = {
        "ce-specversion": "1.0",
        "ce-id": entry["id"],
        "ce-source": f"/faculty/{service}",
        "ce-type": ce_type(service, name),
        "ce-subject": subject,
        "ce-time": entry["time"].isoformat().replace("+00:00", "Z"),
        "ce-dataschema": f"urn:faculty:{service}:{name}",
        "ce-sequence": str(entry["sequence"]),
        "ce-correlationid": entry["correlation_id"],
        "traceparent": entry["traceparent"],
    }
    if entry["tracestate"]:
        headers["tracestate"] = entry["tracestate"]
    exchange = exchange_of(service, private=entry["private"])
    return Envelope(exchange, name, entry["id"], headers, entry["data"].encode())


@dataclass
class Batch:
    """What one document still has to publish, as of ``version``."""

    collection: Any
    id: str
    version: int
    entries: list[Entry]


@dataclass
class Outbox:
    """Takes what was just committed, and gives it to the relay of this process."""

    service: str
    clock: Clock = utc_now
    grace: timedelta = timedelta(seconds=10)
    max_waiting: int = 10_000
    waiting: deque[Batch] = field(default_factory=deque)
    signal: threading.Event = field(default_factory=threading.Event)

    def committed(self, collection: Any, id: str, version: int, entries: list[Entry]) -> None:
        """Publish soon. Beyond ``max_waiting`` nothing is kept here: a sweep finds it."""
        if entries and len(self.waiting) < self.max_waiting:
            self.waiting.append(Batch(collection, id, version, entries))
            self.signal.set()


class Relay:
    """Publishes the outboxes of one service; any number of processes may do so at once."""

    def __init__(
        self,
        outbox: Outbox,
        transport: Transport,
        *,
        lease: timedelta = timedelta(seconds=30),
        sweep_size: int = 200,
        count: Callable[[str, int], None] = lambda _name, _number: None,
    ) -> None:
        self._outbox, self._transport = outbox, transport
        self._lease, self._sweep_size, self._count = lease, sweep_size, count
        self._sent: OrderedDict[tuple[str, str], int] = OrderedDict()

    def flush(self) -> int:
        """Publish and clear what was committed here since the last time; gives the number sent."""
        self._outbox.signal.clear()
        newest: dict[tuple[str, str], Batch] = {}
        while self._outbox.waiting:
            batch = self._outbox.waiting.popleft()
            key = batch.collection.full_name, batch.id
            # The later save carries all that was not cleared before it.
            batch = max(newest.pop(key, batch), batch, key=lambda either: either.version)
            # What this process published already is not published again; only cleared.
            batch.entries = [e for e in batch.entries if e["sequence"] > self._sent.get(key, 0)]
            newest[key] = batch
        return self._send(list(newest.values()))

    def sweep(self, collection: Any) -> int:
        """Take over what is due in ``collection``, under a lease; gives the number sent.

        What the broker does not confirm is given back at once, for whoever comes next.
        """
        total = 0
        while True:
            now = milliseconds(self._outbox.clock())
            until = now + self._lease // timedelta(milliseconds=1)
            batches = self._claim(collection, now, until)
            if batches:
                log.info("outboxes taken over", collection=collection.name, documents=len(batches))
            sent = self._send(batches)
            total += sent
            if sent < sum(len(batch.entries) for batch in batches):
                for batch in batches:
                    held = {"_id": batch.id, "outbox_due": until}
                    collection.update_one(held, {"$set": {"outbox_due": now}})
                return total
            if len(batches) < self._sweep_size:
                return total

    def _claim(self, collection: Any, now: int, until: int) -> list[Batch]:
        batches = []
        due = collection.find({"outbox_due": {"$lte": now}}).sort("outbox_due", 1)
        for document in due.limit(self._sweep_size):
            seen = {name: document[name] for name in ("_id", "version", "outbox_due")}
            claimed = collection.update_one(seen, {"$set": {"outbox_due": until}})
            if claimed.matched_count:
                sent = document["outbox_sent"]
                entries = [entry for entry in document["outbox"] if entry["sequence"] > sent]
                batches.append(Batch(collection, document["_id"], document["version"], entries))
        return batches

    def _send(self, batches: list[Batch]) -> int:
        envelopes = [
            envelope(self._outbox.service, batch.id, entry)
            for batch in batches
            for entry in batch.entries
        ]
        confirmed = iter(self._transport.publish(envelopes) if envelopes else ())
        cleared: dict[str, tuple[Any, list[tuple[Batch, int]]]] = {}
        sent = 0
        for batch in batches:
            answers = [next(confirmed) for _ in batch.entries]
            # Order within an aggregate: nothing counts as sent behind one that was not.
            done = answers.index(False) if False in answers else len(answers)
            sent += done
            if done == len(answers):
                name = batch.collection.full_name
                last = batch.entries[-1]["sequence"] if batch.entries else batch.version
                cleared.setdefault(name, (batch.collection, []))[1].append((batch, last))
                self._remember((name, batch.id), last)
            else:
                log.warning("event not confirmed", subject=batch.id, waiting=len(answers) - done)
        for collection, group in cleared.values():
            _clear(collection, group)
        self._count("published", sent)
        self._count("unconfirmed", len(envelopes) - sent)
        return sent

    def _remember(self, key: tuple[str, str], last: int) -> None:
        self._sent[key] = last
        self._sent.move_to_end(key)
        if len(self._sent) > self._outbox.max_waiting:
            self._sent.popitem(last=False)


def _clear(collection: Any, group: list[tuple[Batch, int]]) -> None:
    """Empty the lists of documents that are as published; of others only raise the mark."""
    emptied = [
        UpdateOne(
            {"_id": batch.id, "version": batch.version},
            {"$set": {"outbox": [], "outbox_sent": last}, "$unset": {"outbox_due": ""}},
        )
        for batch, last in group
    ]
    if collection.bulk_write(emptied, ordered=False).matched_count < len(group):
        marked = [
            UpdateOne(
                {"_id": batch.id, "outbox_sent": {"$lt": last}}, {"$set": {"outbox_sent": last}}
            )
            for batch, last in group
        ]
        collection.bulk_write(marked, ordered=False)


def run(
    relay: Relay,
    outbox: Outbox,
    collections: Sequence[Any],
    stopping: threading.Event,
    every_seconds: float,
) -> None:
    """Flush whenever something was committed and sweep every so often, until told to stop.

    A store or broker that is away is waited for; what is durable is never dropped.
    """
    sweep_at = time.monotonic()
    while not stopping.is_set():
        try:
            if outbox.signal.wait(max(0.0, sweep_at - time.monotonic())):
                relay.flush()
            if time.monotonic() >= sweep_at:
                sweep_at = time.monotonic() + every_seconds
                for collection in collections:
                    relay.sweep(collection)
        except FacultyError as error:
            log.warning("relay waits", error=error.code)
        except Exception:
            log.exception("relay failed; the next sweep tries again")
            stopping.wait(1)
    try:
        relay.flush()
    except Exception:
        # It is durable; what else there is to stop must still be stopped.
        log.exception("relay failed at the end; a sweep of another process tries again")
