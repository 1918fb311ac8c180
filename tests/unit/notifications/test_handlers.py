"""The use cases of notifications, over the real repositories in memory."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from services.notifications import handlers, schemas
from services.notifications.commands import Deliver
from services.notifications.domain import Email, FailureReason, Message, Outcome, State
from services.notifications.errors import MailDeferred, MailRefused
from services.notifications.handlers import Postroom
from services.notifications.rendering import Templates
from services.notifications.subscriptions import (
    ApplicationSubmitted,
    ContactChanged,
    MemberAdmitted,
)
from shared.errors import Conflict, NotFound, Unavailable
from shared.events import dump, load
from shared.testing import FakeCollection
from tests.unit.notifications.fakes import (
    ADMITTED,
    MEMBER,
    NOW,
    SUBMITTED,
    FakePostroom,
    handling,
    meta,
)


@pytest.fixture
def fake() -> FakePostroom:
    return FakePostroom()


def know_contact(postroom: Postroom, email: str = "nia@example.org", sequence: int = 1) -> None:
    event = ContactChanged(MEMBER, "Nia", "Probert", email)
    with handling(f"contact-{sequence}"):
        handlers.remember_contact(
            event, meta(f"contact-{sequence}", "contact.changed", sequence), postroom=postroom
        )


def admit(postroom: Postroom, event_id: str = ADMITTED) -> None:
    event = MemberAdmitted(MEMBER, "trainee", "dental_nurse", date(2026, 11, 4))
    with handling(event_id):
        handlers.welcome(event, meta(event_id, "member.admitted"), postroom=postroom)


def submit(postroom: Postroom) -> None:
    event = ApplicationSubmitted("a-1", MEMBER, NOW)
    with handling(SUBMITTED):
        handlers.acknowledge(event, meta(SUBMITTED, "application.submitted"), postroom=postroom)


def stored(fake: FakePostroom) -> list[Message]:
    return list(fake.postroom.messages.scan({}))


def only(fake: FakePostroom) -> Message:
    [message] = stored(fake)
    return message


class TestQueueing:
    """From an event to one message."""

    def test_admission_is_welcomed_at_once(self, fake: FakePostroom) -> None:
        """A known member gets the welcome while the event is being handled."""
        know_contact(fake.postroom)
        admit(fake.postroom)
        [email] = fake.mailer.accepted
        assert (email.to_name, email.to_address) == ("Nia Probert", "nia@example.org")
        assert "Dental nurse" in email.text and "4 November 2026" in email.html
        message = only(fake)
        assert (message.state, message.template, message.template_version) == (
            State.SENT,
            "welcome",
            1,
        )
        assert email.message_id == message.id

    def test_application_is_acknowledged_at_once(self, fake: FakePostroom) -> None:
        """An applicant reads the number of the application and when it came."""
        know_contact(fake.postroom)
        submit(fake.postroom)
        [email] = fake.mailer.accepted
        assert "a-1" in email.text and "4 November 2026 at 09:30 UTC" in email.text

    def test_redelivered_event_sends_nothing_twice(self, fake: FakePostroom) -> None:
        """The same event makes the same message, in any process and however often."""
        know_contact(fake.postroom)
        admit(fake.postroom)
        admit(fake.postroom)
        admit(fake.process())
        assert len(fake.mailer.accepted) == len(stored(fake)) == 1

    def test_two_events_make_two_messages(self, fake: FakePostroom) -> None:
        """Being admitted again, by another event, is written about again."""
        know_contact(fake.postroom)
        admit(fake.postroom)
        admit(fake.postroom, "0193b7a0-9999-7b21-9c0e-2f6f0c9d1a11")
        assert len({email.message_id for email in fake.mailer.accepted}) == 2

    def test_redelivery_after_a_crash_before_sending_sends(self, fake: FakePostroom) -> None:
        """A process that died between queueing and claiming left nothing undone for long."""
        admit_then_die(fake)
        assert only(fake).state is State.QUEUED
        admit(fake.postroom)
        assert (only(fake).state, len(fake.mailer.accepted)) == (State.SENT, 1)

    def test_lost_event_handler_is_made_up_for_by_the_sweep(self, fake: FakePostroom) -> None:
        """Even without a redelivery the queued message goes out."""
        admit_then_die(fake)
        assert handlers.sweep(postroom=fake.postroom) == 1
        assert only(fake).state is State.SENT

    def test_message_keeps_neither_address_nor_name(self, fake: FakePostroom) -> None:
        """What is stored with a message tells who it went to only as a hash."""
        know_contact(fake.postroom)
        admit(fake.postroom)
        everything = str(fake.database["messages"].find_one({}))
        assert not [
            word for word in ("nia@", "Nia", "Probert", "example.org") if word in everything
        ]
        assert only(fake).address_hash


def admit_then_die(fake: FakePostroom) -> None:
    """Handle an admission in a process that ends right after the message was stored."""
    know_contact(fake.postroom)

    class Killed(BaseException):
        pass

    class Dying(type(fake.postroom.messages)):  # type: ignore[misc]
        def add(self, aggregate: Message) -> Message:
            super().add(aggregate)
            raise Killed

    process = fake.process()
    process.messages.__class__ = Dying
    with pytest.raises(Killed):
        admit(process)


class TestContacts:
    """Names and addresses are looked up at the time of sending."""

    def test_latest_address_is_used(self, fake: FakePostroom) -> None:
        """A message goes where the member is reached now, whatever order the news came in."""
        know_contact(fake.postroom, "new@example.org", sequence=7)
        know_contact(fake.postroom, "old@example.org", sequence=3)
        admit(fake.postroom)
        assert fake.mailer.accepted[0].to_address == "new@example.org"

    def test_message_waits_for_an_unknown_contact(self, fake: FakePostroom) -> None:
        """The admission may arrive before the contact: the sweep sends once it is known."""
        admit(fake.postroom)
        assert (only(fake).state, only(fake).attempts) == (State.QUEUED, ())
        know_contact(fake.postroom)
        assert handlers.sweep(postroom=fake.postroom) == 0
        fake.clock.advance(seconds=2)
        assert handlers.sweep(postroom=fake.postroom) == 1
        assert only(fake).state is State.SENT

    def test_contact_that_never_comes_is_given_up(self, fake: FakePostroom) -> None:
        """After a week of looking the message fails with the reason."""
        admit(fake.postroom)
        fake.clock.advance(days=7)
        handlers.sweep(postroom=fake.postroom)
        assert only(fake).failure is FailureReason.CONTACT_UNKNOWN

    def test_hostile_name_is_cleaned_before_it_is_used(self, fake: FakePostroom) -> None:
        """Line breaks in a name reach neither header nor body."""
        event = ContactChanged(MEMBER, "Nia\r\nBcc: all@example.org", "Probert", "nia@example.org")
        handlers.remember_contact(event, meta("c", "contact.changed"), postroom=fake.postroom)
        admit(fake.postroom)
        [email] = fake.mailer.accepted
        assert email.to_name == "Nia Bcc: all@example.org Probert"
        assert "\n" not in email.subject
        assert "\nBcc" not in email.text


class TestOutcomes:
    """What the mail server's answers make of a message."""

    def test_refusal_fails_at_once(self) -> None:
        """5xx is for good, and its code is kept."""
        fake = FakePostroom(MailRefused(550))
        know_contact(fake.postroom)
        admit(fake.postroom)
        message = only(fake)
        assert (message.state, message.failure) == (State.FAILED, FailureReason.REFUSED)
        assert message.attempts[0].smtp_code == 550
        fake.clock.advance(days=30)
        assert handlers.sweep(postroom=fake.postroom) == 0

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [(MailDeferred(451), Outcome.DEFERRED), (MailDeferred(), Outcome.UNREACHABLE)],
    )
    def test_temporary_failure_is_tried_again_when_due(
        self, error: MailDeferred, outcome: Outcome
    ) -> None:
        """Every attempt is kept, the failed one and the one that succeeded."""
        fake = FakePostroom(error)
        know_contact(fake.postroom)
        admit(fake.postroom)
        assert only(fake).state is State.QUEUED
        assert handlers.sweep(postroom=fake.postroom) == 0
        fake.clock.advance(seconds=7)
        assert handlers.sweep(postroom=fake.postroom) == 1
        assert [a.outcome for a in only(fake).attempts] == [outcome, Outcome.ACCEPTED]
        assert only(fake).state is State.SENT

    def test_attempts_end(self) -> None:
        """A server that never takes it makes the message fail after the last attempt."""
        fake = FakePostroom(*[MailDeferred(451)] * 12)
        know_contact(fake.postroom)
        admit(fake.postroom)
        for _ in range(20):
            fake.clock.advance(hours=8)
            handlers.sweep(postroom=fake.postroom)
        message = only(fake)
        assert (message.failure, len(message.attempts)) == (FailureReason.ATTEMPTS_EXHAUSTED, 12)
        assert fake.mailer.accepted == []

    def test_unrenderable_message_waits_for_a_mended_release(self, fake: FakePostroom) -> None:
        """A version that is missing from this release does not lose the message."""
        admit_then_die(fake)
        broken = handlers.Postroom(**{**vars(fake.postroom), "templates": Templates([])})
        handlers.sweep(postroom=broken)
        assert [a.outcome for a in only(fake).attempts] == [Outcome.UNRENDERABLE]
        fake.clock.advance(seconds=7)
        handlers.sweep(postroom=fake.postroom)
        assert only(fake).state is State.SENT

    def test_old_version_is_sent_as_it_was_queued(self, fake: FakePostroom) -> None:
        """A message queued with a version is not rewritten by the next one."""
        admit_then_die(fake)
        assert only(fake).template_version == 1
        handlers.sweep(postroom=fake.postroom)
        assert fake.mailer.accepted[0].subject == "Welcome to the Faculty, Nia"


