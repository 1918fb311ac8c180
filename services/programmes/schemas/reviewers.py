"""Reads of reviewers, panels, allocations and conflicts, and their answers; for staff alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.allocation import Shortage
from services.programmes.domain.panel import Panel
from services.programmes.domain.reviewer import Interest, Reviewer
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindReviewers:
    """Ask for the pool of reviewers."""

    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetPanel:
    """Ask who reviews for a cohort, and whether they still score."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindConflicts:
    """Ask for conflicts of interest, of a reviewer, of a member, or all."""

    reviewer_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class ReviewerView:
    """A reviewer; a retired one is given nothing."""

    reviewer_id: str
    name: str | None
    host_id: str | None
    professions: tuple[str, ...]
    capacity: int
    retired_at: datetime | None

    @classmethod
    def of(cls, reviewer: Reviewer) -> Self:
        return cls(
            reviewer_id=reviewer.id,
            name=reviewer.name,
            host_id=reviewer.host_id,
            professions=reviewer.professions,
            capacity=reviewer.capacity,
            retired_at=reviewer.retired_at,
        )


@dataclass(frozen=True)
class ReviewerPage:
    """Some reviewers; ``next_cursor`` is null on the last page."""

    items: tuple[ReviewerView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class PanelView:
    """Who reviews for a cohort; ``seed`` decides who reviews what."""

    cohort_id: str
    reviewer_ids: tuple[str, ...]
    seed: str
    closed_at: datetime | None

    @classmethod
    def of(cls, panel: Panel) -> Self:
        return cls(panel.id, panel.reviewer_ids, panel.seed, panel.closed_at)


@dataclass(frozen=True)
class ConflictView:
    """A conflict of interest; ``declared`` says that the reviewer named it, and not staff.

    One with ``lifted_at`` keeps nobody from anything.
    """

    conflict_id: str
    reviewer_id: str
    member_id: str
    reason: str
    declared: bool
    recorded_at: datetime
    lifted_at: datetime | None

    @classmethod
    def of(cls, interest: Interest) -> Self:
        return cls(
            interest.id,
            interest.reviewer_id,
            interest.member_id,
            interest.reason,
            interest.declared,
            interest.recorded_at,
            interest.lifted_at,
        )


@dataclass(frozen=True)
class LiftedView:
    """What was lifted: of a member with several ids there may be several."""

    conflicts: tuple[ConflictView, ...]


@dataclass(frozen=True)
class ConflictPage:
    """Some conflicts; ``next_cursor`` is null on the last page."""

    items: tuple[ConflictView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class ShortView:
    """An application for which so many reviewers were not found, and why."""

    application_id: str
    missing: int
    reason: Shortage


@dataclass(frozen=True)
class AllocationView:
    """What was done, or would be: reviews given, kept and taken back, and each reviewer's load.

    ``short`` names the first 200 of the ``short_number`` applications that lack reviewers.
    """

    cohort_id: str
    dry_run: bool
    given: int
    kept: int
    released: int
    loads: dict[str, int]
    short: tuple[ShortView, ...]
    short_number: int
