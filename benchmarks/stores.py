"""Stores that say how much they looked at to answer a query.

The embedded store's engine is used within this process, because only there can its steps be
counted: it is the same library, on the same kind of file, that the embedded store runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import neosqlite
from pymongo import MongoClient


class Measured(Protocol):
    """A database with a meter; ``unit`` is what the meter counts."""

    database: Any
    unit: str

    def looked_at(self, action: Callable[[], object]) -> int:
        """How much was looked at meanwhile."""


class Engine:
    """The embedded store's engine on a file; counts the steps of SQLite's virtual machine."""

    unit = "steps"

    def __init__(self, file: Path) -> None:
        self.database = neosqlite.Connection(str(file))

    def looked_at(self, action: Callable[[], object]) -> int:
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        self.database.db.set_progress_handler(step, 1)
        try:
            action()
        finally:
            self.database.db.set_progress_handler(None, 1)
        return steps


class Server:
    """A MongoDB server; counts the documents that its queries examined, by its profiler."""

    unit = "documents examined"

    def __init__(self, client: MongoClient[dict[str, Any]], name: str) -> None:
        self.database = client[name]

    def looked_at(self, action: Callable[[], object]) -> int:
        self.database.command("profile", 2)
        try:
            self.database["system.profile"].drop()
            action()
        finally:
            self.database.command("profile", 0)
        profiled = self.database["system.profile"].find({"op": "query"})
        return sum(int(entry.get("docsExamined", 0)) for entry in profiled)


@contextmanager
def embedded(folder: Path) -> Iterator[Callable[[str], Measured]]:
    """Databases as files in a folder."""
    opened: list[Engine] = []

    def open_(name: str) -> Measured:
        opened.append(Engine(folder / f"{name}.db"))
        return opened[-1]

    try:
        yield open_
    finally:
        for engine in opened:
            engine.database.close()


@contextmanager
def external(uri: str) -> Iterator[Callable[[str], Measured]]:
    """Databases of a server, removed at the end."""
    names: list[str] = []
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:

        def open_(name: str) -> Measured:
            names.append(f"faculty_benchmark_{name}")
            client.drop_database(names[-1])
            return Server(client, names[-1])

        try:
            yield open_
        finally:
            for name in names:
                client.drop_database(name)
