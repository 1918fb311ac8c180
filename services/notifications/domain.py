"""Messages to members: how often and when each is tried, and who may try it.

A message is claimed before it is handed to the mail server, and what the server said is recorded
after. A claim is a lease: when it runs out unrecorded, its holder died, and the message is tried
again. So a message is sent twice only if the server's answer was never recorded.
"""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.notifications.errors import NotClaimable
from services.notifications.events import ErasureAcknowledged, ExportContributed
from shared.events import Aggregate


class State(StrEnum):
    """Where a message stands; ``failed`` and ``sent`` are final for the sweep."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Outcome(StrEnum):
    """How an attempt ended."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    UNRENDERABLE = "unrenderable"


class FailureReason(StrEnum):
    """Why a message is given up."""

    REFUSED = "refused"
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    CONTACT_UNKNOWN = "contact_unknown"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


@dataclass(frozen=True)
class Attempt:
    """One try at handing the message to the mail server; without ``outcome`` it is under way."""

    number: int
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    smtp_code: int | None = None


@dataclass(frozen=True)
class DeliveryPolicy:
    """When to try again and when to give up: by default twelve attempts over some 22 hours.

    A sweep takes up at most ``sweep_limit`` messages and begins none after ``sweep_budget``.
    """

    max_attempts: int = 12
    first_retry: timedelta = timedelta(seconds=5)
    growth: int = 3
    longest_retry: timedelta = timedelta(hours=6)
    lease: timedelta = timedelta(seconds=60)
    shortest_contact_wait: timedelta = timedelta(seconds=2)
    longest_contact_wait: timedelta = timedelta(minutes=5)
    contact_patience: timedelta = timedelta(days=7)
    sweep_limit: int = 50
    sweep_budget: timedelta = timedelta(seconds=5)

    def retry_after(self, message_id: str, attempts: int) -> timedelta:
        """The wait after so many attempts, spread by a quarter so that messages do not march."""
        seconds = self.first_retry.total_seconds() * float(self.growth) ** (attempts - 1)
        wait = min(seconds, self.longest_retry.total_seconds())
        spread = zlib.crc32(f"{message_id}:{attempts}".encode()) / 2**32
        return timedelta(seconds=wait * (0.75 + spread / 2))

    def contact_wait(self, waited: timedelta) -> timedelta:
        """As long again as has been waited already, within bounds."""
        return min(max(waited, self.shortest_contact_wait), self.longest_contact_wait)


