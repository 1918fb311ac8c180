"""What services say to one another, and the aggregates that have something to say.

    @event("member.admitted", example={"member_id": "0190...", "grade": "member"})
    @dataclass(frozen=True)
    class MemberAdmitted:
        member_id: str
        grade: str

A service's own events are declared with ``event``; what it needs of another's with ``reads``, in a
class of its own that names only the fields it uses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from shared import telemetry
from shared.schema import (
    Matches,
    Pattern,
    choice,
    dump,
    email,
    from_document,
    integer,
    items,
    json_schema,
    load,
    text,
    to_document,
)

C = TypeVar("C", bound=type)
Clock = Callable[[], datetime]


class EventType(NamedTuple):
    """What ``event`` declares: the routing key, whether it is restricted, and a valid example."""

    name: str
    private: bool
    example: Mapping[str, Any]


class Source(NamedTuple):
    """What ``reads`` declares: whose event of which type, on the public or the private exchange."""

    service: str
    name: str
    private: bool

    @property
    def exchange(self) -> str:
        return exchange_of(self.service, private=self.private)

    @property
    def ce_type(self) -> str:
        return ce_type(self.service, self.name)


def exchange_of(service: str, *, private: bool) -> str:
    """Public events go out on ``<service>.events``, personal ones on ``<service>.private``."""
    return f"{service}.{'private' if private else 'events'}"


def ce_type(service: str, name: str) -> str:
    """The CloudEvents ``type`` attribute."""
    return f"faculty.{service}.{name}"


def event(name: str, *, example: Mapping[str, Any], private: bool = False) -> Callable[[C], C]:
    """Declare an event that this service owns; ``name`` is dotted and in the past tense."""

    def declare(cls: C) -> C:
        cls.event_type = EventType(name, private, example)  # type: ignore[attr-defined]
        return cls

    return declare


def reads(service: str, name: str, *, private: bool = False) -> Callable[[C], C]:
    """Declare a tolerant reader of another service's event."""

    def declare(cls: C) -> C:
        cls.source = Source(service, name, private)  # type: ignore[attr-defined]
        return cls

    return declare


@dataclass(frozen=True)
class Meta:
    """What the envelope of a received event says: the CloudEvents attributes and the attempt."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    correlation_id: str
    attempt: int = 1


class Aggregate:
    """Base of the things that are saved whole and record what happened to them as events.

    A subclass is a mutable ``@dataclass`` with an ``id``. ``version`` counts what was saved: each
    recorded event takes the next number, which travels as its ``sequence``.
    """

    id: str
    version = 0
    _recorded: tuple[Any, ...] = ()

    def record(self, happened: Any) -> None:
        """Remember an event; saving the aggregate publishes it."""
        self._recorded = (*self._recorded, happened)

    @property
    def recorded(self) -> tuple[Any, ...]:
        """Events recorded since the aggregate was loaded."""
        return self._recorded

    def forget_recorded(self) -> None:
        """Called once the recorded events are in the store."""
        self._recorded = ()


def new_id() -> str:
    """A UUIDv7; inside a call or an event the same one whenever that message is handled again."""
    return telemetry.current().next_id()


def utc_now() -> datetime:
    """The present instant, to the millisecond that a BSON date can hold."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


__all__ = [
    "Aggregate",
    "Clock",
    "EventType",
    "Matches",
    "Meta",
    "Pattern",
    "Source",
    "ce_type",
    "choice",
    "dump",
    "email",
    "event",
    "exchange_of",
    "from_document",
    "integer",
    "items",
    "json_schema",
    "load",
    "new_id",
    "reads",
    "text",
    "to_document",
    "utc_now",
]
