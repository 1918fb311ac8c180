"""Answers to offers: in time or too late, wherever they are cut off, whatever else happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.programmes.errors import (
    HoldsNotAllowed,
    OfferDeclined,
    OfferExpired,
    OfferSuperseded,
    OfferTaken,
    OnHold,
)
from services.programmes.events import (
    OfferAccepted,
    OfferHeld,
    OfferMade,
)
from services.programmes.events import OfferDeclined as OfferDeclinedEvent
from services.programmes.events import OfferExpired as OfferExpiredEvent
from services.programmes.subscriptions import MemberErased, MemberMerged
from shared.errors import Invalid
from shared.testing import FakeClock
from shared.testing.behaviour.things import at_once
from shared.testing.fakes import error_of
from tests.unit.programmes.offers import (
    BusyDatabase,
    Scene,
    accept,
    accept_all,
    prefer,
    ranked,
    require_sound,
)
from tests.unit.programmes.world import World, cut_at_every_write

LONDON = ZoneInfo("Europe/London")
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """A time on the clocks of London, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def offered(world: World | None = None, **changes: Any) -> Scene:
    """Two applicants with an offer each and two without."""
    wishes = [["city", "valley"], ["city", "valley"], ["city"], ["valley"]]
    here = ranked(world or World(), {"city": 1, "valley": 1}, wishes, **changes)
    here.release()
    return here


@pytest.mark.parametrize(
    ("nation", "released", "due"),
    [
        ("england", "2027-06-08T10:00", "2027-06-10T10:00"),
        ("england", "2027-06-12T10:00", "2027-06-16T00:00"),
        ("england", "2026-12-24T12:00", "2026-12-30T12:00"),
        ("england", "2026-12-31T09:00", "2027-01-05T09:00"),
        ("scotland", "2026-12-31T09:00", "2027-01-06T09:00"),
        ("wales", "2027-07-09T09:00", "2027-07-13T09:00"),
        ("northern_ireland", "2027-07-09T09:00", "2027-07-14T09:00"),
        ("england", "2027-10-29T12:00", "2027-11-02T12:00"),
        ("england", "2027-03-25T18:00", "2027-03-31T18:00"),
    ],
)
def test_48_working_hours_are_given_to_answer(nation: str, released: str, due: str) -> None:
    """By the calendar of the cohort's nation, also for a release on a Saturday."""
    world = World()
    here = ranked(world, {"city": 1}, [["city"]], nation=nation)
    world.clock.now = at(released)
    here.release()
    (made,) = world.events(OfferMade)
    assert (made.made_at, made.answer_by) == (at(released), at(due))
    assert here.offer(0).answer_by == at(due)


def test_an_answer_is_in_time_until_the_last_second() -> None:
    """And not an instant later, though the clock has not let the offer expire yet."""
    here = offered()
    due = here.offer(0).answer_by
    here.world.clock.now = due - SECOND
    assert here.answer(0, "accept").state == "accepted"
    here.world.clock.now = due
    for how in ("accept", "decline"):
        with pytest.raises(OfferExpired) as error:
            here.answer(1, how)
        assert error.value.details["due_at"] == due.isoformat()
    assert here.status(1) == "offered"
    here.world.let_the_clock("tick")
    assert here.status(1) == "expired"
    (told,) = here.world.events(OfferExpiredEvent)
    assert told.expired_at == due
    assert here.world.repository("places").free(here.cohort_id) == {"valley": 1}
    with pytest.raises(OfferExpired):
        here.answer(1, "accept")
    require_sound(here.world)


def test_an_offer_that_is_over_holds_no_place() -> None:
    """Declined, expired or replaced: others may have it, and whoever looks is told so."""
    here = offered()
    assert (here.offer(0).holds_place, here.offer(1).holds_place) == (True, True)
    assert not here.answer(0, "decline").holds_place
    assert here.answer(1, "accept", upgrades=True).holds_place
    before = here.offer(1).offer_id
    here.release()
    assert here.offer(1).holds_place
    assert not here.world.call("get_offer", offer_id=before).holds_place
    assert here.offer(3).holds_place
    here.world.pass_time(days=10)
    assert not here.offer(3).holds_place


