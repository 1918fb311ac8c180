"""The ``faculty`` command as a process, and what it is given."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.world import SECONDS

COMMAND = (sys.executable, "-m", "clients.faculty")


class Result(NamedTuple):
    """How the command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def error(self) -> Any:
        return json.loads(self.err)

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


def write(path: Path, people: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows(people)
    return path


def on_terminal(command: Sequence[str], environment: dict[str, str]) -> str:
    """What the command writes to a terminal."""
    ours, theirs = os.openpty()
    with subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        written = b""
        while piece := read_some(ours):
            written += piece
        process.wait(timeout=SECONDS)
    os.close(ours)
    return written.decode()


def read_some(terminal: int) -> bytes:
    """A piece of what was written; nothing once the other side is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
