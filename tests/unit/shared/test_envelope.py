"""Events go out as CloudEvents that others can read."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from shared.messaging.subscription import read_meta
from shared.outbox import Entry, Envelope, envelope, ready
from shared.telemetry import Context, activate
from tests.unit.shared.processes import NOW, LampLit, OwnerTold, Process

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def sent(tracestate: str = "a=b") -> Envelope:
    """The second event of a lamp that was lit twice in one call."""
    process = Process()
    with activate(Context.start(correlation_id="c-1", traceparent=TRACE, tracestate=tracestate)):
        process.add("l-1", lit=2)
    process.flush()
    return process.broker.published[1]


def entry(happened: Any, **changed: Any) -> Entry:
    (made,) = ready([happened], 7, lambda: NOW)
    return {**made, **changed}


def test_the_official_sdk_reads_the_headers() -> None:
    """As a CloudEvent with every attribute."""
    one = sent()
    message = RabbitMQMessage(dict(one.headers), "application/json", one.body)
    read = from_binary(message, JSONFormat())
    assert read.get_attributes() == {
        "specversion": "1.0",
        "id": one.message_id,
        "source": "/faculty/things",
        "type": "faculty.things.lamp.lit",
        "subject": "l-1",
        "time": NOW,
        "dataschema": "urn:faculty:things:lamp.lit",
        "datacontenttype": "application/json",
        "sequence": "2",
        "correlationid": "c-1",
    }
    assert read.get_data() == {"lamp_id": "l-1", "number": 2}


def test_the_trace_goes_on_in_headers_of_its_own() -> None:
    """Without a prefix, as W3C names them; the span is our own, the trace the caller's."""
    headers = sent().headers
    assert headers["traceparent"].split("-")[1] == TRACE.split("-")[1]
    assert headers["tracestate"] == "a=b"
    others = set(headers) - {"traceparent", "tracestate"}
    assert all(name.startswith("ce-") for name in others)


def test_an_empty_tracestate_is_left_out() -> None:
    """The header is optional, and an empty one is not valid."""
    assert "tracestate" not in sent(tracestate="").headers


def test_our_own_subscribers_read_the_headers() -> None:
    """What they take for the envelope is what was put into it."""
    one = sent()
    meta = read_meta(one.headers)
    assert (meta.id, meta.type) == (one.message_id, "faculty.things.lamp.lit")
    assert (meta.source, meta.subject, meta.sequence) == ("/faculty/things", "l-1", 2)
    assert (meta.time, meta.correlation_id, meta.attempt) == (NOW, "c-1", 1)


@pytest.mark.parametrize(
    ("happened", "exchange", "key"),
    [
        (LampLit("l-1", 1), "things.events", "lamp.lit"),
        (OwnerTold("l-1"), "things.private", "owner.told"),
    ],
)
def test_private_events_go_out_apart(happened: Any, exchange: str, key: str) -> None:
    """The routing key is the event's type, the exchange says who may read it."""
    one = envelope("things", "l-1", entry(happened))
    assert (one.exchange, one.routing_key) == (exchange, key)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (NOW, "2026-01-05T09:30:00Z"),
        (datetime(2026, 1, 5, 9, 30, 0, 7_000, UTC), "2026-01-05T09:30:00.007000Z"),
        (NOW.astimezone(timezone(timedelta(hours=1))), "2026-01-05T10:30:00+01:00"),
    ],
)
def test_the_time_has_the_form_of_rfc_3339(time: datetime, said: str) -> None:
    """With an offset, which is never guessed."""
    headers = envelope("things", "l-1", entry(LampLit("l-1", 1), time=time)).headers
    assert headers["ce-time"] == said
    assert read_meta(headers).time == time


def test_each_event_has_an_id_and_the_next_number() -> None:
    """Those of one save share the rest of their envelope."""
    entries = ready([LampLit("l-1", 1), OwnerTold("l-1"), LampLit("l-1", 2)], 4, lambda: NOW)
    assert [each["sequence"] for each in entries] == [4, 5, 6]
    assert len({each["id"] for each in entries}) == 3
    assert len({each["time"] for each in entries}) == 1


def test_headers_are_text() -> None:
    """The binding wants them so: numbers would not pass every client."""
    assert all(type(value) is str for value in sent().headers.values())


def test_the_body_is_utf_8() -> None:
    """What is beyond ASCII is written as it is."""
    one = envelope("things", "l-1", entry(LampLit("Siân", 1)))
    assert one.body == '{"lamp_id":"Siân","number":1}'.encode()