def test_the_clock_lets_nothing_expire_before_its_time() -> None:
    """A second before, the offer stands."""
    here = offered()
    here.world.clock.now = here.offer(0).answer_by - SECOND
    here.world.let_the_clock("tick")
    assert here.posts() == {0: "city", 1: "valley"}


@contextmanager
def between_load_and_save(world: World, other: Callable[[], object]) -> Iterator[None]:
    """Whoever saves an offer next has loaded it, but is overtaken by another before."""
    offers = world.database["offers"]
    save = offers.replace_one

    def overtaken(*arguments: Any, **options: Any) -> Any:
        offers.replace_one = save  # type: ignore[method-assign]
        other()
        return save(*arguments, **options)

    offers.replace_one = overtaken  # type: ignore[method-assign]
    yield
    offers.replace_one = save  # type: ignore[method-assign]


@pytest.mark.parametrize("first", ["accept", "expire"])
def test_of_acceptance_and_expiry_at_once_one_wins(first: str) -> None:
    """Whoever saves first; the other one's work is done again on what there is then."""
    here = offered()
    due = here.offer(0).answer_by
    here.world.clock.now = due - SECOND
    later = World(database=here.world.database, clock=FakeClock(due))
    outcomes: list[str] = []

    def expire() -> None:
        later.let_the_clock("tick")

    def answer() -> None:
        outcomes.append(accept(here.world, here.offer(0)))

    overtaker, overtaken = (answer, expire) if first == "accept" else (expire, answer)
    with between_load_and_save(here.world, overtaker):
        overtaken()
    state = "accepted" if first == "accept" else "expired"
    assert outcomes == ["accepted" if first == "accept" else OfferExpired.code]
    assert here.offer(0).state == state
    assert len(here.world.events(OfferAccepted)) == (first == "accept")
    assert here.status(0) == state
    require_sound(here.world)


def test_of_acceptance_and_refusal_at_once_the_last_one_counts() -> None:
    """An accepted offer may be given back, a declined one is gone."""
    here = offered(World(database=BusyDatabase()))
    answers = at_once([lambda: here.answer(0, "accept"), lambda: here.answer(0, "decline")])
    assert here.offer(0).state == "declined"
    assert getattr(answers[1], "state", None) == "declined"
    require_sound(here.world)


def test_200_accept_of_whom_20_have_an_offer() -> None:
    """Those 20 have a post, nobody else has, and every place is taken."""
    world = World(database=BusyDatabase())
    here = ranked(world, {"city": 12, "valley": 8}, [["city", "valley"]] * 200)
    here.release()
    offers = here.offers()
    outcomes = Counter(accept_all(world, offers, threads=20))
    assert outcomes == {"accepted": 20}
    statuses = Counter(here.status(place) for place in range(200))
    assert statuses == {"accepted": 20, "ranked": 180}
    assert world.repository("places").free(here.cohort_id) == {}
    require_sound(world)


def test_who_answers_too_late_is_told_why() -> None:
    """Declined, expired, replaced: each with the facts, none about others."""
    here = offered()
    here.answer(0, "decline")
    here.answer(1, "accept", upgrades=True)
    before = here.offer(1)
    here.release()
    assert isinstance(error_of(lambda: here.answer(0, "accept")), OfferDeclined)
    own = {"offer_id": before.offer_id, "member_id": before.member_id}
    error = error_of(lambda: here.world.call("accept_offer", **own))
    assert isinstance(error, OfferSuperseded)
    assert error.details == {"offer_id": before.offer_id, "by": here.offer(1).offer_id}


def test_accepting_again_changes_what_is_wanted() -> None:
    """Upgrades on or off; nothing is told anew."""
    here = offered()
    assert not here.answer(0, "accept").upgrades
    assert here.answer(0, "accept", upgrades=True).upgrades
    assert not here.answer(0, "accept").upgrades
    assert len(here.world.events(OfferAccepted)) == 1


