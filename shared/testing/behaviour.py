"""What a store must do, so that repositories, projections, outboxes and calls can stand on it.

One suite, inherited by every implementation; whoever inherits gives the fixture ``database``, an
empty database of its own:

    class TestEmbeddedStore(StoreBehaviour):
        @pytest.fixture
        def database(self, client): ...
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from shared import telemetry
from shared.errors import Conflict, Duplicate, FacultyError, Invalid, NotFound
from shared.events import Aggregate, event, utc_now
from shared.idempotency import Calls
from shared.outbox import Outbox, Relay
from shared.projection import Projection
from shared.repository import Index, Repository
from shared.testing.fakes import FakeClock, FakeTransport, error_of

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
THREADS = 8


class Colour(StrEnum):
    """Something with a fixed list of values."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Leg:
    """A part of a thing."""

    length: int
    painted: date | None = None


@event("thing.turned", example={"thing_id": "one", "turn": 1})
@dataclass(frozen=True)
class ThingTurned:
    """A thing was turned."""

    thing_id: str
    turn: int


@dataclass
class Thing(Aggregate):
    """Holds one value of each kind that aggregates hold."""

    id: str
    key: str
    label: str | None = None
    colour: Colour = Colour.RED
    made_on: date = NOW.date()
    seen_at: datetime | None = None
    legs: tuple[Leg, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    ratio: float = 0.0
    turns: int = 0

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.turns += 1
            self.record(ThingTurned(self.id, self.turns))


class Things(Repository[Thing]):
    """Things by id; each has a key of its own, and some have a label of their own."""

    collection = "things"
    aggregate = Thing
    indexes = (
        Index("key", unique=True),
        Index("label", unique=True, sparse=True),
        Index(("colour", "id")),
    )


class Sightings(Projection):
    """A projection."""

    collection = "sightings"


def thing(**changed: Any) -> Thing:
    """A thing that nobody else has."""
    return Thing(**{"id": telemetry.fresh_id(), "key": uuid4().hex, **changed})


def at_once(actions: Iterable[Callable[[], object]]) -> list[object]:
    """The results of the actions, begun together; an error is a result."""
    waiting = list(actions)
    results: list[object] = [None] * len(waiting)
    start = threading.Event()

    def run(number: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = action()
        except FacultyError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(waiting)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    return results


def in_message(message_id: str, action: Callable[[], Any]) -> Any:
    """Do something while a message is in hand."""
    context = telemetry.Context.start(message_id=message_id, seed=telemetry.fresh_id())
    with telemetry.activate(context):
        return action()


class StoreBehaviour:
    """Inherit this and give the fixture ``database``."""

    def things(self, database: Any, outbox: Outbox | None = None) -> Things:
        things = Things(database, outbox or Outbox("suite"))
        things.prepare()
        return things

    def stored(self, things: Things, id: str) -> dict[str, Any]:
        document: dict[str, Any] = things.documents.find_one({"_id": id})
        return document

    def test_what_is_added_is_read_back_as_it_was(self, database: Any) -> None:
        """Every kind of value, with its type."""
        things = self.things(database)
        made = thing(
            label="naïve £5 日本",
            colour=Colour.GREEN,
            seen_at=NOW + timedelta(milliseconds=7),
            legs=(Leg(3, date(2024, 2, 29)), Leg(2**53 + 1)),
            words={"why": "a\nb", "empty": ""},
            ratio=0.1,
            turns=2**40,
        )
        things.add(made)
        assert things.get(made.id) == made

    def test_preparing_again_changes_nothing(self, database: Any) -> None:
        """Every process of a service creates the indexes when it starts."""
        things = self.things(database)
        kept = things.add(thing())
        self.things(database)
        assert things.get(kept.id) == kept

    def test_what_is_not_there_is_not_found(self, database: Any) -> None:
        """By reading as by changing, and the error names the id."""
        things = self.things(database)
        for action in (things.get, lambda id: things.change(id, lambda _: None)):
            error = error_of(lambda action=action: action("nobody"))  # type: ignore[misc]
            assert isinstance(error, NotFound)
            assert error.details == {"id": "nobody"}
        assert things.first({"key": "nobody"}) is None

    def test_unique_values_belong_to_one(self, database: Any) -> None:
        """The id, the key, and a label where there is one; the error names the field."""
        things = self.things(database)
        first = things.add(thing(label="mine"))
        for changed, named in (
            ({"id": first.id}, "id"),
            ({"key": first.key}, "key"),
            ({"label": "mine"}, "label"),
        ):
            error = error_of(lambda changed=changed: things.add(thing(**changed)))  # type: ignore[misc]
            assert isinstance(error, Duplicate)
            assert error.details == {"field": named}
        assert [things.add(thing()).label for _ in range(2)] == [None, None]

    def test_one_of_many_adds_of_the_same_key_succeeds(self, database: Any) -> None:
        """However close together they come."""
        things = self.things(database)
        results = at_once((lambda: things.add(thing(key="same")) and None) for _ in range(THREADS))
        assert Counter(type(result) for result in results) == {
            type(None): 1,
            Duplicate: THREADS - 1,
        }

    def test_state_and_events_are_saved_together(self, database: Any) -> None:
        """Each event takes the next number, and a save without events takes one, too."""
        things = self.things(database)
        made = thing()
        made.turn(2)
        things.add(made)
        things.change(made.id, lambda found: setattr(found, "ratio", 0.5))
        things.change(made.id, Thing.turn)
        document = self.stored(things, made.id)
        assert [entry["sequence"] for entry in document["outbox"]] == [1, 2, 4]
        assert (document["version"], document["turns"]) == (4, 3)
        assert document["outbox_due"] > 0

    def test_no_change_among_many_at_once_is_lost(self, database: Any) -> None:
        """Each is done on the state that the one before it left, or ends in Conflict."""
        things = self.things(database)
        made = things.add(thing())
        results = at_once(
            (lambda: things.change(made.id, Thing.turn) and None) for _ in range(THREADS)
        )
        done = sum(result is None for result in results)
        assert {type(result) for result in results} <= {type(None), Conflict}
        assert things.get(made.id).turns == done >= 1
        sequences = [entry["sequence"] for entry in self.stored(things, made.id)["outbox"]]
        assert sequences == list(range(2, done + 2))

    def test_a_message_changes_a_thing_once(self, database: Any) -> None:
        """Added or changed: handled again, it finds what it did; another message is another."""
        things = self.things(database)
        made = thing()
        for _ in range(2):
            assert in_message("one", lambda: things.add(made)).id == made.id
            in_message("two", lambda: things.change(made.id, Thing.turn))
        in_message("three", lambda: things.change(made.id, Thing.turn))
        assert things.get(made.id).turns == 2

    def test_an_action_that_fails_changes_nothing(self, database: Any) -> None:
        """Neither the state nor the events nor the messages known."""
        things = self.things(database)
        made = things.add(thing())

        def fail(found: Thing) -> None:
            found.turn()
            raise NotFound("Gone.")

        before = self.stored(things, made.id)
        assert isinstance(error_of(lambda: things.change(made.id, fail)), NotFound)
        assert self.stored(things, made.id) == before

    def test_an_action_that_changes_nothing_writes_nothing(self, database: Any) -> None:
        """The version stays."""
        things = self.things(database)
        made = things.add(thing())
        things.change(made.id, lambda _: None)
        assert self.stored(things, made.id)["version"] == 1

    def test_pages_hold_each_thing_once(self, database: Any) -> None:
        """In the order of ids, also when others are added in between."""
        things = self.things(database)
        made = [things.add(thing(colour=Colour.GREEN)).id for _ in range(7)]
        things.add(thing(colour=Colour.RED))
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = things.find({"colour": "green"}, cursor=cursor, limit=3)
            seen += [item.id for item in page.items]
            things.add(thing(colour=Colour.RED))
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
        assert seen == sorted(made)
        assert [item.id for item in things.scan({"colour": "green"})] == sorted(made)

    def test_a_page_asked_for_wrongly_is_refused_by_field(self, database: Any) -> None:
        """A cursor that is none, and limits that are too small or too large."""
        things = self.things(database)
        for arguments, named in (
            ({"cursor": "?"}, "cursor"),
            ({"limit": 0}, "limit"),
            ({"limit": 501}, "limit"),
        ):
            error = error_of(lambda arguments=arguments: things.find({}, **arguments))  # type: ignore[misc]
            assert isinstance(error, Invalid)
            assert named in error.fields

    def test_a_projection_keeps_the_newest_of_each_facet(self, database: Any) -> None:
        """In whatever order and however often values arrive."""
        sightings = Sightings(database)
        sightings.prepare()
        assert sightings.get("one") is None
        assert sightings.put("one", "place", 2, {"name": "Cardiff"})
        assert not sightings.put("one", "place", 1, {"name": "Leeds"})
        assert not sightings.put("one", "place", 2, {"name": "Leeds"})
        assert sightings.put("one", "time", 1, {"hour": 9})
        assert sightings.get("one") == {"place": {"name": "Cardiff"}, "time": {"hour": 9}}

    def test_facets_put_at_once_are_all_kept(self, database: Any) -> None:
        """Each thread has a facet of its own on the same document."""
        sightings = Sightings(database)
        results = at_once(
            lambda number=number: sightings.put("one", str(number), 1, {"n": number})  # type: ignore[misc]
            for number in range(4)
        )
        assert results == [True] * 4
        assert sightings.get("one") == {str(number): {"n": number} for number in range(4)}

    def test_a_published_outbox_is_emptied(self, database: Any) -> None:
        """Nothing is left to sweep."""
        outbox, transport = Outbox("suite"), FakeTransport()
        things = self.things(database, outbox)
        made = thing()
        made.turn(2)
        things.add(made)
        assert Relay(outbox, transport).flush() == 2
        document = self.stored(things, made.id)
        assert (document["outbox"], document["outbox_sent"]) == ([], 2)
        assert "outbox_due" not in document

    def test_a_save_between_publishing_and_clearing_loses_nothing(self, database: Any) -> None:
        """The older event is not published again, the newer one is."""
        outbox, transport = Outbox("suite"), FakeTransport()
        things = self.things(database, outbox)
        made = thing()
        made.turn()
        things.add(made)
        publish, late = transport.publish, [True]

        def publish_and_save(envelopes: Any) -> list[bool]:
            if late.pop() if late else False:
                things.change(made.id, Thing.turn)
            return publish(envelopes)

        transport.publish = publish_and_save  # type: ignore[method-assign]
        relay = Relay(outbox, transport)
        while outbox.waiting:
            relay.flush()
        assert [one.headers["ce-sequence"] for one in transport.published] == ["1", "2"]
        assert self.stored(things, made.id)["outbox"] == []
        assert "outbox_due" not in self.stored(things, made.id)

    def test_sweeps_at_once_take_each_outbox_over_once(self, database: Any) -> None:
        """What a process left behind when it ended is published by one of the others."""
        clock = FakeClock(NOW)
        things = self.things(database, Outbox("suite", clock))
        for _ in range(12):
            made = thing()
            made.turn(2)
            things.add(made)
        clock.advance(minutes=1)
        relays = [(FakeTransport(), Outbox("suite", clock)) for _ in range(4)]
        at_once(
            lambda transport=transport, outbox=outbox: Relay(outbox, transport).sweep(  # type: ignore[misc]
                things.documents
            )
            for transport, outbox in relays
        )
        published = [one.message_id for transport, _ in relays for one in transport.published]
        assert len(published) == len(set(published)) == 24
        assert things.documents.count_documents({"outbox_due": {"$exists": True}}) == 0

    def test_a_call_begun_many_times_at_once_is_one_call(self, database: Any) -> None:
        """All of them get the same seed, so that they make the same ids."""
        calls = Calls(database, utc_now, timedelta(hours=1))
        calls.prepare()
        begun = at_once(
            lambda: calls.begin("me", "do", "key", {"a": 1}).seed for _ in range(THREADS)
        )
        assert len(set(begun)) == 1

    def test_expired_calls_are_forgotten(self, database: Any) -> None:
        """And only those."""
        # From now on, as a store may remove by itself what has expired by its own clock.
        clock = FakeClock(utc_now())
        calls = Calls(database, clock, timedelta(hours=1))
        old = calls.begin("me", "do", "old", {})
        clock.advance(minutes=50)
        new = calls.begin("me", "do", "new", {})
        clock.advance(minutes=20)
        calls.purge()
        assert calls.begin("me", "do", "new", {}).seed == new.seed
        assert calls.begin("me", "do", "old", {}).seed != old.seed
