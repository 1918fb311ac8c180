"""Calls over the real broker: authorised, validated, bounded, and applied once."""

import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from clients.faculty import Call, Faculty
from clients.faculty.protocol import headers_of_call
from deploy.local import Stack
from deploy.local.processes import wait_until
from shared.errors import FacultyError
from shared.trail import Change
from tests.integration.probe import SECONDS, Probe, client


@pytest.fixture(scope="module")
def staff(stack: Stack) -> Iterator[Faculty]:
    with client(stack, "staff", "staff-one") as caller:
        yield caller


@pytest.fixture
def tally_id() -> str:
    return uuid.uuid4().hex


def refusal(caller: Faculty, method: str, **arguments: Any) -> FacultyError:
    with pytest.raises(FacultyError) as caught:
        caller.call(method, **arguments)
    return caught.value


def total(probe: Probe, tally_id: str) -> int:
    found = probe.tallies.first({"_id": tally_id})
    return found.total if found else 0


class Wire:
    """A caller that puts on the wire whatever it is told to."""

    def __init__(self, uri: str, service: str) -> None:
        self._connection = Connection(uri, transport_options={"confirm_publish": True})
        self._service = service
        self._reply_to = str(uuid.uuid4())
        exchange = Exchange("nameko-rpc", no_declare=True)
        queue = Queue(f"rpc.reply-wire-{self._reply_to}", exchange, self._reply_to, exclusive=True)
        self._queue = queue(self._connection.channel())
        self._queue.declare()

    def send(self, method: str, body: bytes, **properties: Any) -> None:
        given = {"content_type": "application/json", "content_encoding": "utf-8", **properties}
        self._connection.Producer().publish(
            body,
            exchange="nameko-rpc",
            routing_key=f"{self._service}.{method}",
            reply_to=given.pop("reply_to", self._reply_to),
            **given,
        )

    def replies(self, number: int) -> list[Any]:
        found: list[Any] = []

        def there() -> bool:
            message = self._queue.get(no_ack=True)
            if message is not None:
                found.append(message)
            return len(found) == number

        wait_until(there, seconds=SECONDS, what=f"{number} replies")
        return found

    def answers(self, number: int) -> list[Any]:
        return [json.loads(message.body) for message in self.replies(number)]

    def close(self) -> None:
        self._connection.release()


@pytest.fixture
def wire(stack: Stack, probe: Probe) -> Iterator[Wire]:
    opened = Wire(stack.amqp_uri("ops"), probe.name)
    yield opened
    opened.close()


def call_of(**arguments: Any) -> bytes:
    return json.dumps({"args": [], "kwargs": arguments}).encode()


def headers_for(stack: Stack, method: str, correlation_id: str, role: str = "staff") -> Any:
    token = stack.token(role)
    return headers_of_call(method, correlation_id, token=token, idempotency_key=None)


def test_a_key_is_applied_once_and_answered_alike(
    staff: Faculty, probe: Probe, tally_id: str
) -> None:
    """Whether the calls come one after another or all at once."""
    arguments = {"tally_id": tally_id, "amount": 5}
    calls = [Call(f"{probe.name}.raise_tally", arguments, key=tally_id)] * 12
    answers = [answer for _, answer in staff.call_many(calls)]
    assert answers == [{"tally_id": tally_id, "total": 5}] * 12
    again = staff.call(f"{probe.name}.raise_tally", idempotency_key=tally_id, **arguments)
    assert (again["total"], total(probe, tally_id)) == (5, 5)


def test_a_key_belongs_to_its_arguments_and_its_caller(
    stack: Stack, staff: Faculty, probe: Probe, tally_id: str
) -> None:
    """With other arguments it is an error and nothing is done; of another caller it is another."""
    method = f"{probe.name}.raise_tally"
    staff.call(method, tally_id=tally_id, amount=1, idempotency_key="the-key")
    error = refusal(staff, method, tally_id=tally_id, amount=2, idempotency_key="the-key")
    assert error.code == "idempotency_mismatch"
    with client(stack, "staff", "staff-two") as other:
        other.call(method, tally_id=tally_id, amount=2, idempotency_key="the-key")
    assert total(probe, tally_id) == 3


