"""Parked messages are kept once and leave by decision alone, which stays on record."""

from datetime import timedelta
from typing import Any

import pytest

from shared import blobs, parking
from shared.errors import Invalid, NotFound, Unavailable
from shared.parking import Arrival, DiscardParked, RetryParked, State
from shared.schema import load
from shared.testing import error_of
from tests.unit.shared.desk import HEADERS, NOW, Desk, arrival


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_arrives_is_kept_with_its_reason(desk: Desk) -> None:
    """What is known of it, and its body as it was."""
    message, body = desk.parking.get(desk.keep())
    assert (message.queue, message.reason, message.error) == (
        "things.on_made",
        "malformed",
        "Malformed: no",
    )
    assert (message.attempts, message.retries, message.size) == (6, 0, 8)
    assert (message.event_id, message.subject) == ("e-1", "t-1")
    assert (message.first_failed_at, message.parked_at) == ("2026-01-05T09:00:00Z", NOW)
    assert (message.state, message.decisions) == (State.PARKED, ())
    assert body == '{"a": 1}'


def test_a_second_delivery_changes_nothing(desk: Desk) -> None:
    """Of the same parking: also when it was decided in between, or only its body was kept."""
    first = desk.keep()
    desk.clock.advance(hours=1)
    assert desk.keep() == first
    desk.discard(first)
    assert desk.keep() == first
    assert desk.parking.get(first) == (desk.parking.messages.get(first), "")
    desk.bodies.put(arrival(2).fingerprint(), b'{"a": 1}')
    assert desk.parking.get(desk.keep(2))[1] == '{"a": 1}'
    assert desk.database["parked_bodies"].count_documents({}) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"x-faculty-parked": "2026-01-05T09:30:01Z"},
        {"x-faculty-retries": 1},
        {"body": b'{"a": 2}'},
        {"number": 2},
    ],
)
def test_another_parking_is_another_record(desk: Desk, other: dict[str, Any]) -> None:
    """The same event parked later, after a retry, or with another body is kept beside it."""
    assert desk.keep(**other) != desk.keep()
    assert len(desk.parking.find({}, cursor=None, limit=50).items) == 2


def test_the_same_event_is_parked_once_for_each_queue() -> None:
    """Two handlers may both fail to apply it."""
    one = arrival()
    other = Arrival("things.on_else", one.headers, one.body, one.content_type, one.message_id)
    assert one.fingerprint() != other.fingerprint()
    assert one.fingerprint() == arrival().fingerprint()


def test_what_the_broker_writes_does_not_tell_redeliveries_apart(desk: Desk) -> None:
    """Its counters change with each delivery; they are not kept either."""
    first = desk.keep(**{"x-delivery-count": 1, "x-death": [{"count": 1}]})
    assert desk.keep(**{"x-delivery-count": 2, "x-acquired-count": 3}) == first
    assert "x-death" not in desk.parking.get(first)[0].headers


def test_a_large_body_is_kept_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """None too large for a document, together what arrived, in order beyond nine parts."""
    monkeypatch.setattr(blobs, "PART_BYTES", 3)
    body = bytes(range(256)) * 2
    fingerprint = arrival(body=body).fingerprint()
    id = desk.keep(body=body)
    parts = list(desk.database["parked_bodies"].find())
    assert max(len(part["data"]) for part in parts) == 3
    assert len(parts) == 171
    assert desk.bodies.get(fingerprint) == body
    desk.retry(id)
    assert desk.sent[0][1] == body
    assert desk.database["parked_bodies"].count_documents({}) == 0


def test_an_empty_body_can_be_retried(desk: Desk) -> None:
    """Empty is not the same as missing."""
    id = desk.keep(body=b"")
    assert desk.retry(id).done == (id,)
    assert desk.sent[0][1] == b""


def test_a_dry_run_only_says_which(desk: Desk) -> None:
    """Unless told otherwise a retry and a discard are one; nothing is sent or changed."""
    id = desk.keep()
    before = list(desk.database["parked_messages"].find())
    for outcome in (
        desk.parking.retry(RetryParked(ids=(id,)), "ops-1"),
        desk.parking.discard(DiscardParked(ids=(id,), why="Old."), "ops-1"),
    ):
        assert outcome == parking.Outcome(True, (id,), {}, False)
    assert desk.sent == []
    assert list(desk.database["parked_messages"].find()) == before
    assert desk.parking.get(id)[1] == '{"a": 1}'


def test_a_retry_is_sent_then_recorded(desk: Desk) -> None:
    """Who, when and why; the attempts are counted anew, the retries are not."""
    id = desk.keep(**{"x-faculty-retries": 1})
    desk.clock.advance(hours=1)
    assert desk.retry(id, why="Rule fixed.") == parking.Outcome(False, (id,), {}, False)
    ((message, body),) = desk.sent
    assert (message.id, message.state, body) == (id, State.PARKED, b'{"a": 1}')
    kept = ("ce-id", "ce-type", "ce-subject", "traceparent", "x-faculty-first-failed")
    expected = {name: HEADERS[name] for name in kept} | {"x-faculty-retries": 2}
    assert message.headers_for_retry() == expected
    after, shown_body = desk.parking.get(id)
    assert after.state is State.RETRIED
    assert after.decisions == (
        parking.Decision("retried", "ops-1", NOW + timedelta(hours=1), "Rule fixed."),
    )
    assert shown_body == ""


