"""What a call may look like on the wire, and what an answer to it looks like."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nameko.exceptions import MethodNotFound, RemoteError, deserialize

from clients.faculty import protocol
from shared import errors, rpc
from shared.errors import FacultyError, Invalid, Refused, from_wire
from shared.rpc import _arguments, _context_data, _context_of, _payload, _text
from shared.testing import error_of

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass
class Message:
    """What the helpers read of a kombu message."""

    body: bytes | str = b'{"args": [], "kwargs": {}}'
    content_type: Any = "application/json"
    headers: Any = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)


def refused(message: Message) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        _arguments(message)
    return caught.value.fields


@pytest.mark.parametrize("kwargs", [{}, {"a": 1}, {"a": {"b": [None, "£", 1.5]}}, {"self": 1}])
@pytest.mark.parametrize("args", [{}, {"args": []}, {"args": None}])
def test_keyword_arguments_are_read(args: dict[str, Any], kwargs: dict[str, Any]) -> None:
    """As text or as bytes; they reach the method as one mapping, whatever their names."""
    body = json.dumps({**args, "kwargs": kwargs})
    for one in (body, body.encode()):
        assert _arguments(Message(one)) == {"arguments": kwargs}


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (Message(b""), ""),
        (Message(b"{"), ""),
        (Message(b"\xff\xfe\x00"), ""),
        (Message(b"null"), ""),
        (Message(b"[[], {}]"), ""),
        (Message(b'"kwargs"'), ""),
        (Message(b"{}"), ""),
        (Message(b'{"args": []}'), ""),
        (Message(b'{"kwargs": null}'), ""),
        (Message(b'{"kwargs": [1]}'), ""),
        (Message(b'{"kwargs": {"a": NaN}}'), ""),
        (Message(b'{"kwargs": {"a": ' + b"9" * 5_000 + b"}}"), ""),
        (Message(b'{"kwargs": {"a": ' + b"[" * 100_000), ""),
        (Message(b'{"args": [1], "kwargs": {}}'), "args"),
        (Message(b'{"args": {"a": 1}, "kwargs": {}}'), "args"),
        (Message(content_type="application/x-python-serialize"), ""),
        (Message(content_type="text/plain"), ""),
        (Message(content_type=""), ""),
        (Message(content_type=None), ""),
    ],
)
def test_what_is_no_call_is_refused(message: Message, named: str) -> None:
    """And said so by field; nothing but JSON is ever decoded."""
    assert list(refused(message)) == [named]


def test_a_call_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read; one that just fits is not."""
    body = b'{"kwargs": {}}'
    monkeypatch.setattr(rpc, "MAX_BODY_BYTES", len(body))
    assert _arguments(Message(body)) == {"arguments": {}}
    assert "bytes" in refused(Message(body + b" "))[""][0]
    assert "bytes" in refused(Message(b"{" * (len(body) + 1)))[""][0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
CALLS = st.fixed_dictionaries({}, optional={"args": JSON, "kwargs": JSON, "more": JSON})


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60) | (JSON | CALLS).map(json.dumps))
def test_rubbish_is_invalid_or_a_call(body: bytes | str) -> None:
    """No body makes reading it fail in any other way."""
    try:
        read = _arguments(Message(body))
    except FacultyError as error:
        assert type(error) is Invalid
        assert error.fields
    else:
        assert list(read) == ["arguments"]
        assert isinstance(read["arguments"], dict)


def test_context_data_loses_its_prefix() -> None:
    """As Nameko's own clients write it; what has no prefix is no context data."""
    headers = {
        "nameko.auth_token": "t",
        "nameko.idempotency_key": "k",
        "nameko.call_id_stack": ["a.b.1"],
        "auth_token": "other",
        "namekoauth_token": "other",
    }
    data = _context_data(Message(headers=headers, properties={"correlation_id": "c-1"}))
    assert data == {
        "auth_token": "t",
        "idempotency_key": "k",
        "call_id_stack": ["a.b.1"],
        "traceparent": "",
        "tracestate": "",
        "amqp_correlation_id": "c-1",
    }


def test_the_trace_is_read_with_and_without_prefix() -> None:
    """Context data first: a Nameko client can write nothing else."""
    plain = Message(headers={"traceparent": TRACE, "tracestate": "a=b"})
    assert _context_data(plain)["traceparent"] == TRACE
    assert _context_data(plain)["tracestate"] == "a=b"
    both = Message(headers={"traceparent": "x", "nameko.traceparent": TRACE})
    assert _context_data(both)["traceparent"] == TRACE


def test_a_caller_cannot_choose_the_call_s_identity() -> None:
    """It is the message's own correlation id, whatever the headers say."""
    message = Message(
        headers={"nameko.amqp_correlation_id": "forged"}, properties={"correlation_id": "c-1"}
    )
    assert _context_data(message)["amqp_correlation_id"] == "c-1"
    assert _context_data(Message(headers=message.headers))["amqp_correlation_id"] == ""