def test_without_a_key_each_call_counts(staff: Faculty, probe: Probe, tally_id: str) -> None:
    """Two calls that look alike are two calls."""
    for _ in range(2):
        staff.call(f"{probe.name}.raise_tally", tally_id=tally_id, amount=1)
    assert total(probe, tally_id) == 2


def test_a_call_that_is_delivered_again_counts_once(
    stack: Stack, probe: Probe, wire: Wire, tally_id: str
) -> None:
    """As after a crash: the same message, known by its correlation id; both are answered."""
    correlation_id = str(uuid.uuid4())
    headers = headers_for(stack, f"{probe.name}.raise_tally", correlation_id)
    for _ in range(2):
        wire.send(
            "raise_tally",
            call_of(tally_id=tally_id, amount=4),
            headers=headers,
            correlation_id=correlation_id,
        )
    assert [answer["result"]["total"] for answer in wire.answers(2)] == [4, 4]
    assert total(probe, tally_id) == 4


def test_a_call_s_write_leaves_a_trail_of_its_caller(
    stack: Stack, staff: Faculty, probe: Probe, wire: Wire, tally_id: str
) -> None:
    """Who, by which method, why, and in which chain of calls; what was refused leaves none."""
    method = f"{probe.name}.raise_tally"
    staff.call(method, tally_id=tally_id, amount=2)
    refusal(staff, method, tally_id=tally_id, amount=101, reason="Too much.")
    correlation_id = str(uuid.uuid4())
    token = stack.token("staff", "staff-two")
    headers = headers_of_call(method, correlation_id, token=token, idempotency_key=None)
    body = call_of(tally_id=tally_id, amount=3, reason="Counted again.")
    for _ in range(2):
        wire.send("raise_tally", body, headers=headers, correlation_id=correlation_id)
    wire.answers(2)
    first, second = probe.tallies.trail(tally_id)
    assert (first.by, first.action, first.reason) == ("staff-one", "raise_tally", "")
    assert first.correlation_id
    assert first.changes == ()
    assert (second.by, second.action) == ("staff-two", "raise_tally")
    assert (second.reason, second.correlation_id) == ("Counted again.", correlation_id)
    assert second.changes == (Change("total", "2", "5"),)


def test_answers_are_transient_and_carry_the_call_s_id(
    stack: Stack, probe: Probe, wire: Wire, tally_id: str
) -> None:
    """An answer that outlived a restart of the broker would have nobody to read it."""
    headers = headers_for(stack, f"{probe.name}.get_tally", "mine")
    wire.send("get_tally", call_of(tally_id=tally_id), headers=headers, correlation_id="mine")
    (reply,) = wire.replies(1)
    assert reply.properties["delivery_mode"] == 1
    assert reply.properties["correlation_id"] == "mine"


@pytest.mark.parametrize(
    ("body", "properties", "says"),
    [
        (b"", {}, "not valid JSON"),
        (b"\xff\xfe", {}, "not valid JSON"),
        (b'{"args": [], "kwargs": {"tally_id": NaN}}', {}, "not valid JSON"),
        (b"[" * 100_000, {}, "not valid JSON"),
        (b"[]", {}, "no call"),
        (b'{"args": [], "kwargs": []}', {}, "no call"),
        (b'{"args": ["x"], "kwargs": {}}', {}, "by keyword"),
        (call_of(tally_id="x"), {"content_type": "application/x-python-serialize"}, "must be JSON"),
        (call_of(tally_id="x"), {"content_type": "text/plain"}, "must be JSON"),
    ],
)
def test_rubbish_is_answered_with_what_is_wrong(
    probe: Probe, wire: Wire, body: bytes, properties: dict[str, Any], says: str
) -> None:
    """And nothing of it is unpickled, nor does it end the consumer."""
    wire.send("get_tally", body, **properties)
    (answer,) = wire.answers(1)
    assert answer["result"] is None
    assert answer["error"]["value"]["code"] == "invalid"
    assert says in answer["error"]["value"]["message"]


def test_odd_headers_are_no_token(probe: Probe, wire: Wire) -> None:
    """Whatever type a header has."""
    odd: dict[str, Any] = {
        "nameko.auth_token": {"a": 1},
        "nameko.call_id_stack": 7,
        "nameko.correlation_id": [1],
        "traceparent": 3,
    }
    wire.send("get_tally", call_of(tally_id="x"), headers=odd)
    (answer,) = wire.answers(1)
    assert answer["error"]["value"]["code"] == "unauthenticated"


