"""The messages of programmes as they travel and as they are kept."""

from typing import Any

import pytest

from services.programmes import events, subscriptions
from services.programmes.commands import cohorts as commands
from services.programmes.schemas import applications as schemas
from shared.events import dump, from_document, json_schema, load, to_document
from tests.unit.programmes.world import World

PRIVATE = {
    "export.contributed",
    "round.proposed",
}


@pytest.mark.parametrize("event", events.EVENTS, ids=lambda event: event.event_type.name)
def test_every_example_is_valid_and_travels_unchanged(event: Any) -> None:
    """An event's example loads strictly and dumps to what it was."""
    example = event.event_type.example
    assert dump(load(event, example)) == example
    assert set(json_schema(event)["properties"]) == set(example)


@pytest.mark.parametrize("event", events.EVENTS, ids=lambda event: event.event_type.name)
def test_public_events_identify_nobody(event: Any) -> None:
    """No event carries a name, an address or what a member wrote, but the restricted ones."""
    assert event.event_type.private is (event.event_type.name in PRIVATE)
    personal = {"email", "given_name", "family_name", "answers", "text", "comment"}
    assert not personal & set(event.event_type.example)


@pytest.mark.parametrize(
    "reader",
    [
        subscriptions.ApplicationReceived,
        subscriptions.RegistrationVerified,
        subscriptions.RegistrationRefused,
        subscriptions.MemberAdmitted,
    ],
)
def test_readers_leave_out_what_they_do_not_know(reader: Any) -> None:
    """A field that membership adds later does no harm."""
    told = {
        "member_id": "m",
        "profession": "doctor",
        "nation": "wales",
        "grade": "member",
        "career_stage": "senior",
        "regulator": "GMC",
        "register_status": "registered",
        "added_later": [1],
    }
    assert load(reader, told, tolerant=True).member_id == "m"


def test_every_aggregate_is_kept_and_read_back_whole(world: World) -> None:
    """Programme, cohort and application survive the store's document."""
    world.bring(world.submitted(world.cohort()), "shortlisted")
    for collection in ("programmes", "cohorts", "applications"):
        repository = world.repository(collection)
        [stored] = repository.scan({})
        assert from_document(repository.aggregate, to_document(stored)) == stored


def test_answers_to_calls_dump_to_json(world: World) -> None:
    """Views carry enums by value and instants with their offset."""
    id = world.submitted(world.cohort())
    dumped = dump(world.call("get_application", application_id=id))
    assert (dumped["status"], dumped["submitted_at"]) == ("submitted", "2026-12-03T12:00:00+00:00")
    assert dump(world.call("get_member_standing", member_id="x"))["reason"] == "not_known"


def test_optional_arguments_have_their_defaults() -> None:
    """Staff read an application by its id alone, and a page has fifty."""
    assert load(schemas.GetApplication, {"application_id": "a"}).member_id is None
    assert load(schemas.FindApplications, {"cohort_id": "c"}).limit == 50
    question = {"id": "why", "prompt": "Why?", "max_words": 5}
    cohort = {
        "programme_id": "p",
        "title": "t",
        "opens_at": "2026-12-01T09:00:00Z",
        "closes_at": "2026-12-02T09:00:00Z",
        "starts_on": "2027-09-01",
        "posts": [{"id": "p", "title": "P", "capacity": 1}],
        "questions": [question],
    }
    assert load(commands.OpenCohort, cohort).questions[0].required is True
