"""The life of a membership: renewal, payment, leaving, coming back, and the passing of days."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.policies.prices import PENCE_LIMIT
from shared.events import choice, integer, items, text


@dataclass(frozen=True, kw_only=True)
class Renew:
    """Add the next term, from the day after cover ends."""

    member_id: str = text(64)
    reductions: tuple[str, ...] = items(10, default=())


@dataclass(frozen=True, kw_only=True)
class RecordPayment:
    """Enter money that came in or was paid back; the same reference counts once.

    No card details: a reference of the bank or the payment provider.
    """

    member_id: str = text(64)
    kind: str = choice(("payment", "refund"), default="payment")
    pence: int = integer(1, PENCE_LIMIT)
    reference: str = text(100)
    received_on: date


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """Leave, today or on a later day."""

    member_id: str = text(64)
    on: date | None = None
    reason: str = text(500, default="", min_length=0)


@dataclass(frozen=True, kw_only=True)
class RecordDeath:
    """Put a member's death on record."""

    member_id: str = text(64)
    died_on: date


@dataclass(frozen=True, kw_only=True)
class Reinstate:
    """Take back what ended a membership; one whose cover ran out gets a term from today."""

    member_id: str = text(64)
    reason: str = text(500)
    reductions: tuple[str, ...] = items(10, default=())


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Tell what changed with the days up to ``on``, by default today.

    A dry run only counts, for any day. Otherwise a day to come is refused, because what is told
    cannot be taken back, unless the service is set to allow it for trials.
    """

    on: date | None = None
    dry_run: bool = False
