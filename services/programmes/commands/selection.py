"""What may be asked of selection: long list, short list, interviews, sheets and final ranking."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.commands.reviews import Score
from services.programmes.domain.marks import SheetOfMarks
from services.programmes.domain.parts import MAX_PARTS, Part
from services.programmes.domain.rubric import MAX_CRITERIA
from services.programmes.domain.slot import MAX_MINUTES, MAX_PANEL
from services.programmes.domain.terms import SessionMode
from shared.events import integer, items, text

APPLICATIONS_A_CALL = 500
SLOTS_A_CALL = 200


@dataclass(frozen=True, kw_only=True)
class Longlist:
    """Let applications go on that are complete and whose member still may apply."""

    cohort_id: str = text(64)
    application_ids: tuple[str, ...] | None = items(
        APPLICATIONS_A_CALL, default=None, description="By default all that are submitted."
    )
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class RejectApplications:
    """Let applications go no further."""

    cohort_id: str = text(64)
    application_ids: tuple[str, ...] = items(APPLICATIONS_A_CALL, min_length=1)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class ShortlistApplications:
    """Put applications on the short list: by their ids, or the best by review with reserves."""

    cohort_id: str = text(64)
    application_ids: tuple[str, ...] | None = items(APPLICATIONS_A_CALL, min_length=1, default=None)
    take: int | None = integer(
        1, APPLICATIONS_A_CALL, default=None, description="About three for every post is usual."
    )
    reserves: int = integer(0, APPLICATIONS_A_CALL, default=0)
    reject_rest: bool = False
    reason: str = text(500, min_length=0, default="")
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class PromoteReserve:
    """Let the next reserve take the place of somebody who dropped out."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class NewSlot:
    """A time for one interview; the instant carries its offset from UTC."""

    starts_at: datetime
    minutes: int = integer(5, MAX_MINUTES)
    mode: SessionMode
    place: str = text(300, min_length=0, default="", description="A room, or how to connect.")
    panel: tuple[str, ...] = items(MAX_PANEL, min_length=1, description="Ids of reviewers.")


@dataclass(frozen=True, kw_only=True)
class AddSlots:
    """Offer times for interviews, all of them or none."""

    cohort_id: str = text(64)
    slots: tuple[NewSlot, ...] = items(SLOTS_A_CALL, min_length=1)


@dataclass(frozen=True, kw_only=True)
class WithdrawSlot:
    """Take a time off offer; whoever has booked it has to book another."""

    slot_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class BookSlot:
    """Book an interview, or change to this slot; members give their own id."""

    slot_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    application_id: str | None = text(
        64, default=None, description="Staff may name the application instead of the member."
    )


@dataclass(frozen=True, kw_only=True)
class CancelInterview:
    """Give up the slot that an application has."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class RequestAdjustments:
    """Say what one needs for the interview; only staff read it."""

    application_id: str = text(64)
    member_id: str = text(64)
    text: str = text(4_000)


@dataclass(frozen=True, kw_only=True)
class AgreeAdjustments:
    """Decide what the panel does; nothing is written where nothing is done."""

    application_id: str = text(64)
    arrangements: str = text(
        1_000, min_length=0, description="What the panel does, and no reason why."
    )


@dataclass(frozen=True, kw_only=True)
class ScoreInterview:
    """Score an interview on whose panel one sits, by criterion."""

    slot_id: str = text(64)
    scores: dict[str, Score] = items(MAX_CRITERIA, min_length=1)
    comment: str = text(4_000, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class AgreeInterviewScores:
    """Record what a panel agreed on in place of the mean of what each gave."""

    application_id: str = text(64)
    scores: dict[str, Score] = items(MAX_CRITERIA, min_length=1)
    agreed_by: tuple[str, ...] = items(MAX_PANEL, min_length=1)
    reason: str = text(2_000)


@dataclass(frozen=True, kw_only=True)
class RecordPanelAbsence:
    """Record that somebody of the panel was not at the interview, so their scores do not come."""

    application_id: str = text(64)
    reviewer_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class RecordNoShow:
    """Record that an applicant did not come to the interview; another may be booked for them."""

    application_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class ImportScores:
    """Take in marks that were given elsewhere, whole or not at all; dry, say what would be."""

    cohort_id: str = text(64)
    sheet: SheetOfMarks
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmScores:
    """Let a sheet count that is held, as somebody else than who imported it."""

    sheet_id: str = text(64)
    reason: str = text(1_000)


@dataclass(frozen=True, kw_only=True)
class OverrideRefusal:
    """Say that a column which looks like ranks does hold scores, as somebody else."""

    sheet_id: str = text(64)
    reason: str = text(1_000, min_length=20)


@dataclass(frozen=True, kw_only=True)
class DiscardScores:
    """Give up a version of a sheet that nothing was made from."""

    sheet_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class RankFinal:
    """Make the final ranking; what is below the pass mark goes no further if it is said so."""

    cohort_id: str = text(64)
    weights: tuple[Part, ...] = items(
        MAX_PARTS, default=(), description="Needed where the cohort declares none."
    )
    reject_rest: bool
    dry_run: bool = False
    reason: str = text(1_000, min_length=0, default="")
