"""Checking a registration against the register: a dated, sourced record with one outcome."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.people import same_person
from services.membership.domain.register import RegisterEntry
from services.membership.domain.terms import Outcome, RefusalReason, RegisterStatus

SOURCE = "register extract"

_REFUSING = {
    RegisterStatus.SUSPENDED: RefusalReason.SUSPENDED,
    RegisterStatus.RELINQUISHED: RefusalReason.RELINQUISHED,
    RegisterStatus.ERASED: RefusalReason.ERASED,
}
_DECLARABLE = {RegisterStatus.CONDITIONS, RegisterStatus.UNDERTAKINGS, RegisterStatus.WARNING}


@dataclass(frozen=True)
class RegistrationCheck:
    """One look at one register; ``extract_on`` is when the entry read was last imported."""

    regulator: str
    outcome: Outcome
    checked_on: date
    source: str = SOURCE
    register_status: RegisterStatus | None = None
    reason: RefusalReason | None = None
    extract_on: date | None = None
    declaration_review: bool = False


def check_registration(
    regulator: str,
    given_name: str,
    family_name: str,
    entry: RegisterEntry | None,
    today: date,
) -> RegistrationCheck:
    """The outcome by rules in order: first match wins.

    No entry: not on the register. Another person's name: the entry says nothing about this one, so
    its status is neither used nor kept. Suspended, relinquished or erased: refused for that.
    Otherwise verified, and conditions, undertakings or a warning are flagged for review.
    """
    if entry is None:
        return RegistrationCheck(
            regulator, Outcome.REFUSED, today, reason=RefusalReason.NOT_ON_REGISTER
        )
    if not same_person(given_name, family_name, entry.given_name, entry.family_name):
        return RegistrationCheck(
            regulator,
            Outcome.REFUSED,
            today,
            reason=RefusalReason.NAME_DIFFERS,
            extract_on=entry.imported_on,
        )
    refusal = _REFUSING.get(entry.status)
    return RegistrationCheck(
        regulator,
        Outcome.REFUSED if refusal else Outcome.VERIFIED,
        today,
        register_status=entry.status,
        reason=refusal,
        extract_on=entry.imported_on,
        declaration_review=entry.status in _DECLARABLE,
    )
