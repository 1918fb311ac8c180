"""Completes changes from one interview slot to another, and says which slots are past changing."""

from __future__ import annotations

from services.programmes.domain.application import Application
from services.programmes.domain.slot import Slot
from services.programmes.errors import InterviewHeld
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.turns import Due
from shared import telemetry
from shared.errors import Duplicate


def settle(application_id: str, selecting: Selecting) -> Slot | None:
    """The slot that an application has, once a change that was begun is completed."""
    slots = selecting.slots
    to, has = slots.moving_to(application_id), slots.of(application_id)
    if to is None:
        return has
    with telemetry.apart():
        if has is not None:
            slots.change(has.id, lambda found: found.release(application_id))
        try:
            return slots.change(to.id, lambda found: found.settle(application_id))
        except Duplicate:  # it has booked one anew in the meantime
            slots.change(to.id, lambda found: found.release(application_id))
            return slots.of(application_id)


def release_slots(selecting: Selecting, application: Application, *, forget: bool = False) -> None:
    """Let others have the interview of who does not come any more; one that has begun stays.

    With ``forget`` the trail does not say any more who had it.
    """
    now, slots = selecting.desk.clock(), selecting.slots
    with telemetry.apart():
        for slot in (slots.moving_to(application.id), slots.of(application.id)):
            if slot is not None and not slot.begun(now):
                slots.change(slot.id, lambda found: found.release(application.id), forget=forget)


def settle_changes(selecting: Selecting) -> Due[Slot]:
    """Complete changes of slots that broke off."""
    return Due(
        selecting.slots,
        selecting.desk.clock(),
        lambda slot: settle(slot.application_id or "", selecting),
    )


def require_not_held(slot: Slot, selecting: Selecting) -> None:
    """Raises InterviewHeld where somebody of the panel has scored it."""
    if slot.application_id is None:
        return
    marks = selecting.marks.scan({"application_id": slot.application_id})
    if any(mark.slot_id == slot.id for mark in marks):
        raise InterviewHeld(slot_id=slot.id)
