"""Interviews: their slots, what applicants need for them, and what panels give."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import selection as commands
from services.programmes.schemas import interviews as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc

_OF_AN_INTERVIEW = (
    NotFound,
    errors.NotReviewed,
    errors.NotBooked,
    errors.InterviewNotBegun,
    errors.WrongStage,
)


class Interviews:
    """Interviews: their slots, what applicants need for them, and what panels give."""

    app: Any

    @rpc(
        commands.AddSlots,
        returns=schemas.SlotsView,
        scope="programmes:write",
        sensitive=("slots",),
        errors=(
            Invalid,
            NotFound,
            errors.NotReviewed,
            errors.ReviewerNotActive,
            errors.PanelBusy,
        ),
        writes=True,
    )
    def add_slots(self, command: commands.AddSlots) -> schemas.SlotsView:
        """Offer times for interviews, all of them or none."""
        return self.app.add_slots(command)

    @rpc(
        commands.WithdrawSlot,
        returns=schemas.SlotView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.InterviewHeld),
        writes=True,
    )
    def withdraw_slot(self, command: commands.WithdrawSlot) -> schemas.SlotView:
        """Take a time off offer; whoever has booked it has to book another."""
        return self.app.withdraw_slot(command)

    @rpc(
        commands.BookSlot,
        returns=schemas.SlotView,
        scope="programmes:write",
        own="member_id",
        errors=(
            Invalid,
            NotFound,
            errors.NotInCohort,
            errors.WrongStage,
            errors.OnHold,
            errors.SlotClosed,
            errors.SlotTaken,
            errors.InterviewHeld,
            errors.InterestConflicts,
        ),
        writes=True,
    )
    def book_slot(self, command: commands.BookSlot) -> schemas.SlotView:
        """Book an interview, or change to this slot."""
        return self.app.book_slot(command)

    @rpc(
        commands.CancelInterview,
        returns=schemas.SlotView,
        scope="programmes:write",
        own="member_id",
        errors=(NotFound, errors.NotBooked, errors.SlotClosed, errors.InterviewHeld),
        writes=True,
    )
    def cancel_interview(self, command: commands.CancelInterview) -> schemas.SlotView:
        """Give up the slot that an application has."""
        return self.app.cancel_interview(command)

    @rpc(
        schemas.FindSlots,
        returns=schemas.SlotPage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_slots(self, request: schemas.FindSlots) -> schemas.SlotPage:
        """Slots by time; to members their own and those they may book."""
        return self.app.find_slots(request)

    @rpc(
        schemas.FindPanelSlots,
        returns=schemas.PanelSlotPage,
        scope="programmes:review",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_panel_slots(self, request: schemas.FindPanelSlots) -> schemas.PanelSlotPage:
        """The slots on whose panel one sits, with what the panel does for the applicant."""
        return self.app.find_panel_slots(request)

    @rpc(
        commands.RequestAdjustments,
        returns=schemas.AdjustmentsView,
        scope="programmes:write",
        own="member_id",
        sensitive=("text",),
        errors=(Invalid, NotFound, errors.NotReviewed, errors.AdjustmentsErased),
        writes=True,
    )
    def request_adjustments(self, command: commands.RequestAdjustments) -> schemas.AdjustmentsView:
        """Say what one needs for the interview; only staff read it."""
        return self.app.request_adjustments(command)

    @rpc(
        commands.AgreeAdjustments,
        returns=schemas.AdjustmentsView,
        scope="programmes:write",
        sensitive=("arrangements",),
        errors=(NotFound, errors.AdjustmentsErased),
        writes=True,
    )
    def agree_adjustments(self, command: commands.AgreeAdjustments) -> schemas.AdjustmentsView:
        """Decide what the panel does, of which it is told no reason."""
        return self.app.agree_adjustments(command)

    @rpc(
        schemas.GetAdjustments,
        returns=schemas.AdjustmentsView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_adjustments(self, request: schemas.GetAdjustments) -> schemas.AdjustmentsView:
        """What was asked for and agreed; members give their own ``member_id``."""
        return self.app.get_adjustments(request)

    @rpc(
        commands.ScoreInterview,
        returns=schemas.OwnScoresView,
        scope="programmes:review",
        sensitive=("scores", "comment"),
        errors=(
            *_OF_AN_INTERVIEW,
            Invalid,
            errors.InterviewMissed,
            errors.PanelHasAgreed,
            errors.InterestConflicts,
            errors.OnHold,
        ),
        writes=True,
    )
    def score_interview(self, command: commands.ScoreInterview) -> schemas.OwnScoresView:
        """Score an interview on whose panel one sits."""
        return self.app.score_interview(command)

    @rpc(
        commands.AgreeInterviewScores,
        returns=schemas.InterviewView,
        scope="programmes:write",
        sensitive=("scores", "reason"),
        errors=(
            *_OF_AN_INTERVIEW,
            Invalid,
            errors.InterviewMissed,
            errors.PanelIncomplete,
            errors.ReviewerNotActive,
            errors.InterestConflicts,
            errors.OnHold,
        ),
        writes=True,
    )
    def agree_interview_scores(
        self, command: commands.AgreeInterviewScores
    ) -> schemas.InterviewView:
        """Record what a panel agreed on in place of the mean of what each gave."""
        return self.app.agree_interview_scores(command)

    @rpc(
        commands.RecordPanelAbsence,
        returns=schemas.InterviewView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            *_OF_AN_INTERVIEW,
            errors.InterviewHeld,
            errors.ReviewerNotActive,
            errors.OnHold,
        ),
        writes=True,
    )
    def record_panel_absence(self, command: commands.RecordPanelAbsence) -> schemas.InterviewView:
        """Record that somebody of the panel was not at an interview."""
        return self.app.record_panel_absence(command)

    @rpc(
        commands.RecordNoShow,
        returns=schemas.InterviewView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            *_OF_AN_INTERVIEW,
            errors.InterviewHeld,
        ),
        writes=True,
    )
    def record_no_show(self, command: commands.RecordNoShow) -> schemas.InterviewView:
        """Record that an applicant did not come to the interview."""
        return self.app.record_no_show(command)

    @rpc(
        schemas.GetInterview,
        returns=schemas.InterviewView,
        scope="programmes:read",
        errors=(NotFound, errors.NotReviewed),
        writes=False,
    )
    def get_interview(self, request: schemas.GetInterview) -> schemas.InterviewView:
        """What a panel gave an applicant, and what is missing."""
        return self.app.get_interview(request)
