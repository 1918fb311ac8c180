"""200 members answer at once over the broker, and nobody gets a place that there is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from clients.faculty import Call, Faculty
from shared.errors import FacultyError
from tests.e2e import offers
from tests.e2e.world import World

MEMBERS, PLACES = 200, 20


def accept_at_once(world: World, found: Sequence[dict[str, Any]]) -> Counter[str]:
    """What comes of it when every offer is accepted by its member, all calls in flight at once."""
    calls = [
        Call(
            "programmes.accept_offer",
            {name: offer[name] for name in ("offer_id", "member_id")},
            token=world.member(offer["member_id"]),
        )
        for offer in found
    ]
    with Faculty(world.stack.amqp_uri("apps")) as faculty:
        answers = dict(faculty.call_many(calls, in_flight=len(calls), timeout=120))
    assert len(answers) == len(found)
    return Counter(
        answer.code if isinstance(answer, FacultyError) else answer["state"]
        for answer in answers.values()
    )


def test_the_first_who_accept_have_the_places_of_a_course(world: World) -> None:
    """20 of 200 have one, and each other is told that all are taken."""
    found = offers.invitations(world, offers.members(world, MEMBERS), places=PLACES)
    assert len(found) == MEMBERS
    outcomes = accept_at_once(world, found)
    assert outcomes == {"accepted": PLACES, "programmes.post_full": MEMBERS - PLACES}
    after = offers.offers_of(world, found[0]["cohort_id"])
    assert Counter(each["state"] for each in after) == {
        "accepted": PLACES,
        "open": MEMBERS - PLACES,
    }


def test_the_best_ranked_have_the_places_of_a_scheme(world: World) -> None:
    """20 of 200 are offered one, all of them accept at once, and the others have nothing."""
    made = offers.released(world, applicants=MEMBERS, places=PLACES)
    found = offers.offers_of(world, made["cohort_id"])
    assert len(found) == PLACES
    assert accept_at_once(world, found) == {"accepted": PLACES}
    page = offers.staff(
        world, "find_applications", cohort_id=made["cohort_id"], status="ranked", limit=200
    )
    assert len(page["items"]) == MEMBERS - PLACES


def test_an_answer_to_a_round_that_is_taken_back_is_refused(world: World) -> None:
    """Two people take it back; what was accepted is no more."""
    made = offers.recalled(world)
    own = {name: made["offer"][name] for name in ("offer_id", "member_id")}
    offers.staff(world, "accept_offer", **own)
    offers.staff(world, "reverse_round", offers.APPROVER, round_id=made["round_id"], reason="So.")
    taken_back = offers.staff(world, "get_offer", **own)
    assert taken_back["state"] == "reversed"
    assert accept_at_once(world, [taken_back]) == {"programmes.offer_reversed": 1}
