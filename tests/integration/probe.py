"""A small service of the tests' own, run in the test process against the real broker and store.

Its handler does what ``Script`` says, so that a test can make it fail as it likes.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kombu import Connection, Exchange
from nameko.containers import ServiceContainer

from clients.faculty.client import Faculty
from deploy.local import Stack
from shared.errors import Duplicate, NotFound
from shared.events import Aggregate, Meta, event, integer, new_id, reads, text, utc_now
from shared.messaging import subscribe
from shared.operations import Operations
from shared.repository import Repository
from shared.rpc import PUBLIC, rpc
from shared.service import Application
from shared.settings import ServiceSettings

SECONDS = 60.0
SENSITIVE = ("note", "reason")


@dataclass
class Tally(Aggregate):
    """Counts."""

    id: str
    total: int = 0


class Tallies(Repository[Tally]):
    """Kept by id, with a trail of who raised them."""

    collection = "tallies"
    aggregate = Tally
    audited = True


@event("tally.raised", example={"tally_id": "one", "amount": 1})
@dataclass(frozen=True)
class TallyRaised:
    """A tally was raised."""

    tally_id: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Raise:
    """Raise a tally by an amount."""

    tally_id: str = text(64)
    amount: int = integer(1, 100)
    note: str = text(100, min_length=0, default="")
    reason: str = text(100, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Ask for a tally."""

    tally_id: str = text(64)


@dataclass(frozen=True)
class TallyView:
    """A tally."""

    tally_id: str
    total: int


