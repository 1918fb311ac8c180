"""Stages of selection, told under the pseudonym in a trace of their own."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.membership.domain.selection import SelectionHistory
from services.membership.events import StageReached
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
        history.reach("application-1", "cohort-1", "submitted", date(2026, 11, 1))
    history.reach("application-1", "cohort-1", "shortlisted", date(2026, 11, 20))
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
