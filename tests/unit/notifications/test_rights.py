"""What members may ask about their own data: given to them, and forgotten so that none is sent."""

import json
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications import commands, handlers
from services.notifications.domain import FailureReason, State, address_hash
from services.notifications.errors import MailDeferred, NotClaimable
from services.notifications.events import ErasureAcknowledged, ExportContributed
from services.notifications.subscriptions import (
    ApplicationReceived,
    ConsentChanged,
    ContactChanged,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
)
from shared.events import load
from shared.testing import error_of
from tests.unit.notifications.fakes import MEMBER, NOW, FakePostroom, handling, meta

TODAY = NOW.date()
CONTACT = ContactChanged(MEMBER, "Planted", "Person", "Planted@Example.org")
CONSENT = ConsentChanged(MEMBER, "newsletter", "email", True)
ADMITTED = MemberAdmitted(MEMBER, "planted_grade", "doctor", TODAY)
ERASED = MemberErased("r-1", MEMBER, TODAY)
HASH = address_hash("planted@example.org")


class Post(FakePostroom):
    """A postroom to which membership's events are delivered, by default each as a new one."""

    def hear(self, event: Any, sequence: int = 1, event_id: str | None = None) -> None:
        id = event_id or f"0193b7a0-{sequence:04d}-7b21-9c0e-{crc32(repr(event).encode()):012d}"
        about, room = meta(id, type(event).__name__, sequence), self.postroom
        with handling(id):
            match event:
                case ContactChanged():
                    handlers.remember_contact(event, about, postroom=room)
                case ApplicationReceived():
                    handlers.remember_application(event, about, postroom=room)
                case ConsentChanged():
                    handlers.remember_consent(event, about, postroom=room)
                case MemberAdmitted():
                    handlers.welcome(event, about, postroom=room)
                case ExportRequested():
                    handlers.contribute(event, postroom=room)
                case MemberErased():
                    handlers.forget_member(event, postroom=room)

    def told(self, cls: type[Any]) -> list[Any]:
        return [
            load(cls, json.loads(entry["data"]))
            for document in self.database["rights_answers"].find({})
            for entry in document["outbox"]
            if entry["type"] == cls.event_type.name
        ]

    def stored(self) -> str:
        documents = [d for collection in self.database.values() for d in collection.find({})]
        return json.dumps(documents, default=str).casefold()

    @property
    def message(self) -> Any:
        (message,) = self.postroom.messages.scan({})
        return message


@pytest.fixture
def post() -> Post:
    """A postroom that has welcomed a member."""
    post = Post()
    post.hear(CONTACT, 1)
    post.hear(CONSENT, 1)
    post.hear(ADMITTED, 3)
    return post


def test_a_member_is_given_what_is_kept_of_them(post: Post) -> None:
    """Contact, consents and every message with what it said."""
    post.hear(ExportRequested("r-1", MEMBER))
    (event,) = post.told(ExportContributed)
    assert (event.service, event.member_id, event.part, event.parts) == (
        "notifications",
        MEMBER,
        1,
        1,
    )
    records = {record["record"]: record["data"] for record in json.loads(event.data)["records"]}
    assert records["Contact"]["contact"]["email"] == "Planted@Example.org"
    assert records["Consents"] == {"newsletter.email": {"given": True}}
    assert records["Message"]["values"]["grade"] == "planted_grade"


def test_who_is_not_known_is_answered_too(post: Post) -> None:
    """With nothing, once."""
    for _ in range(2):
        post.hear(ExportRequested("r-1", "nobody"), event_id="0193b7a0-7777-7b21-9c0e-000000000001")
    (event,) = post.told(ExportContributed)
    assert json.loads(event.data) == {"records": [], "notes": []}


def test_a_member_is_forgotten_and_the_delivery_is_on_record(post: Post) -> None:
    """Name, address, consents and what messages said; which message went when stays."""
    post.hear(ERASED, 9)
    assert "planted" not in post.stored()
    message = post.message
    assert (message.state, message.template, message.values) == (State.SENT, "welcome", {})
    assert (message.address_hash, len(message.attempts)) == (None, 1)
    assert not post.postroom.consents.given(MEMBER, "newsletter", "email")
    assert post.postroom.suppressions.since(HASH) == TODAY.isoformat()
    (event,) = post.told(ErasureAcknowledged)
    assert (event.request_id, event.erased) == ("r-1", {"contacts": 1, "messages": 1})
    assert "suppressions" in event.kept


def test_forgotten_twice_is_forgotten_once(post: Post) -> None:
    """The same event again is acknowledged once."""
    post.hear(ERASED, 9, "0193b7a0-7777-7b21-9c0e-000000000001")
    before = post.stored()
    post.hear(ERASED, 9, "0193b7a0-7777-7b21-9c0e-000000000001")
    assert post.stored() == before


