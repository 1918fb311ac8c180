"""Registrations with regulators, registers, and the committee that looks at sanctions."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.terms import RegisterStatus, ReviewOutcome
from shared.events import integer, items, text

ROWS_A_CALL = 5_000


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A line of a register extract. Lengths apart it is checked with all other lines, not here."""

    registration_number: str = text(30)
    given_name: str = text(200)
    family_name: str = text(200)
    status: str = text(40, description=f"One of: {', '.join(RegisterStatus)}.")


@dataclass(frozen=True, kw_only=True)
class ImportRegister:
    """Take in an extract of a regulator's register, whole or, if any row is bad, not at all.

    Members whose status it changes are checked again at once. A dry run only says who they are.
    """

    regulator: str = text(20, description="The regulator's code, e.g. GMC.")
    rows: tuple[RegisterRow, ...] = items(ROWS_A_CALL, min_length=1)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class CloseRegisterImport:
    """Say that all of a register has been imported since a day, a page of registrations at a time.

    Who was on it before and is not any more is checked again, and found not to be there.
    """

    regulator: str = text(20, description="The regulator's code, e.g. GMC.")
    since: date
    cursor: str | None = text(500, default=None)
    limit: int = integer(1, 1_000, default=1_000)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class VerifyRegistration:
    """Check registrations against the imported registers; without a number, all of them."""

    member_id: str = text(64)
    registration_number: str | None = text(30, default=None)


@dataclass(frozen=True, kw_only=True)
class AddRegistration:
    """Put one more registration on record, to be verified."""

    member_id: str = text(64)
    regulator: str = text(20, description="The regulator's code, e.g. GMC.")
    registration_number: str = text(30)


@dataclass(frozen=True, kw_only=True)
class DeclareSanction:
    """Tell of a sanction on one's registration; a committee looks at it."""

    member_id: str = text(64)
    registration_number: str = text(30)
    detail: str = text(4_000)


@dataclass(frozen=True, kw_only=True)
class RecordReviewDecision:
    """The committee's decision about a sanction that was declared or found on a register."""

    member_id: str = text(64)
    review_id: str = text(64)
    outcome: ReviewOutcome
    reason: str = text(2_000)
    decided_by: str = text(200, description="The committee or its chair.")
    suspended_until: date | None = None
