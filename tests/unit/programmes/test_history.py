"""What staff read of who changed what: every audited kind, and what rankings were before."""

from __future__ import annotations

import json
from typing import Any

import bson
import pytest

from services.programmes.domain.ranking import Ranked, Ranking, RankingStage
from services.programmes.entrypoints import ProgrammesService
from services.programmes.repository.histories import Histories
from services.programmes.schemas.history import Kind
from services.programmes.subscriptions import MemberErased
from shared.errors import Invalid, NotFound
from tests.unit.programmes.builders import NOW
from tests.unit.programmes.contest import Contest
from tests.unit.programmes.offers import ranked
from tests.unit.programmes.world import World, cut_at_every_write

BOTH = (("review", 1), ("interview", 1))


def history(world: World, kind: str, id: str, limit: int = 50) -> list[Any]:
    """Newest first, over all pages."""
    return world.pages("get_history", kind=kind, id=id, limit=limit)


def size(world: World, collection: str, id: str) -> int:
    return len(bson.encode(world.document(collection, id) or {}))


# Who, when and why


def test_there_is_a_history_of_whatever_is_audited(world: World) -> None:
    """Each kind has its name in the contract, and there are no others."""
    assert Histories(world.app.repositories).kinds == set(Kind)


def test_a_history_says_who_did_what_when_and_why(world: World) -> None:
    """Newest first, with the values before and after."""
    cohort_id = world.cohort()
    world.clock.advance(hours=1)
    world.call(
        "extend_cohort",
        by="bob",
        cohort_id=cohort_id,
        closes_at="2026-12-30T17:00:00+00:00",
        reason="The form was down.",
    )
    extended, opened = history(world, "cohort", cohort_id)
    assert (opened.by, opened.action, opened.changes) == ("staff", "open_cohort", ())
    assert (extended.by, extended.action, extended.reason, extended.at) == (
        "bob",
        "extend_cohort",
        "The form was down.",
        world.clock.now,
    )
    assert (extended.record, extended.record_id, extended.version) == ("cohort", cohort_id, 2)
    (change,) = extended.changes
    assert (change.field, "12-30" in change.after) == ("closes_at", True)


def test_pages_of_a_history_lose_and_repeat_nothing(world: World) -> None:
    """Though all of it happened at one instant."""
    application_id = world.submitted(world.cohort())
    world.bring(application_id, "ranked")
    whole = history(world, "application", application_id)
    assert len(whole) == 3
    assert [each.version for each in whole] == sorted((e.version for e in whole), reverse=True)
    for limit in (1, 2, 200):
        assert history(world, "application", application_id, limit) == whole


def test_what_is_not_there_has_no_history(world: World) -> None:
    """It is said of which kind; a kind that there is not is refused."""
    with pytest.raises(NotFound, match="There is no such offer round"):
        world.call("get_history", kind="offer_round", id="none")
    for wrong in ({"kind": "member"}, {"kind": "cohort", "cursor": "x"}):
        with pytest.raises(Invalid):
            world.call("get_history", **{"id": world.cohort(), **wrong})


def test_a_history_is_for_staff() -> None:
    """No member reads even their own."""
    contract = ProgrammesService.get_history.contract  # type: ignore[attr-defined]
    assert (contract.scope, contract.own, contract.writes) == ("programmes:read", None, False)


def test_of_who_was_erased_the_history_holds_no_values(world: World) -> None:
    """Who did what when stays, and to which fields."""
    member_id = world.member()
    application_id = world.submitted(world.cohort(), member_id)
    world.call(
        "return_application",
        application_id=application_id,
        until="2027-01-05T12:00:00+00:00",
        reason="Planted reason.",
    )
    assert "Planted" in str(history(world, "application", application_id))
    world.tell(MemberErased("request", member_id))
    entries = history(world, "application", application_id)
    assert all(each.erased and not each.reason for each in entries)
    assert all(c.before is c.after is None for each in entries for c in each.changes)
    assert "staff" in {each.by for each in entries}


# What is replaced as a whole


def entries_of(*ids: str) -> tuple[Ranked, ...]:
    return tuple(Ranked(id, place, 40_000, "lot") for place, id in enumerate(ids, start=1))


def keep(world: World, *ids: str, basis_id: str | None = None) -> Ranking:
    stage = RankingStage.FINAL
    made = Ranking("c:final", "c", stage, "seed", NOW, entries_of(*ids), basis_id)
    kept: Ranking = world.repository("rankings").keep(made)
    return kept


def test_every_ranking_that_there_was_can_be_read(world: World) -> None:
    """By its number, in pages; the latest where none is given."""
    orders = [["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"]]
    for order in orders:
        keep(world, *order)
    keep(world, *orders[-1])  # the same again is none
    for number, order in enumerate(orders, start=1):
        asked = {"cohort_id": "c", "stage": "final", "number": number}
        items = world.pages("get_ranking", limit=2, **asked)
        assert [each.application_id for each in items] == order
        assert world.call("get_ranking", **asked).number == number
    latest = world.call("get_ranking", cohort_id="c", stage="final")
    assert (latest.number, latest.items[0].application_id) == (3, "c")
    with pytest.raises(NotFound):
        world.call("get_ranking", cohort_id="c", stage="final", number=4)


