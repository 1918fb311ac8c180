"""Refusals of short lists, interviews and sheets."""

from services.programmes.errors.states import NotThere
from shared.errors import Refused


class NotRankedByReview(Refused):
    """The cohort has no ranking after review, from which the short list is taken; rank_reviews
    comes first.
    """

    code = "programmes.not_ranked_by_review"


class ShortlistFull(Refused):
    """As many are in the running as the short list should have, which is ``take``: nobody
    dropped out.
    """

    code = "programmes.shortlist_full"


class NoReserveLeft(Refused):
    """No reserve is left who could come on the short list; shortlist names more."""

    code = "programmes.no_reserve_left"


class PanelBusy(Refused):
    """Somebody of the panel has interviews then; ``slot_ids`` names them, nothing was done.
    Choose another time or panel.
    """

    code = "programmes.panel_busy"


class SlotClosed(Refused):
    """It is too late for this slot, or it was withdrawn; find_slots shows those that can be
    booked.
    """

    code = "programmes.slot_closed"


class SlotTaken(Refused):
    """Another application has this slot; find_slots shows those that can be booked."""

    code = "programmes.slot_taken"


class NotBooked(Refused):
    """No interview is booked; book_slot comes first."""

    code = "programmes.not_booked"


class InterviewNotBegun(Refused):
    """The interview begins at ``starts_at``, so nothing can be said of it."""

    code = "programmes.interview_not_begun"


class InterviewMissed(Refused):
    """The applicant did not come to this interview; book_slot gives them another."""

    code = "programmes.interview_missed"


class InterviewHeld(Refused):
    """The panel has scored this interview, so it was not missed and cannot be moved."""

    code = "programmes.interview_held"


class PanelHasAgreed(Refused):
    """The panel has agreed on scores, so single ones change no more; agree_interview_scores
    changes what was agreed.
    """

    code = "programmes.panel_has_agreed"


class PanelIncomplete(Refused):
    """The panel agrees once nobody's scores are ``awaited`` any more, and ``needed`` of those who
    have scored agree. Let them score, or record_panel_absence of who was not there.
    """

    code = "programmes.panel_incomplete"


class AdjustmentsErased(Refused):
    """What was said of adjustments was erased."""

    code = "programmes.adjustments_erased"


class SheetNotMatched(Refused):
    """Rows are of no application here; ``unknown``, ``elsewhere`` and ``repeated`` name them.
    Correct the sheet.
    """

    code = "programmes.sheet_not_matched"


class LooksLikeRanks(Refused):
    """The column is said to hold scores but looks like ranks, so nothing counts; ``evidence``
    says why. Import ranks as ranks, or let somebody else override this refusal of ``sheet_id``.
    """

    code = "programmes.looks_like_ranks"


class WrongSheetState(NotThere):
    """The sheet is in another ``state`` than this needs."""

    code = "programmes.wrong_sheet_state"
    thing = "The sheet"


class SheetsHeld(Refused):
    """Sheets are held until somebody else confirms them, by confirm_scores; ``sheet_ids`` names
    them.
    """

    code = "programmes.sheets_held"


class RanksAreNoScores(Refused):
    """The sheet holds ranks, which cannot be weighed with scores; ``names`` says which. Leave
    it out of the weights.
    """

    code = "programmes.ranks_are_no_scores"


class ScoresMissing(Refused):
    """Applications lack a part of the ranking; ``missing`` names the first 200 of each part.
    Let them be scored, or reject them.
    """

    code = "programmes.scores_missing"


class InterviewsIncomplete(Refused):
    """Panels have not scored or not agreed yet; ``application_ids`` names whose.
    score_interview, agree_interview_scores or record_no_show comes first.
    """

    code = "programmes.interviews_incomplete"
