"""Broker definitions: who may do what, and the exchanges and event log that all share.

    build({"membership": {"programmes.events"}, ...}, password_hashes)  ->  a definitions document

Least privilege: a service configures and writes under its own name and reads only what its
subscriptions declare; an integrator reads public events; restricted exchanges are read by the
services that subscribe to them, and by operations.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import os
import re
from collections.abc import Collection, Mapping
from typing import Any

from shared.events import Source

RPC_EXCHANGE = "nameko-rpc"
EVENT_LOG = "event-log"
SERVICES = ("membership", "programmes", "notifications", "research")
CLIENTS = ("apps", "integrator", "ops")
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

Reads = Mapping[str, Collection[str]]
Definition = dict[str, Any]


def exchanges_read(service: str) -> frozenset[str]:
    """The other services' exchanges that the readers in ``subscriptions.py`` name."""
    module = importlib.import_module(f"services.{service}.subscriptions")
    sources = (getattr(member, "source", None) for member in vars(module).values())
    return frozenset(source.exchange for source in sources if isinstance(source, Source))


def reads_of_services() -> dict[str, frozenset[str]]:
    """For each service the exchanges of others that its code reads."""
    return {service: exchanges_read(service) for service in SERVICES}


def build(reads: Reads, password_hashes: Mapping[str, str], *, vhost: str = "/") -> Definition:
    """The definitions of a broker for the services in ``reads``; hashes by user name."""
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(name, password_hashes[name]) for name in (*reads, *CLIENTS)],
        "permissions": [{"vhost": vhost, **entry} for entry in permissions(reads)],
        "topic_permissions": [{"vhost": vhost, **entry} for entry in topic_permissions(reads)],
        "exchanges": [_exchange(name, vhost) for name in (RPC_EXCHANGE, *_event_exchanges(reads))],
        "queues": [
            {
                "name": EVENT_LOG,
                "vhost": vhost,
                "durable": True,
                "auto_delete": False,
                "arguments": {"x-queue-type": "stream"},
            }
        ],
        "bindings": [_log_binding(exchange, vhost) for exchange in _public(reads)],
    }


def permissions(reads: Reads) -> list[dict[str, str]]:
    """Configure, write and read expressions of every user."""
    services = "|".join(sorted(reads))
    public = rf"({services})\.events|{EVENT_LOG}"
    # A standalone Nameko client declares the RPC exchange, which needs the right to configure it.
    apps = rf"{RPC_EXCHANGE}|rpc\.reply-.*|apps\..*"
    return [
        *(_service_permission(service, reads[service]) for service in reads),
        _permission("apps", apps, apps, f"{apps}|{public}"),
        _permission(
            "integrator", r"integrator\..*", r"integrator\..*", rf"integrator\..*|{public}"
        ),
        {"user": "ops", "configure": ".*", "write": ".*", "read": ".*"},
    ]


def topic_permissions(reads: Reads) -> list[dict[str, str]]:
    """Which routing keys of the RPC exchange a user may publish to (write) or bind (read)."""
    services = "|".join(sorted(reads))
    return [
        # A service answers calls and takes its own; it calls nobody.
        *(_rpc_topic(service, UUID, rf"{service}\..*") for service in reads),
        # Binding to a reply's random key only, an app cannot listen to others' calls.
        _rpc_topic("apps", rf"({services})\.\w+", UUID),
    ]


def password_hash(password: str) -> str:
    """RabbitMQ's salted SHA-256: https://www.rabbitmq.com/docs/passwords#computing-password-hash"""
    salt = os.urandom(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()


def _service_permission(service: str, exchanges: Collection[str]) -> dict[str, str]:
    own = rf"{service}\..*|rpc-{service}|{RPC_EXCHANGE}"
    others = "".join(f"|{re.escape(exchange)}" for exchange in sorted(exchanges))
    return _permission(service, own, own, own + others)


def _permission(user: str, configure: str, write: str, read: str) -> dict[str, str]:
    return {
        "user": user,
        "configure": f"^({configure})$",
        "write": f"^({write})$",
        "read": f"^({read})$",
    }


def _rpc_topic(user: str, write: str, read: str) -> dict[str, str]:
    return {"user": user, "exchange": RPC_EXCHANGE, "write": f"^{write}$", "read": f"^{read}$"}


def _user(name: str, hashed: str) -> Definition:
    return {
        "name": name,
        "password_hash": hashed,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "monitoring" if name == "ops" else "",
        "limits": {},
    }


def _public(reads: Reads) -> list[str]:
    return [f"{service}.events" for service in reads]


def _event_exchanges(reads: Reads) -> list[str]:
    return _public(reads) + [f"{service}.private" for service in reads]


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
