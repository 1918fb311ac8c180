"""Checking a registration against the register."""

import pytest

from services.membership.domain.checks import RegistrationCheck, check_registration
from services.membership.domain.register import RegisterEntry
from services.membership.domain.terms import Outcome, RefusalReason, RegisterStatus
from tests.unit.membership.builders import TODAY, entry


def check(found: RegisterEntry | None) -> RegistrationCheck:
    return check_registration("GMC", "Siân", "Planted-Surname", found, TODAY)


@pytest.mark.parametrize("status", ["registered", "registered_without_licence", "provisional"])
def test_a_registrant_is_verified(status: str) -> None:
    """Full, unlicensed and provisional registration all verify."""
    found = check(entry(RegisterStatus(status)))
    assert (found.outcome, found.reason, found.declaration_review) == (
        Outcome.VERIFIED,
        None,
        False,
    )
    assert (found.register_status, found.extract_on, found.source) == (
        status,
        TODAY,
        "register extract",
    )


@pytest.mark.parametrize("status", ["conditions", "undertakings", "warning"])
def test_a_restricted_registration_is_verified_and_flagged(status: str) -> None:
    """What has to be declared is verified but put up for review."""
    found = check(entry(RegisterStatus(status)))
    assert (found.outcome, found.declaration_review) == (Outcome.VERIFIED, True)


@pytest.mark.parametrize("status", ["suspended", "relinquished", "erased"])
def test_who_may_not_practise_is_refused(status: str) -> None:
    """The refusal gives the register's status as the reason."""
    found = check(entry(RegisterStatus(status)))
    assert (found.outcome, found.reason, found.register_status) == (
        Outcome.REFUSED,
        status,
        status,
    )


def test_who_is_absent_is_refused() -> None:
    """No entry, no registration, and no extract to point at."""
    found = check(None)
    assert (found.outcome, found.reason, found.extract_on) == (
        Outcome.REFUSED,
        RefusalReason.NOT_ON_REGISTER,
        None,
    )


def test_another_persons_entry_is_refused_and_not_kept() -> None:
    """Somebody else's suspension is not recorded against the applicant."""
    found = check(entry(RegisterStatus.SUSPENDED, family_name="Other"))
    assert (found.outcome, found.reason, found.register_status) == (
        Outcome.REFUSED,
        RefusalReason.NAME_DIFFERS,
        None,
    )
