"""What a repository does beyond what every store must bear; see ``shared.testing.behaviour``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, DuplicateKeyError

from shared import repository
from shared.errors import ChangedMeanwhile, Conflict, Duplicate, Unavailable
from shared.events import Aggregate, event
from shared.outbox import Outbox, Relay
from shared.repository import Index, Repository
from shared.telemetry import Context, activate
from shared.testing import FakeCollection, FakeDatabase, FakeTransport, error_of


@dataclass(frozen=True)
class Part:
    name: str
    note: str | None = None


@dataclass
class Box(Aggregate):
    id: str
    shelf: str = "top"
    label: str | None = None
    words: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    part: Part | None = None


@event("box.opened", example={"box_id": "b-1"})
@dataclass(frozen=True)
class BoxOpened:
    box_id: str


class Boxes(Repository[Box]):
    collection = "boxes"
    aggregate = Box
    audited = True
    indexes = (
        Index("label", unique=True, sparse=True),
        Index(("shelf", "id")),
        Index(("shelf", "tags"), unique=True),
    )


@pytest.fixture
def boxes() -> Boxes:
    made = Boxes(FakeDatabase(), Outbox("things"))
    made.prepare()
    return made


def asked_for(boxes: Boxes, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """The criteria that reach the store from now on."""
    asked: list[Mapping[str, Any]] = []
    find = FakeCollection.find

    def watched(self: FakeCollection, criteria: Any = None, fields: Any = None) -> Any:
        asked.append(criteria)
        return find(self, criteria, fields)

    monkeypatch.setattr(FakeCollection, "find", watched)
    return asked


def test_the_store_is_asked_so_that_compound_indexes_serve(
    boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pages, for any one, and when looking for whose value stood in the way."""
    boxes.add(Box("b-1"))
    asked = asked_for(boxes, monkeypatch)
    boxes.find({"shelf": "top"})
    boxes.first({"shelf": "top"})
    error_of(lambda: boxes.add(Box("b-2")))
    assert asked[:2] == [{"shelf": {"$eq": "top"}}] * 2
    assert asked[-1] == {"shelf": {"$eq": "top"}, "tags": {"$eq": []}}


