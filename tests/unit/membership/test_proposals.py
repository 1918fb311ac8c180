"""Proposals of rounds, told under pseudonyms that nobody can match with members."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.membership.domain.selection import FEWEST_TOGETHER
from services.membership.events import SelectionProposed
from services.membership.subscriptions import RoundProposed
from shared import telemetry
from shared.errors import NotFound
from shared.outbox import envelope
from shared.testing import error_of
from tests.unit.membership.merges import merge, unmerge
from tests.unit.membership.world import World, cut_at_every_write

COHORT = "cohort-1"


def applicants(world: World, number: int) -> list[str]:
    """The ids of so many applicants."""
    return [
        world.apply(email=f"invented-{n}@example.org", registration_number=f"{3_000_000 + n}")
        for n in range(number)
    ]


def propose(
    world: World,
    members: list[str],
    shortlisted: list[str] | None = None,
    *,
    round_id: str = "round-1",
    message: str = "event:e-1:follow_proposals",
) -> None:
    """Let programmes tell whom a round would make offers to."""
    event = RoundProposed(round_id, COHORT, tuple(members), tuple(shortlisted or members))
    cause = telemetry.Context.start(correlation_id="cause", message_id=message)
    with telemetry.activate(cause):
        world.app.translate_proposal(event)


def told(world: World) -> list[Any]:
    return world.events(SelectionProposed)


def pseudonyms_of(world: World, members: list[str]) -> tuple[str, ...]:
    return tuple(sorted(world.members.get(id).pseudonym for id in members))


def test_a_proposal_is_told_under_pseudonyms_in_their_own_order() -> None:
    """In whichever order members are named, nobody's place is told."""
    world = World()
    everybody = applicants(world, 12)
    propose(world, everybody[:9], everybody)
    propose(world, everybody[8::-1], everybody[::-1], round_id="round-2")
    first, second = told(world)
    assert first.pseudonyms == second.pseudonyms == pseudonyms_of(world, everybody[:9])
    assert first.shortlisted_pseudonyms == pseudonyms_of(world, everybody)
    assert (first.round_id, first.cohort_id, second.round_id) == ("round-1", COHORT, "round-2")


def test_no_trace_leads_from_a_proposal_to_members() -> None:
    """It shares the round's id with what caused it, and neither correlation nor trace."""
    world = World()
    members = applicants(world, 8)
    world.outbox.waiting.clear()
    propose(world, members)
    [batch] = world.outbox.waiting
    text = str(envelope("membership", batch.id, batch.entries[0]))
    assert [link for link in ("cause", "e-1", *members) if link in text] == []


def test_nobody_is_kept_with_a_proposal() -> None:
    """That it was told is kept; to whom is in the event alone, until that is sent."""
    world = World()
    propose(world, applicants(world, 8))
    document = dict(world.document("proposed_selections", "round-1") or {})
    document.pop("outbox")
    text = json.dumps(document, default=str)
    members = list(world.members.scan({}))
    assert [m for m in members if m.id in text or m.pseudonym in text] == []


@pytest.mark.parametrize("message", ["event:e-1:follow_proposals", "event:e-2:follow_proposals"])
def test_a_proposal_is_told_once(message: str) -> None:
    """Delivered again, or told twice, it changes nothing."""
    world = World()
    members = applicants(world, 8)
    propose(world, members)
    propose(world, members, message=message)
    assert len(told(world)) == 1


def test_a_proposal_that_was_cut_off_is_told_when_delivered_again() -> None:
    """After a crash at any write it is told once."""
    members: dict[int, list[str]] = {}

    def prepare() -> World:
        world = World()
        members[id(world)] = applicants(world, 8)
        return world

    for world in cut_at_every_write(lambda each: propose(each, members[id(each)]), prepare):
        assert len(told(world)) == 1


@pytest.mark.parametrize("number", [0, 1, FEWEST_TOGETHER - 1])
def test_of_a_few_no_pseudonym_is_told(number: int) -> None:
    """Whoever knows a round of one member would know whose pseudonym it is."""
    world = World()
    everybody = applicants(world, 12)
    propose(world, everybody[:number], everybody)
    (only,) = told(world)
    assert (only.pseudonyms, only.shortlisted_pseudonyms) == ((), ())


def test_somebody_unknown_is_tried_again() -> None:
    """A proposal that overtook an application raises, and nothing is told."""
    world = World()
    missing = error_of(lambda: propose(world, [*applicants(world, 8), "nobody"]))
    assert isinstance(missing, NotFound)
    assert missing.details["id"] == "nobody"
    assert told(world) == []


def test_who_was_erased_is_left_out() -> None:
    """They have no pseudonym any more; the others are told."""
    world = World()
    everybody = applicants(world, 10)
    world.call("decline", member_id=everybody[0], reason="committee")
    world.call("request_erasure", member_id=everybody[0])
    propose(world, everybody)
    (only,) = told(world)
    assert only.pseudonyms == pseudonyms_of(world, everybody[1:])
    assert only.shortlisted_pseudonyms == only.pseudonyms


def test_a_merged_member_keeps_the_pseudonym_of_their_application() -> None:
    """Stages were told under it, before the merge and after it was taken back."""
    world = World()
    everybody = applicants(world, 10)
    before = pseudonyms_of(world, everybody[1:])
    merge(world, everybody[0], everybody[1])
    propose(world, everybody[1:])
    unmerge(world, everybody[1])
    propose(world, everybody[1:], round_id="round-2")
    assert [each.pseudonyms for each in told(world)] == [before, before]