def test_a_caller_who_is_gone_does_no_harm(
    stack: Stack, staff: Faculty, probe: Probe, wire: Wire, tally_id: str
) -> None:
    """An answer that nobody waits for, or that was never wanted, is let go of."""
    headers = headers_for(stack, f"{probe.name}.raise_tally", "gone")
    for reply_to in ("nobody-there", None):
        wire.send(
            "raise_tally",
            call_of(tally_id=tally_id, amount=1),
            headers=headers,
            correlation_id=str(uuid.uuid4()),
            reply_to=reply_to,
        )
    wait_until(lambda: total(probe, tally_id) == 2, seconds=SECONDS, what="both were done")
    assert staff.call(f"{probe.name}.get_tally", tally_id=tally_id)["total"] == 2


def test_an_unexpected_failure_says_nothing_of_what_failed(
    staff: Faculty, probe: Probe, tally_id: str
) -> None:
    """The caller learns that something failed; details are for the log."""
    error = refusal(staff, f"{probe.name}.fail", tally_id=tally_id)
    assert (error.code, error.retryable) == ("internal", False)
    assert tally_id not in str(error)


def test_fields_are_named_and_nothing_is_done(staff: Faculty, probe: Probe, tally_id: str) -> None:
    """Unknown, missing and wrong ones, all at once."""
    error = refusal(staff, f"{probe.name}.raise_tally", tally_id="", amount=101, colour="red")
    assert set(error.details["fields"]) == {"tally_id", "amount", "colour"}
    error = refusal(staff, f"{probe.name}.raise_tally", tally_id=tally_id, note="n" * 10_000_000)
    assert set(error.details["fields"]) == {"amount", "note"}
    assert total(probe, tally_id) == 0


@pytest.mark.parametrize(
    ("role", "method", "code"),
    [
        ("integrator", "get_tally", "forbidden"),
        ("reviewer", "get_tally", "forbidden"),
        ("member", "get_tally", "forbidden"),
        ("ops", "raise_tally", "forbidden"),
    ],
)
def test_a_scope_that_is_not_granted_is_refused(
    stack: Stack, probe: Probe, tally_id: str, role: str, method: str, code: str
) -> None:
    """Before the arguments are even looked at."""
    with client(stack, role) as caller:
        assert refusal(caller, f"{probe.name}.{method}", tally_id=tally_id).code == code
    assert total(probe, tally_id) == 0


def test_a_member_s_own_record_is_granted(
    stack: Stack, staff: Faculty, probe: Probe, tally_id: str
) -> None:
    """By the subject of the token, and nobody else's is."""
    staff.call(f"{probe.name}.raise_tally", tally_id=tally_id, amount=1)
    with client(stack, "member", tally_id) as caller:
        assert caller.call(f"{probe.name}.get_tally", tally_id=tally_id)["total"] == 1
        assert refusal(caller, f"{probe.name}.get_tally", tally_id="another").code == "forbidden"


@pytest.mark.parametrize("token", [None, "rubbish"])
def test_a_public_method_answers_anybody(
    stack: Stack, staff: Faculty, probe: Probe, tally_id: str, token: str | None
) -> None:
    """Without a token, and whatever token there is; arguments are validated all the same."""
    staff.call(f"{probe.name}.raise_tally", tally_id=tally_id, amount=1)
    anybody = Faculty(stack.amqp_uri("ops"), token)
    try:
        assert anybody.call(f"{probe.name}.get_board", tally_id=tally_id)["total"] == 1
        assert refusal(anybody, f"{probe.name}.get_board", tally_id="").code == "invalid"
        assert refusal(anybody, f"{probe.name}.get_tally", tally_id=tally_id).code == (
            "unauthenticated"
        )
    finally:
        anybody.close()


def test_sensitive_arguments_reach_no_log(
    staff: Faculty, probe: Probe, tally_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither when a call succeeds nor when it is refused."""
    secret = uuid.uuid4().hex
    with caplog.at_level(logging.DEBUG):
        staff.call(f"{probe.name}.raise_tally", tally_id=tally_id, amount=1, note=secret)
        refusal(staff, f"{probe.name}.raise_tally", tally_id=tally_id, amount=0, note=secret)
    assert secret not in caplog.text
    assert str(staff.token) not in caplog.text