@dataclass
class Script:
    """What the handler does with an event of a tally, by the tally's id; and what it has seen."""

    failures: dict[str, list[BaseException]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    attempts: dict[str, list[int]] = field(default_factory=dict)
    hold: dict[str, threading.Event] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    made: dict[str, list[str]] = field(default_factory=dict)

    def act(self, tally_id: str, meta: Meta) -> None:
        self.seen[tally_id] += 1
        self.attempts.setdefault(tally_id, []).append(meta.attempt)
        if tally_id in self.hold:
            self.hold[tally_id].wait(SECONDS)
        if self.failures.get(tally_id):
            raise self.failures[tally_id].pop(0)
        self.applied.append(tally_id)


@dataclass
class Probe:
    """A running probe: its container, its script and its tallies."""

    name: str
    container: Any
    script: Script
    tallies: Tallies


def probe_class(name: str, script: Script, made: list[Tallies]) -> type[Any]:
    """A service of this name, which nobody else uses."""

    @reads(name, "tally.raised")
    @dataclass(frozen=True)
    class Raised:
        tally_id: str
        amount: int

    def bootstrap(_settings: Any, *, database: Any, outbox: Any, clock: Any) -> Any:
        tallies = Tallies(database, outbox)
        made.append(tallies)
        return _App(tallies, script)

    class ProbeService(Operations):
        """Counts what it is told to."""

        app = Application(bootstrap)

        @rpc(Raise, returns=TallyView, scope=f"{name}:write", sensitive=SENSITIVE, writes=True)
        def raise_tally(self, command: Raise) -> TallyView:
            """Raise a tally, made when it is not there."""
            return self.app.raise_tally(command)

        @rpc(Ask, returns=TallyView, scope=f"{name}:read", own="tally_id", errors=(NotFound,))
        def get_tally(self, request: Ask) -> TallyView:
            """One tally."""
            tally = self.app.tallies.get(request.tally_id)
            return TallyView(tally.id, tally.total)

        @rpc(Ask, returns=TallyView, scope=PUBLIC, errors=(NotFound,))
        def get_board(self, request: Ask) -> TallyView:
            """One tally, for anybody."""
            tally = self.app.tallies.get(request.tally_id)
            return TallyView(tally.id, tally.total)

        @rpc(Ask, returns=TallyView, scope=f"{name}:read")
        def fail(self, request: Ask) -> TallyView:
            """Fail as no method should."""
            raise RuntimeError(f"secret of {request.tally_id}")

        @rpc(Ask, returns=TallyView, scope=f"{name}:read")
        def hold(self, request: Ask) -> TallyView:
            """Answer when the script lets it."""
            self.app.script.seen[request.tally_id] += 1
            self.app.script.hold[request.tally_id].wait(SECONDS)
            return TallyView(request.tally_id, 0)

        @subscribe(Raised)
        def on_raised(self, event: Raised, meta: Meta) -> None:
            """Do what the script says, then count the event."""
            self.app.on_raised(event, meta)

    ProbeService.name = name  # type: ignore[attr-defined]
    return ProbeService


class _App:
    def __init__(self, tallies: Tallies, script: Script) -> None:
        self.tallies, self.script = tallies, script
        self.repositories = (tallies,)

    def raise_tally(self, command: Raise) -> TallyView:
        def act(tally: Tally) -> None:
            tally.total += command.amount
            tally.record(TallyRaised(tally.id, command.amount))

        tally = Tally(command.tally_id)
        act(tally)
        try:
            tally = self.tallies.add(tally)
        except Duplicate:
            tally = self.tallies.change(command.tally_id, act)
        return TallyView(tally.id, tally.total)

    def on_raised(self, event: Any, meta: Meta) -> None:
        self.script.act(event.tally_id, meta)
        self.script.made.setdefault(event.tally_id, []).append(new_id())
        counted = f"counted-{event.tally_id}"
        try:
            self.tallies.add(Tally(counted, event.amount))
        except Duplicate:
            self.tallies.change(counted, lambda tally: _count(tally, event.amount))


def _count(tally: Tally, amount: int) -> None:
    tally.total += amount


def settings_of(stack: Stack, **changed: Any) -> ServiceSettings:
    """The settings of a probe; as operations, it may declare exchanges of its own."""
    given = {
        "amqp_uri": stack.amqp_uri("ops"),
        "mongodb_uri": stack.mongodb_uri,
        "auth_public_key": stack.keys.public,
        "http_port": 0,
        "relay_grace_seconds": 1,
        "relay_sweep_seconds": 1,
        "broker_heartbeat_seconds": 4,
    }
    return ServiceSettings(**{**given, **changed})


def make_container(
    name: str, script: Script, settings: ServiceSettings
) -> tuple[Any, list[Tallies]]:
    """A container that is not started yet."""
    made: list[Tallies] = []
    config = {
        "settings": settings,
        "AMQP_URI": settings.amqp_uri,
        "HEARTBEAT": settings.broker_heartbeat_seconds,
        "max_workers": settings.max_workers,
    }
    return ServiceContainer(probe_class(name, script, made), config), made


@contextmanager
def running(stack: Stack, name: str = "", **changed: Any) -> Iterator[Probe]:
    """A probe that runs until the end of the block."""
    name = name or f"probe{uuid.uuid4().hex[:8]}"
    script = Script()
    container, made = make_container(name, script, settings_of(stack, **changed))
    container.start()
    try:
        yield Probe(name, container, script, made[0])
    finally:
        for held in script.hold.values():
            held.set()
        container.stop()


def client(stack: Stack, role: str, subject: str | None = None) -> Faculty:
    """A caller with a role, who may also call services that are not among the four."""
    return Faculty(stack.amqp_uri("ops"), stack.token(role, subject), timeout=SECONDS)


def ce_headers(service: str, name: str, subject: str, **changed: Any) -> dict[str, Any]:
    """The headers of an event as the relay writes them; ``None`` leaves one out."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(uuid.uuid4()),
        "ce-source": f"/faculty/{service}",
        "ce-type": f"faculty.{service}.{name}",
        "ce-subject": subject,
        "ce-time": utc_now().isoformat().replace("+00:00", "Z"),
        "ce-sequence": "1",
        **changed,
    }
    return {key: value for key, value in headers.items() if value is not None}


def publish(
    uri: str, exchange: str, routing_key: str, body: bytes, headers: dict[str, Any], **more: Any
) -> None:
    """Publish to an exchange that is there, and await the broker's confirm."""
    with Connection(uri, transport_options={"confirm_publish": True}) as connection:
        producer = connection.Producer()
        producer.publish(
            body,
            exchange=Exchange(exchange, no_declare=True),
            routing_key=routing_key,
            headers=headers,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            **more,
        )
