"""What a service publishes, its readers in other services understand.

Every event's example goes through the real serialisation to every reader that names it.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary_event

from deploy.local import SERVICES
from shared.events import dump, load
from shared.outbox import Envelope
from shared.parking import ERROR, REASON
from shared.schema import schema_of
from tests.contract.wiring import (
    CORRELATION_ID,
    EVENTS,
    READINGS,
    SEQUENCE,
    SUBJECT,
    TIME,
    Published,
    Reading,
    declared_in,
    receive,
)

# Public events that no service needs; whoever integrates with Faculty does.
FOR_INTEGRATORS = (
    "programmes.programme.published",
    "programmes.offer.held",
    "programmes.offer.declined",
    "programmes.offer.expired",
    "programmes.offer.upgraded",
    "programmes.offer.restored",
    "programmes.round.released",
    "programmes.round.reversed",
    "programmes.placement.arranged",
    "programmes.placement.deferred",
    "programmes.placement.changed",
    "programmes.placement.paused",
    "programmes.placement.resumed",
    "programmes.placement.ended",
    "programmes.placement.reopened",
    "programmes.scoring.closed",
    "programmes.programme.closed",
    "programmes.preferences.opened",
    "programmes.match.made",
    "programmes.cohort.extended",
    "programmes.cohort.closed",
    "programmes.cohort.withdrawn",
    "programmes.application.returned",
    "programmes.application.withdrawn",
    "programmes.application.reserved",
    "programmes.application.not_selected",
    "programmes.application.paused",
    "programmes.interview.booked",
    "programmes.interview.cancelled",
    "programmes.application.resumed",
    "programmes.session.scheduled",
    "programmes.session.rescheduled",
    "programmes.session.cancelled",
    "programmes.booking.confirmed",
    "programmes.booking.waitlisted",
    "programmes.booking.promoted",
    "programmes.booking.cancelled",
    "programmes.travel.declared",
    "programmes.travel.withdrawn",
    "programmes.opportunity.published",
    "programmes.opportunity.revised",
    "programmes.opportunity.closed",
    "programmes.opportunity.withdrawn",
    "membership.application.declined",
    "membership.application.reopened",
    "membership.declaration.reviewed",
    "membership.member.renewed",
    "membership.renewal.due",
    "membership.member.entered_grace",
    "membership.member.lapsed",
    "membership.member.suspended",
    "membership.member.reinstated",
    "membership.member.withdrawn",
    "membership.member.removed",
    "membership.member.deceased",
    "membership.entitlement.changed",
    "membership.policy.activated",
    "membership.organisation.registered",
    "membership.organisation.changed",
    "membership.seats.bought",
    "membership.seats.returned",
    "membership.seat.allocated",
    "membership.seat.released",
    "membership.profession.proposed",
    "membership.profession.consultation_opened",
    "membership.profession.position_recorded",
    "membership.profession.pilot_started",
    "membership.profession.admitted",
    "membership.profession.refused",
    "membership.fellowship.started",
    "membership.fellowship.submitted",
    "membership.fellowship.referenced",
    "membership.fellowship.decided",
    "membership.fellowship.awarded",
    "membership.fellowship.declined",
    "membership.fellowship.appealed",
    "membership.fellowship.withdrawn",
    "membership.award.revalidation_due",
    "membership.award.revalidated",
    "membership.award.ended",
    "membership.self_assessment.recorded",
)

NAME = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+(\.v([2-9]|[1-9]\d+))?")
# "due" stands for "has fallen due", "grace" for the stage that was entered.
IRREGULAR = {
    "due",
    "grace",
    "begun",
    "bought",
    "given",
    "held",
    "left",
    "lost",
    "made",
    "met",
    "paid",
    "sent",
    "withdrawn",
}

REQUIRED = [
    (reading, name)
    for reading in READINGS
    for name, field in schema_of(reading.cls, tolerant=True).fields.items()
    if field.required
]


def sent_to(reading: Reading) -> Envelope:
    """What the publisher of a reader's event sends."""
    (publisher,) = reading.publishers
    return publisher.sent()


def body_of(sent: Envelope) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(sent.body)
    return body


