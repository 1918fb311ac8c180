"""An entry of the trail says what a write changed, so that states can be told from one another."""

import copy
import json
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.telemetry import Context, activate
from shared.trail import Change, TrailEntry, entry, forgotten, remembers

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


class Shade(StrEnum):
    DARK = "dark"


def changes(before: dict[str, Any], after: dict[str, Any], *untracked: str) -> tuple[Change, ...]:
    return entry(before, after, at=NOW, version=2, untracked=frozenset(untracked)).changes


def test_an_entry_says_who_did_what_and_why() -> None:
    """As the context in hand says; outside of any there is nobody."""
    context = Context.start(actor="ada", action="admit", reason="Agreed.", correlation_id="c-1")
    with activate(context):
        made = entry({}, {}, at=NOW, version=7)
    assert made == TrailEntry(NOW, "ada", "admit", "Agreed.", "c-1", 7)
    assert entry({}, {}, at=NOW, version=1).by == ""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": 1}, {"a": 2}, (Change("a", "1", "2"),)),
        ({}, {"a": "£"}, (Change("a", None, '"£"'),)),
        ({"a": [1]}, {}, (Change("a", "[1]", None),)),
        ({"b": 1, "a": 1}, {"b": 2, "a": 2}, (Change("a", "1", "2"), Change("b", "1", "2"))),
        ({"a": False}, {"a": ""}, (Change("a", "false", '""'),)),
    ],
)
def test_fields_are_told_by_name(before: Any, after: Any, expected: tuple[Change, ...]) -> None:
    """In the order of their names, as JSON; what came or went has one value only."""
    assert changes(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [1, 2], Change("a", None, "[1,2]", added=True)),
        ([1], [1, 2, 3], Change("a", None, "[2,3]", added=True)),
        ([1, 2], [1], Change("a", "[1,2]", "[1]")),
        ([1, 2], [], Change("a", "[1,2]", "[]")),
        ([1, 2], [2], Change("a", "[1,2]", "[2]")),
        ([1, 2], [0, 1, 2], Change("a", "[1,2]", "[0,1,2]")),
        ([1, 2], [1, 3, 4], Change("a", "[1,2]", "[1,3,4]")),
        ([{"n": 1}], [{"n": 1}, {"n": None}], Change("a", None, '[{"n":null}]', added=True)),
        ([{"n": 1}], [{"n": 2}], Change("a", '[{"n":1}]', '[{"n":2}]')),
        ([1], "1", Change("a", "[1]", '"1"')),
        (None, [1], Change("a", None, "[1]")),
    ],
)
def test_a_list_that_grows_tells_what_was_added(before: Any, after: Any, expected: Change) -> None:
    """At its end; one that shrinks, or changes within, is told whole."""
    assert changes({"a": before}, {"a": after}) == (expected,)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"x": 1, "y": 1}, {"x": 2, "y": 1}, (Change("a.x", "1", "2"),)),
        ({"x": {"y": 1}}, {"x": {"y": 2}}, (Change("a.x.y", "1", "2"),)),
        ({"x": [1]}, {"x": [1, 2]}, (Change("a.x", None, "[2]", added=True),)),
        ({}, {"x": 1}, (Change("a.x", None, "1"),)),
        ({"x": 1}, {}, (Change("a.x", "1", None),)),
        ({"x": 1}, None, (Change("a", '{"x":1}', None),)),
        (None, {"x": None}, (Change("a", None, '{"x":null}'),)),
    ],
)
def test_a_mapping_is_told_key_by_key(
    before: Any, after: Any, expected: tuple[Change, ...]
) -> None:
    """At any depth; one that came or went is told whole."""
    assert changes({"a": before}, {"a": after}) == expected


X, Y = {"id": "x", "n": 1}, {"id": "y", "n": 1}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([X, Y], [X, {"id": "y", "n": 2}], (Change("a.y.n", "1", "2"),)),
        ([X, Y], [X, {"id": "y"}], (Change("a.y.n", "1", None),)),
        ([{"id": "x", "of": [X]}], [{"id": "x", "of": [X, Y]}], ("a.x.of",)),
        ([X, Y], [Y, X], ("a",)),
        ([X, Y], [{"id": "x", "n": 2}], ("a",)),
        ([X, X], [X, {"id": "x", "n": 2}], ("a",)),
        ([X, {"n": 1}], [X, {"n": 2}], ("a",)),
        ([{"id": 1, "n": 1}], [{"id": 1, "n": 2}], ("a",)),
    ],
)
def test_things_that_have_ids_are_told_by_them(
    before: Any, after: Any, expected: tuple[Change | str, ...]
) -> None:
    """Where the same are there in the same order; other lists are told whole."""
    found = changes({"a": before}, {"a": after})
    assert (
        tuple(c if isinstance(e, Change) else c.field for c, e in zip(found, expected, strict=True))
        == expected
    )