def test_pages_by_id_need_no_lower_bound(boxes: Boxes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document has one; those by another field do, as documents may lack it."""
    asked = asked_for(boxes, monkeypatch)
    boxes.find({})
    boxes.find({}, by="label")
    assert asked == [{}, {"label": {"$gte": ""}}]


def test_a_duplicate_names_every_field_of_its_index(boxes: Boxes) -> None:
    """Also on a change."""
    boxes.add(Box("b-1", tags=["x"]))
    other = boxes.add(Box("b-2", tags=["y"]))
    error = error_of(lambda: boxes.change(other.id, lambda box: setattr(box, "tags", ["x"])))
    assert isinstance(error, Duplicate)
    assert error.details == {"field": "shelf,tags"}


def test_a_duplicate_that_is_gone_may_be_tried_again(
    boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had the value gave it up between the refusal and the look."""

    def refuse(*_: Any, **__: Any) -> None:
        raise DuplicateKeyError("duplicate key", 11000)

    made = boxes.add(Box("b-1"))
    for name in ("insert_one", "replace_one"):
        monkeypatch.setattr(boxes.documents, name, refuse)
    for action in (
        lambda: boxes.add(Box("b-2", label="x", tags=["x"])),
        lambda: boxes.change(made.id, lambda box: setattr(box, "label", "x")),
    ):
        error = error_of(action)
        assert isinstance(error, Conflict)
        assert error.retryable


def test_an_unexpected_version_is_told_with_both(boxes: Boxes) -> None:
    """So that who asked can say which they read and which it is; the action is not begun."""
    boxes.add(Box("b-1"))
    boxes.change("b-1", lambda box: box.tags.append("x"), expected=1)
    begun: list[Box] = []
    error = error_of(lambda: boxes.change("b-1", begun.append, expected=1))
    assert isinstance(error, ChangedMeanwhile)
    assert error.details == {"id": "b-1", "expected": 1, "version": 2}
    assert (error.code, error.retryable, begun) == ("changed_meanwhile", False, [])


def test_a_save_in_between_is_unexpected_too(boxes: Boxes) -> None:
    """The version was right when it was read, and is not when it is written."""
    boxes.add(Box("b-1"))

    def slowly(box: Box) -> None:
        if not boxes.get("b-1").tags:
            boxes.change("b-1", lambda other: other.tags.append("theirs"))
        box.tags.append("ours")

    error = error_of(lambda: boxes.change("b-1", slowly, expected=1))
    assert isinstance(error, ChangedMeanwhile)
    assert boxes.get("b-1").tags == ["theirs"]


def test_a_clear_in_between_is_expected(boxes: Boxes) -> None:
    """The relay's write is nobody's change: the action is done again, and the version is right."""
    made = Box("b-1")
    made.record(BoxOpened("b-1"))
    boxes.add(made)
    assert boxes.outbox is not None
    relay, done = Relay(boxes.outbox, FakeTransport()), []

    def slowly(box: Box) -> None:
        done.append(relay.flush())
        box.tags.append("ours")

    assert boxes.change("b-1", slowly, expected=1).tags == ["ours"]
    assert done == [1, 0]


def test_a_message_that_comes_again_expects_nothing(boxes: Boxes) -> None:
    """What it did is why the version is another."""
    boxes.add(Box("b-1"))
    for _ in range(2):
        with activate(Context.start(message_id="call:1")):
            changed = boxes.change("b-1", lambda box: box.tags.append("x"), expected=1)
        assert (changed.tags, changed.version) == (["x"], 2)


def test_conflicts_are_tried_again_a_bounded_number_of_times(
    boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time on the newer state; then the caller may."""
    monkeypatch.setattr(repository, "MAX_TRIES", 3)
    boxes.add(Box("b-1"))
    seen: list[list[str]] = []

    def too_slowly(box: Box) -> None:
        seen.append(list(box.tags))
        boxes.change("b-1", lambda other: other.tags.append("x"))
        box.tags.append("late")

    error = error_of(lambda: boxes.change("b-1", too_slowly))
    assert isinstance(error, Conflict)
    assert seen == [[], ["x"], ["x", "x"]]
    assert boxes.get("b-1").tags == ["x", "x", "x"]


def test_values_changed_in_place_are_seen(boxes: Boxes) -> None:
    """What was before is no view of what is changed."""
    boxes.add(Box("b-1", words={"a": {"b": [1]}}, part=Part("lid")))

    def change(box: Box) -> None:
        box.words["a"]["b"].append(2)
        box.tags.append("x")
        box.part = Part("lid", "cracked")

    boxes.change("b-1", change)
    told = {c.field: (c.before, c.after, c.added) for c in boxes.trail("b-1")[-1].changes}
    assert told == {
        "words.a.b": (None, "[2]", True),
        "tags": (None, '["x"]', True),
        "part.note": (None, '"cracked"', False),
    }


def test_what_is_kept_for_the_store_s_sake_is_in_no_trail(boxes: Boxes) -> None:
    """Neither ids and versions nor messages nor events."""
    boxes.add(Box("b-1"))
    with activate(Context.start(message_id="call:1")):
        boxes.change("b-1", lambda box: box.tags.append("x"))
    assert [c.field for entry in boxes.trail("b-1") for c in entry.changes] == ["tags"]


def test_a_trail_of_earlier_days_is_shorter(boxes: Boxes) -> None:
    """A document written before its class was audited begins its trail with the next write."""
    boxes.add(Box("b-1"))
    boxes.documents.update_one({"_id": "b-1"}, {"$unset": {"trail": ""}})
    assert boxes.trail("b-1") == ()
    boxes.change("b-1", lambda _: None, forget=True)
    boxes.change("b-1", lambda box: box.tags.append("x"))
    assert len(boxes.trail("b-1")) == 1


def test_a_store_that_is_away_is_unavailable(boxes: Boxes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of it; nothing of the driver comes out."""

    def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("away")

    for name in ("find", "find_one", "insert_one", "replace_one", "create_index"):
        monkeypatch.setattr(boxes.documents, name, away)
    for action in (
        boxes.prepare,
        lambda: boxes.get("b-1"),
        lambda: boxes.first({}),
        lambda: boxes.find({}),
        lambda: boxes.trail("b-1"),
        lambda: boxes.add(Box("b-1")),
        lambda: boxes.change("b-1", lambda _: None),
    ):
        assert isinstance(error_of(action), Unavailable)
