"""Reads of short lists, sheets and final rankings, and their answers; for staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.basis import Difference, UsedPart
from services.programmes.domain.marks import Column, Row
from services.programmes.domain.ranking import Ranked, RankingStage
from services.programmes.domain.selection import HeldBack
from services.programmes.domain.sheet import Confirmation, Sheet, SheetState, Suspicion
from services.programmes.schemas.pages import LATEST, MOST_EARLIER, PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetShortlist:
    """Ask who is on the short list of a cohort, and who is a reserve."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetSheet:
    """Ask for a version of a sheet with all its marks."""

    sheet_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindSheets:
    """Ask for the sheets of a cohort, all versions, as they came."""

    cohort_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class VerifyRanking:
    """Ask whether a ranking is what its scores give."""

    cohort_id: str = text(64)
    stage: RankingStage
    number: int | None = integer(1, MOST_EARLIER, default=None, description=LATEST)


@dataclass(frozen=True)
class LonglistView:
    """Who goes on, who did before, and who does not with the rule that says so."""

    cohort_id: str
    dry_run: bool
    longlisted: tuple[str, ...]
    unchanged: tuple[str, ...]
    held_back: tuple[HeldBack, ...]


@dataclass(frozen=True)
class RejectionView:
    """Those that go no further, now and before."""

    cohort_id: str
    rejected: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class ShortlistView:
    """Those now on the short list, those that were on it before, and the reserves in order.

    ``below_pass_mark`` are ranked but not good enough; ``paused`` would have been considered;
    ``rejected`` go no further.
    """

    cohort_id: str
    dry_run: bool
    shortlisted: tuple[str, ...]
    unchanged: tuple[str, ...]
    reserves: tuple[str, ...] = ()
    below_pass_mark: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShortlistState:
    """The short list as it stands; ``take`` is how many it should have."""

    cohort_id: str
    take: int | None
    running: int
    reserves: tuple[str, ...]
    promoted: tuple[str, ...]


@dataclass(frozen=True)
class ReserveView:
    """The reserve who came on the short list, and how many are left."""

    cohort_id: str
    application_id: str
    left: int


@dataclass(frozen=True)
class ValueCount:
    """How often a value stands in a column."""

    value: str
    number: int


@dataclass(frozen=True)
class Move:
    """An application whose rank would change."""

    application_id: str
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True)
class SheetReport:
    """What an import did or, dry, would do. ``sheet_id`` and ``state`` are null where it failed.

    ``problems`` stand in the way of the import. ``compared_with`` says which ranking the moves are
    of: ``final`` by the weights of the cohort, or ``sheet_alone`` against the ranking by review.
    """

    cohort_id: str
    dry_run: bool
    sheet_id: str | None
    number: int | None
    state: SheetState | None
    problems: tuple[str, ...]
    unknown: tuple[str, ...]
    elsewhere: tuple[str, ...]
    repeated: tuple[str, ...]
    out_of_range: tuple[str, ...]
    matched: int
    without_mark: tuple[str, ...]
    alarms: tuple[Suspicion, ...]
    distribution: tuple[ValueCount, ...]
    compared_with: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class SheetSummary:
    """A version of a sheet without its marks."""

    sheet_id: str
    cohort_id: str
    name: str
    number: int
    state: SheetState
    marked_by: str
    instrument: str
    column: Column
    rows: int
    alarms: tuple[Suspicion, ...]
    confirmations: tuple[Confirmation, ...]
    imported_by: str
    imported_at: datetime
    used_in: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        marks = sheet.marks
        return cls(
            sheet.id,
            sheet.cohort_id,
            sheet.name,
            sheet.number,
            sheet.state,
            marks.marked_by,
            marks.instrument,
            marks.column,
            len(marks.rows),
            sheet.alarms,
            sheet.confirmations,
            sheet.imported_by,
            sheet.imported_at,
            sheet.used_in,
        )


@dataclass(frozen=True)
class SheetView:
    """A version of a sheet."""

    summary: SheetSummary
    marks: tuple[Row, ...]
    distribution: tuple[ValueCount, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        return cls(SheetSummary.of(sheet), sheet.marks.rows, counts_of(sheet.marks.distribution()))


@dataclass(frozen=True)
class SheetPage:
    """Some versions of sheets; ``next_cursor`` is null on the last page."""

    items: tuple[SheetSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class FinalView:
    """The final ranking as it was made or, dry, would be; the best 500 come with it.

    ``waiting`` are paused, ``not_interviewed`` have no score of an interview, ``below_pass_mark``
    are not ranked; ``rejected`` of these, and reserves that were not called up, go no further.
    ``unused`` are sheets of the cohort that no weight names. ``basis_id`` names what it was made
    from.
    """

    cohort_id: str
    dry_run: bool
    changed: bool
    parts: tuple[UsedPart, ...]
    ranked: int
    entries: tuple[Ranked, ...]
    below_pass_mark: tuple[str, ...]
    not_interviewed: tuple[str, ...]
    waiting: tuple[str, ...]
    rejected: tuple[str, ...]
    alarms: tuple[Suspicion, ...]
    unused: tuple[str, ...]
    basis_id: str


@dataclass(frozen=True)
class VerificationView:
    """Whether a ranking follows from what it was made from, and from the scores as they are now.

    ``reproduced`` says the former. ``differences`` are between it and what the present scores give,
    the first 200 of ``differing``; ``gone`` have dropped out since, or correct what they wrote, and
    are passed over.
    """

    cohort_id: str
    stage: RankingStage
    number: int
    made_at: datetime
    basis_id: str | None
    reproduced: bool
    equal: bool
    differing: int
    differences: tuple[Difference, ...]
    gone: tuple[str, ...]


def counts_of(distribution: tuple[tuple[str, int], ...]) -> tuple[ValueCount, ...]:
    """The values of a column with how often each stands there."""
    return tuple(ValueCount(value, number) for value, number in distribution)