def test_an_offer_is_held_as_long_as_the_workflow_allows() -> None:
    """Ten working days from its making, and it expires then."""
    here = offered()
    latest = here.offer(0).made_at + timedelta(days=14)
    with pytest.raises(Invalid) as error:
        here.answer(0, "hold", until=latest + SECOND)
    assert list(error.value.fields) == ["until"]
    held = here.answer(0, "hold", until=latest)
    assert (held.state, held.answer_by, here.status(0)) == ("held", latest, "held")
    (told,) = here.world.events(OfferHeld)
    assert told.answer_by == latest
    here.world.clock.now = latest - SECOND
    here.world.let_the_clock("tick")
    assert here.status(0) == "held"
    here.world.pass_time(seconds=1)
    assert here.status(0) == "expired"
    require_sound(here.world)


def test_a_held_offer_is_accepted_or_declined_after_all() -> None:
    """But one that was accepted is not held any more."""
    here = offered()
    until = here.offer(0).made_at + timedelta(days=7)
    for place in (0, 1):
        here.answer(place, "hold", until=until)
    assert here.answer(0, "accept").state == "accepted"
    assert here.answer(1, "decline").state == "declined"
    with pytest.raises(OfferTaken):
        here.answer(0, "hold", until=until)
    assert [here.status(place) for place in (0, 1)] == ["accepted", "declined"]
    require_sound(here.world)


def test_holding_until_what_is_past_is_refused() -> None:
    """Naming the field."""
    here = offered()
    with pytest.raises(Invalid) as error:
        here.answer(0, "hold", until=here.world.clock())
    assert list(error.value.fields) == ["until"]


def test_a_workflow_without_holds_lets_nobody_hold() -> None:
    """The terms are those of the version to which the cohort is pinned."""
    world = World()
    version = world.repository("workflows").latest("regional_scheme")
    steps = [
        {"status": step.status.value, "next": [each.value for each in step.next]}
        for step in version.workflow.steps
    ]
    terms = {"way": "ranked", "answer_hours": 24, "holds": False, "upgrades": False}
    world.call(
        "publish_workflow",
        name="regional_scheme",
        number=2,
        workflow={"steps": steps, "offers": terms},
        source="Invented.",
    )
    here = offered(world)
    due = here.offer(0).answer_by
    assert due == here.offer(0).made_at + timedelta(hours=24)
    with pytest.raises(HoldsNotAllowed):
        here.answer(0, "hold", until=due)


@pytest.mark.parametrize("how", ["accept", "hold", "decline"])
def test_an_answer_is_completed_wherever_it_was_cut_off(how: str) -> None:
    """By the same call, or by the clock without it."""
    extra = {"until": "2026-12-11T12:00:00+00:00"} if how == "hold" else {}
    state = {"accept": "accepted", "hold": "held", "decline": "declined"}[how]

    def prepare() -> Any:
        here = offered()
        here.world.here = here  # type: ignore[attr-defined]
        return here.world

    def act(world: Any) -> None:
        world.here.answer(0, how, message="answer", **extra)

    for world in cut_at_every_write(act, prepare):
        assert world.here.status(0) == state
        require_sound(world)
    cut, world = 1, prepare()
    while True:
        with world.cut_off(cut):
            act(world)
        world.pass_time(minutes=2)
        assert world.here.status(0) == state
        require_sound(world)
        if not world.was_cut:
            return
        cut, world = cut + 1, prepare()


def test_expiry_is_completed_wherever_the_clock_was_cut_off() -> None:
    """Each offer expires once."""

    def prepare() -> Any:
        here = offered()
        here.world.here = here  # type: ignore[attr-defined]
        here.world.clock.now = here.offer(0).answer_by
        return here.world

    def act(world: Any) -> None:
        world.let_the_clock("tick")
        world.pass_time(minutes=3)  # its lease has ended, and what was begun is due again

    for world in cut_at_every_write(act, prepare):
        world.pass_time(minutes=3)
        assert len(world.events(OfferExpiredEvent)) == 2
        assert world.here.posts() == {}
        require_sound(world)


