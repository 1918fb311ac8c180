"""Interviews of those who do not come any more go to others, and their panels learn of it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from services.programmes.events import InterviewBooked, InterviewCancelled
from services.programmes.subscriptions import MemberErased
from shared.errors import FacultyError
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.programmes.contest import PANEL, Contest


def _booked(world: Contest) -> tuple[str, str]:
    """An interview to come, and the member who has it."""
    (slot_id,) = world.add(world.slot())
    member_id = world.member_of(world.applications[0])
    world.call("book_slot", by=member_id, slot_id=slot_id, member_id=member_id)
    return slot_id, member_id


def _withdraw(world: Any, application_id: str, member_id: str) -> Any:
    return world.call(
        "withdraw_application", by=member_id, application_id=application_id, member_id=member_id
    )


def _require_free(world: Contest, slot_id: str) -> None:
    (seen,) = world.call("find_panel_slots", by=PANEL[0], cohort_id=world.cohort_id).items
    assert seen.application_id is None
    other = world.member_of(world.applications[1])
    assert world.call("book_slot", by=other, slot_id=slot_id, member_id=other).booked


def test_who_withdraws_gives_their_interview_back() -> None:
    """At once, and it is told."""
    world = Contest.at_interviews([5, 4])
    slot_id, member_id = _booked(world)
    _withdraw(world, world.applications[0], member_id)
    assert len(world.events(InterviewCancelled)) == 1
    _require_free(world, slot_id)


def test_an_interview_that_has_begun_stays() -> None:
    """It is known who was there."""
    world = Contest.at_interviews([5, 4])
    slot_id, member_id = _booked(world)
    world.go_to(world.repository("interview_slots").get(slot_id).starts_at.date())
    world.pass_time(hours=24)
    _withdraw(world, world.applications[0], member_id)
    slot = world.repository("interview_slots").get(slot_id)
    assert slot.application_id == world.applications[0]


def test_who_is_erased_gives_their_interview_back() -> None:
    """The trail says nothing any more of who had it."""
    world = Contest.at_interviews([5, 4])
    slot_id, member_id = _booked(world)
    world.tell(MemberErased("request", member_id))
    trail = world.trails()[f"interview_slots:{slot_id}"]
    said = [(each.before, each.after) for entry in trail for each in entry.changes]
    assert member_id not in str(said)
    _require_free(world, slot_id)


@pytest.mark.parametrize("seed", range(40))
def test_who_books_and_withdraws_at_once_has_no_interview(seed: int) -> None:
    """Whichever comes first."""
    database: Any = SwitchingDatabase()
    world = Contest.at_interviews([5, 4], database=database)
    (slot_id,) = world.add(world.slot())
    application_id, beside = world.applications[0], world.another()
    member_id = world.member_of(application_id)
    own = {"slot_id": slot_id, "member_id": member_id}
    turns = random.Random(seed).choices((0, 1), k=200)
    booked, withdrawn = at_once(
        [
            lambda: world.call("book_slot", by=member_id, **own),
            lambda: _withdraw(beside, application_id, member_id),
        ],
        chooser(turns),
    )
    assert not isinstance(withdrawn, FacultyError)
    assert booked is None or isinstance(booked, FacultyError) or booked.booked
    told = [len(world.events(kind)) for kind in (InterviewBooked, InterviewCancelled)]
    assert told in ([0, 0], [1, 1])
    _require_free(world, slot_id)
