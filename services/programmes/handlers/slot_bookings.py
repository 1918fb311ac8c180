"""Interview slots booked, changed and given up."""

from __future__ import annotations

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.slot import Slot
from services.programmes.domain.terms import OUT, ApplicationStatus
from services.programmes.errors import (
    InterestConflicts,
    NotBooked,
    NotInCohort,
    OnHold,
    WrongStage,
)
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.settling import release_slots, require_not_held, settle
from services.programmes.schemas import interviews as schemas
from shared import telemetry
from shared.errors import Conflict, Duplicate, Invalid


def book_slot(command: commands.BookSlot, *, selecting: Selecting) -> schemas.SlotView:
    """Book a slot, or change to it; members until a deadline, staff until it begins.

    The slot is the claim: it is taken by one write that fails where somebody else has it. While an
    application changes, it keeps the slot it has until the new one is its own.
    """
    now, rules = selecting.desk.clock(), selecting.rules
    slot = selecting.slots.get(command.slot_id)
    application = _applicant(command, slot, selecting)
    has = settle(application.id, selecting)
    if has is None or has.id != slot.id:
        _require_bookable(slot, application, selecting)
        hours = 0 if command.member_id is None else rules.booking_closes_hours
        slot.require_open(now, hours)
        if has is not None:
            _require_changeable(has, command.member_id is not None, selecting)
    _give_back_dropped(slot, application, selecting)
    claimed = _claim(slot, application, has, selecting)
    if selecting.desk.applications.get(application.id).status in OUT:  # withdrawn meanwhile
        release_slots(selecting, application)
        raise selecting.slots.absent(slot.id)
    booked = settle(application.id, selecting) or claimed
    return _view(booked, selecting, command.member_id)


def _applicant(command: commands.BookSlot, slot: Slot, selecting: Selecting) -> Application:
    desk = selecting.desk
    if command.application_id is not None:
        application = desk.own(command.application_id, command.member_id)
    elif command.member_id is not None:
        found = desk.application_of(slot.cohort_id, command.member_id)
        if found is None:
            raise selecting.slots.absent(slot.id)
        application = found
    else:
        raise Invalid("Who?", fields={"application_id": ["This or member_id is needed."]})
    if application.cohort_id != slot.cohort_id:
        raise NotInCohort(application_ids=[application.id])
    return application


def _require_bookable(slot: Slot, application: Application, selecting: Selecting) -> None:
    shortlisted = ApplicationStatus.SHORTLISTED
    if application.status is not shortlisted:
        raise WrongStage(
            application_id=application.id,
            status=application.status.value,
            wanted=shortlisted.value,
            needed=[shortlisted.value],
        )
    if application.paused_at is not None:
        raise OnHold(application_id=application.id)
    if selecting.barred(slot.panel, application.member_id):
        # Not whose: an applicant must not learn who declared what.
        raise InterestConflicts(slot_id=slot.id)


def _require_changeable(slot: Slot, by_member: bool, selecting: Selecting) -> None:
    """A slot is given up until the deadline; by staff even later where the applicant missed it."""
    require_not_held(slot, selecting)
    outcome = selecting.interviews.first({"_id": slot.application_id})
    if not by_member and outcome is not None and slot.id in outcome.missed:
        return
    hours = selecting.rules.changes_close_hours if by_member else 0
    slot.require_open(selecting.desk.clock(), hours)


def _give_back_dropped(slot: Slot, application: Application, selecting: Selecting) -> None:
    """Free a slot whose applicant dropped out."""
    holder = slot.application_id
    if holder is None or holder == application.id:
        return
    if selecting.desk.applications.get(holder).status in OUT:
        with telemetry.apart():
            selecting.slots.change(slot.id, lambda found: found.release(holder))


def _claim(slot: Slot, application: Application, has: Slot | None, selecting: Selecting) -> Slot:
    now, moving = selecting.desk.clock(), has is not None and has.id != slot.id
    try:
        return selecting.slots.change(
            slot.id,
            lambda found: found.claim(application.id, application.member_id, moving, now),
        )
    except Duplicate:  # the same application is booking another one at the same time
        raise Conflict("Another slot is being booked; try again.", id=application.id) from None


def cancel_interview(
    command: commands.CancelInterview, *, selecting: Selecting
) -> schemas.SlotView:
    """Give up the slot that an application has; members until a deadline, staff until it begins."""
    application = selecting.desk.own(command.application_id, command.member_id)
    has = settle(application.id, selecting)
    if has is None:
        raise NotBooked(application_id=application.id)
    _require_changeable(has, command.member_id is not None, selecting)
    freed = selecting.slots.change(has.id, lambda found: found.release(application.id))
    return _view(freed, selecting, command.member_id)


def _view(slot: Slot, selecting: Selecting, member_id: str | None) -> schemas.SlotView:
    zone = selecting.desk.cohorts.get(slot.cohort_id).zone
    if member_id is None:
        return schemas.SlotView.of(slot, zone)
    return schemas.SlotView.for_applicant(slot, zone, slot.application_id is not None)