class Rival(FakeCollection):
    """Lets somebody else act between a load and the save that follows."""

    def __init__(self) -> None:
        super().__init__("messages")
        self.before_save: list[Callable[[], Any]] = []

    def replace_one(self, criteria: Any, document: Any) -> Any:
        if self.before_save:
            self.before_save.pop(0)()
        return super().replace_one(criteria, document)


class TestClaims:
    """Only one process sends a message, and none is left lying."""

    def test_rival_that_claims_between_load_and_save_wins(self, fake: FakePostroom) -> None:
        """Of two that load the same queued message one sends it; the other sees it and stops."""
        collection = fake.database["messages"] = Rival()
        fake.postroom = fake.process()
        admit_then_die(fake)
        ours, rivals = fake.process(), fake.process()
        message_id = only(fake).id
        answers: list[Outcome | None] = []
        collection.before_save.append(
            lambda: answers.append(handlers.deliver(Deliver(message_id), postroom=rivals))
        )
        assert handlers.deliver(Deliver(message_id), postroom=ours) is None
        assert answers == [Outcome.ACCEPTED]
        assert (len(fake.mailer.accepted), len(only(fake).attempts)) == (1, 1)

    def test_message_being_sent_is_left_alone(self) -> None:
        """While the mail server thinks, neither a redelivery nor a sweep sends again."""
        fake = FakePostroom()
        other = fake.process()

        class Slow:
            def send(self, email: Email) -> int:
                admit(other)
                assert handlers.sweep(postroom=other) == 0
                return 250

        know_contact(fake.postroom)
        admit(handlers.Postroom(**{**vars(fake.postroom), "mailer": Slow()}))
        assert fake.mailer.accepted == []
        assert [a.outcome for a in only(fake).attempts] == [Outcome.ACCEPTED]

    def test_crash_while_sending_is_taken_over_after_the_lease(self) -> None:
        """What a dead process held is sent by another, not before its lease ends."""
        fake = FakePostroom(KeyboardInterrupt())
        know_contact(fake.postroom)
        with pytest.raises(KeyboardInterrupt):
            admit(fake.postroom)
        survivor = fake.process()
        admit(survivor)
        fake.clock.advance(seconds=59)
        assert (only(fake).state, handlers.sweep(postroom=survivor)) == (State.SENDING, 0)
        fake.clock.advance(seconds=1)
        assert handlers.sweep(postroom=survivor) == 1
        assert [a.outcome for a in only(fake).attempts] == [Outcome.INTERRUPTED, Outcome.ACCEPTED]

    def test_repeat_after_a_lost_record_carries_the_same_message_id(self) -> None:
        """The one case in which a mail may go out twice is recognisable at the other end."""
        fake = FakePostroom()
        know_contact(fake.postroom)
        dying = fake.process()

        class DiesAfterAcceptance:
            def send(self, email: Email) -> int:
                fake.mailer.send(email)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            admit(handlers.Postroom(**{**vars(dying), "mailer": DiesAfterAcceptance()}))
        fake.clock.advance(seconds=60)
        handlers.sweep(postroom=fake.postroom)
        first, second = fake.mailer.accepted
        assert first.message_id == second.message_id == only(fake).id

    def test_outcome_survives_a_store_that_is_away_for_a_moment(self, fake: FakePostroom) -> None:
        """An accepted mail is recorded as soon as the store is back, not sent again."""
        collection = fake.database["messages"] = Rival()
        fake.postroom = fake.process()
        know_contact(fake.postroom)

        def away() -> None:
            raise Unavailable

        collection.before_save += [lambda: None, away, away]
        admit(fake.postroom)
        assert (only(fake).state, len(fake.mailer.accepted)) == (State.SENT, 1)
        assert len(fake.paused) == 2

    def test_store_that_stays_away_is_not_hidden(self, fake: FakePostroom) -> None:
        """After some tries the error is raised, and the lease sees to the rest."""
        collection = fake.database["messages"] = Rival()
        fake.postroom = fake.process()
        know_contact(fake.postroom)

        def away() -> None:
            raise Unavailable

        collection.before_save += [lambda: None, *[away] * 5]
        with pytest.raises(Unavailable):
            admit(fake.postroom)
        assert only(fake).state is State.SENDING

    def test_change_of_somebody_else_does_not_lose_the_outcome(self, fake: FakePostroom) -> None:
        """A conflict while recording is tried again on the newer state."""
        fake.postroom = fake.process()
        know_contact(fake.postroom)
        change, conflicts = fake.postroom.messages.change, [Conflict("x")]

        def contested(id: str, action: Callable[[Message], object]) -> Message:
            if only(fake).state is State.SENDING and conflicts:
                raise conflicts.pop()
            return change(id, action)

        fake.postroom.messages.change = contested  # type: ignore[method-assign]
        admit(fake.postroom)
        assert (only(fake).state, len(fake.mailer.accepted)) == (State.SENT, 1)


