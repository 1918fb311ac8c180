"""Event declarations, aggregates and ids."""

import uuid
from dataclasses import dataclass

from shared.events import Aggregate, event, exchange_of, load, new_id, reads, utc_now
from shared.telemetry import Context, activate


@event("thing.made", example={"thing_id": "1"})
@dataclass(frozen=True)
class ThingMade:
    thing_id: str


@event("thing.told", example={"thing_id": "1"}, private=True)
@dataclass(frozen=True)
class ThingTold:
    thing_id: str


@reads("things", "thing.told", private=True)
@dataclass(frozen=True)
class HeardThing:
    thing_id: str


@dataclass
class Thing(Aggregate):
    id: str


def test_an_event_declares_its_type_and_a_valid_example() -> None:
    """The example of a declared event loads into its class."""
    assert ThingMade.event_type.name == "thing.made"  # type: ignore[attr-defined]
    assert load(ThingMade, ThingMade.event_type.example) == ThingMade("1")  # type: ignore[attr-defined]


def test_private_events_have_an_exchange_of_their_own() -> None:
    """Contact data never shares an exchange with what integrators read."""
    assert exchange_of("things", private=False) == "things.events"
    assert HeardThing.source.exchange == "things.private"  # type: ignore[attr-defined]
    assert HeardThing.source.ce_type == "faculty.things.thing.told"  # type: ignore[attr-defined]


def test_aggregates_record_in_order_and_apart() -> None:
    """Recorded events keep their order and belong to one instance."""
    one, other = Thing("1"), Thing("2")
    one.record(ThingMade("1"))
    one.record(ThingTold("1"))
    assert one.recorded == (ThingMade("1"), ThingTold("1"))
    assert other.recorded == ()
    one.forget_recorded()
    assert one.recorded == ()


def make_ids(message_id: str, seed: str) -> list[str]:
    with activate(Context.start(message_id=message_id, seed=seed)):
        return [new_id(), new_id(), new_id()]


def test_ids_are_uuid_version_7_and_differ() -> None:
    """Outside any message ids are fresh."""
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {uuid.UUID(one).version for one in ids} == {7}


def test_a_message_handled_again_makes_the_same_ids() -> None:
    """A redelivery finds what the first delivery made, for calls and for events."""
    seed = new_id()
    for message_id in (f"call:{seed}", f"event:{seed}:on_thing"):
        first = make_ids(message_id, seed)
        assert first == make_ids(message_id, seed)
        assert len(set(first)) == 3
        assert {uuid.UUID(one).version for one in first} == {7}
        assert {uuid.UUID(one).variant for one in first} == {uuid.RFC_4122}


def test_two_handlers_of_one_event_make_different_ids() -> None:
    """The handler is part of the message's identity."""
    seed = new_id()
    assert not set(make_ids("event:1:a", seed)) & set(make_ids("event:1:b", seed))


def test_the_clock_is_aware_and_fits_bson() -> None:
    """Instants are UTC and have whole milliseconds."""
    now = utc_now()
    assert now.tzinfo is not None
    assert now.microsecond % 1000 == 0