def test_none_is_the_same_as_not_being_there() -> None:
    """At any depth, as None is stored within parts and left out of the whole."""
    assert changes({"a": None, "b": {"c": None}}, {"b": {}}) == ()
    assert changes({"a": {"b": None}}, {"a": {"b": "x"}}) == (Change("a.b", None, '"x"'),)
    assert changes({"a": {"b": "x"}}, {"a": {"b": None}}) == (Change("a.b", '"x"', None),)


def test_values_of_every_kind_are_json() -> None:
    """Dates and instants in ISO 8601, fixed values by their text."""
    after = {"at": NOW, "on": date(2026, 1, 5), "shade": Shade.DARK, "parts": [{"at": NOW}]}
    told = {change.field: json.loads(change.after or "") for change in changes({}, after)}
    instant = "2026-01-05T09:30:00+00:00"
    assert told == {
        "at": instant,
        "on": "2026-01-05",
        "shade": "dark",
        "parts": [{"at": instant}],
    }


def test_untracked_fields_are_left_out() -> None:
    """By their whole name; a field within another of the same name is not meant."""
    after = {"key": 2, "keys": 2, "a": {"key": 2}}
    assert [c.field for c in changes({}, after, "key")] == ["a", "keys"]


NAMES = st.text("abc", min_size=1, max_size=2)
VALUES = st.recursive(
    st.none() | st.integers(0, 2) | st.text("xy", max_size=1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
STATES = st.dictionaries(NAMES, VALUES, max_size=4)


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_none(v) for k, v in value.items() if v is not None}
    return value


def moved(state: dict[str, Any], told: tuple[Change, ...], *, back: bool = False) -> Any:
    """The state with the changes done, or undone; each must find what it says was there."""
    state = copy.deepcopy(state)
    for change in told:
        *path, name = change.field.split(".")
        inner = state
        for part in path:
            inner = inner[part]
        found = inner.get(name)
        before, after = (
            None if v is None else json.loads(v) for v in (change.before, change.after)
        )
        if change.added and back:
            assert found[-len(after) :] == after
            inner[name] = found[: -len(after)]
        elif change.added:
            inner[name] = found + after
        else:
            assert found == (after if back else before)
            inner[name] = before if back else after
    return without_none(state)


@settings(deadline=None)
@given(STATES, STATES | st.none(), st.data())
def test_changes_lead_from_one_state_to_the_other(
    before: dict[str, Any], after: dict[str, Any] | None, data: st.DataObject
) -> None:
    """And back, so the first state follows from the last and the trail; no change, no word."""
    if after is None:
        # Near the first: one of its fields goes, grows or becomes another.
        after = copy.deepcopy(before)
        if after:
            name = data.draw(st.sampled_from(sorted(after)))
            grown = [*after[name], 9] if isinstance(after[name], list) else 9
            after[name] = data.draw(st.sampled_from([None, grown]) | VALUES)
    told = changes(before, after)
    assert moved(before, told) == without_none(after)
    assert moved(after, told, back=True) == without_none(before)
    assert (told == ()) == (without_none(before) == without_none(after))


def test_a_forgotten_entry_names_fields_only() -> None:
    """Once each, without what is below them: the key of a mapping may be personal, too."""
    stored = {
        "by": "ada",
        "reason": "She asked.",
        "version": 3,
        "erased": False,
        "changes": [
            {"field": "phones.home of Ada", "before": None, "after": '"1"', "added": False},
            {"field": "phones.work", "before": '"1"', "after": None, "added": False},
            {"field": "notes", "before": None, "after": '["x"]', "added": True},
        ],
    }
    kept = copy.deepcopy(stored)
    assert forgotten(stored) == {
        "by": "ada",
        "reason": "",
        "version": 3,
        "erased": True,
        "changes": [{"field": "phones"}, {"field": "notes"}],
    }
    assert stored == kept


def test_a_trail_remembers_until_all_of_it_is_erased() -> None:
    """An empty one has nothing to remember."""
    assert not remembers([])
    assert not remembers([{"erased": True}])
    assert remembers([{"erased": True}, {"erased": False}])
