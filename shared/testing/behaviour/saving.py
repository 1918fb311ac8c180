"""State and events in one write: unique values, versions, messages that are handled once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from shared.errors import ChangedMeanwhile, Conflict, Duplicate, NotFound
from shared.testing.behaviour.things import (
    NOW,
    THREADS,
    Colour,
    Leg,
    Suite,
    Thing,
    at_once,
    in_message,
    thing,
)
from shared.testing.fakes import error_of


class Saving(Suite):
    """Adding, changing and reading back."""

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

    def test_unique_values_stay_with_their_owner_when_others_change(self, database: Any) -> None:
        """A change to one that another has is refused by field and leaves all as it was."""
        things = self.things(database)
        owner = things.add(thing(key="taken", label="mine"))
        other = things.add(thing(label="other"))
        before = self.stored(things, other.id)
        for field, value in (("key", "taken"), ("label", "mine")):

            def take(found: Thing, field: str = field, value: str = value) -> None:
                setattr(found, field, value)
                found.turn()

            error = error_of(lambda take=take: things.change(other.id, take))  # type: ignore[misc]
            assert isinstance(error, Duplicate)
            assert error.details == {"field": field}
            assert self.stored(things, other.id) == before
        things.change(owner.id, lambda found: setattr(found, "label", "mine"))
        things.change(owner.id, lambda found: setattr(found, "label", None))
        things.change(other.id, lambda found: setattr(found, "label", "mine"))
        assert things.get(other.id).label == "mine"

    def test_what_is_put_is_added_or_changed(self, database: Any) -> None:
        """What is kept under its id is changed; where nothing is, it is added as it is."""
        things = self.things(database)
        new = thing(turns=5)
        assert things.put(new, Thing.turn).turns == 5
        assert things.put(thing(id=new.id), Thing.turn).turns == 6
        assert (things.get(new.id).turns, things.get(new.id).version) == (6, 2)
        error = error_of(lambda: things.put(thing(key=new.key), Thing.turn))
        assert (type(error), error.details) == (Duplicate, {"field": "key"})

    def test_of_many_who_put_the_same_one_adds_and_the_others_change(self, database: Any) -> None:
        """However close together they come."""
        things, id = self.things(database), thing().id
        results = at_once(
            (lambda: things.put(thing(id=id, key=id), Thing.turn) and None) for _ in range(THREADS)
        )
        done = sum(result is None for result in results)
        assert {type(result) for result in results} <= {type(None), Conflict}
        assert things.get(id).turns == done - 1

    def test_one_of_many_changes_to_the_same_value_succeeds(self, database: Any) -> None:
        """However close together they come; the others keep theirs."""
        things = self.things(database)
        made = [things.add(thing()).id for _ in range(THREADS)]

        def take(id: str) -> None:
            things.change(id, lambda found: setattr(found, "label", "mine"))

        results = at_once(lambda id=id: take(id) for id in made)  # type: ignore[misc]
        assert Counter(type(result) for result in results) == {
            type(None): 1,
            Duplicate: THREADS - 1,
        }
        labels = Counter(things.get(id).label for id in made)
        assert labels == {"mine": 1, None: THREADS - 1}

    def test_one_of_many_who_expect_the_same_version_succeeds(self, database: Any) -> None:
        """The others learn of it, and nothing of theirs is done."""
        things = self.things(database)
        made = things.add(thing())
        results = at_once(
            (lambda: things.change(made.id, Thing.turn, expected=1) and None)
            for _ in range(THREADS)
        )
        assert Counter(type(result) for result in results) == {
            type(None): 1,
            ChangedMeanwhile: THREADS - 1,
        }
        assert (things.get(made.id).turns, things.get(made.id).version) == (1, 2)

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
