"""Members out as a table, and what became of those that came in."""

from dataclasses import dataclass
from enum import StrEnum

from shared.events import integer, items, text

EXPORT_LIMIT = 1_000
COLUMNS = (
    "member_id",
    "given_name",
    "family_name",
    "email",
    "date_of_birth",
    "profession",
    "nation",
    "career_stage",
    "regulator",
    "registration_number",
    "status",
    "status_reason",
    "grade",
    "post_nominals",
    "received_on",
    "admitted_on",
    "covered_to",
    "balance_pence",
)


@dataclass(frozen=True, kw_only=True)
class ExportMembers:
    """Ask for members as CSV; filters are those of ``find_members``, columns its fields."""

    filters: dict[str, str] = items(12, default={}, description="As of find_members.")
    columns: tuple[str, ...] = items(
        len(COLUMNS), default=(), description=f"Among: {', '.join(COLUMNS)}; by default all."
    )
    cursor: str | None = text(2_000, default=None)
    limit: int = integer(1, EXPORT_LIMIT, default=500)


@dataclass(frozen=True)
class Table:
    """Some rows as CSV, with a header on the first page; no cell is computed by a spreadsheet."""

    csv: str
    rows: int
    next_cursor: str | None


class RowOutcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowView:
    """A row by its index; a refused one says which fields are at fault and why."""

    index: int
    outcome: RowOutcome
    member_id: str | None
    fields: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class ImportView:
    """The rows in their order; in a dry run, what would become of them."""

    rows: tuple[RowView, ...]
    imported: int
    known: int
    refused: int
    dry_run: bool
