"""Reads of interviews: slots, adjustments and scores, and their answers."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Self

from services.programmes.domain.adjustments import Adjustments, AdjustmentState
from services.programmes.domain.interview import Hearing, PanelMark
from services.programmes.domain.ranking import shown
from services.programmes.domain.slot import Slot, SlotState
from services.programmes.domain.terms import ApplicationStatus, SessionMode
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindSlots:
    """Ask for slots by time; with ``member_id`` for those that the member has or may book."""

    cohort_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class FindPanelSlots:
    """Ask for the slots of a cohort on whose panel one sits, by time."""

    cohort_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetAdjustments:
    """Ask what was requested and agreed; members give their own id."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class GetInterview:
    """Ask for what a panel gave an applicant."""

    application_id: str = text(64)


@dataclass(frozen=True)
class SlotView:
    """A slot; ``starts`` and ``ends`` are by the clock of the cohort's time zone.

    Members are not told the panel, nor whose other slots are.
    """

    slot_id: str
    cohort_id: str
    starts_at: datetime
    starts: str
    ends: str
    minutes: int
    mode: SessionMode
    place: str
    state: SlotState
    booked: bool
    application_id: str | None
    panel: tuple[str, ...]

    @classmethod
    def of(cls, slot: Slot, zone: tzinfo) -> Self:
        """As staff see it."""
        return cls(
            slot.id,
            slot.cohort_id,
            slot.starts_at,
            slot.starts_at.astimezone(zone).isoformat(),
            slot.ends_at.astimezone(zone).isoformat(),
            slot.minutes,
            slot.mode,
            slot.place,
            slot.state,
            slot.application_id is not None,
            slot.application_id,
            slot.panel,
        )

    @classmethod
    def for_applicant(cls, slot: Slot, zone: tzinfo, own: bool) -> Self:
        """As an applicant sees it, who is told the place of their own alone."""
        whole = cls.of(slot, zone)
        return cls(
            **{
                **vars(whole),
                "place": slot.place if own else "",
                "booked": own,
                "application_id": slot.application_id if own else None,
                "panel": (),
            }
        )


@dataclass(frozen=True)
class SlotPage:
    """Some slots by time; ``next_cursor`` is null on the last page."""

    items: tuple[SlotView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class SlotsView:
    """The ids of the slots that were added, in the order of the call."""

    cohort_id: str
    slot_ids: tuple[str, ...]


@dataclass(frozen=True)
class PanelSlotView:
    """A slot as its panel sees it; ``arrangements`` are what the panel does for the applicant."""

    slot_id: str
    starts_at: datetime
    starts: str
    minutes: int
    mode: SessionMode
    place: str
    application_id: str | None
    arrangements: str
    scored: bool


@dataclass(frozen=True)
class PanelSlotPage:
    """Some slots by time; ``next_cursor`` is null on the last page."""

    items: tuple[PanelSlotView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class AdjustmentsView:
    """What was requested, and what the panel does about it."""

    application_id: str
    state: AdjustmentState
    requested: str
    requested_at: datetime
    arrangements: str
    decided_at: datetime | None

    @classmethod
    def of(cls, found: Adjustments) -> Self:
        return cls(
            found.id,
            found.state,
            found.requested,
            found.requested_at,
            found.arrangements,
            found.decided_at,
        )


@dataclass(frozen=True)
class OwnScoresView:
    """What one gave as one of a panel."""

    slot_id: str
    application_id: str
    scores: dict[str, int]
    comment: str
    scored_at: datetime

    @classmethod
    def of(cls, mark: PanelMark) -> Self:
        return cls(mark.slot_id, mark.application_id, mark.scores, mark.comment, mark.scored_at)


@dataclass(frozen=True)
class MarkView:
    """What one of the panel gave."""

    reviewer_id: str
    scores: dict[str, int]
    comment: str
    scored_at: datetime


@dataclass(frozen=True)
class InterviewView:
    """An interview as far as it has come; ``score`` is in ten-thousandths of a point.

    ``awaited`` of the panel have not scored; ``agreement_missing`` says that the panel is too far
    apart; ``missed`` are slots to which the applicant did not come, ``absent`` were not there of
    the panel.
    """

    application_id: str
    status: ApplicationStatus
    slot_id: str | None
    missed: tuple[str, ...]
    marks: tuple[MarkView, ...]
    awaited: tuple[str, ...]
    absent: tuple[str, ...]
    agreement_missing: bool
    agreed: dict[str, int] | None
    agreed_by: tuple[str, ...]
    complete: bool
    score: int | None

    @classmethod
    def of(cls, hearing: Hearing) -> Self:
        outcome, scored, slot = hearing.outcome, hearing.scored(), hearing.slot
        marks = (
            MarkView(each.reviewer_id, each.scores, each.comment, each.scored_at)
            for each in hearing.marks
        )
        return cls(
            hearing.application.id,
            hearing.application.status,
            slot.id if slot else None,
            outcome.missed if outcome else (),
            tuple(marks),
            hearing.awaited,
            tuple(sorted(outcome.absent_from(slot.id))) if outcome and slot else (),
            hearing.agreement_missing,
            outcome.agreed if outcome else None,
            outcome.agreed_by if outcome else (),
            hearing.complete,
            shown(scored.score) if scored else None,
        )
