"""Deadlines, repetition and what a caller is told, on a link that fails when it is told to."""

import json
import time

import pytest
from amqp.exceptions import AccessRefused
from amqp.exceptions import NotFound as NoExchange

from clients.faculty import Call, Faculty
from shared import errors


class FakeBroker:
    """Opens links; answers each call by ``service``, or loses the connection."""

    def __init__(self):
        self.sent = []
        self.opened = 0
        self.open_failures = []
        self.drain_failures = []
        self.service = lambda method, arguments: {"method": method, **arguments}
        self.silent = self.unconfirmed = self.unroutable = False

    def open(self, _uri, _reply_id, listener):
        self.opened += 1
        if self.open_failures:
            raise self.open_failures.pop(0)
        return FakeLink(self, listener)


class FakeLink:
    """A connection whose broker is in the same process."""

    def __init__(self, broker, listener):
        self.broker, self.listener, self.replies = broker, listener, []

    def publish(self, routing_key, body, headers, *, correlation_id, seconds):
        assert seconds > 0
        self.broker.sent.append((routing_key, headers, correlation_id))
        if self.broker.unroutable:
            self.listener.unroutable(correlation_id)
        if not self.broker.unconfirmed:
            self.listener.confirmed(correlation_id)
        result = self.broker.service(routing_key, json.loads(body)["kwargs"])
        self.replies.append((correlation_id, {"result": result, "error": None}))

    def drain(self, seconds):
        if self.broker.drain_failures:
            raise self.broker.drain_failures.pop(0)
        if self.replies and not self.broker.silent:
            correlation_id, reply = self.replies.pop()
            self.listener.replied(correlation_id, json.dumps(reply).encode())
        else:
            time.sleep(min(seconds, 0.01))

    def close(self):
        self.replies.clear()

    abandon = close


@pytest.fixture
def broker():
    """A broker that answers everything."""
    return FakeBroker()


@pytest.fixture
def faculty(broker):
    """A client of it with a short deadline."""
    with Faculty("amqp://", token="t", timeout=0.3, link=broker.open) as client:
        yield client


def test_a_call_returns_the_result(faculty, broker):
    """The method is the routing key, and the token travels with it."""
    assert faculty.call("membership.admit", member_id="1") == {
        "method": "membership.admit",
        "member_id": "1",
    }
    [(routing_key, headers, _)] = broker.sent
    assert (routing_key, headers["nameko.auth_token"]) == ("membership.admit", "t")


def test_many_calls_give_every_index_once_and_read_ahead_no_further_than_told(faculty, broker):
    """Results come with their index, and no more than ``in_flight`` calls wait at a time."""
    taken = []

    def calls():
        for index in range(50):
            taken.append(index)
            yield "m.x", {"index": index}, None

    finished = 0
    for index, answer in faculty.call_many(calls(), in_flight=7):
        assert answer["index"] == index
        assert len(taken) - finished <= 7
        finished += 1
    assert finished == 50


def test_a_call_may_carry_a_token_of_its_own(faculty, broker):
    """One client can speak for several people."""
    list(faculty.call_many([Call("m.x", {}, token="other")]))
    assert broker.sent[0][1]["nameko.auth_token"] == "other"


def test_an_unanswered_call_ends_at_its_deadline(faculty, broker):
    """The service has the call and says nothing: the deadline is exceeded."""
    broker.silent = True
    with pytest.raises(errors.DeadlineExceeded):
        faculty.call("m.x", timeout=0.05)


def test_a_call_that_the_broker_never_took_is_unavailable(faculty, broker):
    """Without a confirm the call did not reach the service."""
    broker.silent = broker.unconfirmed = True
    with pytest.raises(errors.Unavailable):
        faculty.call("m.x", timeout=0.05)


