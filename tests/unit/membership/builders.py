"""What the tests of membership share: reference data, a valid application, a register entry."""

from datetime import UTC, date, datetime
from typing import Any

from services.membership import reference
from services.membership.commands import applications as commands
from services.membership.domain.application import Application
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.register import RegisterEntry
from services.membership.domain.terms import CareerStage, Nation, RegisterStatus
from shared.events import load

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
REGULATORS = reference.load_regulators()
BOOK = PolicyBook.of(reference.load_policies())
PSEUDONYM = "5b0c1a39-57cf-4f0c-8a0e-0b5d8f3f2f6e"

ARGUMENTS: dict[str, Any] = {
    "given_name": "Siân",
    "family_name": "Planted-Surname",
    "email": "Sian.Planted@Example.org",
    "date_of_birth": "1988-02-29",
    "profession": "doctor",
    "nation": "wales",
    "career_stage": "established",
    "regulator": "GMC",
    "registration_number": "0712345",
}


def apply_command(**changes: Any) -> commands.Apply:
    """A valid application, loaded as an RPC would load it."""
    return load(commands.Apply, {**ARGUMENTS, **changes})


def application(**changes: Any) -> Application:
    """A checked application."""
    command = apply_command(**changes)
    return Application.checked(
        given_name=command.given_name,
        family_name=command.family_name,
        email=command.email,
        date_of_birth=command.date_of_birth,
        profession=command.profession,
        nation=Nation(command.nation),
        career_stage=CareerStage(command.career_stage),
        regulator=command.regulator,
        registration_number=command.registration_number,
        regulators=REGULATORS,
        book=BOOK,
        today=TODAY,
    )


def applicant(**changes: Any) -> Member:
    """A member who has only applied."""
    return Member.apply("m-1", PSEUDONYM, application(**changes), BOOK, TODAY)


def entry(status: RegisterStatus = RegisterStatus.REGISTERED, **changes: Any) -> RegisterEntry:
    """The register entry of the valid application's person."""
    values = {
        "id": "GMC:0712345",
        "given_name": "Sian",
        "family_name": "PLANTED SURNAME",
        "status": status,
        "imported_on": TODAY,
    }
    return RegisterEntry(**{**values, **changes})
