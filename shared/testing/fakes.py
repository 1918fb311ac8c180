"""Fakes behind the real interfaces.

    members = FakeRepository(Member, unique=("email_key",))
    handlers.apply(command, members=members, clock=FakeClock(datetime(2026, 1, 5, tzinfo=UTC)))
    assert members.events == [...]

``FakeRepository`` is the real repository over a dictionary, so unit tests meet the same conflicts,
duplicates and repeated messages as production does.
"""

from __future__ import annotations

import copy
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pymongo import ReplaceOne
from pymongo.errors import DuplicateKeyError

from shared.errors import FacultyError
from shared.events import Aggregate
from shared.outbox import Envelope, Outbox
from shared.projection import Projection
from shared.repository import Index, Repository

_MISSING = object()
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}


class FakeClock:
    """A clock that stands still until it is told to advance."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        """``advance(hours=1)``; the names are those of ``timedelta``."""
        self.now += timedelta(**amount)


def _value(document: Mapping[str, Any], path: str) -> Any:
    value: Any = document
    for part in path.split("."):
        value = value.get(part, _MISSING) if isinstance(value, Mapping) else _MISSING
    return value


def _meets(value: Any, wanted: Any) -> bool:
    if not (isinstance(wanted, Mapping) and any(str(key).startswith("$") for key in wanted)):
        return bool(value == wanted) or (wanted is None and value is _MISSING)
    for name, operand in wanted.items():
        if name == "$eq":
            met = _meets(value, operand)
        elif name == "$in":
            met = value in operand
        elif name == "$ne":
            met = value != operand
        elif name == "$exists":
            met = (value is not _MISSING) == bool(operand)
        else:
            met = value is not _MISSING and _OPERATORS[name](value, operand)
        if not met:
            return False
    return True


def _fits(document: Mapping[str, Any], criteria: Mapping[str, Any]) -> bool:
    return all(
        any(_fits(document, branch) for branch in wanted)
        if name == "$or"
        else _meets(_value(document, name), wanted)
        for name, wanted in criteria.items()
    )


def _shown(document: Mapping[str, Any], fields: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a projection of top-level fields leaves: only those wanted, or all but those not."""
    if not fields:
        return dict(document)
    only = any(fields.values())
    return {k: v for k, v in document.items() if k == "_id" or (k in fields) == only}


class FakeCursor:
    """What ``find`` gives."""

    def __init__(
        self, documents: list[dict[str, Any]], fields: Mapping[str, Any] | None = None
    ) -> None:
        self._documents, self._fields = documents, fields

    def sort(self, name: str, direction: int = 1) -> FakeCursor:
        ordered = sorted(self._documents, key=lambda item: item[name], reverse=direction < 0)
        return FakeCursor(ordered, self._fields)

    def limit(self, number: int) -> FakeCursor:
        return FakeCursor(self._documents[:number], self._fields)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (_shown(document, self._fields) for document in self._documents)


