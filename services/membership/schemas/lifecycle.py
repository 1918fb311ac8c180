"""Questions and answers about fees, standing and the passing of days."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.facts import Posting
from services.membership.domain.member import Member
from services.membership.domain.quoting import Quote, QuoteLine
from services.membership.domain.terms import RuleName, Status
from shared.events import choice, items, text


@dataclass(frozen=True, kw_only=True)
class GetQuote:
    """Ask what admission, the next term, or another grade would cost a member."""

    member_id: str = text(64)
    what: str = choice(("admission", "renewal", "grade"))
    grade: str | None = text(
        40, default=None, description="For admission in another grade, and for another grade."
    )
    on: date | None = None
    reductions: tuple[str, ...] = items(10, default=())


@dataclass(frozen=True)
class QuoteView:
    """What is charged, in pence, for which days, and by which versions of policy."""

    grade: str
    starts_on: date
    ends_on: date | None
    lines: tuple[QuoteLine, ...]
    total_pence: int
    currency: str
    policies: dict[str, str]

    @classmethod
    def of(cls, quote: Quote, currency: str) -> Self:
        return cls(
            grade=quote.grade,
            starts_on=quote.starts_on,
            ends_on=quote.ends_on,
            lines=quote.lines,
            total_pence=quote.total_pence,
            currency=currency,
            policies=quote.policies,
        )


@dataclass(frozen=True)
class AccountView:
    """A member's account: what is owed is negative, what was paid positive, in pence."""

    member_id: str
    balance_pence: int
    postings: tuple[Posting, ...]

    @classmethod
    def of(cls, member: Member) -> Self:
        return cls(member.id, member.balance_pence, member.account)


@dataclass(frozen=True, kw_only=True)
class GetAccount:
    """Ask for a member's account."""

    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class ExplainStatus:
    """Ask why a member has the status they have, or had or will have on another day."""

    member_id: str = text(64)
    as_of: date | None = None


@dataclass(frozen=True)
class StatusChange:
    """The next change of status if nothing else happens."""

    on: date
    status: Status
    reason: str


@dataclass(frozen=True)
class StatusView:
    """A status with the rule that gave it, the rules asked before, and what comes next."""

    member_id: str
    as_of: date
    status: Status
    rule: RuleName
    reason: str
    explanation: str
    covered_to: date | None
    passed_over: tuple[RuleName, ...]
    policy: str
    next_change: StatusChange | None


@dataclass(frozen=True)
class TickView:
    """How many members were looked at and what was, or in a dry run would be, told of them."""

    on: date
    looked_at: int
    told: dict[str, int]
    dry_run: bool
    skipped: bool
