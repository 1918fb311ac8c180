"""What is told in public says nothing that identifies or reaches a person."""

from typing import Any

from services.membership.events import ContactChanged
from shared.schema import dumps
from tests.unit.membership.builders import ARGUMENTS, TODAY
from tests.unit.membership.world import World

PLANTED = ("siân", "planted", "example.org", "0712345", "1988-02-29", "caution", "because", "bacs")


def whole_life(world: World) -> str:
    """Somebody to whom everything happens, always with words that nobody else may read."""
    member_id: str = world.call("apply", **ARGUMENTS).member_id

    def call(method: str, **arguments: Any) -> Any:
        return world.call(method, member_id=member_id, **arguments)

    call("verify_registration")
    world.verify(member_id)
    call("admit", reductions=["hardship"])
    call("declare_sanction", registration_number="0712345", detail="A caution.")
    review = world.call("find_reviews").items[0].review_id
    decision = {"reason": "Because.", "decided_by": "Planted Chair"}
    call("record_review_decision", review_id=review, outcome="suspended", **decision)
    call("reinstate", reason="Because.")
    call("record_payment", pence=200_000, reference="BACS 1", received_on=TODAY)
    call("change_grade", grade="associate", reason="Because.")
    call("change_career_stage", career_stage="senior")
    call("change_contact", given_name="Siân Mair")
    call("renew")
    world.verify(member_id, "warning")
    world.verify(member_id, "erased")
    world.verify(member_id)
    call("reinstate", reason="Because.")
    call("withdraw", reason="Because.")
    call("reinstate", reason="Because.")
    call("record_death", died_on=TODAY)
    declined = world.apply()
    world.call("decline", member_id=declined, reason="Because.")
    return member_id


def test_public_events_carry_nothing_that_identifies_or_reaches_a_person() -> None:
    """No name, address, number, birth date, pseudonym, reference or free text."""
    world = World()
    member_id = whole_life(world)
    pseudonym = world.members.get(member_id).pseudonym
    events = world.events()
    public = [event for event in events if not event.event_type.private]
    text = " ".join(dumps(event) for event in public).casefold()
    assert [found for found in (*PLANTED, pseudonym) if found in text] == []
    assert len({type(event) for event in public}) >= 15
    assert {type(event) for event in events} - {type(event) for event in public} == {ContactChanged}