class FakeCollection:
    """The portable subset of a collection, in a dictionary."""

    def __init__(self, name: str = "fakes") -> None:
        self.name = self.full_name = name
        self._documents: dict[str, dict[str, Any]] = {}
        self._unique: list[tuple[str, ...]] = [("_id",)]

    def create_index(
        self, keys: list[tuple[str, int]], *, unique: bool = False, **_options: bool
    ) -> None:
        if unique:
            self._unique.append(tuple(name for name, _ in keys))

    def find(
        self,
        criteria: Mapping[str, Any] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> FakeCursor:
        found = [item for item in self._documents.values() if _fits(item, criteria or {})]
        return FakeCursor(copy.deepcopy(found), fields)

    def find_one(
        self, criteria: Mapping[str, Any], fields: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        return next(iter(self.find(criteria, fields)), None)

    def aggregate(self, steps: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """How many there are of each value of a field, as ``Store.tally`` asks for it."""
        match, group = steps[0]["$match"], dict(steps[1]["$group"])
        field = group.pop("_id").removeprefix("$")
        assert list(group.values()) == [{"$sum": 1}], "other groups are not faked"
        values = Counter(_value(each, field) for each in self.find(match))
        (name,) = group
        return ({"_id": value, name: number} for value, number in values.items())

    def count_documents(self, criteria: Mapping[str, Any]) -> int:
        return len(list(self.find(criteria)))

    def insert_one(self, document: Mapping[str, Any]) -> None:
        self._check_unique(document)
        self._documents[document["_id"]] = copy.deepcopy(dict(document))

    def _check_unique(self, document: Mapping[str, Any], replaced: str | None = None) -> None:
        for names in self._unique:
            values = {name: _value(document, name) for name in names}
            if _MISSING in values.values():
                continue
            for other in self._documents.values():
                if other["_id"] != replaced and _fits(other, values):
                    raise DuplicateKeyError("duplicate key", 11000)

    def replace_one(
        self, criteria: Mapping[str, Any], document: Mapping[str, Any], *, upsert: bool = False
    ) -> SimpleNamespace:
        found = self.find_one(criteria)
        if found is not None:
            self._check_unique(document, found["_id"])
            self._documents[found["_id"]] = copy.deepcopy(dict(document))
        elif upsert:
            self.insert_one(document)
        return SimpleNamespace(matched_count=int(found is not None))

    def update_one(self, criteria: Mapping[str, Any], change: Mapping[str, Any]) -> SimpleNamespace:
        for document in self._documents.values():
            if _fits(document, criteria):
                changes = copy.deepcopy(dict(change.get("$set", {})))
                self._check_unique({**document, **changes}, document["_id"])
                document |= changes
                for name in change.get("$unset", {}):
                    document.pop(name, None)
                return SimpleNamespace(matched_count=1)
        return SimpleNamespace(matched_count=0)

    def delete_one(self, criteria: Mapping[str, Any]) -> SimpleNamespace:
        found = self.find_one(criteria)
        if found is not None:
            del self._documents[found["_id"]]
        return SimpleNamespace(deleted_count=int(found is not None))

    def delete_many(self, criteria: Mapping[str, Any]) -> None:
        for document in self.find(criteria):
            del self._documents[document["_id"]]

    def bulk_write(self, changes: Sequence[Any], **_options: bool) -> SimpleNamespace:
        return SimpleNamespace(matched_count=sum(map(self._write, changes)))

    def _write(self, change: Any) -> int:
        if isinstance(change, ReplaceOne):
            upsert = bool(change._upsert)
            return int(self.replace_one(change._filter, change._doc, upsert=upsert).matched_count)
        return int(self.update_one(change._filter, change._doc).matched_count)


class FakeDatabase(dict[str, FakeCollection]):
    """Collections by name, made when first asked for."""

    def __missing__(self, name: str) -> FakeCollection:
        self[name] = FakeCollection(name)
        return self[name]


class FakeRepository(Repository[Any]):
    """The real repository in memory; ``events`` are the instances recorded so far, in order."""

    collection = "aggregates"

    def __init__(
        self,
        aggregate: type[Aggregate],
        unique: tuple[str, ...] = (),
        *,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        outbox = Outbox("fake") if clock is None else Outbox("fake", clock)
        super().__init__(FakeDatabase(), outbox)
        self.aggregate = aggregate  # type: ignore[misc]
        self.indexes = tuple(Index(name, unique=True) for name in unique)  # type: ignore[misc]
        self.events: list[Any] = []
        self.prepare()

    def _committed(self, aggregate: Any, version: int, entries: list[dict[str, Any]]) -> None:
        self.events.extend(aggregate.recorded)
        super()._committed(aggregate, version, entries)


class FakeProjection(Projection):
    """The real projection in memory."""

    collection = "projections"

    def __init__(self) -> None:
        super().__init__(FakeDatabase())


class FakeTransport:
    """Remembers what was published; ``refuse`` says which it does not confirm."""

    def __init__(self, refuse: Callable[[Envelope], bool] = lambda _envelope: False) -> None:
        self.refuse = refuse
        self.published: list[Envelope] = []

    def publish(self, envelopes: Sequence[Envelope]) -> list[bool]:
        answers = [not self.refuse(one) for one in envelopes]
        self.published += [one for one, answer in zip(envelopes, answers, strict=True) if answer]
        return answers


def error_of(action: Callable[[], object]) -> FacultyError:
    """The error that ``action`` raises; an assertion fails when it raises none."""
    try:
        action()
    except FacultyError as error:
        return error
    raise AssertionError("no error was raised")
