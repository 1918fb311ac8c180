"""Applications given back once they were judged: what stands, and what has to come again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.programmes.errors import WrongStage
from services.programmes.events import ApplicationReturned, ApplicationSubmitted
from shared.testing import error_of
from tests.unit.programmes.builders import NOW
from tests.unit.programmes.contest import Contest
from tests.unit.programmes.offers import Scene, ranked, require_sound
from tests.unit.programmes.world import World

UNTIL = datetime(2027, 6, 1, 17, tzinfo=UTC)
BEFORE_OFFER = ("submitted", "longlisted", "reserve", "shortlisted", "interviewed", "ranked")
QUESTIONS: list[dict[str, Any]] = [
    {"id": "why", "prompt": "Why do you apply?"},
    {"id": "born", "prompt": "Born on?", "kind": "date"},
    {"id": "referee", "prompt": "Who knows you?", "shown_to_reviewers": False},
]
ANSWERS = {"why": "To lead.", "born": "1990-01-01", "referee": "Invented Person"}


def brought(world: World, status: str, kind: str = "national_scheme") -> str:
    """The id of an application that has come so far."""
    cohort_id = world.cohort(world.programme(kind=kind), questions=QUESTIONS)
    application_id = world.submitted(cohort_id, answers=ANSWERS)
    world.bring(application_id, status)
    return application_id


def give_back(world: World, application_id: str) -> Any:
    return world.call(
        "return_application", application_id=application_id, until=UNTIL, reason="Invented."
    )


def correct(world: World, application_id: str, **answers: str) -> Any:
    """Hand it in with other answers than before."""
    known = world.application(application_id)
    return world.call(
        "submit_application",
        cohort_id=known.cohort_id,
        member_id=known.member_id,
        answers={**known.answers, **answers},
    )


def last_told(world: World, application_id: str) -> str:
    told: Any = world.told(application_id)[-1]
    return str(told.event_type.name)


@pytest.mark.parametrize("kind", ["national_scheme", "regional_scheme"])
@pytest.mark.parametrize("status", BEFORE_OFFER)
def test_it_can_be_returned_at_any_stage_before_an_offer(status: str, kind: str) -> None:
    """And is where it was when what nobody judges has been corrected."""
    world = World()
    id = brought(world, status, kind)
    before = world.application(id)
    world.clock.advance(days=1)
    assert give_back(world, id).status == "returned"
    back = correct(world, id, referee="Somebody else", born="1991-01-01")
    assert (back.status, back.status_at) == (status, world.clock.now)
    assert (back.submitted_at, back.shortlisted_at) == (NOW, before.shortlisted_at)
    assert back.answers == {**ANSWERS, "referee": "Somebody else", "born": "1991-01-01"}
    assert len(world.events(ApplicationReturned)) == 1
    assert len(world.events(ApplicationSubmitted)) == 2
    assert last_told(world, id) == (
        "application.reserved" if status == "reserve" else f"application.{status}"
    )


@pytest.mark.parametrize("status", BEFORE_OFFER)
def test_what_was_judged_is_handed_in_anew(status: str) -> None:
    """Else nobody would have judged what it says."""
    world = World()
    id = brought(world, status)
    world.clock.advance(days=1)
    give_back(world, id)
    anew = correct(world, id, why="To lead change.")
    assert (anew.status, anew.submitted_at) == ("submitted", world.clock.now)


@pytest.mark.parametrize("status", BEFORE_OFFER)
def test_what_is_not_corrected_in_time_is_where_it_was(status: str) -> None:
    """Nothing of it has changed, whatever was begun."""
    world = World()
    id = brought(world, status)
    give_back(world, id)
    world.call("save_draft", application_id=id, answers={**ANSWERS, "why": "Half a thought"})
    world.clock.now = UNTIL
    world.let_the_clock("tick")
    back = world.call("get_application", application_id=id)
    assert (back.status, back.answers, back.draft) == (status, ANSWERS, None)
    assert give_back_again(world, id) == status


def give_back_again(world: World, application_id: str) -> str:
    """Where it comes back to when it is returned once more."""
    world.call(
        "return_application",
        application_id=application_id,
        until="2027-07-01T00:00:00Z",
        reason=".",
    )
    return str(correct(world, application_id).status)


@pytest.mark.parametrize(
    "status", ["offered", "held", "accepted", "declined", "placed", "withdrawn"]
)
def test_with_an_offer_it_is_too_late(status: str) -> None:
    """What is offered was decided on what stands there."""
    world = World()
    id = brought(world, status)
    error = error_of(lambda: give_back(world, id))
    assert isinstance(error, WrongStage)
    assert error.details["status"] == status


def reviewed() -> Contest:
    """Three on the short list, of whom the first is given back."""
    world = Contest.at_interviews([5, 4, 3])
    world.clock.advance(days=1)
    give_back(world, world.applications[0])
    return world


def test_scores_stand_where_what_was_scored_stands() -> None:
    """The final ranking is made of them."""
    world = reviewed()
    first = world.applications[0]
    assert correct(world, first, referee="Somebody else").status == "shortlisted"
    world.interview(dict.fromkeys(world.applications, 4))
    final = world.finish(("review", 1), ("interview", 1))
    assert final.entries[0].application_id == first


def test_reviews_of_what_was_changed_are_open_again() -> None:
    """It goes the whole way once more, and the marks of an interview stay."""
    world = reviewed()
    first, *others = world.applications
    assert correct(world, first, motivation="To lead change.").status == "submitted"
    world.call("longlist", cohort_id=world.cohort_id)
    world.call("reopen_scoring", cohort_id=world.cohort_id, reason="Invented.")
    mine = {
        each.review_id: each.state for each in world.call("find_my_reviews", by="reviewer-0").items
    }
    assert [*mine.values()] == ["open"]
    world.clock.advance(hours=1)
    for review in world.live(first):
        world.score(review, 3)
    world.close()
    world.rank()
    assert world.shortlist(application_ids=[first, *others]).shortlisted == (first,)
    world.interview(dict.fromkeys(world.applications, 4))
    final = world.finish(("review", 1), ("interview", 1))
    assert final.entries[0].application_id == others[0]


def test_what_is_being_corrected_is_on_no_list() -> None:
    """Nobody puts it anywhere before it is back."""
    world = reviewed()
    first = world.applications[0]
    error = error_of(lambda: world.shortlist(application_ids=[first]))
    assert isinstance(error, WrongStage)
    assert world.shortlist(take=3).shortlisted == ()
    assert first in [
        each.application_id
        for each in world.call(
            "longlist", cohort_id=world.cohort_id, application_ids=[first]
        ).held_back
    ]
    world.interview(dict.fromkeys(world.applications[1:], 4))
    final = world.finish(("review", 1), ("interview", 1))
    assert [each.application_id for each in final.entries] == [*world.applications[1:]]
    assert world.status(first) == ["returned"]
    assert correct(world, first).status == "shortlisted"


def a_scene() -> Scene:
    return ranked(World(), {"city": 2}, [["city"], ["city"]])


def returned_of(here: Scene, place: int) -> None:
    give_back(here.world, here.ids[place])


def test_a_round_passes_over_who_is_correcting() -> None:
    """The plan says so, and so does the release where it came in between."""
    here = a_scene()
    returned_of(here, 0)
    prepared = here.prepare()
    assert [(each.application_id, each.reason) for each in prepared.skipped] == [
        (here.ids[0], "returned")
    ]
    here.world.call("discard_round", round_id=prepared.round_id, reason="Invented.")
    correct(here.world, here.ids[0])
    round_id = here.approved()
    returned_of(here, 0)
    released = here.world.call("release_round", by="releaser", round_id=round_id, reason="Known.")
    assert [(each.application_id, each.reason) for each in released.dropped] == [
        (here.ids[0], "returned")
    ]
    assert here.posts() == {1: "city"}
    correct(here.world, here.ids[0])
    here.release()
    assert here.posts() == {0: "city", 1: "city"}
    require_sound(here.world)


def cut_after(writes: int) -> Scene | None:
    """A release that was cut off while the best still waits for what was decided."""
    here = a_scene()
    round_id, world = here.approved(), here.world
    with world.cut_off(writes):
        world.call("release_round", by="releaser", round_id=round_id, reason="Known.")
    return here if world.application(here.ids[0]).status == "ranked" else None


def test_an_offer_that_was_on_its_way_waits_for_the_correction() -> None:
    """Its clock stands meanwhile, so the applicant has the time to answer that there was."""
    waited = 0
    for writes in range(12):
        here = cut_after(writes)
        if here is None or not here.offers():
            continue
        world, id = here.world, here.ids[0]
        returned_of(here, 0)
        world.pass_time(minutes=20)
        world.pass_time(days=7)
        assert world.application(id).status == "returned"
        assert correct(world, id).status == "ranked"
        world.pass_time(minutes=1)
        offer = here.offer(0)
        assert (offer.state, world.application(id).status) == ("open", "offered")
        assert offer.answer_by > world.clock.now
        require_sound(world)
        waited += 1
    assert waited


@pytest.mark.parametrize("writes", range(6))
def test_a_round_that_was_cut_off_is_completed_around_a_correction(writes: int) -> None:
    """Whatever had been decided by then."""
    here = cut_after(writes)
    assert here is not None or writes
    if here is None:
        return
    returned_of(here, 0)
    here.world.pass_time(minutes=20)
    correct(here.world, here.ids[0])
    here.world.pass_time(minutes=20)
    require_sound(here.world)