def test_what_is_not_confirmed_stays_parked(desk: Desk) -> None:
    """With its body; the next try may succeed."""
    id = desk.keep()
    desk.confirms = False
    assert desk.retry(id).failed == {id: "unavailable"}
    assert (desk.state(id), desk.parking.get(id)[1]) == (State.PARKED, '{"a": 1}')
    desk.confirms = True
    assert desk.retry(id).done == (id,)


def test_a_message_without_its_body_is_not_sent(desk: Desk, monkeypatch: Any) -> None:
    """Nor one of which a part is missing: half an event is none."""
    monkeypatch.setattr(blobs, "PART_BYTES", 3)
    id = desk.keep()
    desk.database["parked_bodies"].delete_one({"number": 1})
    assert desk.retry(id).failed == {id: "body_missing"}
    desk.bodies.remove(arrival().fingerprint())
    assert desk.retry(id).failed == {id: "body_missing"}
    assert desk.sent == []
    assert desk.state(id) is State.PARKED
    assert desk.discard(id).done == (id,)


def test_a_discard_leaves_the_reason_and_no_body(desk: Desk) -> None:
    """Its own body alone is removed, and nothing is sent."""
    gone, other = desk.keep(1), desk.keep(2)
    assert desk.discard(gone).done == (gone,)
    message, body = desk.parking.get(gone)
    assert (message.state, body) == (State.DISCARDED, "")
    assert message.decisions == (parking.Decision("discarded", "ops-2", NOW, "Sent twice."),)
    assert desk.parking.get(other)[1] == '{"a": 1}'
    assert desk.sent == []


def test_what_was_decided_is_not_decided_again(desk: Desk) -> None:
    """Neither way, nor in a dry run; the first decision stays."""
    retried, discarded = desk.keep(1), desk.keep(2)
    desk.retry(retried)
    desk.discard(discarded)
    before = list(desk.database["parked_messages"].find())
    for act in (desk.retry, desk.discard):
        for dry_run in (True, False):
            outcome = act(retried, discarded, dry_run=dry_run)
            assert outcome.failed == {retried: "retried", discarded: "discarded"}
    assert list(desk.database["parked_messages"].find()) == before
    assert len(desk.sent) == 1


def test_a_decision_made_meanwhile_stops_no_other(desk: Desk) -> None:
    """Somebody else discards one while it is retried: it is named, and the others go on."""
    first, second = desk.keep(1), desk.keep(2)

    def discard_once() -> None:
        desk.meanwhile = lambda: None
        desk.discard(first)

    desk.meanwhile = discard_once
    outcome = desk.retry(first, second)
    assert (outcome.done, outcome.failed) == ((second,), {first: "discarded"})
    assert [one.action for one in desk.parking.get(first)[0].decisions] == ["discarded"]


