"""Questions and answers about people's rights to their own data."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.erasure import Acknowledgement, Erasure, ErasureState
from services.membership.domain.exports import ExportRequest, ExportState
from services.membership.domain.retention import Cause
from shared.events import integer, text

PAGE_LIMIT = 200
MOST_PARTS = 1_000


@dataclass(frozen=True)
class ExportSummary:
    """A request for an export; ``missing`` names the services that have still to contribute."""

    request_id: str
    member_id: str
    state: ExportState
    received_on: date
    due_on: date
    overdue: bool
    missing: tuple[str, ...]
    ready_on: date | None
    dropped_on: date | None

    @classmethod
    def of(cls, request: ExportRequest, today: date) -> Self:
        return cls(
            request_id=request.id,
            member_id=request.member_id,
            state=request.state,
            received_on=request.received_on,
            due_on=request.due_on,
            overdue=request.overdue(today),
            missing=request.missing,
            ready_on=request.ready_on,
            dropped_on=request.dropped_on,
        )


@dataclass(frozen=True, kw_only=True)
class GetExport:
    """Ask for an export of a member; a large one comes in parts, counted from 1."""

    request_id: str = text(64)
    member_id: str = text(64)
    part: int = integer(1, MOST_PARTS, default=1)


@dataclass(frozen=True)
class ExportView:
    """An export; once it is ready ``data`` is its JSON and ``text`` its Markdown.

    Of a large one they are the part asked for: those of all ``parts`` put together are the whole.
    """

    summary: ExportSummary
    part: int
    parts: int
    data: str | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class FindExports:
    """Ask for requests in the order in which they came, overdue ones by the day they were due."""

    state: ExportState | None = None
    overdue: bool = False
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class ExportPage:
    """Some requests; ``next_cursor`` is null on the last page."""

    items: tuple[ExportSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class GetReceipt:
    """Ask what became of an erasure."""

    request_id: str = text(64)


@dataclass(frozen=True)
class ReceiptView:
    """What each service erased, as numbers by kind, and what it keeps, as codes, and when.

    ``missing`` names those that have not said yet; ``cause`` is why the person was erased.
    """

    request_id: str
    member_id: str
    cause: Cause
    state: ErasureState
    forced: bool
    reason: str
    by: str
    received_on: date
    due_on: date
    overdue: bool
    complete: bool
    completed_on: date | None
    missing: tuple[str, ...]
    services: tuple[Acknowledgement, ...]

    @classmethod
    def of(cls, erasure: Erasure, today: date) -> Self:
        complete = erasure.state is ErasureState.COMPLETE
        return cls(
            request_id=erasure.id,
            member_id=erasure.member_id,
            cause=erasure.cause,
            state=erasure.state,
            forced=erasure.forced,
            reason=erasure.reason,
            by=erasure.by,
            received_on=erasure.received_on,
            due_on=erasure.due_on,
            overdue=not complete and erasure.due_on < today,
            complete=complete,
            completed_on=erasure.completed_on,
            missing=erasure.missing,
            services=erasure.acknowledgements,
        )


@dataclass(frozen=True)
class RetentionView:
    """Who is due to be erased by a day: how many by cause, and the ids of the first thousand each.

    ``erased`` of them were, ``failed`` could not be and are tried again; ``exports_dropped`` are
    those whose content was kept long enough.
    """

    on: date
    due: dict[str, int]
    member_ids: dict[str, tuple[str, ...]]
    erased: int
    failed: int
    exports_dropped: int
    dry_run: bool
    skipped: bool
