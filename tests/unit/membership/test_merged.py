"""A merged record: what reaches it from elsewhere, and that nobody acts on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.errors import Merged
from services.membership.events import RegistrationVerified
from services.membership.subscriptions import AlumniJoined
from shared import telemetry
from shared.schema import schema_of
from shared.testing import error_of
from tests.e2e.methods import methods_of
from tests.unit.membership.merges import ALL, everything, merge, pair, unmerge
from tests.unit.membership.world import World


@pytest.fixture
def world() -> World:
    return World()


LEARNING = AlumniJoined(
    member_id="",
    programme_id="p-1",
    cohort_id="c-1",
    title="Invented scheme",
    completed_on=date(2026, 11, 1),
)


class TestOthers:
    """What reaches a merged record from elsewhere."""

    def test_alumni_are_covered_whoever_stands_for_them(self, world: World) -> None:
        """Both records are, so that nothing is lost when they are taken apart."""
        kept, merged = world.member(), world.member()
        merge(world, kept, merged)
        event = AlumniJoined(**{**vars(LEARNING), "member_id": merged})
        with telemetry.activate(telemetry.Context.start(message_id="event:e1", seed="e1")):
            world.app.follow_learning(event)
            world.app.follow_learning(event)
        unmerge(world, merged)
        for id in (kept, merged):
            (granted,) = world.members.get(id).entitlements
            assert (granted.kind, granted.source_id) == ("alumni", "c-1")

    def test_a_seat_can_be_released(self, world: World) -> None:
        """Its ledger decides; it is not taken over, and none is given to a merged record."""
        kept, merged = world.member(), world.member()
        organisation_id = world.call(
            "register_organisation", name="Invented Vale", kind="host", nation="wales"
        ).organisation.organisation_id
        seats = {"organisation_id": organisation_id, "member_id": merged}
        world.call(
            "buy_seats",
            organisation_id=organisation_id,
            seats=2,
            from_on=world.today,
            until_on=world.today + timedelta(days=300),
            reference="invoice 1",
        )
        world.call("allocate_seat", **seats)
        merge(world, kept, merged, *ALL)
        assert world.members.get(kept).entitlements == ()
        assert isinstance(error_of(lambda: world.call("allocate_seat", **seats)), Merged)
        world.call("release_seat", **seats, reason="Left")
        (seat,) = world.members.get(merged).entitled
        assert seat.until_on == world.today

    def test_a_register_says_nothing_of_a_merged_record(self, world: World) -> None:
        """What was not taken over waits until it is taken apart."""
        kept, merged = pair(world)
        merge(world, kept, merged)
        checks = len([each for each in world.told(merged) if each is RegistrationVerified])
        view = world.register(merged, "suspended")
        assert view.differences == ()
        assert world.told(merged).count(RegistrationVerified) == checks
        assert unmerge(world, merged).status == "current"


ACTING = [
    method
    for method in methods_of("membership")
    if method.contract.writes and "member_id" in schema_of(method.contract.request).fields
]
# A withdrawal of consent and the end of a seat count whatever became of the record.
ALLOWED = ("withdraw_consent", "release_seat")


@pytest.mark.parametrize("method", ACTING, ids=str)
def test_every_call_on_a_member_says_that_it_may_be_merged(method: Any) -> None:
    """A method that acts on a member declares the refusal, unless it is allowed."""
    assert (Merged in method.contract.errors) != (method.name in ALLOWED)


CALLS: dict[str, dict[str, Any]] = {
    "admit": {},
    "decline": {"reason": "Invented"},
    "change_contact": {"given_name": "Other"},
    "change_career_stage": {"career_stage": "senior"},
    "change_grade": {"grade": "associate", "reason": "Invented"},
    "renew": {},
    "record_payment": {"pence": 100, "reference": "r-1", "received_on": "2026-11-23"},
    "withdraw": {},
    "record_death": {"died_on": "2026-11-01"},
    "reinstate": {"reason": "Invented"},
    "verify_registration": {},
    "add_registration": {"regulator": "GMC", "registration_number": "7654321"},
    "declare_sanction": {"registration_number": "2222222", "detail": "Invented"},
    "record_review_decision": {
        "review_id": "r-1",
        "outcome": "cleared",
        "reason": "Invented",
        "decided_by": "Committee",
    },
    "self_assess": {"ratings": [{"behaviour": "self.1", "level": 3}]},
    "request_export": {},
    "request_erasure": {"force": True, "reason": "Invented"},
    "start_fellowship": {"level": "fellow", "route": "standard"},
    "record_consent": {
        "purpose": "newsletter",
        "channel": "email",
        "wording_version": "1",
        "source": "staff",
    },
}


@pytest.mark.parametrize(("name", "arguments"), CALLS.items(), ids=CALLS)
def test_a_merged_record_is_not_acted_on(
    world: World, name: str, arguments: dict[str, Any]
) -> None:
    """The call is refused, says with whom to go on, and leaves nothing behind."""
    kept, merged = pair(world)
    merge(world, kept, merged)
    before = everything(world)
    error = error_of(lambda: world.call(name, member_id=merged, **arguments))
    assert isinstance(error, Merged)
    assert error.details == {"member_id": merged, "into": kept}
    assert everything(world) == before


@pytest.mark.parametrize("name", ["get_account", "explain_status", "get_history", "get_consents"])
def test_a_merged_record_can_be_read(world: World, name: str) -> None:
    """All that was kept of it is still there to see."""
    kept, merged = pair(world)
    merge(world, kept, merged)
    assert world.call(name, member_id=merged)
    assert kept
