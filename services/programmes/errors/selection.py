"""Refusals of short lists, interviews and sheets."""

from shared.errors import Refused


class NotRankedByReview(Refused):
    """The cohort has no ranking after review, from which the short list is taken."""

    code = "programmes.not_ranked_by_review"


class ShortlistFull(Refused):
    """As many are in the running as the short list should have: nobody dropped out."""

    code = "programmes.shortlist_full"


class NoReserveLeft(Refused):
    """No reserve is left who could come on the short list."""

    code = "programmes.no_reserve_left"


class PanelBusy(Refused):
    """Somebody of the panel has interviews then; ``slot_ids`` names them, nothing was done."""

    code = "programmes.panel_busy"


class SlotClosed(Refused):
    """It is too late for this slot, or it was withdrawn."""

    code = "programmes.slot_closed"


class SlotTaken(Refused):
    """Another application has this slot."""

    code = "programmes.slot_taken"


class NotBooked(Refused):
    """No interview is booked."""

    code = "programmes.not_booked"


class InterviewNotBegun(Refused):
    """The interview begins at ``starts_at``, so nothing can be said of it."""

    code = "programmes.interview_not_begun"


class InterviewMissed(Refused):
    """The applicant did not come to this interview."""

    code = "programmes.interview_missed"


class InterviewHeld(Refused):
    """The panel has scored this interview, so it was not missed and cannot be moved."""

    code = "programmes.interview_held"


class PanelHasAgreed(Refused):
    """The panel has agreed on scores, so single ones change no more."""

    code = "programmes.panel_has_agreed"


class AdjustmentsErased(Refused):
    """What was said of adjustments was erased."""

    code = "programmes.adjustments_erased"


class SheetNotMatched(Refused):
    """Rows are of no application here; ``unknown``, ``elsewhere`` and ``repeated`` name them."""

    code = "programmes.sheet_not_matched"


class LooksLikeRanks(Refused):
    """The column is said to hold scores but looks like ranks; ``evidence`` says why.

    Nothing counts. Somebody else may override this refusal of ``sheet_id``, with a reason.
    """

    code = "programmes.looks_like_ranks"


class WrongSheetState(Refused):
    """The sheet is in another ``state`` than this needs."""

    code = "programmes.wrong_sheet_state"


class SheetsHeld(Refused):
    """Sheets are held until somebody else confirms them; ``sheet_ids`` names them."""

    code = "programmes.sheets_held"


class RanksAreNoScores(Refused):
    """The sheet holds ranks, which cannot be weighed with scores; ``names`` says which."""

    code = "programmes.ranks_are_no_scores"


class ScoresMissing(Refused):
    """Applications lack a part of the ranking; ``missing`` names the first 200 of each part."""

    code = "programmes.scores_missing"


class InterviewsIncomplete(Refused):
    """Panels have not scored or not agreed yet; ``application_ids`` names whose."""

    code = "programmes.interviews_incomplete"
