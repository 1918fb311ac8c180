"""What is kept of somebody, as they may read it, in pieces that a message can carry."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import export
from shared.events import Aggregate
from shared.export import PORTION, TooMuch, as_json, contribution, disclosed, portions
from shared.repository import Repository
from shared.testing import FakeDatabase, FakeRepository


@dataclass
class Thing(Aggregate):
    """Something kept of somebody."""

    id: str
    member_id: str
    name: str
    secret: str
    on: date = date(2026, 11, 24)


class Things(Repository[Thing]):
    """Things with a trail and a key for searching."""

    collection = "things"
    aggregate = Thing
    audited = True
    untracked = frozenset({"name_key"})
    withheld = frozenset({"secret"})

    def _state(self, aggregate: Thing) -> dict[str, object]:
        return {**super()._state(aggregate), "name_key": aggregate.name.lower()}


@pytest.fixture
def things() -> Things:
    """Two of somebody's and one of another's."""
    found = Things(FakeDatabase(), FakeRepository(Thing).outbox)
    for id, member_id in (("b", "m-1"), ("a", "m-1"), ("c", "m-2")):
        found.add(Thing(id, member_id, f"Name of {id}", "planted"))
    return found


def rename(thing: Thing) -> None:
    thing.name, thing.secret = "New", "planted too"


def test_records_are_given_with_their_history_and_without_bookkeeping(things: Things) -> None:
    """In the order of ids; neither keys for searching nor what is withheld, nor its changes."""
    things.change("a", rename)
    first, second = disclosed(things, {"member_id": "m-1"})
    assert (first["record"], first["id"], second["id"]) == ("Thing", "a", "b")
    assert first["data"] == {"member_id": "m-1", "name": "New", "on": "2026-11-24"}
    fields = [change["field"] for entry in first["history"] for change in entry["changes"]]
    assert fields == ["name"]
    assert "planted" not in as_json([first, second])


def test_of_nobody_nothing_is_given(things: Things) -> None:
    """An id that nothing is kept of gives no record."""
    assert list(disclosed(things, {"member_id": "m-3"})) == []


@given(st.text(), st.integers(1, 20))
def test_portions_put_together_are_the_text(text: str, size: int) -> None:
    """None is too long, and there is always one."""
    cut = portions(text, size)
    assert "".join(cut) == text
    assert cut
    assert all(len(portion) <= size for portion in cut)


def test_a_contribution_is_ascii_json_of_bounded_texts() -> None:
    """So that as many characters are as many bytes; days and instants are ISO 8601."""
    record = {
        "day": date(2026, 11, 24),
        "at": datetime(2026, 11, 24, tzinfo=UTC),
        "a": "ü" * PORTION,
    }
    texts = contribution([record], ["A note."])
    assert all(text.isascii() and len(text) <= PORTION for text in texts)
    whole = json.loads("".join(texts))
    assert whole["notes"] == ["A note."]
    assert whole["records"] == [
        {"day": "2026-11-24", "at": "2026-11-24T00:00:00+00:00", "a": "ü" * PORTION}
    ]


def test_more_than_a_document_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than given in part."""
    monkeypatch.setattr(export, "MOST_PORTIONS", 1)
    with pytest.raises(TooMuch):
        contribution([{"a": "x" * PORTION}])
