"""Completes changes from one interview slot to another, and says which slots are past changing."""

from __future__ import annotations

from services.programmes.domain.slot import Slot
from services.programmes.errors import InterviewHeld
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.turns import each
from services.programmes.repository.keys import due
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


def settle_changes(selecting: Selecting) -> None:
    """Complete changes of slots that broke off."""
    each(
        due(selecting.slots, selecting.desk.clock()),
        lambda slot: settle(slot.application_id or "", selecting),
    )


def require_not_held(slot: Slot, selecting: Selecting) -> None:
    """Raises InterviewHeld where somebody of the panel has scored it."""
    if slot.application_id is None:
        return
    marks = selecting.marks.scan({"application_id": slot.application_id})
    if any(mark.slot_id == slot.id for mark in marks):
        raise InterviewHeld(slot_id=slot.id)
