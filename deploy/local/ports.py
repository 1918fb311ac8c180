"""Loopback ports and secrets that a stack keeps from one start to the next."""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

HOST = "127.0.0.1"
# Below Linux's range for outgoing connections: none of those can take the port of a member
# while it is being restarted.
CHOICE = range(12_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on it now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether a server listens on it now."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def greets(port: int, seconds: float) -> bool:
    """Whether a server listens on it and speaks first, as SMTP servers do, within so long."""
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


class Ports:
    """Ports by name, remembered in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ports: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def __getitem__(self, name: str) -> int:
        return self._ports[name]

    def reserve(self, names: Iterable[str]) -> None:
        """Give each name without a port a free one."""
        missing = [name for name in names if name not in self._ports]
        if missing:
            self._choose(missing)

    def renew_taken(self, names: Iterable[str]) -> None:
        """Give each name another port when a stranger listens on its own."""
        taken = [name for name in names if name in self._ports and not is_free(self._ports[name])]
        if taken:
            self._choose(taken)

    def _choose(self, names: list[str]) -> None:
        for name in names:
            known = set(self._ports.values())
            self._ports[name] = next(
                port
                for port in random.SystemRandom().sample(CHOICE, len(CHOICE))
                if port not in known and is_free(port)
            )
        write_private(self._path, json.dumps(self._ports, indent=2))


def passwords(path: Path, users: Iterable[str]) -> dict[str, str]:
    """A random password for each user, the same at each start."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {user: secrets.token_urlsafe(24) for user in users if user not in known}
    if missing:
        write_private(path, json.dumps(known | missing, indent=2))
    return known | missing


def write_private(path: Path, content: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    temporary.replace(path)
