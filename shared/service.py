"""Runs one service: settings, store, broker, relay and health, and a graceful stop.

``services/<name>/__main__.py`` patches first, then calls ``run(MembershipService, Settings)``. The
class holds ``app = Application(bootstrap)``; ``bootstrap`` wires the handlers to what they need.
"""

from __future__ import annotations

import inspect
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider
from pymongo import MongoClient, WriteConcern

from shared import health, outbox, telemetry
from shared.auth import Verifier
from shared.errors import Unavailable
from shared.events import utc_now
from shared.idempotency import Calls
from shared.messaging.consumer import Broker, Consumption
from shared.messaging.parked import republisher
from shared.messaging.subscription import handled_by
from shared.parking import Bodies, ParkedMessages, Parking
from shared.repository import Repository
from shared.settings import Misconfigured, ServiceSettings, read

log = telemetry.logger(__name__)

EXIT_CONFIGURATION = 78
_PURGE_SECONDS = 600.0


def wire(*handlers: ModuleType, repositories: tuple[Any, ...], **dependencies: Any) -> Any:
    """The modules' public functions with their keyword-only parameters bound by name."""
    bound: dict[str, Any] = {"repositories": repositories}
    for module in handlers:
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if function.__module__ == module.__name__:
                assert name not in bound, f"two handlers are named {name}"
                wanted = inspect.signature(function).parameters.values()
                needs = [p.name for p in wanted if p.kind is p.KEYWORD_ONLY]
                bound[name] = partial(function, **{need: dependencies[need] for need in needs})
    return SimpleNamespace(**bound)


def verifier_of(settings: ServiceSettings) -> Verifier:
    """What verifies callers' tokens; raises ``Misconfigured`` where a key cannot be read."""
    try:
        return Verifier(
            settings.auth_public_key, issuer=settings.auth_issuer, audience=settings.auth_audience
        )
    except ValueError:
        reasons = {"AUTH_PUBLIC_KEY": ["Not a public key in PEM form."]}
        message = "Check the environment. AUTH_PUBLIC_KEY: Not a public key in PEM form."
        raise Misconfigured(message, variables=reasons) from None


class Application(DependencyProvider):  # type: ignore[misc]
    """The wired handlers of a service, with the relay and the health endpoint beside them."""

    consumption = Consumption()
    broker = Broker()

    def __init__(self, bootstrap: Callable[..., Any]) -> None:
        self._bootstrap = bootstrap

    def setup(self) -> None:
        self.settings: ServiceSettings = self.container.config["settings"]
        settings, name = self.settings, self.container.service_name
        milliseconds = settings.mongodb_timeout_seconds * 1_000
        self._client: MongoClient[dict[str, Any]] = MongoClient(
            settings.mongodb_uri,
            tz_aware=True,
            appname=name,
            maxPoolSize=settings.max_workers + 5,
            serverSelectionTimeoutMS=milliseconds,
            timeoutMS=milliseconds,
        )
        database = self._client.get_database(
            settings.mongodb_database or name, write_concern=WriteConcern("majority")
        )
        self._outbox = outbox.Outbox(name, grace=timedelta(seconds=settings.relay_grace_seconds))
        self.calls = Calls(database, utc_now, timedelta(hours=settings.idempotency_hours))
        self.verifier = verifier_of(settings)
        self.app = self._bootstrap(settings, database=database, outbox=self._outbox, clock=utc_now)
        self.parking = Parking(
            ParkedMessages(database, self._outbox),
            Bodies(database),
            utc_now,
            republisher(name, self.broker.publisher),
            handled_by(self.container),
        )
        self._prepare()
        self._listener = eventlet.listen((settings.http_host, settings.http_port))

    def _prepare(self) -> None:
        """Create the indexes; a store that is not up yet is waited for."""
        while True:
            try:
                for store in (
                    self.calls,
                    self.parking.messages,
                    self.parking.bodies,
                    *self.app.repositories,
                ):
                    store.prepare()
                return
            except Unavailable as error:
                log.warning("waiting for the store", error=error.message)
                time.sleep(1)

    def start(self) -> None:
        relay = outbox.Relay(
            self._outbox,
            self.broker.publisher,
            lease=timedelta(seconds=self.settings.relay_lease_seconds),
            count=lambda outcome, number: health.RELAYED.labels(outcome).inc(number),
        )
        health.WAITING.set_function(lambda: len(self._outbox.waiting))
        repositories = [r for r in self.app.repositories if isinstance(r, Repository)]
        self._stopping = threading.Event()
        self._relaying = self.container.spawn_managed_thread(
            lambda: outbox.run(
                relay,
                self._outbox,
                [repository.documents for repository in repositories],
                self._stopping,
                self.settings.relay_sweep_seconds,
            ),
            identifier="relay",
        )
        checks = {"broker": lambda: self.consumption.connected, "store": self._store_answers}
        self._serving = self.container.spawn_managed_thread(
            lambda: eventlet.wsgi.server(
                self._listener, health.make_app(checks), log_output=False, debug=False
            ),
            identifier="health",
        )
        self._purging = self.container.spawn_managed_thread(self._purge, identifier="purge")

    def _store_answers(self) -> bool:
        return bool(self._client.admin.command("ping").get("ok"))

    def _purge(self) -> None:
        while not self._stopping.wait(_PURGE_SECONDS):
            try:
                self.calls.purge()
            except Unavailable:
                log.warning("expired calls not removed; the store is away")

    def stop(self) -> None:
        """Publish what was committed, then let go. Called when no worker is active any more."""
        self._stopping.set()
        self._outbox.signal.set()
        self._relaying.wait()
        self._serving.kill()
        self._purging.kill()
        self._client.close()

    def worker_setup(self, worker_ctx: Any) -> None:
        worker_ctx.service.worker_ctx = worker_ctx
        worker_ctx.service.runtime = self

    def get_dependency(self, worker_ctx: Any) -> Any:  # noqa: ARG002 (Nameko passes it)
        return self.app


def run(service: type[Any], settings_class: type[ServiceSettings]) -> None:
    """Run until SIGTERM or SIGINT; exits 78 when the settings are wrong, 0 after a clean stop."""
    try:
        settings = read(settings_class, os.environ)
        verifier_of(settings)
    except Misconfigured as error:
        sys.stderr.write(f"{service.name}: {error.message}\n")
        sys.exit(EXIT_CONFIGURATION)
    telemetry.configure(service.name, settings.log_level)
    container = ServiceContainer(
        service,
        {
            "settings": settings,
            "AMQP_URI": settings.amqp_uri,
            "HEARTBEAT": settings.broker_heartbeat_seconds,
            "max_workers": settings.max_workers,
        },
    )
    stopping = _Stop(container, settings.shutdown_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopping)
    container.start()
    stopping.started = True
    log.info("service started", port=settings.http_port)
    container.wait()
    log.info("service stopped")


class _Stop:
    """Stops the container once, within a deadline."""

    def __init__(self, container: Any, seconds: float) -> None:
        self._container, self._seconds = container, seconds
        self._begun = self.started = False

    def __call__(self, _number: int, _frame: object) -> None:
        if not self.started:
            os._exit(0)
        if not self._begun:
            self._begun = True
            eventlet.spawn_n(self._stop)

    def _stop(self) -> None:
        log.info("service stopping")
        eventlet.spawn_after(self._seconds, self._give_up)
        self._container.stop()

    def _give_up(self) -> None:
        # What is not acknowledged is delivered again; what is committed is swept.
        log.error("stop took too long; leaving work in hand to redelivery")
        os._exit(1)


__all__ = ["Application", "run", "wire"]
