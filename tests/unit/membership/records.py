"""Members with facts put on record by hand, as of whom a standing is judged."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.facts import Entitlement, Term
from services.membership.domain.member import Member
from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.registrant import HeldRegistration
from services.membership.domain.standing import Standing, standing
from services.membership.domain.terms import (
    EntitlementKind,
    Outcome,
    RefusalReason,
    RegisterStatus,
)
from tests.unit.membership.builders import BOOK, applicant

ONE_DAY = timedelta(days=1)
JOINED, LAST = date(2026, 3, 1), date(2027, 2, 28)
POLICY = BOOK.statuses.all[0].policy
FOUR_YEARS = [date(2023, 1, 1) + timedelta(days=n) for n in range(1461)]


def term(first: date = JOINED, last: date | None = LAST, recorded: date | None = None) -> Term:
    return Term(first, last, "member", 0, recorded or first, {})


def check(
    status: RegisterStatus | None, on: date, reason: RefusalReason | None = None
) -> RegistrationCheck:
    outcome = Outcome.REFUSED if reason else Outcome.VERIFIED
    return RegistrationCheck("GMC", outcome, on, register_status=status, reason=reason)


VERIFIED = check(RegisterStatus.REGISTERED, JOINED)


def held(*checks: RegistrationCheck, number: int = 1, added: date = JOINED) -> HeldRegistration:
    return HeldRegistration("GMC", f"{number}", f"GMC:{number}", added, checks)


def person(**facts: Any) -> Member:
    """Somebody who has only applied, on the day of joining."""
    made = replace(applicant(), received_on=JOINED, registrations=(held(),), settled=None)
    return replace(made, **facts)


def member(**facts: Any) -> Member:
    """A verified member for a year."""
    sound = {"admitted_on": JOINED, "terms": (term(),), "registrations": (held(VERIFIED),)}
    return person(**{**sound, **facts})


def on(day: date, record: Member, policy: Statuses = POLICY) -> Standing:
    return standing(record, policy, day)


def told(day: date, record: Member) -> tuple[str, str]:
    found = on(day, record)
    return found.status.value, found.reason


def seat(
    first: date, last: date | None, recorded: date | None = None, replaced: date | None = None
) -> Entitlement:
    return Entitlement(EntitlementKind.SEAT, "org-1", first, recorded or first, last, replaced)
