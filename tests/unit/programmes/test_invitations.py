"""Invitations of courses and events: whoever accepts first has a place."""

from collections import Counter
from typing import Any

import pytest

from services.programmes.errors import (
    OfferDeclined,
    OfferExpired,
    OnHold,
    OtherOfferAccepted,
    PlacesHeld,
    PostFull,
    UpgradesNotMade,
    WrongWay,
)
from services.programmes.events import OfferAccepted, OfferMade
from services.programmes.subscriptions import MemberMerged, MemberUnmerged, StandingChanged
from shared.errors import Invalid, NotFound
from shared.testing.fakes import error_of
from tests.unit.programmes.offers import (
    BusyDatabase,
    accept,
    accept_all,
    invited,
    require_sound,
)
from tests.unit.programmes.world import World, cut_at_every_write


@pytest.mark.parametrize("threads", [1, 20])
def test_a_post_takes_as_many_as_it_has_places(threads: int) -> None:
    """Of 200 members who accept at once, 20 have a place and each other is told why."""
    world = World(database=BusyDatabase())
    offers = invited(world, applicants=200, places=20)
    outcomes = Counter(accept_all(world, offers, threads=threads))
    assert outcomes == {"accepted": 20, "programmes.post_full": 180}
    assert len(world.events(OfferAccepted)) == 20
    require_sound(world)


def test_an_invitation_holds_no_place() -> None:
    """It says so, and by when an answer is in time."""
    world = World()
    (offer,) = invited(world, applicants=1, places=1)
    assert not offer.holds_place
    assert world.repository("places").free(offer.cohort_id) == {"seat": 1}
    (made,) = world.events(OfferMade)
    assert (made.holds_place, made.answer_by) == (False, offer.answer_by)
    assert accept(world, offer) == "accepted"
    taken = world.call("get_offer", offer_id=offer.offer_id)
    assert (taken.holds_place, taken.answer_by) == (True, None)
    assert world.repository("places").free(offer.cohort_id) == {}


def test_a_place_given_back_is_for_whoever_comes_next() -> None:
    """The one who found the post full may try again while the invitation stands."""
    world = World()
    first, second = invited(world, applicants=2, places=1)
    own = {"offer_id": first.offer_id, "member_id": first.member_id}
    assert accept(world, first) == "accepted"
    assert accept(world, second) == "programmes.post_full"
    world.call("decline_offer", **own, reason="I have moved.")
    assert accept(world, second) == "accepted"
    error = error_of(lambda: world.call("accept_offer", **own))
    assert isinstance(error, OfferDeclined)
    require_sound(world)


def test_a_late_acceptance_takes_no_place() -> None:
    """Also before the clock has let the invitation expire."""
    world = World()
    (offer,) = invited(world, applicants=1, places=1)
    own = {"offer_id": offer.offer_id, "member_id": offer.member_id}
    world.clock.now = offer.answer_by
    with pytest.raises(OfferExpired) as early:
        world.call("accept_offer", **own)
    assert early.value.details["due_at"] == offer.answer_by.isoformat()
    world.pass_time(minutes=1)
    with pytest.raises(OfferExpired):
        world.call("accept_offer", **own)
    assert world.application(offer.application_id).status == "expired"
    require_sound(world)


def test_accepting_is_completed_wherever_it_was_cut_off() -> None:
    """The same call again gives the same answer, and one place is taken."""

    def prepare() -> World:
        world = World()
        world.offers = invited(world, applicants=2, places=2)  # type: ignore[attr-defined]
        return world

    def act(world: Any) -> None:
        offer = world.offers[0]
        own = {"offer_id": offer.offer_id, "member_id": offer.member_id}
        answer = world.call("accept_offer", message="accept", **own)
        assert answer.state == "accepted"

    for world in cut_at_every_write(act, prepare):
        assert len(world.events(OfferAccepted)) == 1
        require_sound(world)


def test_accepting_is_completed_by_the_clock_wherever_it_was_cut_off() -> None:
    """Though nobody calls again, and though the time for an answer has passed by then."""
    cut = 0
    while True:
        world = World()
        (offer,) = invited(world, applicants=1, places=1)
        with world.cut_off(cut):
            accept(world, offer)
        world.pass_time(days=30)
        require_sound(world)
        begun = cut > 0
        assert (world.application(offer.application_id).status == "accepted") == begun
        if not world.was_cut:
            return
        cut += 1


