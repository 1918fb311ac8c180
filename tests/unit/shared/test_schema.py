"""Everything derived from one dataclass: validation, JSON, JSON Schema, BSON."""

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from bson import decode, encode
from bson.codec_options import CodecOptions
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.schema import (
    Pattern,
    choice,
    dump,
    dumps,
    email,
    from_document,
    integer,
    items,
    json_schema,
    load,
    parse_json,
    text,
    to_document,
)
from shared.testing import error_of


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "deep_blue"


@dataclass(frozen=True)
class Row:
    number: int
    day: date
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Order:
    name: str = text(10, pattern=Pattern(r"^[a-z]+$", "lower-case letters"))
    colour: Colour = choice(Colour)
    size: str = choice(("small", "large"))
    address: str = email()
    rows: tuple[Row, ...] = items(3)
    notes: dict[str, str] = items(2, default={})
    colours: tuple[Colour, ...] = ()
    free: str = ""
    due: datetime | None = None
    shade: Colour | None = None
    copies: int = integer(1, 5, default=1)


VALID = {
    "name": "ada",
    "colour": "deep_blue",
    "size": "small",
    "address": "a@example.org",
    "rows": [{"number": 1, "day": "2024-02-29", "colour": "red"}],
    "colours": ["red", "deep_blue"],
    "due": "2026-01-01T09:00:00+01:00",
}


def refused(**changes: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        load(Order, {**VALID, **changes})
    return caught.value.fields


def test_a_valid_message_loads_with_types() -> None:
    """Enums, dates, instants, tuples and defaults arrive as their Python types."""
    order = load(Order, VALID)
    assert order.colour is Colour.BLUE
    assert order.rows == (Row(1, date(2024, 2, 29)),)
    assert order.colours == (Colour.RED, Colour.BLUE)
    assert order.due == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert (order.copies, order.notes, order.shade) == (1, {}, None)


def test_dump_then_load_gives_the_same() -> None:
    """The JSON form loses nothing."""
    order = load(Order, VALID)
    assert load(Order, dump(order)) == order
    assert '"deep_blue"' in dumps(order)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 11}, "name"),
        ({"name": "=cmd"}, "name"),
        ({"name": 7}, "name"),
        ({"name": None}, "name"),
        ({"colour": "BLUE"}, "colour"),
        ({"size": "medium"}, "size"),
        ({"address": "nobody"}, "address"),
        ({"address": "a@example.org" + "x" * 250}, "address"),
        ({"rows": [{"number": "1", "day": "2024-01-01"}]}, "rows.0.number"),
        ({"rows": [{"number": 1, "day": "2023-02-29"}]}, "rows.0.day"),
        ({"rows": [{"number": 1, "day": "2024-01-01", "x": 1}]}, "rows.0.x"),
        ({"rows": [{"number": 1, "day": "2024-01-01"}] * 4}, "rows"),
        ({"due": "2026-01-01T09:00:00"}, "due"),
        ({"copies": 6}, "copies"),
        ({"copies": True}, "copies"),
        ({"free": "x" * 10_000_000}, "free"),
        ({"free": "a\x00b"}, "free"),
        ({"colours": ["green"]}, "colours.0"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_names_the_field(changes: dict[str, object], field: str) -> None:
    """Each refusal is by dotted field path, and by that field alone."""
    assert list(refused(**changes)) == [field]


@pytest.mark.parametrize("value", [None, [], "text", 4])
def test_what_is_no_mapping_is_refused(value: object) -> None:
    """A body that is no mapping is an invalid request, not a crash."""
    with pytest.raises(Invalid):
        load(Order, value)


def test_a_tolerant_reader_ignores_what_it_does_not_know() -> None:
    """A publisher may add fields at any depth without breaking readers."""
    rows = [{"number": 1, "day": "2024-01-01", "new": {"deep": 1}}]
    order = load(Order, {**VALID, "rows": rows, "new": 1}, tolerant=True)
    assert order.rows[0].number == 1


def test_tolerance_does_not_leak_into_strict_loading() -> None:
    """Loading tolerantly once leaves the strict schema strict."""
    load(Order, {**VALID, "new": 1}, tolerant=True)
    assert list(refused(new=1)) == ["new"]


def test_json_schema_states_the_rules() -> None:
    """Lengths, choices by value, ranges and nested schemas are in the JSON Schema."""
    schema = json_schema(Order)
    assert schema["properties"]["name"]["maxLength"] == 10
    assert schema["properties"]["colour"]["enum"] == ["red", "deep_blue"]
    assert schema["properties"]["copies"]["maximum"] == 5
    assert "Row" in schema["components"]["schemas"]
    assert set(schema["required"]) == {"name", "colour", "size", "address", "rows"}


def test_none_is_left_out_of_documents() -> None:
    """A sparse unique index must not meet nulls."""
    assert "shade" not in to_document(load(Order, VALID))


@given(
    number=st.integers(-(2**31), 2**31),
    day=st.dates(),
    colour=st.sampled_from(Colour),
    free=st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))),
    due=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_documents_survive_bson(
    number: int, day: date, colour: Colour, free: str, due: datetime | None
) -> None:
    """What is written to the store and read back equals what was written."""
    due = due and due.replace(microsecond=due.microsecond // 1000 * 1000)
    rows = (Row(number, day, colour),)
    order = Order("ada", colour, "small", "a@example.org", rows, {"k": free}, (colour,), free, due)
    raw = encode(to_document(order))
    read = decode(raw, CodecOptions(tz_aware=True, tzinfo=UTC))
    assert from_document(Order, read) == order


def test_a_document_that_does_not_fit_says_where() -> None:
    """A corrupt document names the class and the field, not a bare KeyError."""
    with pytest.raises(TypeError, match=r"Order.*size"):
        from_document(Order, {k: v for k, v in VALID.items() if k != "size"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"\xff",
        b"[" * 100_000,
        b'"\\ud800"',
        b'{"\\uDFFF": 1}',
        b'"\xed\xa0\x80"',
        '"\ud800"',
    ],
)
def test_what_is_no_json_is_refused(body: bytes | str) -> None:
    """Numbers that are none and half characters too, wherever they stand."""
    assert isinstance(error_of(lambda: parse_json(body)), Invalid)


def test_whole_characters_are_json_however_they_are_written() -> None:
    """A pair of escapes is one character."""
    assert parse_json(b'"\\ud83d\\ude00 \\\\ud800"') == "\U0001f600 \\ud800"


@dataclass(frozen=True)
class Booking:
    """Something with a code and a day."""

    code: str = text(10, pattern=Pattern(r"[a-z]+", "lower-case letters, such as wide"))
    day: date | None = None


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"code": "Wide"}, {"code": ["Must be lower-case letters, such as wide."]}),
        ({"code": "wide\n"}, {"code": ["Must be lower-case letters, such as wide."]}),
        ({"code": "wide", "day": "1 May"}, {"day": ["Not a date, e.g. 2026-11-24."]}),
        ({"code": "wide", "day": "2026-02-30"}, {"day": ["Not a date, e.g. 2026-11-24."]}),
        ({"code": "wide", "day": 5}, {"day": ["Not a date, e.g. 2026-11-24."]}),
    ],
)
def test_a_refusal_says_in_words_what_is_allowed(
    data: dict[str, object], fields: dict[str, list[str]]
) -> None:
    """Nobody has to read a pattern."""
    error = error_of(lambda: load(Booking, data))
    assert isinstance(error, Invalid)
    assert error.fields == fields
