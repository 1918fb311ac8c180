"""What research measured of rounds, as it is kept for the gate."""

from __future__ import annotations

import json

import pytest

from services.programmes.events import RoundProposed
from services.programmes.subscriptions import FairnessMeasured, Figure
from shared.events import Meta, from_document, load
from tests.unit.programmes.offers import ranked
from tests.unit.programmes.world import World

FIGURE = Figure("ethnicity", "bme", "white", 0.5, True, None)
HIDDEN = Figure("disability", "yes", "no", None, None, "small_numbers")


def tell(world: World, figure: Figure, sequence: int, round_id: str = "round") -> None:
    """Let research tell what it measured."""
    event = FairnessMeasured(round_id, round_id, (figure, HIDDEN), world.today)
    type = FairnessMeasured.source.ce_type  # type: ignore[attr-defined]
    meta = Meta("e", type, "/faculty/research", "cohort", sequence, world.clock(), "c")
    world.app.record_fairness(event, meta)


def kept(world: World, round_id: str = "round") -> list[Figure]:
    """The figures of a round as they are stored."""
    found = world.repository("fairness").get(round_id)["figures"]
    return [from_document(Figure, each) for each in found["figures"]]


def test_figures_are_kept_by_round(world: World) -> None:
    """With what is null and why; of another round nothing is known."""
    tell(world, FIGURE, 1)
    tell(world, FIGURE, 1)
    assert kept(world) == [FIGURE, HIDDEN]
    assert world.repository("fairness").get("another") is None


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_figures_told_last_stand(world: World, order: tuple[int, int]) -> None:
    """In whichever order they come."""
    told = {1: FIGURE, 2: Figure("ethnicity", "bme", "white", 1.0, False, None)}
    for sequence in order:
        tell(world, told[sequence], sequence)
    assert kept(world)[0] == told[2]


def test_figures_are_stored_as_json_has_them(world: World) -> None:
    """What the event says is what is kept."""
    tell(world, FIGURE, 1)
    found = world.repository("fairness").get("round")["figures"]
    assert load(FairnessMeasured, json.loads(json.dumps(found))).figures == (FIGURE, HIDDEN)


def test_a_proposal_names_all_who_were_ever_shortlisted(world: World) -> None:
    """Also one who withdrew since, and nobody who was not."""
    scene = ranked(world, {"city": 1}, [["city"]] * 3)
    members = scene.members
    other = world.submitted(scene.cohort_id)
    world.bring(scene.ids[2], "withdrawn")
    scene.prepare()
    (proposed,) = world.events(RoundProposed)
    assert proposed.member_ids == (members[0],)
    assert set(proposed.shortlisted_ids) == set(members)
    assert world.application(other).member_id not in proposed.shortlisted_ids
