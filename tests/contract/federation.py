"""The four services together in memory: each on its own store, with events carried between them.

    faculty = Federation()
    member_id = faculty.membership.member()
    faculty.deliver()                    # until nobody has anything more to say
    faculty.call("programmes", "get_member_standing", member_id=member_id)

Everything but the broker, the store and the mail server is what runs in production: wiring,
handlers, repositories, outboxes and relays, and the subscriptions as they are declared.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from services.notifications import handlers as post
from services.research.bootstrap import bootstrap as research
from services.research.settings import Settings as ResearchSettings
from shared import telemetry
from shared.errors import NotFound
from shared.events import load
from shared.messaging.subscription import read_meta
from shared.outbox import Envelope, Outbox, Relay
from shared.service import wire
from shared.testing import FakeClock, FakeDatabase, FakeTransport
from tests.contract.wiring import READINGS, Reading
from tests.e2e.methods import service_class
from tests.unit.membership.builders import NOW
from tests.unit.membership.world import World
from tests.unit.notifications.fakes import FakePostroom
from tests.unit.programmes.world import World as Programmes

SETTINGS = {
    "amqp_uri": "amqp://localhost",
    "mongodb_uri": "mongodb://localhost",
    "auth_public_key": "-----BEGIN PUBLIC KEY-----",
}
_TRIES = 6

Order = Callable[[list[tuple[Envelope, Reading]]], list[tuple[Envelope, Reading]]]


class Federation:
    """``membership`` and ``programmes`` are worlds; ``databases`` hold what each has stored."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.membership = World(clock=self.clock)
        self.programmes = Programmes(clock=self.clock)
        self.post = FakePostroom()
        self.post.clock = self.clock
        postroom = self.post.process()
        self.post.postroom = postroom
        self.outboxes = {
            "membership": self.membership.outbox,
            "notifications": postroom.messages.outbox,
            "programmes": self.programmes.outbox,
            "research": Outbox("research", self.clock),
        }
        self.databases: dict[str, FakeDatabase] = {
            "membership": self.membership.database,
            "notifications": self.post.database,
            "programmes": self.programmes.database,
            "research": FakeDatabase(),
        }
        self.apps = {
            "membership": self.membership.app,
            "notifications": wire(
                post, repositories=(postroom.messages, postroom.answers), postroom=postroom
            ),
            "programmes": self.programmes.app,
            "research": research(ResearchSettings(**SETTINGS), **self._own("research")),
        }
        for app in self.apps.values():
            for repository in app.repositories:
                repository.prepare()
        self.on_the_way: list[tuple[Envelope, Reading]] = []
        self.delivered: list[tuple[Envelope, Reading]] = []
        self.published: list[Envelope] = []

    def _own(self, service: str) -> dict[str, Any]:
        return {
            "database": self.databases[service],
            "outbox": self.outboxes[service],
            "clock": self.clock,
        }

    def call(self, service: str, method: str, **arguments: Any) -> Any:
        """Call a method of a service as the broker would."""
        if service in ("membership", "programmes"):
            return getattr(self, service).call(method, **arguments)
        function = getattr(service_class(service), method)
        request = load(function.contract.request, arguments)
        context = telemetry.Context.start(
            actor="staff", action=method, reason=getattr(request, "reason", "")
        )
        with telemetry.activate(context):
            return function.__wrapped__(SimpleNamespace(app=self.apps[service]), request)

    def publish(self) -> None:
        """Let the relays put on the way what was committed, and clear it."""
        for outbox in self.outboxes.values():
            transport = FakeTransport()
            Relay(outbox, transport).flush()
            self.published += transport.published
            self.on_the_way += [
                (envelope, reading)
                for envelope in transport.published
                for reading in READINGS
                if (reading.source.exchange, reading.source.name)
                == (envelope.exchange, envelope.routing_key)
            ]

    def deliver(self, order: Order = list) -> None:
        """Carry events, and what follows from them, until nothing is on the way any more.

        ``order`` may change in which order they come, and repeat them. What cannot be applied yet
        is tried again after the others.
        """
        tries: dict[str, int] = {}
        self.publish()
        while self.on_the_way:
            taken, self.on_the_way = order(self.on_the_way), []
            for envelope, reading in taken:
                try:
                    self.give(envelope, reading)
                except NotFound:
                    key = f"{envelope.message_id}:{reading}"
                    tries[key] = tries.get(key, 0) + 1
                    assert tries[key] < _TRIES, f"parked: {key}"
                    self.on_the_way.append((envelope, reading))
            self.publish()

    def give(self, envelope: Envelope, reading: Reading) -> None:
        """Give one event to one handler."""
        event = load(reading.cls, json.loads(envelope.body), tolerant=True)
        meta = read_meta(envelope.headers)
        context = telemetry.Context.start(
            correlation_id=meta.correlation_id,
            message_id=f"event:{meta.id}:{reading.handler}",
            seed=meta.id,
            actor=meta.source,
            action=reading.handler,
            reason=f"{meta.type} {meta.id}",
        )
        handler = getattr(service_class(reading.service), reading.handler).__wrapped__
        with telemetry.activate(context):
            handler(SimpleNamespace(app=self.apps[reading.service]), event, meta)
        self.delivered.append((envelope, reading))

    def stored(self) -> dict[str, str]:
        """Every document of every service as text, by ``service/collection/id``."""
        return {
            f"{service}/{collection.name}/{document['_id']}": json.dumps(
                document, default=str, ensure_ascii=False
            )
            for service, database in self.databases.items()
            for collection in database.values()
            for document in collection.find({})
        }
