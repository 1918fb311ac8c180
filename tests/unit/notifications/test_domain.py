"""The life of a message: claims, retries and the end of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain import (
    Contact,
    DeliveryPolicy,
    FailureReason,
    Message,
    Outcome,
    State,
    clean_name,
)
from services.notifications.errors import NotClaimable

NOW = datetime(2026, 11, 4, 9, 30, tzinfo=UTC)
POLICY = DeliveryPolicy()


def queued() -> Message:
    return Message(
        id="m1",
        member_id="p1",
        template="welcome",
        template_version=1,
        values={},
        event_id="e1",
        event_type="member.admitted",
        queued_at=NOW,
        due_at=NOW,
    )


def claimed(at: datetime = NOW) -> Message:
    message = queued()
    message.claim("hash", at, POLICY)
    return message


def test_claim_takes_a_due_message_for_the_length_of_the_lease() -> None:
    """A claimed message is being sent, as its first attempt, until the lease ends."""
    message = claimed()
    assert (message.state, message.due_at) == (State.SENDING, NOW + POLICY.lease)
    assert [(a.number, a.started_at, a.outcome) for a in message.attempts] == [(1, NOW, None)]
    assert message.address_hash == "hash"


def test_second_claim_is_refused_while_the_lease_runs() -> None:
    """Only one sender holds a message."""
    message = claimed()
    with pytest.raises(NotClaimable):
        message.claim("hash", NOW + POLICY.lease - timedelta(milliseconds=1), POLICY)
    assert len(message.attempts) == 1


def test_claim_after_the_lease_closes_the_dead_attempt_as_interrupted() -> None:
    """What a crash left behind is taken over and told apart from what the server said."""
    message = claimed()
    later = NOW + POLICY.lease
    message.claim("hash", later, POLICY)
    assert [a.outcome for a in message.attempts] == [Outcome.INTERRUPTED, None]
    assert message.attempts[0].finished_at == later
    assert message.due_at == later + POLICY.lease


def test_claim_before_the_retry_is_due_is_refused() -> None:
    """Back-off holds against everybody, not only against the sweep."""
    message = claimed()
    message.conclude(1, Outcome.DEFERRED, NOW, POLICY, 451)
    assert message.due_at is not None
    with pytest.raises(NotClaimable):
        message.claim("hash", message.due_at - timedelta(milliseconds=1), POLICY)


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REFUSED])
def test_finished_message_cannot_be_claimed(outcome: Outcome) -> None:
    """Neither sent nor refused messages are ever tried again."""
    message = claimed()
    message.conclude(1, outcome, NOW, POLICY)
    with pytest.raises(NotClaimable):
        message.claim("hash", NOW + timedelta(days=365), POLICY)


def test_acceptance_makes_it_sent() -> None:
    """The server's yes is recorded with its code and time, and nothing remains due."""
    message = claimed()
    message.conclude(1, Outcome.ACCEPTED, NOW + timedelta(seconds=1), POLICY, 250)
    assert (message.state, message.due_at) == (State.SENT, None)
    assert message.sent_at == NOW + timedelta(seconds=1)
    assert (message.attempts[0].outcome, message.attempts[0].smtp_code) == (Outcome.ACCEPTED, 250)


def test_refusal_is_permanent() -> None:
    """A refused message fails at once, with the reason."""
    message = claimed()
    message.conclude(1, Outcome.REFUSED, NOW, POLICY, 550)
    assert (message.state, message.failure) == (State.FAILED, FailureReason.REFUSED)
    assert (message.failed_at, message.due_at) == (NOW, None)


@pytest.mark.parametrize("outcome", [Outcome.DEFERRED, Outcome.UNREACHABLE, Outcome.UNRENDERABLE])
def test_temporary_failure_is_queued_again(outcome: Outcome) -> None:
    """Whatever may pass is tried again later."""
    message = claimed()
    message.conclude(1, outcome, NOW, POLICY)
    assert (message.state, message.failure) == (State.QUEUED, None)
    assert message.due_at is not None and message.due_at > NOW


def test_attempts_end_after_about_a_day() -> None:
    """Twelve temporary failures, all kept, over 16 to 28 hours; then the message fails."""
    message, now = queued(), NOW
    while message.due_at is not None:
        now = message.due_at
        message.claim("hash", now, POLICY)
        message.conclude(len(message.attempts), Outcome.DEFERRED, now, POLICY, 451)
    assert message.failure is FailureReason.ATTEMPTS_EXHAUSTED
    assert [a.number for a in message.attempts] == list(range(1, POLICY.max_attempts + 1))
    assert timedelta(hours=16) < now - NOW < timedelta(hours=28)


def test_a_message_that_kills_its_sender_is_given_up_too() -> None:
    """Interrupted attempts count, so that a poisonous message does not go round for ever."""
    message, now = queued(), NOW
    while message.due_at is not None:
        now = message.due_at
        message.claim("hash", now, POLICY)
    assert message.state is State.FAILED
    assert {a.outcome for a in message.attempts} == {Outcome.INTERRUPTED}
    assert len(message.attempts) == POLICY.max_attempts