def test_a_ranking_does_not_grow_with_those_before_it(world: World) -> None:
    """Its trail says that it was made again, and not what it was."""
    ids = [f"application-{number:04}" for number in range(500)]
    keep(world, *ids)
    first = size(world, "rankings", "c:final")
    for number in range(20):
        keep(world, *ids[number + 1 :], *ids[: number + 1])
    assert size(world, "rankings", "c:final") < first * 1.5
    made = history(world, "ranking", "c:final")
    assert len(made) == 21
    assert {change.field for change in made[0].changes} == {"number"}


def test_a_ranking_that_was_cut_off_is_made_by_the_same_call() -> None:
    """At any write, and the one before is kept once."""

    def prepare() -> World:
        world = World()
        keep(world, "a", "b")
        return world

    def act(world: World) -> None:
        keep(world, "b", "a")

    for world in cut_at_every_write(act, prepare):
        read = [
            [each.application_id for each in world.pages("get_ranking", **_final(number))]
            for number in (1, 2)
        ]
        assert read == [["a", "b"], ["b", "a"]]
        with pytest.raises(NotFound):
            world.call("get_ranking", **_final(3))


def _final(number: int) -> dict[str, Any]:
    return {"cohort_id": "c", "stage": "final", "number": number}


def test_of_two_rankings_made_at_once_both_can_be_read(world: World) -> None:
    """Whoever comes second replaces what the other one made, not what it had read."""
    keep(world, "a", "b")
    rankings, between = world.repository("rankings"), world.another().repository("rankings")
    stored = rankings.documents

    class Slow:
        """Somebody else comes between what is read and what is written, once."""

        def __init__(self) -> None:
            self.waiting = True

        def __getattr__(self, name: str) -> Any:
            return getattr(stored, name)

        def replace_one(self, *arguments: Any) -> Any:
            if self.waiting:
                self.waiting = False
                between.keep(
                    Ranking("c:final", "c", RankingStage.FINAL, "s", NOW, entries_of("b", "a"))
                )
            return stored.replace_one(*arguments)

    rankings.documents = Slow()
    keep(world, "b")
    orders = [[each.application_id for each in _items(world, number)] for number in (1, 2, 3)]
    assert orders == [["a", "b"], ["b", "a"], ["b"]]


def _items(world: World, number: int) -> list[Any]:
    return world.pages("get_ranking", **_final(number))


def test_an_earlier_final_ranking_is_made_again_from_what_it_was_made_from() -> None:
    """As it was, whatever scores have changed since."""
    world = Contest.at_interviews([4, 4])
    world.interview(dict(zip(world.applications, (5, 4), strict=True)))
    world.finish(*BOTH)
    world.call(
        "agree_interview_scores",
        application_id=world.applications[1],
        scores={"leadership": 5, "motivation": 5},
        agreed_by=["reviewer-0", "reviewer-1"],
        reason="Added up wrongly.",
    )
    world.finish(*BOTH)
    asked = {"cohort_id": world.cohort_id, "stage": "final"}
    first, second = (world.call("verify_ranking", **asked, number=number) for number in (1, 2))
    assert (first.reproduced, first.equal, first.number) == (True, False, 1)
    assert (second.reproduced, second.equal, second.number) == (True, True, 2)
    assert first.basis_id != second.basis_id


def test_what_a_host_said_before_can_be_read(world: World) -> None:
    """Its trail does not repeat it."""
    scene = ranked(world, {"city": 1}, [["city"], ["city"]])
    post = {"cohort_id": scene.cohort_id, "post_id": "city"}
    for order in (scene.ids, scene.ids[::-1], scene.ids[::-1]):
        world.call("rank_applicants", **post, tiers=[[id] for id in order])
    latest = world.call("get_host_ranking", **post)
    first = world.call("get_host_ranking", **post, number=1)
    assert (latest.number, latest.tiers[0]) == (2, (scene.ids[1],))
    assert (first.number, first.tiers[0]) == (1, (scene.ids[0],))
    made = history(world, "host_ranking", f"{scene.cohort_id}:city")
    assert scene.ids[0] not in json.dumps([[c.after for c in each.changes] for each in made])


def test_a_post_that_is_resized_leaves_the_others_out_of_the_trail(world: World) -> None:
    """However many there are; the trail says which post, and what it had."""
    posts = [world.post(f"post_{number:03}", capacity=2) for number in range(100)]
    cohort_id = world.cohort(posts=posts)
    before = size(world, "cohorts", cohort_id)
    for capacity in (3, 4, 5):
        world.call(
            "change_post_capacity",
            cohort_id=cohort_id,
            post_id="post_007",
            capacity=capacity,
            reason="Agreed.",
        )
    (change,) = history(world, "cohort", cohort_id)[0].changes
    assert (change.field, change.before, change.after) == ("posts.post_007.capacity", "4", "5")
    assert size(world, "cohorts", cohort_id) < before + 2_000
