"""A broker and a store that somebody else runs, such as the service containers of a CI job.

They are named by FACULTY_TEST_AMQP_URI (an administrator's), FACULTY_TEST_RABBITMQ_API (the
management API) and FACULTY_TEST_MONGODB_URI. Both are for tests only: the services' databases are
emptied at the first start of each new stack. Each stack has a virtual host of its own.
"""

from __future__ import annotations

import hmac
import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pymongo import MongoClient

from deploy.local.broker import can_log_in, uri
from deploy.local.ports import passwords
from deploy.local.processes import StackError, wait_until
from deploy.local.store import answers
from deploy.rabbitmq import definitions

START_SECONDS = 60.0


@dataclass(frozen=True)
class External:
    """Where the broker or the store is that a stack uses instead of its own."""

    amqp_uri: str | None = None
    rabbitmq_api: str | None = None
    mongodb_uri: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> External:
        return cls(
            amqp_uri=environment.get("FACULTY_TEST_AMQP_URI") or None,
            rabbitmq_api=environment.get("FACULTY_TEST_RABBITMQ_API") or None,
            mongodb_uri=environment.get("FACULTY_TEST_MONGODB_URI") or None,
        )


class ExternalBroker:
    """Loads the definitions into a virtual host of a running RabbitMQ."""

    managed = False
    running = True
    pid = None

    def __init__(self, root: Path, admin_uri: str, api: str) -> None:
        self._admin = urlsplit(admin_uri)
        self._api = api.rstrip("/")
        self.vhost = "faculty-" + passwords(root / "external.json", ["vhost"])["vhost"]

    def amqp_uri(self, user: str) -> str:
        host, port = self._admin.hostname or "localhost", self._admin.port or 5672
        return uri(user, self._password(user), host, port, self.vhost)

    def start(self) -> None:
        """Load the definitions and wait until users can log in."""
        users = (*definitions.SERVICES, *definitions.CLIENTS)
        hashes = {user: definitions.password_hash(self._password(user)) for user in users}
        traffic = definitions.traffic_of_services()
        self._post("/api/definitions", definitions.build(traffic, hashes, vhost=self.vhost))
        ops = self.amqp_uri("ops")
        wait_until(lambda: can_log_in(ops), seconds=START_SECONDS, what="external broker ready")

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def kill(self) -> None:
        raise StackError("an external broker cannot be killed from here")

    def _password(self, user: str) -> str:
        # Users belong to the whole broker: all stacks on it must agree on their passwords.
        key = unquote(self._admin.password or "guest").encode()
        return hmac.new(key, user.encode(), "sha256").hexdigest()

    def _post(self, path: str, document: Mapping[str, Any]) -> None:
        name, word = (
            unquote(self._admin.username or "guest"),
            unquote(self._admin.password or "guest"),
        )
        request = urllib.request.Request(
            self._api + path,
            data=json.dumps(document).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": "Basic " + b64encode(f"{name}:{word}".encode()).decode(),
            },
        )
        try:
            urllib.request.urlopen(request, timeout=START_SECONDS).close()
        except urllib.error.URLError as error:
            raise StackError(f"{self._api}{path}: {error}") from error


class ExternalStore:
    """The services' databases on a running server."""

    managed = False
    running = True
    pid = None

    def __init__(self, root: Path, mongodb_uri: str) -> None:
        self.uri = mongodb_uri
        self._emptied = root / "external-store-emptied"

    def start(self) -> None:
        """Wait until it answers; a new stack begins with empty databases."""
        wait_until(lambda: answers(self.uri), seconds=START_SECONDS, what="external store ready")
        if not self._emptied.exists():
            with MongoClient[dict[str, object]](self.uri) as client:
                for service in definitions.SERVICES:
                    client.drop_database(service)
            self._emptied.touch()

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def kill(self) -> None:
        raise StackError("an external store cannot be killed from here")
