"""Cursors lead on from where a page ended, and criteria are asked so that indexes serve them."""

import base64
import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.paging import (
    BATCH,
    MAX_PAGE,
    batches,
    beginning,
    check_limit,
    decode_cursor,
    encode_cursor,
    equal,
)
from shared.testing import error_of

TESTS = {"$gte": operator.ge, "$gt": operator.gt, "$lt": operator.lt, "$lte": operator.le}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
KEYS = st.text("abé😀", max_size=2)


@given(TEXTS)
def test_a_cursor_holds_any_text(last: str) -> None:
    """In letters that a URL and a shell leave alone."""
    cursor = encode_cursor(last)
    assert decode_cursor(cursor) == last
    assert cursor.isascii()
    assert not set(cursor) & set("+/ &?")


@pytest.mark.parametrize(
    "cursor", ["?", "abc", "a b=", "é", "====", base64.urlsafe_b64encode(b"\xff\xfe").decode()]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    """By its field."""
    error = error_of(lambda: decode_cursor(cursor))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["cursor"]


@given(TEXTS)
def test_any_text_is_a_cursor_or_invalid(cursor: str) -> None:
    """Nothing that a caller sends fails in another way."""
    try:
        assert isinstance(decode_cursor(cursor), str)
    except Invalid as error:
        assert list(error.fields) == ["cursor"]


def test_limits_are_bounded() -> None:
    """Both ends are within."""
    for limit in (1, MAX_PAGE):
        check_limit(limit)
    for limit in (-1, 0, MAX_PAGE + 1):
        error = error_of(lambda limit=limit: check_limit(limit))  # type: ignore[misc]
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["limit"]


@pytest.mark.parametrize("number", [0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH])
def test_batches_are_bounded_and_leave_nothing_out(number: int) -> None:
    """In order, and none of them empty."""
    everything = list(range(number))
    pieces = list(batches(everything))
    assert [item for piece in pieces for item in piece] == everything
    assert all(1 <= len(piece) <= BATCH for piece in pieces)
    assert len(pieces) == -(-number // BATCH)


def test_bare_values_are_asked_for_as_equal() -> None:
    """Conditions are left as they are, and so is what was given."""
    criteria = {"a": 1, "b": None, "c": {"$in": [1]}, "d": ["x"], "$or": [{"a": 1}]}
    assert equal(criteria) == {
        "a": {"$eq": 1},
        "b": {"$eq": None},
        "c": {"$in": [1]},
        "d": {"$eq": ["x"]},
        "$or": [{"a": 1}],
    }
    assert criteria["a"] == 1


def within(value: str, bounds: dict[str, Any]) -> bool:
    return all(TESTS[name](value, bound) for name, bound in bounds.items())


@given(st.dictionaries(st.sampled_from(sorted(TESTS)), KEYS), st.none() | KEYS, KEYS)
def test_a_page_begins_behind_the_cursor_and_within_the_range(
    bounds: dict[str, str], last: str | None, value: str
) -> None:
    """Exactly those of the range that are behind the cursor, wherever the cursor lies."""
    cursor = None if last is None else encode_cursor(last)
    found = within(value, beginning(bounds, cursor))
    assert found == (within(value, bounds) and (last is None or value > last))


@given(st.dictionaries(st.sampled_from(sorted(TESTS)), KEYS), st.none() | KEYS)
def test_a_page_always_has_a_lower_bound(bounds: dict[str, str], last: str | None) -> None:
    """Else stores would begin with what lacks the field; of two, one would do."""
    given = dict(bounds)
    cursor = None if last is None else encode_cursor(last)
    assert beginning(bounds, cursor).keys() & {"$gte", "$gt"}
    assert bounds == given
