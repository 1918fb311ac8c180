"""What others saw: the outside subscriber's events and the mail that arrived."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

STOP_SECONDS = 10.0


class Outsider:
    """The outside subscriber, in a process of its own."""

    def __init__(self, amqp_uri: str, file: Path) -> None:
        self._file = file
        self._environment = {**os.environ, "AMQP_URI": amqp_uri}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "clients.demo.subscriber", str(self._file)],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout is None or self._process.stdout.readline() != "ready\n":
            raise RuntimeError("The outside subscriber could not subscribe.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def events(self) -> list[dict[str, Any]]:
        """Every event once, in the order of arrival; a repeated delivery has the same id."""
        found = {event["headers"]["ce-id"]: event for event in _json_lines(self._file)}
        return list(found.values())

    def sample(self, routing_key: str) -> dict[str, Any]:
        """The first event of this type, as it came off the wire."""
        return next(event for event in self.events() if event["routing_key"] == routing_key)

    def counts(self) -> Counter[str]:
        """How many events of each type."""
        return Counter(event["routing_key"] for event in self.events())


class Mailbox:
    """The folder in which the local mail sink keeps what it accepted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recipients(self, subject: str) -> list[str]:
        """Who was sent a message whose subject begins so, once for each message."""
        return [line["to"] for line in self._lines(subject)]

    def first(self, subject: str) -> EmailMessage:
        """A message whose subject begins so."""
        return self._message(next(self._lines(subject)))

    def texts(self, recipient: str, subject: str) -> list[str]:
        """The plain texts of a recipient's messages whose subject begins so."""
        lines = [line for line in self._lines(subject) if line["to"] == recipient]
        return [plain_text(self._message(line)) for line in lines]

    def _lines(self, subject: str) -> Iterator[dict[str, Any]]:
        lines = _json_lines(self._folder / "index.jsonl")
        return (line for line in lines if line["subject"].startswith(subject))

    def _message(self, line: dict[str, Any]) -> EmailMessage:
        content = (self._folder / line["file"]).read_bytes()
        message = email.message_from_bytes(content, policy=email.policy.default)
        if not isinstance(message, EmailMessage):
            raise TypeError("The policy makes EmailMessage.")
        return message


def plain_text(message: EmailMessage) -> str:
    """The part that is plain text, its lines ended as Python ends lines."""
    body = message.get_body(("plain",))
    return "\n".join(str(body.get_content()).strip().splitlines()) if body is not None else ""


def _json_lines(path: Path) -> list[dict[str, Any]]:
    """The complete lines of a file to which somebody may be writing."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