def with_body(sent: Envelope, body: Mapping[str, Any]) -> Envelope:
    return sent._replace(body=json.dumps(body).encode())


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_example_is_what_the_event_sends(event: Published) -> None:
    """It is valid, complete, and the same after the way to the wire."""
    assert set(event.type.example) == {item.name for item in dataclasses.fields(event.cls)}
    assert body_of(event.sent()) == event.type.example


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_says_what_it_means(event: Published) -> None:
    """Events are immutable and each has a sentence for the catalogue."""
    assert event.cls.__dataclass_params__.frozen
    assert (event.cls.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_is_named_for_what_happened(event: Published) -> None:
    """The type is dotted and in the past tense, and the class is named after it."""
    assert NAME.fullmatch(event.type.name)
    words = re.sub(r"\.v\d+$", "", event.type.name).split(".")
    verb = words[-1].rpartition("_")[2]
    assert verb.endswith("ed") or verb in IRREGULAR
    assert event.cls.__name__ == re.sub(r"[._]", " ", event.type.name).title().replace(" ", "")


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_goes_where_its_readers_bind(event: Published) -> None:
    """Exchange, routing key and the headers of CloudEvents say the same type."""
    sent = event.sent()
    assert sent.exchange == f"{event.service}.{'private' if event.type.private else 'events'}"
    assert sent.routing_key == event.type.name
    assert sent.headers["ce-type"] == f"faculty.{event.service}.{event.type.name}"
    assert sent.headers["ce-dataschema"] == f"urn:faculty:{event.service}:{event.type.name}"


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_the_official_sdk_reads_every_example(event: Published) -> None:
    """Attributes, extensions and data arrive as they were meant."""
    sent = event.sent()
    read = from_binary_event(RabbitMQMessage(sent.headers, "application/json", sent.body))
    assert read.get_data() == event.type.example
    assert (read.get_id(), read.get_subject(), read.get_time()) == (sent.message_id, SUBJECT, TIME)
    assert read.get_extension("sequence") == str(SEQUENCE)
    assert read.get_extension("correlationid") == CORRELATION_ID


def test_no_two_events_of_a_service_share_a_type() -> None:
    """One type has one meaning, on whichever exchange it travels."""
    named = [(event.service, event.type.name) for event in EVENTS]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_lists_all_its_events(service: str) -> None:
    """``EVENTS`` of a service holds what its module declares."""
    listed = importlib.import_module(f"services.{service}.events").EVENTS
    assert set(listed) == {event.cls for event in EVENTS if event.service == service}


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_a_reader_is_given_what_was_published(reading: Reading) -> None:
    """The handler gets the reader's class with the publisher's values, and the envelope."""
    sent = sent_to(reading)
    received = receive(sent, reading)
    assert received.handed is not None
    event, meta = received.handed
    assert type(event) is reading.cls
    assert dump(event) == {name: body_of(sent)[name] for name in dump(event)}
    assert (meta.id, meta.type, meta.source) == (
        sent.message_id,
        reading.source.ce_type,
        f"/faculty/{reading.source.service}",
    )
    assert (meta.subject, meta.sequence, meta.time) == (SUBJECT, SEQUENCE, TIME)
    assert (meta.correlation_id, meta.attempt) == (CORRELATION_ID, 1)


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_a_reader_ignores_what_it_does_not_know(reading: Reading) -> None:
    """A publisher may add fields and headers without asking its readers."""
    sent = sent_to(reading)
    more = {**body_of(sent), "added_later": {"deep": [1, None]}, "addedToo": "text"}
    plain = receive(sent, reading)
    received = receive(
        with_body(sent, more)._replace(headers={**sent.headers, "ce-addedlater": "x", "other": 1}),
        reading,
    )
    assert received.parked is None
    assert received.handed == plain.handed


@pytest.mark.parametrize(("reading", "name"), REQUIRED, ids=str)
def test_without_a_required_field_an_event_is_malformed(reading: Reading, name: str) -> None:
    """It is parked at once, the reason names the field, and no handler sees it."""
    sent = sent_to(reading)
    body = body_of(sent)
    for broken in ({key: body[key] for key in body if key != name}, {**body, name: None}):
        received = receive(with_body(sent, broken), reading)
        assert received.handed is None
        assert received.parked is not None
        assert received.parked[REASON] == "malformed"
        assert f"'{name}'" in received.parked[ERROR]
        assert received.acknowledged


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_every_subscription_has_one_publisher(reading: Reading) -> None:
    """What a handler waits for, exactly one other service says, on that exchange."""
    assert len(reading.publishers) == 1
    assert reading.source.service != reading.service


@pytest.mark.parametrize("service", SERVICES)
def test_every_reader_has_a_handler(service: str) -> None:
    """A reader that nothing subscribes with would grant rights for nothing."""
    used = {reading.cls for reading in READINGS if reading.service == service}
    assert used == set(declared_in(f"{service}.subscriptions", "source"))


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_every_event_has_a_reader_or_is_for_integrators(event: Published) -> None:
    """Nothing is published for nobody, and what integrators may not see has a reader."""
    read = any(event in reading.publishers for reading in READINGS)
    assert read != (str(event) in FOR_INTEGRATORS)
    assert read or not event.type.private


def test_what_is_said_to_be_for_integrators_exists() -> None:
    """The list is not older than the events."""
    assert set(FOR_INTEGRATORS) <= {str(event) for event in EVENTS}


def test_examples_are_loaded_strictly() -> None:
    """A typing error in an example is found, not ignored."""
    event = EVENTS[0]
    with pytest.raises(Exception, match="not valid"):
        load(event.cls, {**event.type.example, "colour": "red"})
