"""What the programmes service refuses, beside the errors every service has."""

from shared.errors import Refused


class MemberNotCurrent(Refused):
    """Only current members may apply; ``reason`` says what this one lacks."""

    code = "programmes.member_not_current"


class NotEligible(Refused):
    """A rule of the programme leaves this member out; ``rule`` names it."""

    code = "programmes.not_eligible"


class OutsideWindow(Refused):
    """The cohort does not take applications at this instant."""

    code = "programmes.outside_window"


class NotInCohort(Refused):
    """Some applications are not in the cohort; ``application_ids`` names them, nothing was done."""

    code = "programmes.not_in_cohort"


class MemberNotKnown(Refused):
    """Membership has not told of some members; ``member_ids`` names them, nothing was done."""

    code = "programmes.member_not_known"


class SessionNotHeld(Refused):
    """The session has not begun, so nobody can have attended it."""

    code = "programmes.session_not_held"


class CertificateRevokedBefore(Refused):
    """The certificate no longer counts already."""

    code = "programmes.certificate_revoked_before"


class AlreadyCompleted(Refused):
    """The member completed the programme with this cohort on another day."""

    code = "programmes.already_completed"


class NotPublished(Refused):
    """The programme is a draft, or no longer on offer."""

    code = "programmes.not_published"


class WrongStage(Refused):
    """The workflow of the cohort does not let an application go there from where it is."""

    code = "programmes.wrong_stage"


class OnHold(Refused):
    """The applicant's registration or membership is suspended, so nothing goes on until it ends."""

    code = "programmes.on_hold"


class NoTrial(Refused):
    """The service keeps real time; ``TRIAL_CLOCK`` is for demonstrations and rehearsals."""

    code = "programmes.no_trial"


class HostFull(Refused):
    """The host takes as many fellows already on ``day``; nothing was booked."""

    code = "programmes.host_full"


class PostFull(Refused):
    """All places of the post are taken, for placements on the ``day`` if there is one."""

    code = "programmes.post_full"


class PlacementsOverlap(Refused):
    """The member is placed elsewhere on some of these days; nothing was booked."""

    code = "programmes.placements_overlap"


class NothingAccepted(Refused):
    """No offer was accepted for the application, so there is no post to be placed in."""

    code = "programmes.nothing_accepted"


class AlreadyPlaced(Refused):
    """The application has its placement; change that one."""

    code = "programmes.already_placed"


class WrongPlacementState(Refused):
    """The placement is not at a point where this can be done; ``state`` says where it is."""

    code = "programmes.wrong_placement_state"


class ReportSignedOff(Refused):
    """The report was signed off, so it stays as it is."""

    code = "programmes.report_signed_off"


class ReportsMissing(Refused):
    """Reports that the programme needs are not signed off; ``missing`` names them."""

    code = "programmes.reports_missing"


class NotAnAlumnus(Refused):
    """The member completed no such programme."""

    code = "programmes.not_an_alumnus"


class SessionCalledOff(Refused):
    """The session was cancelled."""

    code = "programmes.session_called_off"


class SessionBegun(Refused):
    """The session has begun, so it cannot be moved."""

    code = "programmes.session_begun"


class SessionWasHeld(Refused):
    """Attendance is on record, so the session cannot be cancelled."""

    code = "programmes.session_was_held"


class BookingClosed(Refused):
    """The time for this is over; ``now`` says when it was asked for."""

    code = "programmes.booking_closed"


class BookedOtherwise(Refused):
    """The member has booked in the other ``way``; cancel that first."""

    code = "programmes.booked_otherwise"


class NotOfCohort(Refused):
    """The session is for the fellows of a cohort, of whom the member is none."""

    code = "programmes.not_of_cohort"


class NotAttended(Refused):
    """No attendance of this kind is on record for the member."""

    code = "programmes.not_attended"


class FeedbackClosed(Refused):
    """The time for feedback on this session is over."""

    code = "programmes.feedback_closed"


class CertificateNotValid(Refused):
    """The certificate was revoked, so it is not printed."""

    code = "programmes.certificate_not_valid"


class NameNotKnown(Refused):
    """Membership has not told how the member is called, so nothing is printed in their name."""

    code = "programmes.name_not_known"


class NotPrintable(Refused):
    """The font lacks some ``characters`` of a text, which would come out wrong on paper."""

    code = "programmes.not_printable"