def test_inviting_is_completed_wherever_it_was_cut_off() -> None:
    """Each applicant has one invitation, and a call of its own does the rest, too."""

    def prepare() -> World:
        world = World()
        programme_id = world.programme(kind="event")
        world.cohort_id = world.cohort(programme_id)  # type: ignore[attr-defined]
        for _ in range(3):
            world.submitted(world.cohort_id)  # type: ignore[attr-defined]
        return world

    def act(world: Any) -> None:
        view = world.call("invite_applicants", cohort_id=world.cohort_id)
        assert (view.invited, view.not_invited) == (3, ()) or world.was_cut

    for world in cut_at_every_write(act, prepare):
        assert len(world.events(OfferMade)) == 3
        require_sound(world)


def test_only_those_who_wait_are_invited() -> None:
    """Who was invited before is not invited again; who is suspended is listed."""
    world = World()
    cohort_id = world.cohort(world.programme(kind="course"))
    first = world.submitted(cohort_id)
    view = world.call("invite_applicants", cohort_id=cohort_id, application_ids=[first])
    assert view.invited == 1
    withdrawn = world.submitted(cohort_id)
    world.bring(withdrawn, "withdrawn")
    everybody = [first, withdrawn, world.submitted(cohort_id)]
    view = world.call("invite_applicants", cohort_id=cohort_id, application_ids=everybody)
    assert view.invited == 2
    assert [(each.application_id, each.status) for each in view.not_invited] == [
        (withdrawn, "withdrawn")
    ]
    assert len(world.events(OfferMade)) == 2


def test_a_post_is_named_where_there_are_several() -> None:
    """Invited to one of them, that is what is accepted."""
    world = World()
    posts = [world.post("morning"), world.post("evening")]
    cohort_id = world.cohort(world.programme(kind="course"), posts=posts)
    application_id = world.submitted(cohort_id)
    for wrong in ({}, {"post_id": "night"}):
        with pytest.raises(Invalid) as error:
            world.call("invite_applicants", cohort_id=cohort_id, **wrong)
        assert list(error.value.fields) == ["post_id"]
    world.call("invite_applicants", cohort_id=cohort_id, post_id="evening")
    (offer,) = world.pages("find_offers", cohort_id=cohort_id)
    assert (offer.application_id, offer.post_id) == (application_id, "evening")
    accept(world, offer)
    assert world.repository("places").free(cohort_id) == {"morning": 1}


def test_cohorts_that_rank_invite_nobody() -> None:
    """The way is the workflow's."""
    world = World()
    with pytest.raises(WrongWay) as error:
        world.call("invite_applicants", cohort_id=world.cohort())
    assert error.value.details["way"] == "ranked"


def test_there_are_no_upgrades_and_holds_of_invitations() -> None:
    """The workflow of a course has neither."""
    world = World()
    (offer,) = invited(world, applicants=1, places=1)
    assert accept(world, offer, upgrades=True) == UpgradesNotMade.code
    own = {"offer_id": offer.offer_id, "member_id": offer.member_id}
    error = error_of(lambda: world.call("hold_offer", **own, until=offer.answer_by))
    assert error.code == "programmes.holds_not_allowed"


def test_somebody_else_s_invitation_does_not_exist() -> None:
    """To a member; after a merge it is theirs."""
    world = World()
    (offer,) = invited(world, applicants=1, places=1)
    stranger = world.member()
    for method in ("accept_offer", "decline_offer", "get_offer"):
        with pytest.raises(NotFound):
            world.call(method, offer_id=offer.offer_id, member_id=stranger)
    world.tell(MemberMerged(offer.member_id, stranger))
    assert world.call("find_offers", member_id=stranger).items[0].offer_id == offer.offer_id
    answer = world.call("accept_offer", offer_id=offer.offer_id, member_id=stranger)
    assert answer.state == "accepted"


def test_a_person_is_invited_by_one_application() -> None:
    """By the one that was submitted last; who has an invitation by one gets none by the other."""
    world = World()
    cohort_id = world.cohort(world.programme(kind="course"), posts=[world.post("seat", capacity=3)])
    early = world.submitted(cohort_id)
    world.clock.advance(hours=1)
    late, third = world.submitted(cohort_id), world.submitted(cohort_id)
    members = [world.application(id).member_id for id in (early, late, third)]
    world.tell(MemberMerged(members[0], members[1]))
    view = world.call("invite_applicants", cohort_id=cohort_id)
    (left,) = view.not_invited
    assert (view.invited, left.application_id, left.other_application) == (2, early, True)
    assert not left.paused
    again = world.call("invite_applicants", cohort_id=cohort_id, application_ids=[early])
    assert (again.invited, again.not_invited[0].other_application) == (0, True)
    world.tell(MemberUnmerged(members[0]))
    apart = world.call("invite_applicants", cohort_id=cohort_id)
    assert (apart.invited, apart.not_invited) == (1, ())


