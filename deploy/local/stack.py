"""The whole stack: broker, store, mail sink and services under one folder.

The folder holds ``state.json`` (ports), ``secrets.json`` (broker passwords), ``keys/``, ``data/``,
``logs/`` and ``pids/``. A stack made again over the same folder is the same stack, running or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import broker as rabbitmq
from deploy.local.broker import Broker
from deploy.local.external import External, ExternalBroker, ExternalStore
from deploy.local.keys import Keys
from deploy.local.members import Mail, Service
from deploy.local.ports import HOST, Ports, passwords
from deploy.local.processes import StackError, recorded_pid
from deploy.local.store import Store
from deploy.rabbitmq.definitions import CLIENTS, SERVICES

PORT_OWNERS = {
    **dict.fromkeys(rabbitmq.PORTS, "broker"),
    "epmd": "epmd",
    "store": "store",
    "smtp": "mail",
    **{service: service for service in SERVICES},
}


class Stack:
    """Members of the stack, together and one by one. ``services`` may be empty."""

    def __init__(
        self, root: Path, services: Iterable[str] = SERVICES, *, external: External | None = None
    ) -> None:
        self.root = root.resolve()
        # Mail and databases in it hold personal data.
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.ports = self._reserve_ports()
        external = external or External()
        self.broker = self._broker(external)
        self.store = (
            ExternalStore(self.root, external.mongodb_uri)
            if external.mongodb_uri
            else Store(self.root, self.ports)
        )
        self.mail = Mail(self.root, self.ports)
        self._services = {name: self._service(name) for name in services}

    @property
    def mongodb_uri(self) -> str:
        return self.store.uri

    @property
    def services(self) -> tuple[Service, ...]:
        return tuple(self._services.values())

    @cached_property
    def keys(self) -> Keys:
        keys = Keys(self.root / "keys")
        keys.prepare()
        return keys

    def amqp_uri(self, user: str) -> str:
        """The broker's address with a user's password: a service's name, apps, integrator, ops."""
        return self.broker.amqp_uri(user)

    def token(self, role: str, subject: str | None = None, *, ttl_seconds: int = 900) -> str:
        """A caller's signed token."""
        return self.keys.token(role, subject, ttl_seconds=ttl_seconds)

    def service(self, name: str) -> Service:
        return self._services[name]

    def on_trial(self) -> None:
        """Let days to come be told and the clock of programmes be put forward; before the start.

        For demonstrations and rehearsals: what was done in days to come cannot be taken back.
        """
        self.service("membership").settings |= {"TICK_AHEAD": "1"}
        self.service("programmes").settings |= {"TRIAL_CLOCK": "1"}

    def start(self) -> None:
        """Start what does not run yet, in the order of dependence, and wait until all is ready."""
        self.broker.start()
        self.store.start()
        self.mail.start()
        for service in self.services:
            service.launch()
        for service in self.services:
            service.wait_ready()

    def stop(self) -> None:
        """Stop everything, services first; what is kept in files stays."""
        for service in self.services:
            service.process.terminate()
        for service in self.services:
            service.process.finish()
        self.mail.stop()
        self.store.stop()
        self.broker.stop()

    def environment_of(self, service: str) -> dict[str, str]:
        """The settings of a service, as environment variables."""
        settings = {
            "AMQP_URI": self.amqp_uri(service),
            "MONGODB_URI": self.mongodb_uri,
            "AUTH_PUBLIC_KEY": self.keys.public,
            "HTTP_HOST": HOST,
            "HTTP_PORT": str(self.ports[service]),
        }
        return settings | (self._mail_settings() if service == "notifications" else {})

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _mail_settings(self) -> dict[str, str]:
        return {
            "SMTP_HOST": self.mail.host,
            "SMTP_PORT": str(self.mail.port),
            "SMTP_TLS": "none",
            "MAIL_FROM": "Faculty <noreply@faculty.example>",
        }

    def _service(self, name: str) -> Service:
        return Service(name, self.root, self.ports, lambda: self.environment_of(name))

    def _broker(self, external: External) -> Broker | ExternalBroker:
        if external.amqp_uri is None:
            secrets = passwords(self.root / "secrets.json", (*SERVICES, *CLIENTS))
            return Broker(self.root, self.ports, secrets)
        if external.rabbitmq_api is None:
            raise StackError("FACULTY_TEST_AMQP_URI needs FACULTY_TEST_RABBITMQ_API beside it.")
        return ExternalBroker(self.root, external.amqp_uri, external.rabbitmq_api)

    def _reserve_ports(self) -> Ports:
        ports = Ports(self.root / "state.json")
        pids = self.root / "pids"
        ports.renew_taken(
            port for port, owner in PORT_OWNERS.items() if recorded_pid(pids / owner) is None
        )
        ports.reserve(PORT_OWNERS)
        return ports