class TestSweep:
    """What is due goes out, in bounded portions."""

    def queue(self, fake: FakePostroom, number: int) -> None:
        """Messages that wait for their first try, due a second apart."""
        for index in range(number):
            at = NOW + timedelta(seconds=index)
            fake.postroom.messages.add(
                Message(
                    id=f"m{number - index}",
                    member_id=MEMBER,
                    template="welcome",
                    template_version=1,
                    values={
                        "grade": "trainee",
                        "profession": "doctor",
                        "admitted_on": "2026-11-04",
                        "member_id": MEMBER,
                    },
                    event_id=f"e{index}",
                    event_type="member.admitted",
                    queued_at=at,
                    due_at=at,
                )
            )
        fake.clock.advance(minutes=5)

    def test_takes_a_bounded_number_the_longest_due_first(self, fake: FakePostroom) -> None:
        """A tick takes no more than its limit, and nobody is overtaken by later ones."""
        know_contact(fake.postroom)
        self.queue(fake, 5)
        postroom = fake.with_policy(sweep_limit=3)
        assert handlers.sweep(postroom=postroom) == 3
        assert [email.message_id for email in fake.mailer.accepted] == ["m5", "m4", "m3"]
        assert handlers.sweep(postroom=postroom) == 2
        assert handlers.sweep(postroom=postroom) == 0

    def test_stops_when_its_time_is_up(self, fake: FakePostroom) -> None:
        """A slow server does not make a tick last for ever."""
        know_contact(fake.postroom)
        self.queue(fake, 5)

        class Slow:
            def send(self, email: Email) -> int:
                fake.clock.advance(seconds=3)
                return 250

        slow = handlers.Postroom(**{**vars(fake.postroom), "mailer": Slow()})
        assert handlers.sweep(postroom=slow) == 2

    def test_stops_at_a_server_that_does_not_answer(self) -> None:
        """The others do not spend an attempt on a server that is away."""
        fake = FakePostroom(MailDeferred())
        know_contact(fake.postroom)
        self.queue(fake, 3)
        assert handlers.sweep(postroom=fake.postroom) == 1
        assert sorted(len(message.attempts) for message in stored(fake)) == [0, 0, 1]

    def test_goes_on_after_one_that_was_put_off(self) -> None:
        """4xx about one message says nothing about the next."""
        fake = FakePostroom(MailDeferred(450))
        know_contact(fake.postroom)
        self.queue(fake, 3)
        assert handlers.sweep(postroom=fake.postroom) == 3
        assert len(fake.mailer.accepted) == 2

    def test_goes_on_after_one_that_breaks(self) -> None:
        """A defect met with one message does not hold up those behind it."""
        fake = FakePostroom(RuntimeError("defect"))
        know_contact(fake.postroom)
        self.queue(fake, 3)
        assert handlers.sweep(postroom=fake.postroom) == 2
        assert len(fake.mailer.accepted) == 2

    def test_raises_when_the_store_is_away(self, fake: FakePostroom) -> None:
        """Without a store there is nothing to sweep, and the caller hears of it."""
        know_contact(fake.postroom)
        self.queue(fake, 3)
        fake.mailer.errors = [Unavailable()]
        with pytest.raises(Unavailable):
            handlers.sweep(postroom=fake.postroom)