def test_a_person_with_two_invitations_takes_one_place() -> None:
    """They were merged after both were made; given back, the other can be accepted."""
    world = World()
    first, second, _ = invited(world, applicants=3, places=3)
    world.tell(MemberMerged(first.member_id, second.member_id))
    assert accept(world, first) == "accepted"
    assert accept(world, first) == "accepted"
    assert accept(world, second) == OtherOfferAccepted.code
    assert world.call("get_offer", offer_id=second.offer_id).state == "open"
    own = {"offer_id": first.offer_id, "member_id": second.member_id}
    world.call("decline_offer", **own, reason="The other one.")
    assert accept(world, second) == "accepted"
    require_sound(world)


def test_a_suspended_member_cannot_accept() -> None:
    """The clock of the answer stands until the suspension ends."""
    world = World()
    (offer,) = invited(world, applicants=1, places=1)
    world.tell(StandingChanged(offer.member_id, "suspended"))
    assert accept(world, offer) == OnHold.code
    world.pass_time(days=30)
    assert world.call("get_offer", offer_id=offer.offer_id).state == "open"
    world.tell(StandingChanged(offer.member_id, "current"))
    assert accept(world, offer) == "accepted"
    require_sound(world)


def test_the_capacity_of_a_post_changes_by_free_places() -> None:
    """More let others in; fewer than are held are refused and nothing is changed."""
    world = World()
    offers = invited(world, applicants=4, places=2)
    cohort_id, why = offers[0].cohort_id, {"post_id": "seat", "reason": "A larger room."}
    for offer in offers[:2]:
        accept(world, offer)
    assert accept(world, offers[2]) == PostFull.code
    view = world.call("change_post_capacity", cohort_id=cohort_id, capacity=4, **why)
    assert (view.capacity, view.held) == (4, 2)
    assert accept(world, offers[2]) == "accepted"
    with pytest.raises(PlacesHeld) as error:
        world.call("change_post_capacity", cohort_id=cohort_id, capacity=2, **why)
    assert error.value.details["held"] == 3
    assert world.call("get_cohort", cohort_id=cohort_id).places == 4
    world.call("change_post_capacity", cohort_id=cohort_id, capacity=3, **why)
    assert accept(world, offers[3]) == PostFull.code
    assert world.call("get_cohort", cohort_id=cohort_id).places == 3
    entry = world.repository("cohorts").trail(cohort_id)[-1]
    assert (entry.action, entry.reason) == ("change_post_capacity", "A larger room.")


def test_a_place_that_was_taken_away_does_not_come_back() -> None:
    """Whoever read the cohort before makes no place of it again: one accepts, not two."""
    world = World()
    cohort_id = world.cohort(world.programme(kind="course"), posts=[world.post("seat", capacity=2)])
    for _ in range(3):
        world.submitted(cohort_id)
    world.call("invite_applicants", cohort_id=cohort_id)
    before = world.repository("cohorts").get(cohort_id)
    arguments = {"cohort_id": cohort_id, "post_id": "seat", "reason": "A smaller room."}
    world.call("change_post_capacity", capacity=1, **arguments)
    world.repository("places").prepare_posts(before)
    outcomes = Counter(accept(world, o) for o in world.pages("find_offers", cohort_id=cohort_id))
    assert outcomes == {"accepted": 1, "programmes.post_full": 2}
    world.call("change_post_capacity", capacity=3, **arguments)
    world.repository("places").prepare_posts(before)
    assert world.repository("places").free(cohort_id) == {"seat": 2}


@pytest.mark.parametrize("capacity", [1, 5])
def test_changing_capacity_is_completed_wherever_it_was_cut_off(capacity: int) -> None:
    """More or fewer, the cohort and its places agree."""

    def prepare() -> World:
        world = World()
        world.offers = invited(world, applicants=1, places=3)  # type: ignore[attr-defined]
        accept(world, world.offers[0])  # type: ignore[attr-defined]
        return world

    def act(world: Any) -> None:
        arguments = {"cohort_id": world.offers[0].cohort_id, "post_id": "seat", "reason": "Room."}
        world.call("change_post_capacity", capacity=capacity, message="resize", **arguments)

    for world in cut_at_every_write(act, prepare):
        cohort_id = world.offers[0].cohort_id  # type: ignore[attr-defined]
        assert world.call("get_cohort", cohort_id=cohort_id).places == capacity
        assert world.repository("places").free(cohort_id).get("seat", 0) == capacity - 1