def test_a_message_that_waits_is_given_up() -> None:
    """It is neither sent later nor does it keep its values."""
    post = Post(MailDeferred(451))
    post.hear(CONTACT, 1)
    post.hear(ADMITTED, 3)
    assert post.message.state is State.QUEUED
    post.hear(ERASED, 9)
    assert (post.message.state, post.message.failure) == (State.FAILED, FailureReason.ERASED)
    post.clock.advance(days=2)
    handlers.sweep(postroom=post.postroom)
    assert post.mailer.accepted == []


def test_a_message_that_is_being_sent_may_still_be_said_to_be_sent() -> None:
    """Its holder is late; the record tells what happened, without content."""
    post = Post()
    post.hear(CONTACT, 1)

    class Slow:
        def send(self, email: Any) -> int:
            post.hear(ERASED, 9)
            return 250

    post.mailer = Slow()  # type: ignore[assignment]
    post.postroom = post.process()
    post.hear(ADMITTED, 3)
    assert (post.message.state, post.message.values) == (State.SENT, {})
    assert "planted" not in post.stored()


@given(st.permutations([(CONTACT, 1), (CONSENT, 1), (ADMITTED, 3), (ERASED, 9), (ERASED, 9)]))
def test_in_any_order_nothing_comes_back(events: list[tuple[Any, int]]) -> None:
    """What is late finds nobody; and once forgotten, nothing is sent."""
    post = Post()
    for event, sequence in events:
        sent = len(post.mailer.accepted)
        forgotten = post.postroom.contacts.erased(MEMBER)
        post.hear(event, sequence)
        assert not forgotten or len(post.mailer.accepted) == sent
    post.clock.advance(days=8)
    handlers.sweep(postroom=post.postroom)
    assert "planted" not in post.stored()
    assert post.postroom.suppressions.since(HASH) is not None
    assert {m.state for m in post.postroom.messages.scan({})} <= {State.SENT, State.FAILED}


def test_a_message_that_was_added_in_the_same_moment_is_forgotten_when_its_turn_comes() -> None:
    """The sweep finds it, and does not wait for an address that nobody will tell."""
    post = Post()
    post.hear(ADMITTED, 3)
    post.postroom.contacts.erase(MEMBER)
    assert handlers.deliver(commands.Deliver(post.message.id), postroom=post.postroom) is None
    assert (post.message.failure, post.message.values) == (FailureReason.ERASED, {})


def newcomer(post: Post, *, applied_on: date | None, id: str = "newcomer") -> None:
    """Somebody else has the address of who was forgotten."""
    post.hear(ContactChanged(id, "New", "Comer", " planted@EXAMPLE.org"), 1)
    if applied_on is not None:
        post.hear(ApplicationReceived(id, applied_on), 2)
    post.hear(MemberAdmitted(id, "member", "doctor", TODAY), 3)


def test_nothing_is_sent_to_an_address_that_was_forgotten(post: Post) -> None:
    """By whomever it was brought in; the message says why."""
    post.hear(ERASED, 9)
    sent = len(post.mailer.accepted)
    newcomer(post, applied_on=None)
    (message,) = post.postroom.messages.scan({"member_id": "newcomer"})
    assert (message.state, message.failure) == (State.FAILED, FailureReason.SUPPRESSED)
    assert len(post.mailer.accepted) == sent
    assert isinstance(error_of(lambda: message.suppress(NOW)), NotClaimable)


@pytest.mark.parametrize(("days", "sent"), [(-1, 0), (0, 1), (1, 1)])
def test_who_applies_again_is_written_to_again(post: Post, days: int, sent: int) -> None:
    """An application since then counts for more; one from before does not."""
    post.hear(ERASED, 9)
    before = len(post.mailer.accepted)
    newcomer(post, applied_on=TODAY + timedelta(days=days))
    assert len(post.mailer.accepted) - before == sent


def test_an_address_that_comes_late_is_suppressed_too() -> None:
    """It was not known when the person was forgotten."""
    post = Post()
    post.hear(ERASED, 9)
    assert post.postroom.suppressions.since(HASH) is None
    post.hear(CONTACT, 1)
    assert post.postroom.suppressions.since(HASH) == TODAY.isoformat()
    assert "planted" not in post.stored()


def test_an_address_that_was_given_up_before_is_not_suppressed(post: Post) -> None:
    """Somebody else may have it now."""
    post.hear(ContactChanged(MEMBER, "Planted", "Person", "planted.2@example.org"), 5)
    post.hear(ERASED, 9)
    assert post.postroom.suppressions.since(HASH) is None
    assert post.postroom.suppressions.since(address_hash("planted.2@example.org")) is not None


def test_of_two_suppressions_the_later_day_counts(post: Post) -> None:
    """In whatever order they come."""
    suppressions = post.postroom.suppressions
    for day in (TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=1)):
        suppressions.add("hash", day)
    assert suppressions.since("hash") == (TODAY + timedelta(days=2)).isoformat()
