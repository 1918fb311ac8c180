"""A postroom in memory: the real repositories over dictionaries and a mail server in a list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from services.notifications.domain import DeliveryPolicy, Email
from services.notifications.handlers import Postroom
from services.notifications.rendering import shipped
from services.notifications.repository import (
    Answers,
    Consents,
    Contacts,
    Messages,
    Suppressions,
)
from shared import telemetry
from shared.events import Meta
from shared.outbox import Outbox
from shared.testing import FakeClock, FakeDatabase

NOW = datetime(2026, 11, 4, 9, 30, tzinfo=UTC)
MEMBER = "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11"
ADMITTED = "0193b7a0-7777-7b21-9c0e-2f6f0c9d1a11"
SUBMITTED = "0193b7a0-8888-7b21-9c0e-2f6f0c9d1a11"


class FakeMailer:
    """Accepts everything, unless it was given errors to raise first."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.accepted: list[Email] = []

    def send(self, email: Email) -> int:
        if self.errors:
            raise self.errors.pop(0)
        self.accepted.append(email)
        return 250


class FakePostroom:
    """One store and clock; as many processes as ``process`` is called."""

    def __init__(self, *errors: BaseException) -> None:
        self.database = FakeDatabase()
        self.clock = FakeClock(NOW)
        self.mailer = FakeMailer(*errors)
        self.paused: list[float] = []
        self.postroom = self.process()

    def process(self) -> Postroom:
        outbox = Outbox("notifications", self.clock)
        messages = Messages(self.database, outbox)
        messages.prepare()
        return Postroom(
            messages=messages,
            contacts=Contacts(self.database),
            consents=Consents(self.database),
            suppressions=Suppressions(self.database),
            answers=Answers(self.database, outbox),
            templates=shipped(),
            mailer=self.mailer,
            policy=DeliveryPolicy(),
            clock=self.clock,
            pause=self.paused.append,
        )

    def with_policy(self, **changes: int) -> Postroom:
        return replace(self.postroom, policy=replace(self.postroom.policy, **changes))


def meta(event_id: str, event_type: str, sequence: int = 1) -> Meta:
    return Meta(
        id=event_id,
        type=event_type,
        source="/faculty/test",
        subject=MEMBER,
        sequence=sequence,
        time=NOW,
        correlation_id="c1",
    )


@contextmanager
def handling(event_id: str) -> Iterator[None]:
    """The context in which a service handles an event; the same id is the same event again."""
    context = telemetry.Context.start(
        correlation_id="c1", message_id=f"event:{event_id}", seed=event_id
    )
    with telemetry.activate(context):
        yield
