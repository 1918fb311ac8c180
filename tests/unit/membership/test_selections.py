"""Stages of selection, told under the pseudonym in a trace of their own."""

from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest

from services.membership import subscriptions
from services.membership.domain.selection import Reached, SelectionHistory
from services.membership.events import StageReached, StageRetracted
from services.membership.subscriptions import ApplicationShortlisted, ApplicationSubmitted
from shared import telemetry
from shared.errors import NotFound
from shared.events import dump, from_document, load, to_document
from shared.outbox import envelope
from tests.unit.membership.builders import PSEUDONYM
from tests.unit.membership.world import World


def submitted(member_id: str) -> ApplicationSubmitted:
    return load(
        ApplicationSubmitted,
        {
            "application_id": "application-1",
            "cohort_id": "cohort-1",
            "member_id": member_id,
            "programme_id": "programme-1",
            "submitted_at": "2026-11-20T23:30:00+00:00",
        },
        tolerant=True,
    )


def shortlisted(member_id: str) -> ApplicationShortlisted:
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    return ApplicationShortlisted("application-1", "cohort-1", member_id, at)


def applicant() -> tuple[World, str, str]:
    """A world with an applicant and their pseudonym, and nothing waiting to be published."""
    world = World()
    member_id = world.apply()
    world.outbox.waiting.clear()
    return world, member_id, world.members.get(member_id).pseudonym


def test_a_stage_is_told_once_and_only_under_the_pseudonym() -> None:
    """The same application's stage is told once, without member or application."""
    history = SelectionHistory(PSEUDONYM)
    for _ in range(2):
        history.reach(Reached("application-1", "submitted"), "cohort-1", date(2026, 11, 1))
    history.reach(Reached("application-1", "shortlisted"), "cohort-1", date(2026, 11, 20))
    assert history.recorded == (
        StageReached(PSEUDONYM, "cohort-1", "submitted", date(2026, 11, 1)),
        StageReached(PSEUDONYM, "cohort-1", "shortlisted", date(2026, 11, 20)),
    )
    assert from_document(SelectionHistory, to_document(history)) == history


def test_stages_are_told_once_under_the_pseudonym() -> None:
    """Submitted and shortlisted are told once each, whichever is repeated."""
    world, member_id, pseudonym = applicant()
    for event in (submitted(member_id), shortlisted(member_id), submitted(member_id)):
        world.app.record_stage(event)
    told = world.events(pseudonym)
    assert [(happened.stage, happened.reached_on.isoformat()) for happened in told] == [
        ("submitted", "2026-11-20"),
        ("shortlisted", "2026-11-21"),
    ]
    text = " ".join(str(dump(happened)) for happened in told)
    assert pseudonym in text
    assert [secret for secret in (member_id, "application-1") if secret in text] == []


def test_no_trace_leads_from_a_stage_to_the_member() -> None:
    """A stage shares neither subject nor correlation nor trace with what caused it."""
    world, member_id, pseudonym = applicant()
    cause = telemetry.Context.start(correlation_id="cause", message_id="event:e-1:follow")
    with telemetry.activate(cause):
        world.app.record_stage(submitted(member_id))
    [batch] = world.outbox.waiting
    sent = envelope("membership", batch.id, batch.entries[0])
    assert sent.headers["ce-subject"] == pseudonym
    text = str(sent)
    trace_id = cause.traceparent.split("-")[1]
    assert [link for link in ("cause", "e-1", trace_id, member_id) if link in text] == []


STAGES = (
    (subscriptions.ApplicationSubmitted, "submitted_at"),
    (subscriptions.ApplicationLonglisted, "longlisted_at"),
    (subscriptions.ApplicationShortlisted, "shortlisted_at"),
    (subscriptions.ApplicationInterviewed, "interviewed_at"),
    (subscriptions.ApplicationRanked, "ranked_at"),
    (subscriptions.OfferMade, "made_at"),
    (subscriptions.OfferAccepted, "accepted_at"),
    (subscriptions.PlacementStarted, "started_on"),
    (subscriptions.AlumniJoined, "completed_on"),
)


def stage_of(cls: type[Any], when: str, member_id: str) -> Any:
    """An event of the seventh of July, with all that any of them has."""
    body = {
        "application_id": "application-1",
        "cohort_id": "cohort-1",
        "member_id": member_id,
        "programme_id": "programme-1",
        "title": "Scheme",
        "offer_id": "offer-1",
        when: "2027-07-07" if when.endswith("_on") else "2027-07-07T08:00:00+00:00",
    }
    return load(cls, body, tolerant=True)