def test_an_unknown_service_is_told_at_once(faculty, broker):
    """A call that no queue takes comes back and does not wait for the deadline."""
    broker.unroutable = True
    with pytest.raises(errors.NotFound, match="no service nobody"):
        faculty.call("nobody.x", timeout=60)
    with pytest.raises(errors.NotFound, match="membership has never run"):
        faculty.call("membership.x", timeout=60)


def test_a_lost_connection_repeats_only_calls_with_a_key(faculty, broker):
    """The call with a key is sent again under the same id; the other may have been done."""
    broker.drain_failures = [ConnectionResetError()]
    answers = dict(faculty.call_many([("m.a", {}, "key"), ("m.b", {}, None)]))
    assert answers[0] == {"method": "m.a"}
    assert isinstance(answers[1], errors.Unavailable)
    repeated = [entry for entry in broker.sent if entry[0] == "m.a"]
    assert len(repeated) == 2
    assert repeated[0] == repeated[1]


def test_a_broker_that_comes_back_in_time_is_waited_for(faculty, broker):
    """A call with a key survives a broker that is away for a moment."""
    broker.open_failures = [ConnectionRefusedError()]
    assert faculty.call("m.x", idempotency_key="key") == {"method": "m.x"}
    assert broker.opened == 2


def test_a_broker_that_is_away_is_told_at_once_without_a_key(faculty, broker):
    """Nobody waits for the deadline when nothing will be repeated."""
    broker.open_failures = [ConnectionRefusedError()]
    with pytest.raises(errors.Unavailable, match="make up"):
        faculty.call("m.x", timeout=60)


def test_waiting_for_the_broker_ends_at_the_deadline(faculty, broker):
    """Repetition is bounded."""
    broker.open_failures = [ConnectionRefusedError()] * 100
    with pytest.raises(errors.Unavailable):
        faculty.call("m.x", idempotency_key="key", timeout=0.15)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(AccessRefused(), errors.Unauthenticated), (NoExchange(), errors.Unavailable)],
)
def test_a_broker_that_will_not_have_us_is_not_asked_again(faculty, broker, failure, expected):
    """A wrong password, or a broker without the exchange, ends even calls with a key."""
    broker.open_failures = [failure]
    with pytest.raises(expected):
        faculty.call("m.x", idempotency_key="key")


def test_a_call_the_broker_forbids_is_forbidden(faculty, broker):
    """A permission of the broker is not a lost connection."""
    broker.unconfirmed = True
    broker.drain_failures = [AccessRefused()]
    with pytest.raises(errors.Forbidden):
        faculty.call("membership.x", idempotency_key="key")


def test_a_slip_in_a_service_s_name_is_not_taken_for_a_missing_permission(faculty, broker):
    """The broker refuses both alike; the name and the nearest are told, others go on."""
    broker.unconfirmed, broker.drain_failures = True, [AccessRefused()]
    calls = [("memberhsip.x", {}, None), ("membership.y", {}, "key")]
    answers = dict(faculty.call_many(calls))
    assert answers[0].message == "There is no service memberhsip. Did you mean membership?"
    assert (answers[0].code, answers[0].details["nearest"]) == ("not_found", ["membership"])
    assert answers[1] == {"method": "membership.y"}


def test_a_call_may_be_made_while_others_are_in_flight(faculty, broker):
    """Replies to the outer calls are not lost on the inner one."""
    seen = []
    for index, answer in faculty.call_many(
        [("m.x", {"i": i}, None) for i in range(5)], in_flight=5
    ):
        assert faculty.call("m.inner") == {"method": "m.inner"}
        seen.append((index, answer["i"]))
    assert sorted(seen) == [(i, i) for i in range(5)]


def test_arguments_that_cannot_be_sent_are_an_answer_among_the_others(faculty, broker):
    """One bad call of many fails alone."""
    answers = dict(faculty.call_many([("m.x", {"x": object()}, None), ("m.x", {}, None)]))
    assert isinstance(answers[0], errors.Invalid)
    assert answers[1] == {"method": "m.x"}
