"""Read requests and every response. No view carries an address, a name or a message's text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from services.notifications.domain import Attempt, FailureReason, Message, Outcome, State
from shared.events import integer, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetMessage:
    """Ask for one message."""

    message_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class MessageFilters:
    """Equal values that the messages must have; those left out do not matter."""

    member_id: str | None = text(64, default=None)
    template: str | None = text(100, default=None)
    state: State | None = None
    event_id: str | None = text(200, default=None)

    def criteria(self) -> dict[str, Any]:
        """The filter as the repository takes it."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class FindMessages:
    """Ask for messages by equal values, in the order in which they were queued."""

    filters: MessageFilters = MessageFilters()
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class AttemptView:
    """One try; without ``outcome`` it is under way. ``smtp_code`` is the server's last word."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome | None
    smtp_code: int | None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        return cls(
            number=attempt.number,
            started_at=attempt.started_at,
            finished_at=attempt.finished_at,
            outcome=attempt.outcome,
            smtp_code=attempt.smtp_code,
        )


@dataclass(frozen=True)
class MessageView:
    """Which message went to which member because of which event, and how it fares."""

    message_id: str
    member_id: str
    template: str
    template_version: int
    event_id: str
    event_type: str
    state: State
    failure: FailureReason | None
    queued_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    attempts: tuple[AttemptView, ...]

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(
            message_id=message.id,
            member_id=message.member_id,
            template=message.template,
            template_version=message.template_version,
            event_id=message.event_id,
            event_type=message.event_type,
            state=message.state,
            failure=message.failure,
            queued_at=message.queued_at,
            due_at=message.due_at,
            sent_at=message.sent_at,
            failed_at=message.failed_at,
            attempts=tuple(AttemptView.of(attempt) for attempt in message.attempts),
        )


@dataclass(frozen=True)
class MessagePage:
    """Some messages; ``next_cursor`` asks for those after them and is empty at the end."""

    items: tuple[MessageView, ...]
    next_cursor: str | None