def test_every_stage_of_a_whole_year_is_told_once() -> None:
    """From the application to its completion, in whichever order and however often heard."""
    world, member_id, pseudonym = applicant()
    events = [stage_of(*each, member_id) for each in STAGES]
    for event in (*reversed(events), *events):
        world.app.record_stage(event)
    told = world.events(pseudonym)
    assert [each.stage for each in told] == [event.stage for event in reversed(events)]
    assert {each.reached_on for each in told} == {date(2027, 7, 7)}
    assert {each.cohort_id for each in told} == {"cohort-1"}


def offer(cls: type[Any], member_id: str, offer_id: str) -> Any:
    """An event of an offer, of whichever kind."""
    day = "2027-07-07T08:00:00+00:00"
    ids = {"offer_id": offer_id, "application_id": "application-1", "cohort_id": "cohort-1"}
    body = {**ids, "member_id": member_id, "made_at": day, "accepted_at": day}
    return load(cls, body, tolerant=True)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_offer_that_was_a_mistake_is_not_told_in_the_end(order: tuple[int, ...]) -> None:
    """Made, accepted, reversed, in whichever order they come: neither stage stands."""
    world, member_id, pseudonym = applicant()
    kinds = (subscriptions.OfferMade, subscriptions.OfferAccepted, subscriptions.OfferReversed)
    for place in (*order, *order):
        world.app.record_stage(offer(kinds[place], member_id, "offer-1"))
    assert standing(world, pseudonym) == set()


def test_another_offer_stands_when_one_was_a_mistake() -> None:
    """Offered anew after a reversal, they have been offered a post."""
    world, member_id, pseudonym = applicant()
    world.app.record_stage(offer(subscriptions.OfferMade, member_id, "offer-1"))
    world.app.record_stage(offer(subscriptions.OfferReversed, member_id, "offer-1"))
    world.app.record_stage(offer(subscriptions.OfferMade, member_id, "offer-2"))
    assert standing(world, pseudonym) == {"offered"}
    assert [type(each) for each in world.events(pseudonym)] == [
        StageReached,
        StageRetracted,
        StageReached,
    ]


def test_an_upgrade_that_is_taken_back_leaves_the_offer_before() -> None:
    """Of two offers one was a mistake: they were offered a post all the same."""
    world, member_id, pseudonym = applicant()
    for offer_id in ("offer-1", "offer-2"):
        world.app.record_stage(offer(subscriptions.OfferMade, member_id, offer_id))
    world.app.record_stage(offer(subscriptions.OfferReversed, member_id, "offer-2"))
    assert standing(world, pseudonym) == {"offered"}
    assert len(world.events(pseudonym)) == 1


def test_a_completion_that_was_a_mistake_is_taken_back() -> None:
    """The second time it is completed is told again."""
    world, member_id, pseudonym = applicant()
    body = {"member_id": member_id, "programme_id": "p", "cohort_id": "cohort-1", "title": "T"}
    days = {"completed_on": "2028-08-31", "removed_on": "2028-09-14"}
    joined, again = (
        load(subscriptions.AlumniJoined, {**body, **days, "turn": turn}, tolerant=True)
        for turn in (1, 2)
    )
    removed = load(subscriptions.AlumniRemoved, {**body, **days, "turn": 1}, tolerant=True)
    seen = []
    for event in (joined, removed, again, removed):
        world.app.record_stage(event)
        seen.append(standing(world, pseudonym))
    assert seen == [{"completed"}, set(), {"completed"}, {"completed"}]


def standing(world: World, pseudonym: str) -> set[str]:
    """The stages that whoever follows the events takes for reached."""
    stages: set[str] = set()
    for event in world.events(pseudonym):
        if isinstance(event, StageReached):
            stages.add(event.stage)
        else:
            stages.remove(event.stage)
    return stages


@pytest.mark.parametrize("event", [submitted, shortlisted])
def test_a_redelivered_stage_is_told_once(event: Any) -> None:
    """The same event again finds itself applied, on the first stage and on a later one."""
    world, member_id, pseudonym = applicant()
    world.app.record_stage(submitted(member_id))
    for _ in range(2):
        with telemetry.activate(telemetry.Context.start(message_id="event:e-1:follow")):
            world.app.record_stage(event(member_id))
    assert len(world.events(pseudonym)) == (1 if event is submitted else 2)


def test_a_stage_of_somebody_unknown_is_tried_again() -> None:
    """An event that overtook the application raises, so that it is delivered again."""
    with pytest.raises(NotFound):
        World().app.record_stage(submitted("nobody"))
