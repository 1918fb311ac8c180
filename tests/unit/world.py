"""A whole service without broker, store and clock: the real wiring in memory.

Calls go through the entrypoints, with their request read as it would be from the wire and their
answer written as it would be; an error that the method does not declare fails the test. Repeat a
call with ``message="m1"`` and it is the same call again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import count
from types import SimpleNamespace
from typing import Any, ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo

from shared import telemetry
from shared.errors import Conflict, FacultyError, Unavailable
from shared.events import dump, load
from shared.outbox import Outbox
from shared.repository import Repository
from shared.testing import FakeClock, FakeDatabase
from shared.testing.fakes import FakeCollection
from tests.unit.costs import Cost, CountedCursor

LONDON = ZoneInfo("Europe/London")
_ANY_CALL = (Conflict, Unavailable)


class CutOff(BaseException):
    """The process has ended in the middle of a call."""


class MortalCollection(FakeCollection):
    """A collection of a database that can be cut off, and that counts what it does."""

    def __init__(self, name: str, database: MortalDatabase) -> None:
        super().__init__(name)
        self._database = database

    def find(self, *arguments: Any) -> Any:
        cost = self._database.operation()
        found = super().find(*arguments)
        return found if cost is None else CountedCursor(found, cost.gave)

    def aggregate(self, steps: Any) -> Any:
        with self._database.one_operation() as cost:
            groups = list(super().aggregate(steps))
        if cost is not None:
            for each in groups:
                cost.gave(each)
        return iter(groups)

    def count_documents(self, criteria: Any) -> int:
        with self._database.one_operation() as cost:
            number = int(super().count_documents(criteria))
        if cost is not None:
            cost.gave({"n": number})
        return number

    def bulk_write(self, changes: Any, **options: bool) -> Any:
        with self._database.one_operation():
            return super().bulk_write(changes, **options)

    def insert_one(self, document: Any) -> Any:
        with self._database.write():
            return super().insert_one(document)

    def replace_one(self, criteria: Any, document: Any, *, upsert: bool = False) -> Any:
        with self._database.write():
            return super().replace_one(criteria, document, upsert=upsert)

    def update_one(self, criteria: Any, change: Any) -> Any:
        with self._database.write():
            return super().update_one(criteria, change)

    def delete_one(self, criteria: Any) -> Any:
        with self._database.write():
            return super().delete_one(criteria)

    def delete_many(self, criteria: Any) -> Any:
        with self._database.write():
            return super().delete_many(criteria)


class MortalDatabase(FakeDatabase):
    """A database that takes only so many more writes, then ends whoever writes."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.left: int | None = None
        self._depth = 0
        self._cost: Cost | None = None

    def __missing__(self, name: str) -> FakeCollection:
        self[name] = MortalCollection(name, self)
        return self[name]

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write; those inside it belong to it."""
        if not self._depth:
            if self.left == 0:
                raise CutOff
            if self.left:
                self.left -= 1
            self.writes += 1
            self.operation()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def counted(self) -> Iterator[Cost]:
        """Count what is done meanwhile."""
        self._cost = Cost()
        try:
            yield self._cost
        finally:
            self._cost = None

    def operation(self) -> Cost | None:
        """Count an operation, if it is not part of another; nothing where nobody counts."""
        if self._cost is None or self._depth:
            return None
        self._cost.operations += 1
        return self._cost

    @contextmanager
    def one_operation(self) -> Iterator[Cost | None]:
        """Several that are one to the store."""
        cost, self._cost = self.operation(), None
        try:
            yield cost
        finally:
            self._cost = cost


class ServiceWorld:
    """A wired service; ``app`` holds its handlers."""

    service: ClassVar[type[Any]]
    bootstrap: ClassVar[Callable[..., Any]]
    owned: ClassVar[tuple[type[Any], ...]]
    settings: Any

    def __init__(
        self,
        settings: Any,
        *,
        now: datetime,
        database: MortalDatabase | None = None,
        clock: FakeClock | None = None,
    ) -> None:
        self.clock = clock or FakeClock(now)
        self.database = MortalDatabase() if database is None else database
        self.outbox = Outbox(self.service.name, self.clock)
        self.settings = settings
        self.app = type(self).bootstrap(
            settings, database=self.database, outbox=self.outbox, clock=self.clock
        )
        for repository in self.app.repositories:
            repository.prepare()
        self.was_cut = False
        self._numbers = count(1)
        self._messages = count(1)
        self._seeds: dict[str, str] = {}

    def another(self) -> Self:
        """A second instance of the service on the same store and clock."""
        other = type(self)(database=self.database, clock=self.clock, settings=self.settings)
        other._numbers, other._messages, other._seeds = self._numbers, self._messages, self._seeds
        return other

    # What is there

    def repository(self, collection: str) -> Any:
        """The repository or store of a collection, e.g. ``members``."""
        return next(each for each in self.app.repositories if each.collection == collection)

    def document(self, collection: str, id: str) -> dict[str, Any] | None:
        """What is stored, as it is stored."""
        return self.database[collection].find_one({"_id": id})

    def events(self, subject: str | type[Any] | None = None) -> list[Any]:
        """Every event that was committed, of one aggregate, of one class, or all, in order."""
        entries = [
            (entry["id"], entry)
            for collection in self.database.values()
            for document in collection.find({})
            if not isinstance(subject, str) or subject == document["_id"]
            for entry in document.get("outbox", ())
        ]
        entries.sort(key=lambda each: each[0])
        known = {cls.event_type.name: cls for cls in self.owned}
        told = [load(known[e["type"]], json.loads(e["data"])) for _, e in entries]
        return [each for each in told if not isinstance(subject, type) or type(each) is subject]

    def told(self, subject: str | None = None) -> list[type[Any]]:
        """The classes of ``events``."""
        return [type(event) for event in self.events(subject)]

    def trails(self) -> dict[str, tuple[Any, ...]]:
        """The trail of every audited document, by ``collection:id``."""
        return {
            f"{repository.collection}:{document['_id']}": repository.trail(document["_id"])
            for repository in self.app.repositories
            if isinstance(repository, Repository) and repository.audited
            for document in repository.documents.find({})
        }

    # Time

    @property
    def today(self) -> date:
        return self.clock().astimezone(LONDON).date()

    def go_to(self, day: date) -> None:
        """Let it be noon of a day."""
        self.clock.now = datetime.combine(day, time(12), tzinfo=LONDON).astimezone(UTC)

    # Calls

    def call(
        self, method: str, /, *, by: str = "staff", message: str | None = None, **arguments: Any
    ) -> Any:
        """Call a method as the broker would; the answer is its view."""
        function = getattr(self.service, method)
        contract, plain = function.contract, function.__wrapped__
        request = load(contract.request, _plain(arguments))
        name = message or f"call {next(self._messages)}"
        context = telemetry.Context.start(
            actor=by,
            action=method,
            reason=getattr(request, "reason", None) or "",
            message_id=f"call:{name}" if contract.writes else "",
            seed=self._seeds.setdefault(name, telemetry.fresh_id()) if contract.writes else "",
        )
        with telemetry.activate(context):
            try:
                answer = plain(SimpleNamespace(app=self.app), request)
            except FacultyError as error:
                assert isinstance(error, (*contract.errors, *_ANY_CALL)), f"undeclared: {error}"
                raise
        dump(answer)
        return answer

    def let_the_clock(self, method: str) -> None:
        """Call a method that the clock calls, as the clock does."""
        getattr(self.service, method)(SimpleNamespace(app=self.app))

    def pages(self, method: str, **arguments: Any) -> list[Any]:
        """The items of every page of a listing, in order."""
        found: list[Any] = []
        cursor: str | None = None
        while True:
            page = self.call(method, cursor=cursor, **arguments)
            found += page.items
            assert page.next_cursor is None or page.next_cursor != cursor, "the page repeats itself"
            cursor = page.next_cursor
            if cursor is None:
                return found

    @contextmanager
    def cut_off(self, writes: int) -> Iterator[None]:
        """The process ends after so many more writes; what it wrote before is there."""
        self.database.left, self.was_cut = writes, False
        try:
            yield
        except CutOff:
            self.was_cut = True
        finally:
            self.database.left = None


W = TypeVar("W", bound=ServiceWorld)


def cut_at_every_write(act: Callable[[W], object], prepare: Callable[[], W]) -> list[W]:
    """Worlds in which ``act`` was cut off after no, one, two ... writes and then done again whole.

    ``act`` has to repeat its calls with the same ``message``. The last world was not cut off.
    """
    worlds = [prepare()]
    while True:
        world = worlds[-1]
        with world.cut_off(len(worlds) - 1):
            act(world)
        if not world.was_cut:
            return worlds
        act(world)
        worlds.append(prepare())


def _plain(value: Any) -> Any:
    """Arguments as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