def address_hash(email: str) -> str:
    """SHA-256 of the address without regard to case, in hexadecimal."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


@dataclass(frozen=True)
class Contact:
    """How to address and reach a member, fit for a mail header."""

    given_name: str
    family_name: str
    email: str

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def address_hash(self) -> str:
        """What is kept of an address in place of it."""
        return address_hash(self.email)

    @classmethod
    def of(cls, *, given_name: str, family_name: str, email: str) -> Contact:
        return cls(clean_name(given_name), clean_name(family_name), email)


# https://www.unicode.org/reports/tr9/: a name holding these could turn the text after it around.
_DIRECTION_CONTROLS = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_BREAKING = frozenset({"Cc", "Zl", "Zp", "Cs", "Cn"})


def clean_name(name: str) -> str:
    """The name on one line, without control characters."""
    kept = (
        " " if unicodedata.category(letter) in _BREAKING else letter
        for letter in name
        if letter not in _DIRECTION_CONTROLS
    )
    return " ".join("".join(kept).split())


@dataclass(frozen=True)
class Email:
    """A message ready for the mail server."""

    message_id: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str


@dataclass
class Message(Aggregate):
    """One message to one member because of one event.

    ``values`` are what the event gave the template; names and address are looked up when sending.
    ``due_at`` is when the sweep should see to it: the next try of a queued message, the end of the
    lease of one that is being sent, nothing once it is finished.
    """

    id: str
    member_id: str
    template: str
    template_version: int
    values: dict[str, str]
    event_id: str
    event_type: str
    queued_at: datetime
    state: State = State.QUEUED
    due_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    address_hash: str | None = None
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    failure: FailureReason | None = None

    def claimable(self, now: datetime) -> bool:
        """Whether it is this moment's turn: queued and due, or its sender's lease ran out."""
        return self.due_at is not None and self.due_at <= now

    def claim(self, address_hash: str, now: datetime, policy: DeliveryPolicy) -> None:
        """Take the message for sending until the lease ends, as attempt ``len(attempts)``.

        When attempts are used up the message fails instead. Raises ``NotClaimable``.
        """
        if not self.claimable(now):
            raise NotClaimable(state=self.state.value)
        self._interrupt(now)
        if len(self.attempts) >= policy.max_attempts:
            self._fail(FailureReason.ATTEMPTS_EXHAUSTED, now)
            return
        self.attempts = (*self.attempts, Attempt(len(self.attempts) + 1, now))
        self.address_hash = address_hash
        self.state = State.SENDING
        self.due_at = now + policy.lease

    def conclude(
        self,
        number: int,
        outcome: Outcome,
        now: datetime,
        policy: DeliveryPolicy,
        smtp_code: int | None = None,
    ) -> None:
        """Record how attempt ``number`` ended.

        Its holder may be late, after the lease passed to a later attempt: an acceptance still makes
        the message sent, anything else then leaves the later attempt alone.
        """
        self._close(number, outcome, now, smtp_code)
        if outcome is Outcome.ACCEPTED:
            self._sent(now)
        elif self.state is State.SENDING and number == len(self.attempts):
            self._retry_or_fail(outcome, now, policy)

    def wait_for_contact(self, now: datetime, policy: DeliveryPolicy) -> None:
        """The member's address is not known yet: try later, and after a week give up."""
        if not self.claimable(now):
            raise NotClaimable(state=self.state.value)
        self._interrupt(now)
        waited = now - self.queued_at
        if waited >= policy.contact_patience:
            self._fail(FailureReason.CONTACT_UNKNOWN, now)
            return
        self.state = State.QUEUED
        self.due_at = now + policy.contact_wait(waited)

    def suppress(self, now: datetime) -> None:
        """Nothing is sent to this address any more."""
        if not self.claimable(now):
            raise NotClaimable(state=self.state.value)
        self._interrupt(now)
        self._fail(FailureReason.SUPPRESSED, now)

    def forget(self, now: datetime) -> None:
        """Keep which message went when and how it fared, without what it said and to where.

        One that is not finished is given up; if it is being sent, its holder may yet say it was.
        """
        self.values, self.address_hash = {}, None
        if self.due_at is not None:
            self._fail(FailureReason.ERASED, now)

    def _interrupt(self, now: datetime) -> None:
        if self.state is State.SENDING:
            self._close(len(self.attempts), Outcome.INTERRUPTED, now, None)

    def _close(self, number: int, outcome: Outcome, now: datetime, smtp_code: int | None) -> None:
        self.attempts = tuple(
            replace(attempt, finished_at=now, outcome=outcome, smtp_code=smtp_code)
            if attempt.number == number
            else attempt
            for attempt in self.attempts
        )

    def _sent(self, now: datetime) -> None:
        self.state = State.SENT
        self.sent_at = self.sent_at or now
        self.due_at = self.failed_at = self.failure = None

    def _retry_or_fail(self, outcome: Outcome, now: datetime, policy: DeliveryPolicy) -> None:
        if outcome is Outcome.REFUSED:
            self._fail(FailureReason.REFUSED, now)
        elif len(self.attempts) >= policy.max_attempts:
            self._fail(FailureReason.ATTEMPTS_EXHAUSTED, now)
        else:
            self.state = State.QUEUED
            self.due_at = now + policy.retry_after(self.id, len(self.attempts))

    def _fail(self, reason: FailureReason, now: datetime) -> None:
        self.state, self.failure, self.failed_at, self.due_at = State.FAILED, reason, now, None


# Which message went when, and a hash by which an address is recognised and not found out.
KEPT_AFTER_ERASURE = ("deliveries_without_content", "suppressions")


@dataclass
class Answer(Aggregate):
    """That a request was answered and when; what was answered is not kept."""

    id: str
    request_id: str
    member_id: str
    answered_on: date

    @classmethod
    def contribute(
        cls, request_id: str, member_id: str, texts: Sequence[str], today: date
    ) -> Answer:
        """Give all that is kept of a member, in parts that are told in one write."""
        answer = cls(f"export:{request_id}:{member_id}", request_id, member_id, today)
        for part, data in enumerate(texts, 1):
            answer.record(
                ExportContributed(
                    request_id=request_id,
                    service="notifications",
                    member_id=member_id,
                    part=part,
                    parts=len(texts),
                    data=data,
                    contributed_on=today,
                )
            )
        return answer

    @classmethod
    def acknowledge(
        cls, request_id: str, member_id: str, erased: Mapping[str, int], today: date
    ) -> Answer:
        """Say that a member is forgotten here."""
        answer = cls(f"erasure:{member_id}", request_id, member_id, today)
        answer.record(
            ErasureAcknowledged(
                request_id=request_id,
                service="notifications",
                member_id=member_id,
                erased=dict(erased),
                kept=KEPT_AFTER_ERASURE,
            )
        )
        return answer
