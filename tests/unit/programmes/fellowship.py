"""What the tests of placements and alumni share: applicants who accepted a post, and fellows.

world = World()
cohort_id = scheme(world, places=2)
application_id = accepted(world, cohort_id)
placement = placed(world, application_id)
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.programmes.domain.offer import Offer, Recipient
from services.programmes.domain.offer_state import OfferState
from services.programmes.handlers.placements import pause_placements
from tests.unit.programmes.world import World

STARTS, ENDS = date(2027, 9, 1), date(2028, 8, 31)


def scheme(world: World, *, places: int = 2, capacity: int = 10, **changes: Any) -> str:
    """The id of a cohort with one post of so many places, at a host of its own."""
    host_id = changes.pop("host_id", None) or world.host(capacity=capacity)
    return world.cohort(posts=[world.post("city", capacity=places, host_id=host_id)], **changes)


def host_of(world: World, cohort_id: str) -> Any:
    """The host of the only post of a cohort, as it is stored."""
    (post,) = world.repository("cohorts").get(cohort_id).posts
    return world.repository("hosts").get(post.host_id)


def accepted(
    world: World, cohort_id: str, member_id: str | None = None, post_id: str = "city"
) -> str:
    """The id of an application whose offer of a post was accepted."""
    application_id = world.submitted(cohort_id, member_id)
    world.bring(application_id, "accepted")
    application, now = world.application(application_id), world.clock()
    offer = Offer.make(
        f"offer of {application_id}",
        Recipient(
            application_id, cohort_id, application.programme_id, application.member_id, post_id
        ),
        round_id="round",
        turn=1,
        post_title="Post",
        now=now,
        due_at=now + timedelta(days=2),
    )
    offer.state, offer.answered_at, offer.unfollowed_at = OfferState.ACCEPTED, now, None
    world.repository("offers").add(offer)
    return application_id


def placed(world: World, application_id: str, **changes: Any) -> Any:
    """The view of a new placement."""
    return world.call("arrange_placement", application_id=application_id, **changes).placement


def fellow(world: World, cohort_id: str, member_id: str | None = None) -> Any:
    """The view of a new placement that has begun; it is noon of its first day."""
    placement = placed(world, accepted(world, cohort_id, member_id))
    world.go_to(placement.starts_on)
    world.let_the_clock("tick")
    return world.call("get_placement", placement_id=placement.placement_id).placement


def reported(world: World, placement: Any, *kinds: str) -> None:
    """Let reports be written and signed off."""
    for kind in kinds or ("start", "mid", "final"):
        own = {"placement_id": placement.placement_id, "kind": kind}
        world.call("submit_report", **own, member_id=placement.member_id, text="Invented.")
        world.call("sign_off_report", **own)


def completed(world: World, cohort_id: str, member_id: str | None = None) -> Any:
    """The view of the placement of a new alumnus; it is noon of the day it ended."""
    placement = fellow(world, cohort_id, member_id)
    reported(world, placement)
    world.go_to(placement.ends_on)
    complete(world, placement)
    return world.call("get_placement", placement_id=placement.placement_id).placement


def complete(world: World, placement: Any, on: date | None = None, **changes: Any) -> Any:
    """Complete the programme on the last day of a placement unless said otherwise."""
    return world.call(
        "complete_programme",
        cohort_id=placement.cohort_id,
        member_id=placement.member_id,
        completed_on=on or placement.ends_on,
        **changes,
    )


def suspend(world: World, placement: Any, suspended: bool) -> None:
    """As if membership had told so."""
    placing = world.app.arrange_placement.keywords["placing"]
    pause_placements(placing, [placement.member_id], suspended)


def leave(world: World, placement: Any, on: str, **changes: Any) -> Any:
    """End a placement early."""
    arguments = {"reason_code": "employment", "note": "Invented note.", **changes}
    return world.call(
        "end_placement_early",
        placement_id=placement.placement_id,
        ended_on=on,
        **arguments,
    )


def days(world: World, placement: Any) -> list[tuple[date, date, bool]]:
    """The days booked for a placement, which are the same for member and host."""
    host = world.repository("hosts").get(placement.host_id)
    calendar = world.repository("fellows").get(placement.member_id)
    booked = [
        [
            (stay.starts_on, stay.ends_on, stay.held_at is None)
            for stay in register.stays
            if stay.application_id == placement.application_id
        ]
        for register in (host, calendar)
    ]
    assert booked[0] == booked[1]
    return booked[0]
