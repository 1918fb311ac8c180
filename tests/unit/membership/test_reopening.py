"""Applications that came to nothing and are taken up again."""

import pytest

from services.membership.errors import NotAnApplicant, ProfessionNotAdmitted
from services.membership.events import ApplicationReopened
from tests.unit.membership.world import World, cut_at_every_write

WHY = {"reason": "Invented."}


@pytest.mark.parametrize("ending", ["decline", "withdraw"])
def test_an_application_that_came_to_nothing_is_taken_up_again(ending: str) -> None:
    """With the registration as it was verified, and it can be admitted then."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    world.call(ending, member_id=member_id, **WHY)
    view = world.call("reopen_application", member_id=member_id, **WHY)
    assert (view.status, view.status_reason) == ("applicant", "registration_verified")
    assert ApplicationReopened in world.told(member_id)
    assert world.call("admit", member_id=member_id).status == "current"


def test_only_what_is_over_can_be_taken_up_again() -> None:
    """Not an application under way, nor one that was admitted, nor one of the dead."""
    world = World()
    applicant, member, dead = world.apply(), world.member(), world.apply()
    world.call("decline", member_id=dead, **WHY)
    world.call("record_death", member_id=dead, died_on=world.today)
    world.call("withdraw", member_id=member)
    for member_id in (applicant, member, dead):
        with pytest.raises(NotAnApplicant):
            world.call("reopen_application", member_id=member_id, **WHY)


def test_a_call_cut_off_anywhere_is_completed_by_its_repetition() -> None:
    """Told once."""

    def prepare() -> World:
        world = World()
        world.reopened = world.apply()  # type: ignore[attr-defined]
        world.call("decline", member_id=world.reopened, **WHY)  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        member_id = world.reopened  # type: ignore[attr-defined]
        world.call("reopen_application", member_id=member_id, message="again", **WHY)

    for world in cut_at_every_write(act, prepare):
        member_id = world.reopened  # type: ignore[attr-defined]
        assert world.told(member_id).count(ApplicationReopened) == 1
        assert world.status(member_id) == "awaiting_verification"


def test_an_applicant_cannot_be_corrected_into_a_closed_profession() -> None:
    """Only applying meets the limits of a pilot and takes its places."""
    world = World()
    applicant = world.apply(
        profession="nurse", regulator="NMC", registration_number="09I1234E", career_stage="senior"
    )
    with pytest.raises(ProfessionNotAdmitted):
        world.call("correct_details", member_id=applicant, profession="healthcare_manager", **WHY)
