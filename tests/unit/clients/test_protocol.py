"""What goes over the wire, and what is understood of what comes back."""

import json
from datetime import UTC, date, datetime

import pytest
from cloudevents.core.bindings.rabbitmq import to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from clients.faculty import protocol
from shared import errors

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=4))
def test_arguments_survive_encoding(arguments):
    """Any JSON arguments arrive as keyword arguments, unchanged."""
    assert json.loads(protocol.encode_arguments(arguments)) == {"args": [], "kwargs": arguments}


def test_dates_travel_as_iso_text():
    """Dates and times are written in ISO 8601."""
    body = protocol.encode_arguments(
        {"on": date(2026, 2, 28), "at": datetime(2026, 2, 28, 9, tzinfo=UTC)}
    )
    assert json.loads(body)["kwargs"] == {"on": "2026-02-28", "at": "2026-02-28T09:00:00+00:00"}


def test_arguments_that_are_not_json_are_refused():
    """What JSON cannot hold is refused before anything is sent."""
    with pytest.raises(errors.Invalid):
        protocol.encode_arguments({"callback": print})


def test_absent_token_and_key_leave_no_header():
    """A header cannot be null, so what is absent is left out."""
    bare = protocol.headers_of_call("m.x", "1", token=None, idempotency_key=None)
    full = protocol.headers_of_call("m.x", "1", token="t", idempotency_key="k")
    assert set(bare) == {"nameko.call_id_stack", "nameko.correlation_id"}
    assert (full["nameko.auth_token"], full["nameko.idempotency_key"]) == ("t", "k")


@given(JSON_VALUES)
def test_a_result_is_returned_as_it_is(result):
    """The result of a reply is the answer, null included."""
    assert protocol.decode_reply(json.dumps({"result": result, "error": None})) == result


def _failed(kind, value):
    error = {"exc_type": kind, "exc_path": f"x.{kind}", "exc_args": [], "value": value}
    return json.dumps({"result": None, "error": error}).encode()


def test_an_error_of_the_wire_table_keeps_code_details_and_retryable():
    """Service errors arrive with everything the table carries."""
    wire = errors.to_wire(errors.Invalid("No.", fields={"email": ["Not a valid email address."]}))
    with pytest.raises(errors.Invalid) as caught:
        protocol.decode_reply(_failed("Invalid", wire))
    assert errors.to_wire(caught.value) == wire


def test_a_service_specific_code_survives():
    """A code the client has no class for is still the error's code."""
    wire = {"code": "x.y", "message": "m", "details": {"a": 1}, "retryable": True}
    with pytest.raises(errors.FacultyError) as caught:
        protocol.decode_reply(_failed("Strange", wire))
    assert errors.to_wire(caught.value) == wire


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("MethodNotFound", errors.NotFound),
        ("IncorrectSignature", errors.Invalid),
        ("MalformedRequest", errors.Invalid),
        ("ValueError", errors.Internal),
    ],
)
def test_nameko_s_own_failures_are_mapped(kind, expected):
    """What Nameko itself answers becomes an error of the same tree."""
    with pytest.raises(expected):
        protocol.decode_reply(_failed(kind, "text"))


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"not json", b'"text"'])
def test_an_unreadable_reply_is_an_internal_error(body):
    """A reply that is not Nameko's says so and does not break the client."""
    with pytest.raises(errors.Internal):
        protocol.decode_reply(body)


def test_an_event_of_the_official_sdk_is_read():
    """Attributes are the SDK's own, and data is decoded."""
    sent = CloudEvent(
        attributes={
            "id": "1",
            "type": "faculty.membership.member.admitted",
            "source": "/membership",
            "specversion": "1.0",
            "subject": "0198",
            "sequence": "3",
            "time": datetime(2026, 1, 1, tzinfo=UTC),
            "datacontenttype": "application/json",
        },
        data={"member_id": "0198"},
    )
    message = to_binary(sent, JSONFormat())
    headers = {**message.headers, "traceparent": "00-a-b-01", "other": "1"}
    assert protocol.decode_event(headers, message.content_type, message.body) == {
        "id": "1",
        "type": "faculty.membership.member.admitted",
        "source": "/membership",
        "specversion": "1.0",
        "subject": "0198",
        "sequence": "3",
        "time": "2026-01-01T00:00:00Z",
        "traceparent": "00-a-b-01",
        "datacontenttype": "application/json",
        "data": {"member_id": "0198"},
    }


def test_a_stray_message_is_given_as_text():
    """What is not JSON does not end a subscription."""
    assert protocol.decode_event({}, None, b"\xffoops") == {"data": "\ufffdoops"}
