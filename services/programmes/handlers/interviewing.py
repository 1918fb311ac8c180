"""Interviews as they are held: scored by their panel, agreed on, or missed."""

from __future__ import annotations

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.interview import Interview, PanelMark, checked_scores
from services.programmes.domain.slot import Slot
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import (
    InterestConflicts,
    InterviewHeld,
    InterviewMissed,
    InterviewNotBegun,
    NotBooked,
    ReviewerNotActive,
    WrongStage,
)
from services.programmes.handlers.desk import Round
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.settling import require_not_held
from services.programmes.schemas import interviews as schemas
from shared import telemetry
from shared.errors import Duplicate

_OPEN = frozenset({ApplicationStatus.SHORTLISTED, ApplicationStatus.INTERVIEWED})
_CORRECTED = _OPEN | {ApplicationStatus.RANKED}


def score_interview(
    command: commands.ScoreInterview, *, selecting: Selecting
) -> schemas.OwnScoresView:
    """Score an interview on whose panel the caller sits; somebody else's does not exist.

    With the last of the panel the application is interviewed.
    """
    me, now = telemetry.current().actor, selecting.desk.clock()
    slot = selecting.slots.get(command.slot_id)
    if me not in slot.panel:
        raise selecting.slots.absent(slot.id)
    application = selecting.desk.applications.get(slot.require_booked())
    here = selecting.desk.round(slot.cohort_id)
    _require_scorable(slot, application, me, selecting)
    scores = checked_scores(selecting.for_interviews(here), command.scores)
    comment = command.comment.strip()
    new = PanelMark(
        PanelMark.key(application.id, me),
        slot.cohort_id,
        application.id,
        application.member_id,
        slot.id,
        me,
        scores,
        comment,
        now,
    )
    mark = selecting.marks.put(new, lambda found: found.revise(scores, comment, slot.id, now))
    _go_on(application.id, here, selecting)
    return schemas.OwnScoresView.of(mark)


def _require_scorable(slot: Slot, application: Application, me: str, selecting: Selecting) -> None:
    _require_begun(slot, selecting)
    _require_status(application, _OPEN)
    if selecting.review_desk.in_conflict(me, application.member_id):
        raise InterestConflicts(reviewer_ids=[me])
    outcome = selecting.interviews.first({"_id": application.id})
    if outcome is not None:
        outcome.require_scorable(slot.id)


def _require_begun(slot: Slot, selecting: Selecting) -> None:
    if slot.moving or not slot.begun(selecting.desk.clock()):
        raise InterviewNotBegun(slot_id=slot.id, starts_at=slot.starts_at.isoformat())


def _require_status(application: Application, statuses: frozenset[ApplicationStatus]) -> None:
    if application.status not in statuses:
        raise WrongStage(
            application_id=application.id,
            status=application.status.value,
            wanted=ApplicationStatus.INTERVIEWED.value,
            needed=sorted(each.value for each in statuses),
        )


def _go_on(application_id: str, here: Round, selecting: Selecting) -> None:
    """Let an application be interviewed once there is a score; a paused one when it is ranked."""
    application = selecting.desk.applications.get(application_id)
    waiting = application.status is ApplicationStatus.SHORTLISTED and application.paused_at is None
    if waiting and selecting.hearing(application, here).complete:
        selecting.desk.move(application_id, ApplicationStatus.INTERVIEWED, here.workflow)


