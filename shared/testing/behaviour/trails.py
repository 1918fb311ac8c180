"""The audit trail: in the same write as what it tells of, and so always as true."""

from __future__ import annotations

from functools import partial
from typing import Any

from shared.errors import ChangedMeanwhile, Conflict, Duplicate, NotFound
from shared.outbox import Outbox, Relay
from shared.testing.behaviour.things import (
    NOW,
    THREADS,
    Colour,
    Suite,
    Thing,
    acting,
    at_once,
    in_message,
    thing,
)
from shared.testing.fakes import FakeClock, FakeTransport, error_of
from shared.trail import Change


class Trails(Suite):
    """What an audited repository keeps beside the state."""

    def test_each_write_leaves_an_entry(self, database: Any) -> None:
        """By whom, with which method, why, when and what; what only repeats others is left out."""
        clock = FakeClock(NOW)
        papers = self.papers(database, Outbox("suite", clock))
        made = thing()
        acting(lambda: papers.add(made), actor="ada", action="make", correlation_id="c-1")
        clock.advance(minutes=1)

        def paint(found: Thing) -> None:
            found.colour, found.label = Colour.GREEN, "naïve"
            found.turn(2)

        acting(
            lambda: papers.change(made.id, paint),
            actor="grace",
            action="paint",
            reason="It was red.",
            correlation_id="c-2",
        )
        first, second = papers.trail(made.id)
        assert (first.by, first.action, first.reason) == ("ada", "make", "")
        assert (first.at, first.correlation_id, first.version) == (NOW, "c-1", 1)
        assert first.changes == ()
        assert (second.by, second.action, second.reason) == ("grace", "paint", "It was red.")
        assert (second.at, second.correlation_id, second.version) == (clock.now, "c-2", 3)
        assert second.changes == (
            Change("colour", '"red"', '"green"'),
            Change("label", None, '"naïve"'),
            Change("turns", "0", "2"),
        )
        assert self.stored(papers, made.id)["shade"] == "dark green"

    def test_what_writes_nothing_leaves_no_entry(self, database: Any) -> None:
        """No change, one that fails, one that is refused, or one whose message came again."""
        papers = self.papers(database)
        papers.add(thing(label="mine"))
        made = papers.add(thing())

        def fail(found: Thing) -> None:
            found.turn()
            raise NotFound("Gone.")

        def take(found: Thing) -> None:
            found.label = "mine"

        papers.change(made.id, lambda _: None)
        assert isinstance(error_of(lambda: papers.change(made.id, fail)), NotFound)
        assert isinstance(error_of(lambda: papers.change(made.id, take)), Duplicate)
        late = error_of(lambda: papers.change(made.id, Thing.turn, expected=7))
        assert isinstance(late, ChangedMeanwhile)
        assert len(papers.trail(made.id)) == 1
        for _ in range(2):
            in_message("one", lambda: papers.change(made.id, Thing.turn))
        assert len(papers.trail(made.id)) == 2

    def test_a_write_that_only_tells_leaves_an_entry(self, database: Any) -> None:
        """Without changes: something happened, though nothing is different."""
        papers = self.papers(database)
        made = papers.add(thing())

        def turn_back(found: Thing) -> None:
            found.turn()
            found.turns = 0

        papers.change(made.id, turn_back)
        assert [entry.changes for entry in papers.trail(made.id)] == [(), ()]

    def test_what_is_not_audited_has_no_trail(self, database: Any) -> None:
        """And a trail of what is not there is not found."""
        things = self.things(database)
        made = things.add(thing())
        things.change(made.id, Thing.turn)
        assert things.trail(made.id) == ()
        assert isinstance(error_of(lambda: self.papers(database).trail("nobody")), NotFound)

    def test_a_trail_survives_conflicts(self, database: Any) -> None:
        """Among many at once: an entry for each that was done, by who did it, in their order."""
        papers = self.papers(database)
        made = papers.add(thing())

        def turn(number: int) -> None:
            acting(
                lambda: papers.change(made.id, Thing.turn),
                actor=f"actor {number}",
                reason=f"reason {number}",
            )

        results = at_once(lambda number=number: turn(number) for number in range(THREADS))  # type: ignore[misc]
        assert {type(result) for result in results} <= {type(None), Conflict}
        done = {f"actor {n}" for n, result in enumerate(results) if result is None}
        _, *entries = papers.trail(made.id)
        assert {entry.by for entry in entries} == done
        assert len(entries) == len(done) == papers.get(made.id).turns >= 1
        for turns, entry in enumerate(entries):
            assert entry.changes == (Change("turns", str(turns), str(turns + 1)),)
            assert entry.version == turns + 2
            assert entry.reason == entry.by.replace("actor", "reason")

    def test_publishing_leaves_the_trail_alone(self, database: Any) -> None:
        """The outbox is emptied, the trail stays; nor is a relay's write one of anybody's."""
        outbox = Outbox("suite")
        papers = self.papers(database, outbox)
        made = papers.add(thing())
        papers.change(made.id, Thing.turn)
        before = papers.trail(made.id)
        Relay(outbox, FakeTransport()).flush()
        assert self.stored(papers, made.id)["outbox"] == []
        assert papers.trail(made.id) == before

    def test_forgetting_removes_every_value(self, database: Any) -> None:
        """Of all writes so far and of its own; who wrote when, and to which fields, remains."""
        papers = self.papers(database)
        made = thing(label="secret one", words={"secret key": "secret two"})
        acting(lambda: papers.add(made), actor="ada", reason="secret three")
        for label in ("secret four", None):
            acting(
                lambda label=label: papers.change(  # type: ignore[misc]
                    made.id, lambda found: setattr(found, "label", label)
                ),
                actor="grace",
                reason="secret five",
            )
        before = papers.trail(made.id)

        def blank(found: Thing) -> None:
            found.words = {}

        acting(lambda: papers.change(made.id, blank, forget=True), actor="alan", reason="secret")
        assert "secret" not in str(self.stored(papers, made.id))
        after = papers.trail(made.id)
        assert [(e.by, e.at, e.version) for e in after[:3]] == [
            (e.by, e.at, e.version) for e in before
        ]
        assert [e.by for e in after] == ["ada", "grace", "grace", "alan"]
        changed = [tuple(change.field for change in entry.changes) for entry in after]
        assert changed == [(), ("label",), ("label",), ("words",)]
        assert all(entry.erased for entry in after)

    def test_forgetting_needs_nothing_else_to_change(self, database: Any) -> None:
        """Values that are gone from the state are still in the trail; once forgotten, they stay so.

        What is written later is on record again.
        """
        papers = self.papers(database)
        made = papers.add(thing(label="secret"))
        papers.change(made.id, lambda found: setattr(found, "label", None))
        assert "secret" in str(self.stored(papers, made.id))
        for _ in range(2):
            papers.change(made.id, lambda _: None, forget=True)
            assert "secret" not in str(self.stored(papers, made.id))
            assert len(papers.trail(made.id)) == 3
        papers.change(made.id, lambda found: setattr(found, "label", "new"))
        assert papers.trail(made.id)[-1].changes == (Change("label", None, '"new"'),)

    def test_forgetting_among_writes_forgets_what_came_before(self, database: Any) -> None:
        """Whatever others write at the same time, an entry is whole or without any value."""
        papers = self.papers(database)
        made = papers.add(thing())

        def write(number: int) -> None:
            papers.change(made.id, lambda found: setattr(found, "label", f"secret {number}"))

        def forget() -> None:
            papers.change(made.id, Thing.turn, forget=True)

        writes = [partial(write, number) for number in range(THREADS - 1)]
        *_, forgotten = at_once([*writes, forget])
        entries = papers.trail(made.id)
        erased = [entry.erased for entry in entries]
        assert erased == sorted(erased, reverse=True)
        assert any(erased) == (forgotten is None)
        for entry in entries[1:]:
            assert all((change.after is None) == entry.erased for change in entry.changes)