def test_no_body_outlives_its_decision(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the store went away before it was removed, and the discard is repeated."""
    id = desk.keep()

    def away(_fingerprint: str) -> None:
        raise Unavailable()

    with monkeypatch.context() as patch:
        patch.setattr(desk.bodies, "remove", away)
        assert isinstance(error_of(lambda: desk.discard(id)), Unavailable)
    desk.discard(id)
    assert desk.state(id) is State.DISCARDED
    assert desk.parking.get(id)[1] == ""


def test_unknown_and_repeated_ids(desk: Desk) -> None:
    """What is not there is named, the rest is done; an id given twice is done once."""
    id = desk.keep()
    outcome = desk.retry(id, "nobody", id)
    assert (outcome.done, outcome.failed) == ((id,), {"nobody": "not_found"})
    assert len(desk.sent) == 1
    assert isinstance(error_of(lambda: desk.parking.get("nobody")), NotFound)


def test_what_no_handler_said_anything_of_is_kept(desk: Desk) -> None:
    """A message that the broker gave up on carries no reason; without an id it has none."""
    bare = dict.fromkeys(HEADERS)
    message = desk.parking.get(desk.keep(**bare))[0]
    assert message.reason == "delivered too often"
    assert (message.attempts, message.retries) == (1, 0)
    assert (message.event_id, message.error, message.first_failed_at) == ("", "", "")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"queue": "things.on_made"}, [1, 2, 3]),
        ({"reason": "malformed"}, [1, 2]),
        ({"reason": "malformed", "subject": "t-1"}, [1]),
        ({"event_id": "e-2"}, [2]),
        ({"event_type": "faculty.things.thing.made"}, [1, 2, 3]),
        ({"state": "parked"}, [2, 3]),
        ({"state": "discarded"}, [1]),
    ],
)
def test_filters_are_equal_values(desk: Desk, filters: dict[str, str], expected: list[int]) -> None:
    """All of them at once; what was decided is still found."""
    ids = [
        desk.keep(1),
        desk.keep(2, **{"ce-subject": "t-2"}),
        desk.keep(3, **{"x-faculty-reason": "attempts used up"}),
    ]
    desk.discard(ids[0])
    found = desk.parking.find(filters, cursor=None, limit=50)
    assert [one.id for one in found.items] == [ids[number - 1] for number in expected]


@pytest.mark.parametrize(
    ("filters", "meant"),
    [
        ({"queue": "things.on_mad"}, "things.on_made"),
        ({"event_type": "thing.made"}, "faculty.things.thing.made"),
        ({"reason": "malformd"}, "malformed"),
        ({"state": "Parked"}, "parked"),
        ({"que": "things.on_made"}, "queue"),
    ],
)
def test_a_slip_in_a_filter_is_not_nothing_found(
    desk: Desk, filters: dict[str, str], meant: str
) -> None:
    """It is refused with the value that was probably meant, to look as to retry."""
    desk.keep()
    for action in (
        lambda: desk.parking.find(filters, cursor=None, limit=50),
        lambda: desk.retry(filters=filters),
    ):
        error = error_of(action)
        assert isinstance(error, Invalid)
        assert f"Did you mean {meant}" in error.fields[f"filters.{next(iter(filters))}"][0]
    assert desk.sent == []


def test_what_is_parked_can_be_asked_for_whatever_it_is(desk: Desk) -> None:
    """Of a type that the service does not know, or for a reason that an older version gave."""
    odd = {"ce-type": "faculty.things.thing.melted", "x-faculty-reason": "too hot"}
    id = desk.keep(**odd)
    for filters in ({"event_type": "faculty.things.thing.melted"}, {"reason": "too hot"}):
        assert [one.id for one in desk.parking.find(filters, cursor=None, limit=9).items] == [id]


def test_subjects_and_events_may_be_any(desk: Desk) -> None:
    """Nothing is known of them but what is parked."""
    for name in ("subject", "event_id"):
        assert desk.parking.find({name: "nobody"}, cursor=None, limit=9).items == ()


def test_filters_choose_among_the_parked(desk: Desk) -> None:
    """What was decided before is passed over, not refused."""
    ids = [desk.keep(number) for number in (1, 2, 3)]
    desk.retry(ids[0])
    outcome = desk.retry(filters={"reason": "malformed"})
    assert (outcome.done, outcome.failed) == ((ids[1], ids[2]), {})


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({}, "ids"),
        ({"ids": ("a",), "filters": {"queue": "b"}}, "ids"),
        ({"filters": {"colour": "red"}}, "filters.colour"),
        ({"filters": {"$where": "1"}}, "filters.$where"),
        ({"filters": {"headers": "x"}}, "filters.headers"),
    ],
)
def test_an_unclear_choice_is_refused(desk: Desk, chosen: dict[str, Any], field: str) -> None:
    """The field is named and nothing is done: an empty choice does not mean all."""
    desk.keep()
    for action in (
        lambda: desk.parking.retry(RetryParked(dry_run=False, **chosen), "ops-1"),
        lambda: desk.parking.discard(DiscardParked(dry_run=False, why="Old.", **chosen), "ops-1"),
    ):
        error = error_of(action)
        assert isinstance(error, Invalid)
        assert list(error.fields) == [field]
    assert desk.sent == []


def test_filters_with_operators_do_not_load() -> None:
    """A value is text, so that no query can be smuggled into one."""
    wrong = {"filters": {"queue": {"$ne": ""}}}
    assert isinstance(error_of(lambda: load(RetryParked, wrong)), Invalid)


def test_more_than_fit_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are done, and it is said that there are more, until there are none."""
    monkeypatch.setattr(parking, "MAX_AT_ONCE", 2)
    ids = [desk.keep(number) for number in range(1, 6)]
    dry = desk.retry(filters={"subject": "t-1"}, dry_run=True)
    assert (dry.done, dry.more) == ((ids[0], ids[1]), True)
    outcomes = [desk.retry(filters={"subject": "t-1"}) for _ in range(4)]
    assert [(len(each.done), each.more) for each in outcomes] == [
        (2, True),
        (2, True),
        (1, False),
        (0, False),
    ]
    assert [message.id for message, _ in desk.sent] == ids


def test_pages_of_parked_messages(desk: Desk) -> None:
    """Each is on one page."""
    ids = [desk.keep(number) for number in range(1, 4)]
    first = desk.parking.find({}, cursor=None, limit=2)
    second = desk.parking.find({}, cursor=first.next_cursor, limit=2)
    assert [one.id for one in (*first.items, *second.items)] == ids
    assert second.next_cursor is None