def test_late_acceptance_wins_over_a_later_attempt() -> None:
    """A sender thought dead that was answered yes makes the message sent."""
    message = claimed()
    message.claim("hash", NOW + POLICY.lease, POLICY)
    message.conclude(1, Outcome.ACCEPTED, NOW + timedelta(seconds=70), POLICY, 250)
    assert (message.state, message.attempts[0].outcome) == (State.SENT, Outcome.ACCEPTED)
    message.conclude(2, Outcome.DEFERRED, NOW + timedelta(seconds=71), POLICY, 451)
    assert (message.state, message.attempts[1].outcome) == (State.SENT, Outcome.DEFERRED)


def test_late_failure_leaves_the_later_attempt_alone() -> None:
    """A sender thought dead that was refused does not end the attempt now under way."""
    message = claimed()
    message.claim("hash", NOW + POLICY.lease, POLICY)
    message.conclude(1, Outcome.REFUSED, NOW + timedelta(seconds=70), POLICY, 550)
    assert (message.state, message.attempts[1].outcome) == (State.SENDING, None)


def test_unknown_contact_is_waited_for_without_an_attempt() -> None:
    """A message whose member is not known yet waits, as long again as it has waited."""
    message = queued()
    message.wait_for_contact(NOW, POLICY)
    assert (message.due_at, message.attempts) == (NOW + POLICY.shortest_contact_wait, ())
    message.wait_for_contact(NOW + timedelta(seconds=30), POLICY)
    assert message.due_at == NOW + timedelta(seconds=60)
    message.wait_for_contact(NOW + timedelta(hours=2), POLICY)
    assert message.due_at == NOW + timedelta(hours=2) + POLICY.longest_contact_wait


def test_unknown_contact_is_given_up_after_a_week() -> None:
    """Patience ends, and the reason is kept."""
    message = queued()
    message.wait_for_contact(NOW + POLICY.contact_patience, POLICY)
    assert (message.state, message.failure) == (State.FAILED, FailureReason.CONTACT_UNKNOWN)


def test_waiting_does_not_disturb_a_sender() -> None:
    """A message that somebody is sending is not put back into the queue."""
    message = claimed()
    with pytest.raises(NotClaimable):
        message.wait_for_contact(NOW + timedelta(seconds=1), POLICY)


@given(st.text(max_size=20), st.integers(1, 40))
def test_retry_grows_and_stays_in_bounds(message_id: str, attempts: int) -> None:
    """Every wait lies within a quarter of its step, and no step is above the longest."""
    wait = POLICY.retry_after(message_id, attempts).total_seconds()
    step = min(5 * 3.0 ** (attempts - 1), 6 * 3600)
    assert 0.75 * step - 1e-3 <= wait <= 1.25 * step + 1e-3


@given(st.lists(st.sampled_from(["claim", "wait", *Outcome]), max_size=60), st.data())
def test_whatever_happens_the_account_stays_sound(steps: list[str], data: st.DataObject) -> None:
    """Only unfinished messages are due, attempts are numbered in order and bounded."""
    message, now = queued(), NOW
    for step in steps:
        now += timedelta(seconds=data.draw(st.integers(0, 90)))
        try:
            if step == "claim":
                message.claim("hash", now, POLICY)
            elif step == "wait":
                message.wait_for_contact(now, POLICY)
            elif message.attempts:
                number = data.draw(st.integers(1, len(message.attempts)))
                message.conclude(number, Outcome(step), now, POLICY)
        except NotClaimable:
            pass
        assert (message.due_at is None) == (message.state in (State.SENT, State.FAILED))
        assert (message.failure is not None) == (message.state is State.FAILED)
        assert [a.number for a in message.attempts] == list(range(1, len(message.attempts) + 1))
        assert len(message.attempts) <= POLICY.max_attempts
        if any(a.outcome is Outcome.ACCEPTED for a in message.attempts):
            assert message.sent_at is not None


def test_names_are_made_fit_for_one_line() -> None:
    """Line breaks, control characters and direction marks do not survive; letters do."""
    assert clean_name("  Siân\r\nBcc: x@example.org\x00 ") == "Siân Bcc: x@example.org"
    assert clean_name("Ann\u2028Lee\u202e") == "Ann Lee"
    assert clean_name("Łukasz O'Neill-Żak") == "Łukasz O'Neill-Żak"


def test_address_hash_does_not_depend_on_case() -> None:
    """The hash recognises an address without telling it."""
    one = Contact.of(given_name="A", family_name="B", email="Nia@Example.org")
    two = Contact.of(given_name="C", family_name="D", email="nia@example.ORG")
    assert one.address_hash == two.address_hash
    assert len(one.address_hash) == 64
    assert "nia" not in one.address_hash