class TestReading:
    """What staff may see."""

    def test_message_is_shown_with_its_attempts(self) -> None:
        """The whole account, and nothing that identifies or reaches the member but the id."""
        fake = FakePostroom(MailRefused(550))
        know_contact(fake.postroom)
        admit(fake.postroom)
        request = schemas.GetMessage(message_id=only(fake).id)
        shown = dump(handlers.get_message(request, postroom=fake.postroom))
        assert (shown["state"], shown["failure"], shown["event_id"]) == (
            "failed",
            "refused",
            ADMITTED,
        )
        assert shown["attempts"][0]["smtp_code"] == 550
        assert "example.org" not in str(shown) and "Nia" not in str(shown)

    def test_unknown_message_is_not_found(self, fake: FakePostroom) -> None:
        """An id nobody made is an error, not an empty answer."""
        with pytest.raises(NotFound):
            handlers.get_message(schemas.GetMessage(message_id="x"), postroom=fake.postroom)

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, ["welcome", "application_acknowledgement"]),
            ({"template": "welcome"}, ["welcome"]),
            ({"state": "sent"}, ["welcome", "application_acknowledgement"]),
            ({"state": "failed"}, []),
            ({"event_id": SUBMITTED}, ["application_acknowledgement"]),
            ({"member_id": MEMBER, "template": "welcome"}, ["welcome"]),
            ({"member_id": "somebody else"}, []),
        ],
    )
    def test_messages_are_found_by_equal_values(
        self, fake: FakePostroom, filters: dict[str, str], found: list[str]
    ) -> None:
        """Filters that are given must all hold; without any everything is found."""
        know_contact(fake.postroom)
        admit(fake.postroom)
        submit(fake.postroom)
        request = load(schemas.FindMessages, {"filters": filters})
        page = handlers.find_messages(request, postroom=fake.postroom)
        assert [item.template for item in page.items] == found

    def test_pages_follow_one_another(self, fake: FakePostroom) -> None:
        """A cursor leads on to what was not shown yet, and ends."""
        know_contact(fake.postroom)
        admit(fake.postroom)
        submit(fake.postroom)
        first = handlers.find_messages(schemas.FindMessages(limit=1), postroom=fake.postroom)
        rest = handlers.find_messages(
            schemas.FindMessages(limit=1, cursor=first.next_cursor), postroom=fake.postroom
        )
        assert (len(first.items), len(rest.items), rest.next_cursor) == (1, 1, None)
        assert first.items != rest.items
