"""Aggregates in a document store: state and events in one version-guarded write.

    class Members(Repository[Member]):
        collection = "members"
        aggregate = Member
        indexes = (Index("email_key", unique=True),)

    members.change(member_id, lambda member: member.admit(today))

Only the subset of MongoDB's language that docs/architecture.md names is used, so that the same code
runs on MongoDB and on the embedded store.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pymongo import ASCENDING
from pymongo.errors import ConnectionFailure, DuplicateKeyError, PyMongoError, WTimeoutError

from shared import telemetry, trail
from shared.errors import ChangedMeanwhile, Conflict, Duplicate, NotFound, Unavailable
from shared.events import Aggregate, from_document, to_document
from shared.names import readable
from shared.outbox import Outbox, milliseconds, ready
from shared.paging import (
    BATCH,
    MAX_PAGE,
    Page,
    batches,
    beginning,
    check_limit,
    decode_cursor,
    encode_cursor,
    equal,
)

A = TypeVar("A", bound=Aggregate)

MAX_TRIES = 8
# A redelivered message is recognised among so many later ones that changed the same document.
MAX_INBOX = 1_000


# What aggregates are read without, unless to be saved again.
_READ_ONLY = {"trail": 0, "outbox": 0, "inbox": 0}
BOOKKEEPING = frozenset(
    {"_id", "id", "version", "inbox", "outbox", "outbox_sent", "outbox_due", "trail"}
)


@dataclass(frozen=True)
class Index:
    """An index on one field or several; a sparse one passes over documents without the field."""

    keys: str | tuple[str, ...]
    unique: bool = False
    sparse: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.keys,) if isinstance(self.keys, str) else self.keys


@contextmanager
def store_errors() -> Iterator[None]:
    """A store that cannot be reached is ``Unavailable``; the caller may try again."""
    try:
        yield
    except (ConnectionFailure, WTimeoutError) as error:
        raise Unavailable("The store cannot be reached.", reason=type(error).__name__) from error
    except PyMongoError as error:
        if error.timeout:
            raise Unavailable("The store did not answer in time.") from error
        raise


class Store:
    """A collection with declared indexes."""

    collection: ClassVar[str]
    indexes: ClassVar[tuple[Index, ...]] = ()

    def __init__(self, database: Any, outbox: Outbox | None = None) -> None:
        self.database = database
        self.outbox = outbox
        self.documents = database[self.collection]

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        with store_errors():
            for index in self.indexes:
                keys = [(name, ASCENDING) for name in index.fields]
                self.documents.create_index(keys, unique=index.unique, sparse=index.sparse)

    def tally(self, field: str, *, beginning: str = "") -> dict[str, int]:
        """How many documents have each value of a text field; those without it are not counted.

        With ``beginning`` only values that begin so are. Of several fields counted together only a
        text made of them is grouped alike by every store.
        """
        below = {"$lt": f"{beginning}\U0010ffff"} if beginning else {}
        steps: list[dict[str, Any]] = [
            {"$match": {field: {"$gte": beginning, **below}}},
            {"$group": {"_id": f"${field}", "number": {"$sum": 1}}},
        ]
        with store_errors():
            return {each["_id"]: each["number"] for each in self.documents.aggregate(steps)}


class Repository(Store, Generic[A]):
    """Aggregates of one class, each one document.

    An ``audited`` one keeps a trail of its writes in the document; ``untracked`` names fields that
    only repeat others, so that they are left out of it. ``withheld`` names fields that nobody is
    given, not even who they are about, ``of_others`` actions whose values are of others, too;
    whom an ``unnamed`` one is about is not told who acted and why. ``absence`` is the sentence that
    says one is not there, where something else has to come first.
    """

    aggregate: ClassVar[type[Any]]
    audited: ClassVar[bool] = False
    untracked: ClassVar[frozenset[str]] = frozenset()
    withheld: ClassVar[frozenset[str]] = frozenset()
    of_others: ClassVar[frozenset[str]] = frozenset()
    unnamed: ClassVar[bool] = False
    absence: ClassVar[str] = ""

    def prepare(self) -> None:
        super().prepare()
        with store_errors():
            # Pages go by ``id``, a copy of ``_id``: the embedded store cannot have ``_id`` in a
            # compound index. An index on ``id`` alone would there bear the name of that on ``_id``
            # and not be made, so one goes with it that no document has.
            self.documents.create_index([("id", ASCENDING), ("page", ASCENDING)])
            self.documents.create_index([("outbox_due", ASCENDING)], sparse=True)

    def get(self, id: str) -> A:
        """The aggregate; raises ``NotFound``."""
        with store_errors():
            return self._load(self._document(id, _READ_ONLY))

    def absent(self, id: str) -> NotFound:
        """What is said of one that is not there, and to whom it is not theirs of any other."""
        kind = readable(self.aggregate.__name__)
        return NotFound(self.absence or f"There is no such {kind}.", id=id)

    def first(self, criteria: Mapping[str, Any]) -> A | None:
        """Any one that fits, or None."""
        with store_errors():
            document = self.documents.find_one(equal(criteria), _READ_ONLY)
        return None if document is None else self._load(document)

    def find(
        self,
        criteria: Mapping[str, Any],
        *,
        by: str = "id",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[A]:
        """A page in the order of ``by``, a field with an index whose texts are all different.

        Those that lack the field are left out. The order of ids is the order of creation. Raises
        ``Invalid`` naming ``cursor`` or ``limit``.
        """
        assert by != "id" or "id" not in criteria, "pages go by id"
        check_limit(limit)
        query = equal(criteria)
        if by != "id" or cursor is not None:
            query[by] = beginning(query.get(by, {}), cursor)
        with store_errors():
            found = self.documents.find(query, _READ_ONLY).sort(by, ASCENDING)
            documents = list(found.limit(limit + 1))
        more = encode_cursor(documents[limit - 1][by]) if len(documents) > limit else None
        return Page(tuple(self._load(document) for document in documents[:limit]), more)

    def pages(self, criteria: Mapping[str, Any], *, by: str = "id") -> Iterator[tuple[A, ...]]:
        """All that fit, a page at a time, with bounded memory."""
        cursor: str | None = None
        while True:
            page = self.find(criteria, by=by, cursor=cursor, limit=MAX_PAGE)
            yield page.items
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def scan(self, criteria: Mapping[str, Any], *, by: str = "id") -> Iterator[A]:
        """All that fit, one by one, with bounded memory."""
        for page in self.pages(criteria, by=by):
            yield from page

    def trail(self, id: str) -> tuple[trail.TrailEntry, ...]:
        """Every write of an audited aggregate, oldest first; raises ``NotFound``."""
        with store_errors():
            document = self._document(id, {"trail": 1})
        return tuple(from_document(trail.TrailEntry, each) for each in document.get("trail", ()))

    def add(self, aggregate: A) -> A:
        """Insert a new aggregate with its events.

        When the message in hand already added it, the stored one is returned unchanged. Raises
        ``Duplicate`` with the ``field`` whose value another one has.
        """
        message_id = telemetry.current().message_id
        entries = self._ready(aggregate, 0)
        version = max(1, len(entries))
        document = {
            **self._state(aggregate),
            "version": version,
            "inbox": [message_id] if message_id else [],
            "outbox": entries,
            "outbox_sent": 0,
        }
        if self.audited:
            document["trail"] = [self._entry({}, {}, version)]
        if entries:
            document["outbox_due"] = self._due()
        with store_errors():
            try:
                self.documents.insert_one(document)
            except DuplicateKeyError:
                return self._added_before(document, message_id)
        self._committed(aggregate, version, entries)
        return aggregate

    def change(
        self,
        id: str,
        action: Callable[[A], object],
        *,
        expected: int | None = None,
        forget: bool = False,
    ) -> A:
        """Load, act, and save state and events in one write guarded by the version.

        Somebody else's save in between is a conflict: the action is done again on the newer state,
        a bounded number of times, then ``Conflict`` is raised; at once when the caller ``expected``
        another version. A message that was applied before changes nothing. An action that raises
        changes nothing. With ``forget`` the values are taken out of the trail, this write's too,
        also where there is nothing else to change. Raises ``NotFound``, and ``Duplicate`` with the
        ``field`` whose value another one has.
        """
        message_id = telemetry.current().message_id
        for attempt in range(MAX_TRIES):
            with store_errors():
                document = self._document(id)
            aggregate = self._load(document)
            if message_id and message_id in document["inbox"]:
                return aggregate
            if expected is not None and document["version"] != expected:
                raise ChangedMeanwhile(id=id, expected=expected, version=document["version"])
            before = self._state(aggregate)
            action(aggregate)
            same = not aggregate.recorded and self._state(aggregate) == before
            if same and not (forget and trail.remembers(document.get("trail", ()))):
                return aggregate
            if self._save(aggregate, document, before, message_id, forget=forget):
                return aggregate
            time.sleep(random.uniform(0, 0.005 * 2**attempt))
        raise Conflict("Changed by others meanwhile; try again.", id=id)

    def put(self, new: A, action: Callable[[A], object]) -> A:
        """Change what is kept under the id of ``new``, or add that as it is where nothing is yet.

        Raises what ``change`` and ``add`` do, but NotFound.
        """
        try:
            return self.change(new.id, action)
        except NotFound:
            pass
        try:
            return self.add(new)
        except Duplicate as error:
            if error.details["field"] != "id":
                raise
        return self.change(new.id, action)  # added by another call meanwhile

    def _save(
        self,
        aggregate: A,
        document: dict[str, Any],
        before: dict[str, Any],
        message_id: str,
        *,
        forget: bool,
    ) -> bool:
        loaded = document["version"]
        entries = self._ready(aggregate, loaded)
        version = loaded + max(1, len(entries))
        inbox = document["inbox"]
        waiting = [e for e in document["outbox"] if e["sequence"] > document["outbox_sent"]]
        entries = [*waiting, *entries]
        saved_document = {
            **self._state(aggregate),
            "version": version,
            "inbox": [*inbox, message_id][-MAX_INBOX:] if message_id else inbox,
            "outbox": entries,
            "outbox_sent": document["outbox_sent"],
        }
        if self.audited:
            written = self._entry(before, saved_document, version)
            kept = [*document.get("trail", ()), written]
            saved_document["trail"] = list(map(trail.forgotten, kept)) if forget else kept
        if entries:
            saved_document["outbox_due"] = self._due()
        # A clear by the relay since the load is a conflict too: this save would undo it.
        guard = {name: document[name] for name in ("_id", "version", "outbox_sent")}
        with store_errors():
            try:
                saved = self.documents.replace_one(guard, saved_document)
            except DuplicateKeyError:
                _, field = self._clash(saved_document, skip=document["_id"])
                raise Duplicate(f"Another one has the same {field}.", field=field) from None
        if not saved.matched_count:
            return False
        self._committed(aggregate, version, entries)
        return True

    def _committed(self, aggregate: A, version: int, entries: list[dict[str, Any]]) -> None:
        aggregate.version = version
        aggregate.forget_recorded()
        assert self.outbox is not None
        self.outbox.committed(self.documents, aggregate.id, version, entries)

    def _added_before(self, document: dict[str, Any], message_id: str) -> A:
        clash, field = self._clash(document)
        # One message may add several things, of which only the same one was added before.
        if clash["_id"] == document["_id"] and message_id in clash.get("inbox", ()):
            return self._load(clash)
        raise Duplicate(f"Another one has the same {field}.", field=field)

    def _clash(self, document: dict[str, Any], skip: str = "") -> tuple[dict[str, Any], str]:
        unique = [index.fields for index in self.indexes if index.unique]
        for names in (("_id",), *unique):
            if any(name not in document for name in names):
                continue
            clash = self.documents.find_one(equal({name: document[name] for name in names}))
            if clash is not None and clash["_id"] != skip:
                return clash, ",".join(names).replace("_id", "id")
        raise Conflict("What stood in the way is gone; try again.")

    def _entry(
        self, before: Mapping[str, Any], after: Mapping[str, Any], version: int
    ) -> dict[str, Any]:
        assert self.outbox is not None
        untracked = BOOKKEEPING | self.untracked
        made = trail.entry(
            before, after, at=self.outbox.clock(), version=version, untracked=untracked
        )
        return to_document(made)

    def _ready(self, aggregate: A, version: int) -> list[dict[str, Any]]:
        assert self.outbox is not None
        return ready(aggregate.recorded, version + 1, self.outbox.clock)

    def _due(self) -> int:
        assert self.outbox is not None
        return milliseconds(self.outbox.clock() + self.outbox.grace)

    def _document(self, id: str, fields: Mapping[str, int] | None = None) -> dict[str, Any]:
        document: dict[str, Any] | None = self.documents.find_one({"_id": id}, fields)
        if document is None:
            raise self.absent(id)
        return document

    def _load(self, document: Mapping[str, Any]) -> A:
        loaded: A = from_document(self.aggregate, document)
        loaded.version = document["version"]
        return loaded

    def _state(self, aggregate: A) -> dict[str, Any]:
        state = to_document(aggregate)
        state["_id"] = state["id"]
        return state


__all__ = [
    "BATCH",
    "BOOKKEEPING",
    "MAX_PAGE",
    "MAX_TRIES",
    "Index",
    "Page",
    "Repository",
    "Store",
    "batches",
    "decode_cursor",
    "encode_cursor",
    "store_errors",
]