@pytest.mark.parametrize("stack", [None, "a", 7, {"a": 1}])
def test_a_call_stack_that_is_no_list_is_left_out(stack: Any) -> None:
    """Nameko would iterate over it."""
    assert "call_id_stack" not in _context_data(Message(headers={"nameko.call_id_stack": stack}))


HEADERS = st.dictionaries(
    st.text(max_size=5)
    | st.binary(max_size=5)  # py-amqp gives a name that is no UTF-8 as bytes
    | st.sampled_from(
        [f"nameko.{name}" for name in ("auth_token", "correlation_id", "call_id_stack", "")]
        + ["traceparent", "tracestate", "nameko.traceparent"]
    ),
    JSON | st.binary(max_size=5) | st.datetimes(),
    max_size=5,
)


@settings(deadline=None)
@given(HEADERS | st.none(), st.none() | st.text(max_size=5))
def test_odd_headers_are_read(headers: Any, correlation_id: str | None) -> None:
    """Whatever names and types they have; ids made of them are texts."""
    data = _context_data(Message(headers=headers, properties={"correlation_id": correlation_id}))
    assert isinstance(data["amqp_correlation_id"], str)
    assert isinstance(data.get("call_id_stack", []), list)
    context = _context_of(data)
    assert isinstance(context.correlation_id, str)
    assert context.correlation_id
    assert len(context.traceparent) == len(TRACE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("abc", "abc"),
        ("", ""),
        ("x" * 256, "x" * 256),
        ("x" * 257, ""),
        (None, ""),
        (7, ""),
        (b"abc", ""),
        (["abc"], ""),
    ],
)
def test_only_short_texts_count(value: Any, text: str) -> None:
    """What a caller writes into a header is bounded before it is used."""
    assert _text(value) == text


def all_errors(root: type[FacultyError] = FacultyError) -> list[type[FacultyError]]:
    return [one for cls in root.__subclasses__() for one in (cls, *all_errors(cls))]


OURS = [cls for cls in all_errors() if cls.__module__ == errors.__name__]


@pytest.mark.parametrize("cls", OURS)
def test_an_error_arrives_as_nameko_s_clients_read_it(cls: type[FacultyError]) -> None:
    """As a remote error with the class's name, whose value says code, message and details."""
    error = cls("Because.", where="here")
    payload = json.loads(json.dumps(_payload(error)))
    assert set(payload) == {"exc_type", "exc_path", "exc_args", "value"}
    assert payload["exc_path"] == f"shared.errors.{cls.__name__}"
    assert payload["exc_args"] == ["Because."]
    remote = deserialize(payload)
    assert type(remote) is RemoteError
    assert remote.exc_type == cls.__name__
    assert remote.value == errors.to_wire(error)
    again = from_wire(remote.value)
    assert (type(again), again.details) == (cls, {"where": "here"})


def test_an_unknown_method_is_nameko_s_own_error() -> None:
    """Its clients raise it as such; ours read the code of it."""
    payload = json.loads(json.dumps(_payload(MethodNotFound("admid"))))
    raised = deserialize(payload)
    assert type(raised) is MethodNotFound
    assert raised.args == ("admid",)
    assert payload["value"]["code"] == "not_found"


def test_an_unknown_method_is_named_with_the_nearest() -> None:
    """Whoever slipped need not look it up."""
    value = _payload(MethodNotFound("admid"), ["admit", "get_member"])["value"]
    assert value["message"] == "There is no method admid. Did you mean admit?"
    assert value["details"] == {"method": "admid", "nearest": ["admit"]}


@pytest.mark.parametrize(
    "error",
    [
        ValueError("ada@example.org is broken"),
        KeyError("ada@example.org"),
        RuntimeError("ada@example.org", object()),
        KeyboardInterrupt("ada@example.org"),
    ],
)
def test_a_foreign_error_says_only_internal(error: BaseException) -> None:
    """Neither its text nor its class leaves the service."""
    said = json.dumps(_payload(error))
    assert "ada" not in said
    assert type(error).__name__ not in said
    remote = deserialize(json.loads(said))
    assert (remote.exc_type, remote.value["code"]) == ("Internal", "internal")


def test_a_service_s_own_error_keeps_its_name() -> None:
    """A subclass with or without a code of its own."""

    class TooLate(Refused):
        """It is too late."""

    payload = _payload(TooLate(day="Monday"))
    assert (payload["exc_type"], payload["exc_args"]) == ("TooLate", ["It is too late."])
    assert payload["value"]["code"] == "refused"


@pytest.mark.parametrize(
    "error", [Refused("No.", by="rule"), Invalid("Bad.", fields={"a": ["b"]}), ValueError("x")]
)
def test_our_own_client_reads_the_answer(error: Exception) -> None:
    """As the error that was raised; what was not raised on purpose is an internal one."""
    body = json.dumps({"result": None, "error": _payload(error)})
    read = error_of(lambda: protocol.decode_reply(body))
    assert errors.to_wire(read) == errors.to_wire(error)