def agree_interview_scores(
    command: commands.AgreeInterviewScores, *, selecting: Selecting
) -> schemas.InterviewView:
    """Record what a panel agreed on, in place of what was recorded before.

    Possible until an offer is made; the final ranking has to be made again after it.
    """
    desk, now = selecting.desk, selecting.desk.clock()
    application = desk.applications.get(command.application_id)
    here = desk.round(application.cohort_id)
    scores = checked_scores(selecting.for_interviews(here), command.scores)
    slot = _slot_of(application, selecting)
    _require_begun(slot, selecting)
    _require_status(application, _CORRECTED)
    _require_able(command.agreed_by, slot, application, selecting)
    outcome = _outcome(application, selecting)
    if slot.id in outcome.missed:
        raise InterviewMissed(application_id=application.id, slot_id=slot.id)
    hearing = selecting.hearing(application, here)
    hearing.require_agreement(command.agreed_by, selecting.rules.panel_from)
    selecting.interviews.change(
        application.id, lambda found: found.agree(scores, command.agreed_by, now)
    )
    _go_on(application.id, here, selecting)
    return _view(application.id, here, selecting)


def _slot_of(application: Application, selecting: Selecting) -> Slot:
    slot = selecting.slots.of(application.id)
    if slot is None:
        raise NotBooked(application_id=application.id)
    return slot


def _require_able(
    agreed_by: tuple[str, ...], slot: Slot, application: Application, selecting: Selecting
) -> None:
    """Only those of the panel agree, and of them nobody in conflict with the applicant."""
    _require_on_panel(agreed_by, slot)
    if barred := sorted(selecting.barred(agreed_by, application.member_id)):
        raise InterestConflicts(reviewer_ids=barred)


def _require_on_panel(reviewer_ids: tuple[str, ...], slot: Slot) -> None:
    if others := [id for id in dict.fromkeys(reviewer_ids) if id not in slot.panel]:
        raise ReviewerNotActive("They do not sit on this panel.", reviewer_ids=others)


def _outcome(application: Application, selecting: Selecting) -> Interview:
    new = Interview(application.id, application.cohort_id, application.member_id)
    with telemetry.apart():
        try:
            return selecting.interviews.add(new)
        except Duplicate:
            return selecting.interviews.get(application.id)


def record_panel_absence(
    command: commands.RecordPanelAbsence, *, selecting: Selecting
) -> schemas.InterviewView:
    """Record that somebody of the panel was not there; the scores of the others count.

    Whether they are enough is for staff to see: where nobody has scored there is no interview yet.
    """
    application = selecting.desk.applications.get(command.application_id)
    here, slot = selecting.desk.round(application.cohort_id), _slot_of(application, selecting)
    selecting.for_interviews(here)
    _require_begun(slot, selecting)
    _require_status(application, _OPEN)
    _require_on_panel((command.reviewer_id,), slot)
    hearing = selecting.hearing(application, here)
    if any(each.reviewer_id == command.reviewer_id for each in hearing.marks):
        raise InterviewHeld("They have scored this interview, so were there.", slot_id=slot.id)
    _outcome(application, selecting)
    selecting.interviews.change(
        application.id, lambda found: found.excuse(slot.id, command.reviewer_id)
    )
    _go_on(application.id, here, selecting)
    return _view(application.id, here, selecting)


def record_no_show(
    command: commands.RecordNoShow, *, selecting: Selecting
) -> schemas.InterviewView:
    """Record that an applicant did not come; staff may book another slot for them."""
    desk = selecting.desk
    application = desk.applications.get(command.application_id)
    here, slot = desk.round(application.cohort_id), _slot_of(application, selecting)
    selecting.for_interviews(here)
    _require_begun(slot, selecting)
    _require_status(application, frozenset({ApplicationStatus.SHORTLISTED}))
    require_not_held(slot, selecting)
    _outcome(application, selecting)
    selecting.interviews.change(application.id, lambda found: found.miss(slot.id))
    return _view(application.id, here, selecting)


def get_interview(request: schemas.GetInterview, *, selecting: Selecting) -> schemas.InterviewView:
    """What a panel gave an applicant, and what is missing."""
    application = selecting.desk.applications.get(request.application_id)
    return _view(application.id, selecting.desk.round(application.cohort_id), selecting)


def _view(application_id: str, here: Round, selecting: Selecting) -> schemas.InterviewView:
    application = selecting.desk.applications.get(application_id)
    return schemas.InterviewView.of(selecting.hearing(application, here))
