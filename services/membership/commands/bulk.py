"""Members taken over from another system, many at a time."""

from dataclasses import dataclass

from shared.events import items, text

ROWS_A_CALL = 1_000


@dataclass(frozen=True, kw_only=True)
class ImportedRow:
    """A member as another system knew them, every field as text; empty where there is none.

    ``reference`` is their number there and is taken once. Dates are in ISO 8601. An empty
    ``covered_to`` is cover without an end; a registration without ``checked_on`` waits to be
    verified.
    """

    reference: str = text(60)
    given_name: str = text(200)
    family_name: str = text(200)
    email: str = text(300)
    date_of_birth: str = text(30)
    profession: str = text(60)
    nation: str = text(30)
    career_stage: str = text(30)
    regulator: str = text(20, min_length=0, default="")
    registration_number: str = text(30, min_length=0, default="")
    checked_on: str = text(30, min_length=0, default="")
    grade: str = text(40)
    joined_on: str = text(30)
    covered_to: str = text(30, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class ImportMembers:
    """Take over members; each row is taken or refused by itself, and those known are left alone.

    Nobody is welcomed: other services are told that these are members already.
    """

    rows: tuple[ImportedRow, ...] = items(ROWS_A_CALL, min_length=1)
    dry_run: bool = False