class OpportunityOver(Refused):
    """The opportunity has closed or was withdrawn; ``state`` says which."""

    code = "programmes.opportunity_over"


class OfferExpired(Refused):
    """The offer was to be answered before ``due_at``."""

    code = "programmes.offer_expired"


class OfferDeclined(Refused):
    """The offer was declined, or the application withdrawn, at ``since``."""

    code = "programmes.offer_declined"


class OfferReversed(Refused):
    """The offer was taken back with its round at ``since``."""

    code = "programmes.offer_reversed"


class OfferSuperseded(Refused):
    """A better offer, named in ``by``, has replaced this one, as the applicant had asked."""

    code = "programmes.offer_superseded"


class OfferTaken(Refused):
    """The offer was accepted, so it cannot be held any more."""

    code = "programmes.offer_taken"


class HoldsNotAllowed(Refused):
    """The workflow of the cohort lets nobody hold an offer."""

    code = "programmes.holds_not_allowed"


class UpgradesNotMade(Refused):
    """The workflow of the cohort makes no better offers to those who have accepted one."""

    code = "programmes.upgrades_not_made"


class PlacesHeld(Refused):
    """More places of the post are held than it would have; ``held`` says how many."""

    code = "programmes.places_held"


class WrongWay(Refused):
    """The workflow of the cohort gives places in another ``way``."""

    code = "programmes.wrong_way"


class RoundUnderWay(Refused):
    """Another round of the cohort is under way; ``round_id`` names it."""

    code = "programmes.round_under_way"


class WrongRoundState(Refused):
    """The round is in another ``state`` than this needs."""

    code = "programmes.wrong_round_state"


class RoundReversed(Refused):
    """The round was taken back, at ``since``."""

    code = "programmes.round_reversed"


class SecondPersonNeeded(Refused):
    """Somebody else has to do this: ``by`` names those who may not."""

    code = "programmes.second_person_needed"


class ReleaseBlocked(Refused):
    """No reason can justify releasing this round; ``findings`` names what stands in the way."""

    code = "programmes.release_blocked"


class ReasonNeeded(Refused):
    """The round has findings, so its release needs a reason; ``findings`` names them."""

    code = "programmes.reason_needed"


class LaterRound(Refused):
    """A later round builds on this one; ``round_id`` names the one to take back first."""

    code = "programmes.later_round"


class PlacementsBegun(Refused):
    """Placements have begun on what was offered; ``application_ids`` names the first of them."""

    code = "programmes.placements_begun"


class NotReviewed(Refused):
    """Applications to this cohort are not reviewed: it has no rubric, or its workflow no stage."""

    code = "programmes.not_reviewed"


class ReviewerNotActive(Refused):
    """Some are not in the pool of reviewers, or retired; ``reviewer_ids`` names them."""

    code = "programmes.reviewer_not_active"


class ScoringHasClosed(Refused):
    """Scoring of the cohort was closed, so no review or score changes any more."""

    code = "programmes.scoring_has_closed"


class ScoringStillOpen(Refused):
    """Scoring of the cohort has to be closed first."""

    code = "programmes.scoring_still_open"


class ScoringIncomplete(Refused):
    """Reviews or moderations are missing; ``reviews`` and ``moderations`` name applications."""

    code = "programmes.scoring_incomplete"


class InterestConflicts(Refused):
    """Some have a conflict of interest with the applicant; ``reviewer_ids`` names them."""

    code = "programmes.interest_conflicts"


class NotIndependent(Refused):
    """Nobody may moderate alone what they reviewed."""

    code = "programmes.not_independent"


class NotScored(Refused):
    """No review of this application has been scored, so there is nothing to moderate."""

    code = "programmes.not_scored"


class NotReadable(Refused):
    """The applicant's name is not known here yet, so it cannot be taken out of what they wrote."""

    code = "programmes.not_readable"


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


class PreferencesClosed(Refused):
    """Preferences are not taken at this instant; ``closes_at`` is null before they were opened."""

    code = "programmes.preferences_closed"


class NotToBeMatched(Refused):
    """The application is not, or no longer, in the running for a post."""

    code = "programmes.not_to_be_matched"


class MatchUnsound(Refused):
    """The match did not stand up to its proof, so it was not kept."""

    code = "programmes.match_unsound"


class NotReleased(Refused):
    """The outcome is not told before the round of offers is released."""

    code = "programmes.not_released"
