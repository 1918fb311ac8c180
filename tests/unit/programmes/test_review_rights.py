"""What applicants may know of how they were judged, and what is forgotten with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.programmes.events import ErasureAcknowledged, ExportContributed
from services.programmes.subscriptions import ExportRequested, MemberErased
from tests.unit.programmes.panels import HIGH, LOW, Panelled

COMMENT, REASON, COUSINS = "Planted comment.", "Planted agreement.", "Planted cousins."


@pytest.fixture
def world() -> Panelled:
    world = Panelled.of(2, 3)
    world.allocate()
    for review, points in zip(world.live(world.applications[0]), (LOW, HIGH), strict=True):
        world.score(review, points, comment=COMMENT)
    world.call(
        "moderate",
        application_id=world.applications[0],
        scores={"leadership": 4, "motivation": 4},
        moderators=["reviewer-0", "reviewer-1", "reviewer-2"],
        reason=REASON,
    )
    left = world.live(world.applications[0])[0]
    world.call("declare_conflict", by=left.reviewer_id, review_id=left.id, reason=COUSINS)
    return world


def applicant(world: Panelled) -> str:
    return str(world.application(world.applications[0]).member_id)


def contributed(world: Panelled, member_id: str) -> tuple[str, list[dict[str, Any]]]:
    world.tell(ExportRequested("request", member_id))
    told = world.events(ExportContributed)
    text = "".join(each.data for each in told)
    return text, json.loads(text)["records"]


def test_applicants_are_given_their_scores_and_what_was_written_of_them(world: Panelled) -> None:
    """Both are about them."""
    text, records = contributed(world, applicant(world))
    reviews = [each["data"] for each in records if each["record"] == "Review"]
    assert {"leadership": LOW, "motivation": LOW} in [each["scores"] for each in reviews]
    assert COMMENT in text
    (agreed,) = (each["data"] for each in records if each["record"] == "Moderation")
    assert (agreed["scores"]["leadership"], agreed["reason"]) == (4, REASON)
    assert "Interest" in {each["record"] for each in records}


def test_applicants_are_not_told_who_judged_them(world: Panelled) -> None:
    """Neither by name nor by what a reviewer said of themself, in data or history."""
    text, records = contributed(world, applicant(world))
    assert "reviewer-" not in text
    assert COUSINS not in text
    histories = [entry for each in records for entry in each.get("history", ())]
    assert len(histories) > len(records)


def test_a_reviewer_who_is_a_member_is_given_what_is_kept_of_them(world: Panelled) -> None:
    """Not what others wrote."""
    world.member("reviewer-0")
    text, records = contributed(world, "reviewer-0")
    assert {each["record"] for each in records} >= {"Reviewer"}
    assert COMMENT not in text


def test_what_was_written_of_who_is_erased_is_forgotten(world: Panelled) -> None:
    """Numbers stay, so that others' ranks still follow from them."""
    world.tell(MemberErased("request", applicant(world)))
    collections = ("reviews", "moderations", "interests")
    stored = json.dumps([list(world.database[name].find({})) for name in collections], default=str)
    for text in (COMMENT, REASON, COUSINS):
        assert text not in stored
    scores = [each.scores["leadership"] for each in world.all_reviews() if each.scores]
    assert sorted(scores) == [LOW, HIGH]
    (told,) = world.events(ErasureAcknowledged)
    assert told.erased["reviews"] == 3
    assert told.erased["moderations"] == told.erased["interests"] == 1
    assert "review_scores" in told.kept


def test_a_reviewer_who_is_erased_leaves_no_name(world: Panelled) -> None:
    """What they scored stays."""
    world.member("reviewer-0")
    world.call("revise_reviewer", reviewer_id="reviewer-0", name="Planted Name", capacity=5)
    world.tell(MemberErased("request", "reviewer-0"))
    stored = json.dumps(list(world.database["reviewers"].find({})), default=str)
    assert "Planted Name" not in stored
