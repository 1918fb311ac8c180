"""Any message can be parked and looked at, and what is shown carries no personal data."""

import json
from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import parking
from shared.parking import shown
from shared.schema import to_document
from tests.unit.shared.desk import Desk, arrival


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("odd", "field", "expected"),
    [
        ({"x-faculty-attempt": "many"}, "attempts", 1),
        ({"x-faculty-attempt": -1}, "attempts", 1),
        ({"x-faculty-attempt": 2**80}, "attempts", 1),
        ({"x-faculty-attempt": None}, "attempts", 1),
        ({"x-faculty-retries": [1]}, "retries", 0),
        ({"x-faculty-reason": None}, "reason", "delivered too often"),
        ({"x-faculty-error": "x" * 1_000}, "error", "x" * 500),
        ({"ce-id": None}, "event_id", ""),
        ({"ce-subject": {"a": [1]}}, "subject", "{'a': [1]}"),
        ({"more": b"\xff"}, "subject", "t-1"),
        ({"more": datetime(2026, 1, 5, tzinfo=UTC)}, "subject", "t-1"),
        ({"more": [{"deep": [None, 1.5, float("nan")]}]}, "subject", "t-1"),
        # py-amqp reads texts with "surrogatepass", so half a character reaches us.
        ({"ce-subject": "t-\ud800"}, "attempts", 6),
        ({"x-faculty-error": "\udfff"}, "attempts", 6),
        # A name that is no UTF-8 reaches us as bytes.
        ({b"\xff": "x"}, "attempts", 6),
        ({"more": {b"\xff": "x"}}, "attempts", 6),
    ],
)
def test_odd_headers_can_be_stored_and_retried(
    desk: Desk, odd: dict[str, Any], field: str, expected: Any
) -> None:
    """Whatever somebody wrote there: the parking is the last place there is."""
    id = desk.parking.keep(arrival(odd=odd)).id
    message, _ = desk.parking.get(id)
    assert getattr(message, field) == expected
    assert bson.encode(to_document(message))
    assert desk.retry(id).done == (id,)
    assert desk.sent[0][0].headers_for_retry()["x-faculty-retries"] >= 1


def test_what_is_shown_is_redacted_by_field_and_by_form() -> None:
    """At any depth, before it is cut."""
    said = {"rows": [{"email": "x", "note": "to ada@example.org"}], "thing_id": "t-1"}
    assert json.loads(shown(json.dumps(said).encode())) == {
        "rows": [{"email": "[redacted]", "note": "to [redacted]"}],
        "thing_id": "t-1",
    }


@pytest.mark.parametrize("filler", [3_980, 3_985, 3_990, 3_995, 4_000])
@pytest.mark.parametrize("quote", [b"", b'"'])
def test_an_address_at_the_edge_of_what_is_shown_is_redacted(filler: int, quote: bytes) -> None:
    """In text as in JSON, half an address is not shown either."""
    body = quote + b". " * (filler // 2) + b"ada.lovelace@example.org" + quote
    assert "ada" not in shown(body)
    assert len(shown(body)) <= parking.SHOWN_CHARACTERS


@pytest.mark.parametrize("depth", [10, 600, 100_000])
def test_a_body_of_any_depth_is_shown(depth: int) -> None:
    """Nobody can make a message that operations cannot look at."""
    assert shown(b"[" * depth + b"]" * depth).startswith("[[")


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200))
def test_any_body_is_shown(body: bytes) -> None:
    """Rubbish too, without an error."""
    assert isinstance(shown(body), str)
