"""Broker definitions: who may do what, and the exchanges and event log that all share.

    build(traffic_of_services(), password_hashes)  ->  a definitions document

Least privilege, generated from the code: a service configures and writes under its own name,
publishes the events that it declares and binds the events that it has readers for, each by its
routing key; an integrator reads public events; restricted exchanges are read by the services that
subscribe to them, and by operations.

Routing keys guard against mistakes more than against a user gone bad: RabbitMQ, 3.10 as 4.0, looks
at a queue's dead-letter exchange, not at its dead-letter routing key. So whoever may write to an
exchange reaches any of its routing keys that way. Exchanges that a user may not write to are closed
to dead letters as well, and no call is answered without a token.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import os
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from shared.events import EventType, Source, exchange_of

RPC_EXCHANGE = "nameko-rpc"
EVENT_LOG = "event-log"
SERVICES = ("membership", "programmes", "notifications", "research")
CLIENTS = ("apps", "integrator", "ops")
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# An empty expression would match the empty routing key.
NOTHING = "(?!)"
# The dollar alone would let a line break at the end pass.
WHOLE = r"^{}$(?!\n)"


class Traffic(NamedTuple):
    """The events that the code of a service publishes, and those of others that it reads."""

    publishes: frozenset[Source]
    reads: frozenset[Source]


Services = Mapping[str, Traffic]
Definition = dict[str, Any]


def traffic_of(service: str) -> Traffic:
    """What ``events.py`` and ``subscriptions.py`` of a service declare."""
    owned = vars(importlib.import_module(f"services.{service}.events")).values()
    readers = vars(importlib.import_module(f"services.{service}.subscriptions")).values()
    types = (getattr(member, "event_type", None) for member in owned)
    sources = (getattr(member, "source", None) for member in readers)
    return Traffic(
        frozenset(Source(service, e.name, e.private) for e in types if isinstance(e, EventType)),
        frozenset(source for source in sources if isinstance(source, Source)),
    )


def traffic_of_services() -> dict[str, Traffic]:
    """The events that go in and out of each service."""
    return {service: traffic_of(service) for service in SERVICES}


def build(
    services: Services, password_hashes: Mapping[str, str], *, vhost: str = "/"
) -> Definition:
    """The definitions of a broker for these services; hashes by user name."""
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(name, password_hashes[name]) for name in (*services, *CLIENTS)],
        "permissions": [{"vhost": vhost, **entry} for entry in permissions(services)],
        "topic_permissions": [{"vhost": vhost, **entry} for entry in topic_permissions(services)],
        "exchanges": [
            _exchange(name, vhost) for name in (RPC_EXCHANGE, *_event_exchanges(services))
        ],
        "queues": [
            {
                "name": EVENT_LOG,
                "vhost": vhost,
                "durable": True,
                "auto_delete": False,
                "arguments": {"x-queue-type": "stream"},
            }
        ],
        "bindings": [_log_binding(exchange_of(name, private=False), vhost) for name in services],
    }


def permissions(services: Services) -> list[dict[str, str]]:
    """Configure, write and read expressions of every user."""
    names = "|".join(sorted(services))
    public = rf"({names})\.events|{EVENT_LOG}"
    # A standalone Nameko client declares the RPC exchange, which needs the right to configure it.
    apps = rf"{RPC_EXCHANGE}|rpc\.reply-.*|apps\..*"
    return [
        *(_service_permission(name, traffic.reads) for name, traffic in services.items()),
        _permission("apps", apps, apps, f"{apps}|{public}"),
        _permission(
            "integrator", r"integrator\..*", r"integrator\..*", rf"integrator\..*|{public}"
        ),
        {"user": "ops", "configure": ".*", "write": ".*", "read": ".*"},
    ]


def topic_permissions(services: Services) -> list[dict[str, str]]:
    """Which routing keys a user may publish to a topic exchange (write) or bind (read).

    An exchange that is missing here limits nobody to routing keys; ``permissions`` still holds.
    """
    names = "|".join(sorted(services))
    return [
        # A service answers calls and takes its own; it calls nobody.
        *(_topic(name, RPC_EXCHANGE, UUID, rf"{name}\..*") for name in services),
        # Binding to a reply's random key only, an app cannot listen to others' calls.
        _topic("apps", RPC_EXCHANGE, rf"({names})\.\w+", UUID),
        *(entry for name, traffic in services.items() for entry in _event_topics(name, traffic)),
    ]


def password_hash(password: str) -> str:
    """RabbitMQ's salted SHA-256: https://www.rabbitmq.com/docs/passwords#computing-password-hash"""
    salt = os.urandom(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()


def _service_permission(service: str, reads: Collection[Source]) -> dict[str, str]:
    own = rf"{service}\..*|rpc-{service}|{RPC_EXCHANGE}"
    others = "".join(f"|{re.escape(name)}" for name in sorted({each.exchange for each in reads}))
    return _permission(service, own, own, own + others)


def _event_topics(service: str, traffic: Traffic) -> list[dict[str, str]]:
    """Of its own exchanges and of each that it reads, even if it has nothing to publish there."""
    own = {exchange_of(service, private=private) for private in (False, True)}
    return [
        _topic(
            service, exchange, _keys(traffic.publishes, exchange), _keys(traffic.reads, exchange)
        )
        for exchange in sorted(own | {source.exchange for source in traffic.reads})
    ]


def _keys(sources: Collection[Source], exchange: str) -> str:
    """An expression for the routing keys of those of ``sources`` that go through ``exchange``."""
    names = sorted(source.name for source in sources if source.exchange == exchange)
    return f"({'|'.join(re.escape(name) for name in names)})" if names else NOTHING


def _permission(user: str, configure: str, write: str, read: str) -> dict[str, str]:
    return {
        "user": user,
        "configure": WHOLE.format(f"({configure})"),
        "write": WHOLE.format(f"({write})"),
        "read": WHOLE.format(f"({read})"),
    }


def _topic(user: str, exchange: str, write: str, read: str) -> dict[str, str]:
    return {
        "user": user,
        "exchange": exchange,
        "write": WHOLE.format(write),
        "read": WHOLE.format(read),
    }


def _user(name: str, hashed: str) -> Definition:
    return {
        "name": name,
        "password_hash": hashed,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "monitoring" if name == "ops" else "",
        "limits": {},
    }


def _event_exchanges(services: Services) -> list[str]:
    return [exchange_of(name, private=private) for private in (False, True) for name in services]


def _exchange(name: str, vhost: str) -> Definition:
    return {
        "name": name,
        "vhost": vhost,
        "type": "topic",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _log_binding(exchange: str, vhost: str) -> Definition:
    return {
        "source": exchange,
        "vhost": vhost,
        "destination": EVENT_LOG,
        "destination_type": "queue",
        "routing_key": "#",
        "arguments": {},
    }
