"""Rankings: total, unique, the same for everybody who has the scores and the seed."""

from __future__ import annotations

import random
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.ranking import Ranked, Ranking, RankingStage, Scored, rank, shown
from tests.unit.programmes.builders import NOW

TIE_BREAKS = ("criterion:leadership", "earlier_submission", "lot")
THIRDS = st.integers(0, 6).map(lambda number: Fraction(number, 3))


@st.composite
def fields(draw: st.DrawFn) -> list[Scored]:
    """Applications of which many are equal in much."""
    return [
        Scored(
            f"application-{number}",
            draw(THIRDS),
            {"leadership": draw(THIRDS)},
            NOW + timedelta(seconds=draw(st.integers(0, 1))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@given(fields(), st.text(max_size=5))
def test_everybody_has_one_rank_and_nobody_shares_it(field: list[Scored], seed: str) -> None:
    """Ranks are 1, 2, 3 ... and all applications are there."""
    ranked = rank(field, TIE_BREAKS, seed)
    assert [each.rank for each in ranked] == list(range(1, len(field) + 1))
    assert {each.application_id for each in ranked} == {each.application_id for each in field}


@given(fields(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_does_not_matter(
    field: list[Scored], chance: random.Random
) -> None:
    """The same scores and seed are the same ranking."""
    turned = list(field)
    chance.shuffle(turned)
    assert rank(turned, TIE_BREAKS, "seed") == rank(field, TIE_BREAKS, "seed")


@given(fields())
def test_each_is_set_apart_by_the_rule_that_is_named(field: list[Scored]) -> None:
    """The rules before it find no difference, it finds one, and the better comes first."""
    known = {each.application_id: each for each in field}
    ranked = rank(field, TIE_BREAKS, "seed")
    for better, next_best in pairwise(ranked):
        one, other = known[better.application_id], known[next_best.application_id]
        values = {
            "score": (one.score, other.score),
            "criterion:leadership": (one.criteria["leadership"], other.criteria["leadership"]),
            "earlier_submission": (-one.submitted_at.timestamp(), -other.submitted_at.timestamp()),
        }
        for rule, (mine, theirs) in values.items():
            if rule == better.decided_by:
                assert mine > theirs
                break
            assert mine == theirs
        else:
            assert better.decided_by == "lot"


@given(fields())
def test_leaving_somebody_out_changes_no_other_order(field: list[Scored]) -> None:
    """Who withdraws takes no influence on those who stay."""
    everybody = [each.application_id for each in rank(field, TIE_BREAKS, "seed")]
    fewer = [each.application_id for each in rank(field[1:], TIE_BREAKS, "seed")]
    gone = {each.application_id for each in field[:1]}
    assert fewer == [id for id in everybody if id not in gone]


def test_another_seed_draws_another_lot() -> None:
    """Between equals nothing but the seed decides."""
    equal = [Scored(f"a{n}", Fraction(1), {}, NOW) for n in range(20)]
    orders = {
        tuple(each.application_id for each in rank(equal, ("lot",), str(seed))) for seed in range(5)
    }
    assert len(orders) == 5


def test_scores_that_look_alike_are_still_told_apart() -> None:
    """What is shown is rounded, what is compared is not."""
    close = [
        Scored("less", Fraction(1, 3), {}, NOW),
        Scored("more", Fraction(1, 3) + Fraction(1, 10**9), {}, NOW),
    ]
    first, second = rank(close, ("lot",), "seed")
    assert (first.application_id, first.decided_by) == ("more", "score")
    assert first.score == second.score == 3_333


def test_halves_are_shown_rounded_up() -> None:
    """Ten-thousandths of a point, also of what is below nothing."""
    assert [shown(Fraction(n, 20_000)) for n in (1, -1, 3)] == [1, 0, 2]


def test_a_ranking_replaces_what_it_was_only_by_another() -> None:
    """The instant stays where nothing else changes."""
    ranking = Ranking("c:review", "c", RankingStage.REVIEW, "seed", NOW, (Ranked("a", 1, 2, "x"),))
    ranking.replace((Ranked("a", 1, 2, "x"),), "seed", NOW + timedelta(days=1))
    assert ranking.made_at == NOW
    ranking.replace((Ranked("b", 1, 2, "x"),), "seed", NOW + timedelta(days=1))
    assert (ranking.order, ranking.made_at) == (("b",), NOW + timedelta(days=1))
