"""A local SMTP sink: each accepted message becomes a file and a line of an index.

    python -m deploy.local.mail PORT FOLDER

A message is on disk before it is answered 250, so the index counts what senders were told.
"""

from __future__ import annotations

import asyncio
import email
import json
import os
import signal
import sys
from datetime import UTC, datetime
from email import policy
from pathlib import Path
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session

INDEX = "index.jsonl"


class Sink:
    """Writes accepted messages to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = folder / INDEX
        folder.mkdir(parents=True, exist_ok=True)
        drop_torn_line(self._index)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002 - aiosmtpd calls it so
        self.keep(envelope.original_content or b"", envelope.rcpt_tos)
        return "250 OK"

    def keep(self, content: bytes, recipients: list[str]) -> None:
        """Write a message durably, then its line of the index."""
        message = email.message_from_bytes(content, policy=policy.default)
        name = f"{uuid4()}.eml"
        write_durably(self._folder / name, content)
        line = {
            "message_id": str(message["Message-ID"] or "").strip("<>"),
            "to": ", ".join(recipients),
            "subject": str(message["Subject"] or ""),
            "received_at": datetime.now(UTC).isoformat(),
            "file": name,
        }
        write_durably(self._index, json.dumps(line).encode() + b"\n")


def write_durably(path: Path, content: bytes) -> None:
    """Append and wait until it is on disk."""
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def drop_torn_line(index: Path) -> None:
    """Remove a last line that a kill left half written; its sender was never answered."""
    if index.exists():
        content = index.read_bytes()
        index.write_bytes(content[: content.rfind(b"\n") + 1])


async def serve(port: int, folder: Path) -> None:
    """Accept mail on loopback until told to stop."""
    sink = Sink(folder)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=True), "127.0.0.1", port)
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
