"""Finding: pages by a unique field, equal values, and how many there are of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import Invalid
from shared.outbox import Outbox
from shared.repository import encode_cursor
from shared.testing.behaviour.things import Colour, Papers, Suite, Thing, Things, prepared, thing
from shared.testing.fakes import error_of


def pages(things: Things, criteria: Any, *, by: str, limit: int = 3) -> Iterator[tuple[Thing, ...]]:
    """All pages, one after another."""
    cursor: str | None = None
    while True:
        page = things.find(criteria, by=by, cursor=cursor, limit=limit)
        yield page.items
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


class Pages(Suite):
    """Whatever is added meanwhile."""

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

    def test_pages_by_another_field_hold_each_thing_once(self, database: Any) -> None:
        """In its order and within the range, while others are added before, behind and outside."""
        things = self.things(database)
        for number in reversed(range(20)):
            things.add(thing(key=f"k{number:02d}"))
        for bounds, expected in (
            ({}, range(20)),
            ({"$gte": "k04"}, range(4, 20)),
            ({"$gt": "k04"}, range(5, 20)),
            ({"$lt": "k11"}, range(11)),
            ({"$lte": "k11"}, range(12)),
            ({"$gte": "k04", "$lt": "k11"}, range(4, 11)),
            ({"$gt": "k04", "$lte": "k11"}, range(5, 12)),
            ({"$gte": "k07", "$lte": "k09"}, range(7, 10)),
            ({"$gte": "k04", "$lt": "k04"}, ()),
        ):
            criteria = {"key": bounds} if bounds else {}
            seen: list[str] = []
            for turn, items in enumerate(pages(things, criteria, by="key")):
                assert len(items) <= 3
                seen += [item.key for item in items]
                for key in ("a", "k05", "k10", "z") if turn < 2 else ():
                    things.add(thing(key=f"{key}, added to {bounds} in turn {turn}"))
            known = [key for key in seen if len(key) == 3]
            assert known == [f"k{number:02d}" for number in expected]
            assert seen == sorted(set(seen))
            assert all(_within(key, bounds) for key in seen)

    def test_pages_by_a_field_that_some_lack_hold_those_that_have_it(self, database: Any) -> None:
        """Whatever a store does with those that have none."""
        things = self.things(database)
        for number in range(9):
            things.add(thing(label=f"l{number}" if number % 2 else None))
        for criteria in ({}, {"label": {"$lt": "l6"}}, {"label": {"$lte": "l5"}}):
            seen = [item.label for items in pages(things, criteria, by="label") for item in items]
            assert seen == ["l1", "l3", "l5", "l7"][: 3 if criteria else 4]

    def test_a_cursor_leads_to_nothing_outside_the_range(self, database: Any) -> None:
        """Also one that a search of another range gave."""
        things = self.things(database)
        for number in range(6):
            things.add(thing(key=f"k{number}"))
        for bounds in ({"$gte": "k2"}, {"$gt": "k1"}, {"$gte": "k2", "$lt": "k9"}):
            for cursor, first in (("", 2), ("k0", 2), ("k1", 2), ("k2", 3), ("k5", 6), ("z", 6)):
                page = things.find({"key": bounds}, by="key", cursor=encode_cursor(cursor))
                assert [item.key for item in page.items] == [f"k{n}" for n in range(first, 6)]

    def test_equal_values_are_found_by_a_part_of_an_index(self, database: Any) -> None:
        """By the field that several share and the page's, in pages as singly; by several fields."""
        things = self.things(database)
        green = [things.add(thing(colour=Colour.GREEN, turns=n % 2)).id for n in range(4)]
        red = things.add(thing(label="mine"))
        assert [item.id for item in things.find({"colour": "green"}).items] == green
        assert [item.id for item in things.find({"colour": {"$eq": "green"}}).items] == green
        assert things.first({"colour": "red"}) == red
        assert things.first({"colour": "blue"}) is None
        odd = things.find({"colour": "green", "turns": 1})
        assert [item.id for item in odd.items] == green[1::2]

    def test_no_value_equals_none(self, database: Any) -> None:
        """What is None is not stored, and is found so."""
        things = self.things(database)
        bare = [things.add(thing()).id for _ in range(2)]
        things.add(thing(label="mine"))
        assert [item.id for item in things.find({"label": None}).items] == bare
        found = things.first({"label": None})
        assert found is not None
        assert found.id in bare

    def test_values_of_a_text_are_counted(self, database: Any) -> None:
        """Each as often as it is there; those that lack the field are left out."""
        things = self.things(database)
        for number in range(7):
            things.add(thing(colour=Colour.GREEN if number < 5 else Colour.RED))
        assert things.tally("colour") == {"green": 5, "red": 2}
        things.add(thing(label="a|b|"))
        things.add(thing(label=""))
        assert things.tally("label") == {"a|b|": 1, "": 1}
        assert things.tally("nothing") == {}

    def test_things_are_read_without_what_only_writes_need(self, database: Any) -> None:
        """Trails, outboxes and known messages may be large; the things are the same."""
        read: list[Mapping[str, Any]] = []

        class Watched(Papers):
            def _load(self, document: Mapping[str, Any]) -> Thing:
                read.append(document)
                return super()._load(document)

        papers = prepared(Watched(database, Outbox("suite")))
        made = thing(label="mine")
        made.turn()
        papers.add(made)
        assert papers.find({}).items == (made,)
        assert papers.find({}).items[0].version == 1
        assert tuple(papers.scan({})) == (made,)
        assert papers.get(made.id) == papers.first({"label": "mine"}) == made
        assert all(not document.keys() & {"trail", "outbox", "inbox"} for document in read)
        assert {"trail", "outbox", "inbox"} <= self.stored(papers, made.id).keys()


def _within(value: str, bounds: Mapping[str, str]) -> bool:
    tests = {
        "$gte": value.__ge__,
        "$gt": value.__gt__,
        "$lt": value.__lt__,
        "$lte": value.__le__,
    }
    return all(tests[name](bound) for name, bound in bounds.items())
