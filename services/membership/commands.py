"""What may be asked of membership; each class is also the request schema of its RPC."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.terms import CareerStage, Nation, RegisterStatus
from shared.events import email, items, text

ROWS_A_CALL = 5_000


@dataclass(frozen=True, kw_only=True)
class Apply:
    """Apply for membership; a dry run checks everything, duplicates too, and keeps nothing."""

    given_name: str = text(100)
    family_name: str = text(100)
    email: str = email()
    date_of_birth: date
    profession: str = text(60, description="A profession that a known regulator registers.")
    nation: Nation
    career_stage: CareerStage
    regulator: str = text(20, description="The regulator's code, e.g. GMC.")
    registration_number: str = text(30)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A line of a register extract. Lengths apart it is checked with all other lines, not here."""

    registration_number: str = text(30)
    given_name: str = text(200)
    family_name: str = text(200)
    status: str = text(40, description=f"One of: {', '.join(RegisterStatus)}.")


@dataclass(frozen=True, kw_only=True)
class ImportRegister:
    """Take in an extract of a regulator's register, whole or, if any row is bad, not at all."""

    regulator: str = text(20, description="The regulator's code, e.g. GMC.")
    rows: tuple[RegisterRow, ...] = items(ROWS_A_CALL, min_length=1)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class VerifyRegistration:
    """Check a registration against the imported register."""

    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class Admit:
    """Admit a verified applicant."""

    member_id: str = text(64)