def test_the_same_call_again_changes_nothing() -> None:
    """Not even when the offer was declined since."""
    here = offered()
    here.answer(0, "accept", message="accept")
    here.answer(0, "decline")
    assert here.answer(0, "accept", message="accept").state == "declined"
    assert len(here.world.events(OfferDeclinedEvent)) == 1
    require_sound(here.world)


def test_a_suspension_stops_the_clock_and_gives_back_what_was_left() -> None:
    """In working time; the place is kept, and nobody can answer meanwhile."""
    here = offered()
    start, due = here.offer(0).made_at, here.offer(0).answer_by
    assert (start, due) == (at("2026-12-03T12:00"), at("2026-12-07T12:00"))
    here.world.clock.now = at("2026-12-04T12:00")
    here.suspend(0)
    assert here.offer(0).paused
    with pytest.raises(OnHold):
        here.answer(0, "accept")
    here.world.pass_time(days=30)
    assert (here.offer(0).state, here.status(1)) == ("open", "expired")
    here.world.clock.now = at("2027-01-08T18:00")
    here.reinstate(0)
    assert here.offer(0).answer_by == at("2027-01-11T18:00")
    assert here.answer(0, "accept").state == "accepted"
    require_sound(here.world)


def test_a_suspension_of_who_was_merged_stops_their_offer() -> None:
    """The offer goes on when it ends, and belongs to who they are now."""
    here = offered()
    old, new = here.members[0], here.world.member()
    here.world.tell(MemberMerged(old, new))
    own = {"offer_id": here.offer(0).offer_id, "member_id": new}
    assert here.world.call("accept_offer", by=new, **own).state == "accepted"
    (mine,) = here.world.call("find_offers", member_id=new).items
    assert mine.member_id == old


def test_an_expired_offer_is_not_stopped() -> None:
    """A suspension after its time changes nothing."""
    here = offered()
    here.world.clock.now = here.offer(0).answer_by
    here.suspend(0)
    assert not here.offer(0).paused


def test_what_a_withdrawn_application_held_is_given_back() -> None:
    """Its offer is declined; the place goes on."""
    here = offered()
    here.answer(0, "accept")
    here.withdraw(0)
    assert (here.offer(0).state, here.status(0)) == ("declined", "withdrawn")
    assert here.world.repository("places").free(here.cohort_id) == {"city": 1}
    here.release()
    assert here.posts() == {1: "valley", 2: "city"}
    require_sound(here.world)


def test_a_member_is_given_their_offers_and_forgotten_in_them() -> None:
    """The facts stay; what they wrote of it does not."""
    here = offered()
    offer = here.offer(0)
    here.answer(0, "decline", reason="I am ill.")
    offers = here.world.repository("offers")
    assert "I am ill." in [entry.reason for entry in offers.trail(offer.offer_id)]
    here.world.tell(MemberErased("request", offer.member_id))
    assert {entry.reason for entry in offers.trail(offer.offer_id)} == {""}
    assert here.offer(0).state == "declined"
    require_sound(here.world)


def test_offers_are_found_by_cohort_member_and_state() -> None:
    """At least one of the first two is named."""
    here = offered()
    here.answer(0, "accept")
    (mine,) = here.world.call("find_offers", member_id=here.members[0]).items
    assert mine.offer_id == here.offer(0).offer_id
    (open_,) = here.world.call("find_offers", cohort_id=here.cohort_id, state="open").items
    assert open_.offer_id == here.offer(1).offer_id
    with pytest.raises(Invalid):
        here.world.call("find_offers")


def test_a_preference_changed_after_the_match_is_followed_by_later_rounds() -> None:
    """What counts is what is wanted when the round is prepared."""
    here = offered()
    here.answer(0, "decline")
    prefer(here.world, here.cohort_id, here.ids[2], ["valley"])
    error = error_of(here.release)
    assert error.details == {"why": "not_wanted", "free": 1, "skipped": {}}
    assert here.posts() == {1: "valley"}
