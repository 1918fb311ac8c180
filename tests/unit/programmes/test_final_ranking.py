"""The final ranking comes from declared parts, exactly, and comes again from what is recorded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.basis import Basis, Input, UsedPart
from services.programmes.domain.ranking import Ranking, RankingStage
from services.programmes.domain.rubric import Criterion, Rubric
from services.programmes.errors import (
    InterviewsIncomplete,
    NotReviewed,
    RanksAreNoScores,
    ScoresMissing,
    ScoringStillOpen,
    SheetsHeld,
)
from services.programmes.events import (
    ApplicationInterviewed,
    ApplicationNotSelected,
    ApplicationRanked,
)
from services.programmes.handlers.importing import score_alarms
from services.programmes.handlers.verifying import changed_places
from shared.errors import Invalid, NotFound
from tests.unit.programmes.builders import NOW
from tests.unit.programmes.contest import PANEL, REASON, Contest
from tests.unit.programmes.world import World, cut_at_every_write

BOTH = (("review", 1), ("interview", 3))
RUBRIC = Rubric(
    criteria=(Criterion(id="a", title="A", weight=1),),
    lowest=0,
    highest=5,
    pass_mark=3,
    tie_breaks=("lot",),
)


def interviewed(points: dict[int, int], **rubric: Any) -> Contest:
    """An application for each pair of points, by review and in the interview."""
    world = Contest.at_interviews(list(points), **rubric)
    world.interview(dict(zip(world.applications, points.values(), strict=True)))
    return world


def order(view: Any) -> list[str]:
    return [each.application_id for each in view.entries]


def alarms(world: Contest) -> tuple[Any, ...]:
    selecting = world.app.rank_final.keywords["selecting"]
    return score_alarms(world.cohort_id, selecting=selecting)


def changed(world: Contest) -> tuple[str, ...]:
    selecting = world.app.rank_final.keywords["selecting"]
    return changed_places(world.cohort_id, selecting=selecting)


def test_parts_are_weighted_on_the_scale_of_the_rubric() -> None:
    """(1 x 5 + 3 x 3) / 4 is 3.5, and everybody in it is ranked, told of without the place."""
    world = interviewed({5: 3, 4: 5, 3: 4})
    view = world.finish(*BOTH)
    first, second, third = world.applications
    assert order(view) == [second, third, first]
    assert [each.score for each in view.entries] == [47_500, 37_500, 35_000]
    assert world.status() == ["ranked"] * 3
    assert len(world.events(ApplicationRanked)) == 3
    kept = world.repository("rankings").get(Ranking.key(world.cohort_id, RankingStage.FINAL))
    assert (kept.entries, kept.basis_id) == (view.entries, view.basis_id)
    found = world.pages("get_ranking", cohort_id=world.cohort_id, stage="final")
    assert [each.application_id for each in found] == order(view)


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    """Down to the lot."""
    world = interviewed({5: 4, 4: 4, 3: 4})
    before = world.database.writes
    dry = world.finish(*BOTH, dry_run=True)
    assert world.database.writes == before
    made = world.finish(*BOTH)
    assert replace(dry, dry_run=False) == made
    assert not world.finish(*BOTH).changed


def test_who_is_below_the_pass_mark_goes_no_further_only_where_it_is_said() -> None:
    """They have no place in the ranking in any case."""
    world = interviewed({5: 4, 4: 1})
    _, low = world.applications
    view = world.finish(*BOTH)
    assert (view.below_pass_mark, view.rejected) == ((low,), ())
    assert world.status() == ["ranked", "interviewed"]
    view = world.finish(*BOTH, reject_rest=True)
    assert view.rejected == (low,)
    assert world.status() == ["ranked", "unsuccessful"]
    assert len(world.events(ApplicationNotSelected)) == 1


def test_reserves_who_were_not_called_up_are_told_with_the_rest() -> None:
    """Only where it is said."""
    world = Contest.reviewed([5, 4, 3])
    heard, called, waiting = world.applications
    world.shortlist(take=1, reserves=2)
    world.interview({heard: 4})
    assert world.finish(*BOTH).rejected == ()
    assert world.status(called, waiting) == ["reserve"] * 2
    assert set(world.finish(*BOTH, reject_rest=True).rejected) == {called, waiting}
    assert world.status() == ["ranked", "unsuccessful", "unsuccessful"]


def test_who_was_not_interviewed_is_not_ranked_by_interviews() -> None:
    """Nobody is rejected while an interview of theirs is still to come, or half scored."""
    world = Contest.at_interviews([5, 4, 3])
    heard, missed, absent = world.applications
    world.interview({heard: 4})
    [later] = world.add(world.slot(50))
    world.call("book_slot", slot_id=later, application_id=missed)
    for _ in range(2):
        with pytest.raises(InterviewsIncomplete) as refused:
            world.finish(*BOTH, reject_rest=True)
        assert refused.value.details["application_ids"] == [missed]
        world.clock.advance(hours=60)
    world.call("record_no_show", application_id=missed, reason="Not there.")
    view = world.finish(*BOTH, reject_rest=True)
    assert order(view) == [heard]
    assert set(view.not_interviewed) == {missed, absent}
    assert world.status() == ["ranked", "unsuccessful", "unsuccessful"]


def test_where_interviews_are_held_nobody_is_ranked_without_one() -> None:
    """Even where they do not count; and nobody is told of an interview that there was not."""
    world = Contest.at_interviews([5, 4])
    heard, other = world.applications
    world.interview({heard: 0})
    view = world.finish(("review", 1))
    assert (order(view), view.not_interviewed) == ([heard], (other,))
    assert world.status() == ["ranked", "shortlisted"]
    assert [e.application_id for e in world.events(ApplicationInterviewed)] == [heard]


def test_who_is_paused_waits_and_is_ranked_later() -> None:
    """They are named, and nobody rejects them."""
    world = interviewed({5: 4, 4: 5})
    first, second = world.applications
    world.suspend(second)
    view = world.finish(*BOTH, reject_rest=True)
    assert (order(view), view.waiting) == ([first], (second,))
    world.repository("applications").change(second, lambda found: found.resume(world.clock()))
    assert order(world.finish(*BOTH)) == [second, first]
    assert world.status() == ["ranked", "ranked"]


def test_a_suspension_after_the_ranking_takes_nobody_out_of_it() -> None:
    """They keep their place; those who withdraw do not."""
    world = interviewed({5: 4, 4: 5, 3: 3})
    first, second, third = world.applications
    world.finish(*BOTH)
    world.suspend(second)
    world.drop_out(third)
    assert order(world.finish(*BOTH)) == [second, first]


def test_the_weights_must_be_declared_and_those_of_the_cohort_hold() -> None:
    """Nobody changes them once the scores are known."""
    world = Contest.reviewed([5, 4])
    for weights in ([], [("review", 1), ("review", 2)]):
        with pytest.raises(Invalid) as refused:
            world.finish(*weights)
        assert next(iter(refused.value.fields)).startswith("weights")
    with pytest.raises(Invalid) as refused:
        world.finish(("charm", 1))
    assert list(refused.value.fields) == ["weights.0.name"]
    declared = [{"name": "review", "weight": 1}]
    programme = world.programme(kind="national_scheme")
    world.cohort_id = world.cohort(programme, weights=declared)
    with pytest.raises(Invalid) as refused:
        world.finish(*BOTH)
    assert list(refused.value.fields) == ["weights"]
    assert [each.name for each in world.finish().parts] == ["review"]
    with pytest.raises(Invalid) as refused:
        world.cohort(programme, weights=declared * 2)
    assert list(refused.value.fields) == ["weights.1.name"]


def test_nobody_is_ranked_by_a_part_that_they_lack() -> None:
    """Who lacks which is named, and nothing is done."""
    world = Contest.at_interviews([5, 4, 3], kind="regional_scheme")
    sheet = world.sheet([80, 71, 55])
    sheet["rows"].pop()
    world.take_in_confirmed(sheet)
    with pytest.raises(ScoresMissing) as refused:
        world.finish(("review", 1), ("sheet:judgement", 1))
    lacking = world.applications[2]
    assert refused.value.details["missing"] == {"sheet:judgement": [lacking]}
    assert world.status() == ["shortlisted"] * 3
    with pytest.raises(NotFound):
        world.finish(("sheet:nowhere", 1))


def test_a_sheet_counts_by_its_own_scale_and_direction() -> None:
    """Half of a hundred is half of five; fewer faults are better."""
    world = Contest.at_interviews([4, 3], kind="regional_scheme")
    first, second = world.applications
    world.take_in_confirmed(world.sheet([50, 100]))
    view = world.finish(("review", 1), ("sheet:judgement", 1))
    assert {e.application_id: e.score for e in view.entries} == {first: 32_500, second: 40_000}
    faults = world.sheet([20, 13], name="faults", lowest=0, highest=20, higher_is_better=False)
    world.take_in_confirmed(faults)
    view = world.finish(("review", 4), ("sheet:faults", 1))
    assert {e.application_id: e.score for e in view.entries} == {first: 32_000}
    assert view.unused == ("judgement",)


def test_ranks_are_never_weighed_with_scores() -> None:
    """However small their weight."""
    world = Contest.at_interviews([5, 4])
    world.take_in(world.sheet([1, 2], kind="rank", higher_is_better=False))
    with pytest.raises(RanksAreNoScores) as refused:
        world.finish(("review", 100), ("sheet:judgement", 1))
    assert refused.value.details["names"] == ["judgement"]


def test_a_sheet_that_is_held_stops_the_ranking() -> None:
    """A held correction too: the version before it does not take its place unseen."""
    world = Contest.at_interviews([5, 4, 3, 3, 3], kind="regional_scheme")
    parts = (("review", 1), ("sheet:judgement", 1))
    world.take_in(world.sheet([83, 71, 66, 52, 47]))
    world.finish(*parts)
    held = world.take_in(world.sheet([50] * 5))
    with pytest.raises(SheetsHeld) as refused:
        world.finish(*parts)
    assert refused.value.details["sheet_ids"] == [held.sheet_id]
    world.call("confirm_scores", by="second", sheet_id=held.sheet_id, reason=REASON)
    assert world.finish(*parts).parts[1].sheet_id == held.sheet_id


def test_an_inversion_that_shows_only_later_holds_the_sheet() -> None:
    """A sheet that came before what it contradicts is looked at anew when it is used."""
    world = Contest.at_interviews([5, 4, 4, 3, 3, 3], kind="regional_scheme")
    values = [83, 71, 66, 52, 47, 30]
    early = world.take_in(world.sheet(values))
    late = world.take_in(world.sheet(values[::-1], name="written"))
    world.call("confirm_scores", by="second", sheet_id=late.sheet_id, reason=REASON)
    parts = (("review", 1), ("sheet:judgement", 1))
    for _ in range(2):
        with pytest.raises(SheetsHeld) as refused:
            world.finish(*parts)
        assert refused.value.details["sheet_ids"] == [early.sheet_id]
    world.call("confirm_scores", by="second", sheet_id=early.sheet_id, reason=REASON)
    view = world.finish(*parts)
    assert [each.against for each in view.alarms] == ["sheet:written"]


def test_interviews_show_a_direction_where_nothing_else_does() -> None:
    """And hold no sheet that disagrees with them, which may be right."""
    world = Contest.at_interviews([3] * 6, kind="national_scheme")
    ids = world.applications
    before = world.take_in(world.sheet([83, 71, 66, 52, 47, 30]))
    assert [each.code for each in before.alarms] == ["direction_not_shown"]
    world.interview(dict(zip(ids, [5, 5, 4, 3, 2, 1], strict=True)))
    after = world.take_in(world.sheet([83, 71, 66, 52, 47, 30]))
    assert (after.state, after.alarms) == ("accepted", ())
    against = world.take_in(world.sheet([30, 47, 52, 66, 71, 82], name="written"), dry_run=True)
    assert [str(each.against) for each in against.alarms] == ["sheet:judgement"]
    world.call("discard_scores", sheet_id=after.sheet_id, reason=REASON)
    alone = world.take_in(world.sheet([30, 47, 52, 66, 71, 82]), dry_run=True)
    assert [each.code for each in alone.alarms] == ["direction_not_shown"]


def test_the_gate_is_told_what_is_odd_and_who_confirmed_it() -> None:
    """Of the sheets in the final ranking alone, ranks that were overridden first of all."""
    world = Contest.at_interviews([5, 4, 4, 3, 3, 3], kind="regional_scheme")
    assert alarms(world) == ()
    with pytest.raises(Exception, match="ranks") as refused:
        world.take_in(world.sheet([1, 2, 3, 4, 5, 6]))
    id = refused.value.details["sheet_id"]  # type: ignore[attr-defined]
    world.call("override_refusal", by="second", sheet_id=id, reason=REASON)
    world.finish(("review", 1))
    assert alarms(world) == ()
    world.finish(("review", 9), ("sheet:judgement", 1))
    found = alarms(world)
    assert [str(each) for each in found] == [
        "judgement 1: looks_like_ranks, confirmed by second",
        "judgement 1: inverted, confirmed by second",
    ]


def test_the_gate_is_told_whose_place_is_not_what_the_scores_give_now() -> None:
    """A mark that was corrected, a score that a conflict took away; ranked anew, nobody's."""
    world = interviewed({5: 4, 4: 4, 3: 3})
    first, second, third = world.applications
    assert changed(world) == ()
    world.finish(*BOTH)
    assert changed(world) == ()
    agreed = {"scores": {"leadership": 5, "motivation": 5}, "agreed_by": list(PANEL)}
    world.call("agree_interview_scores", application_id=second, **agreed, reason=REASON)
    assert set(changed(world)) == {first, second}
    again = world.finish(*BOTH)
    assert changed(world) == ()
    assert [each.agreed for each in again.entries] == [True, False, False]
    assert world.verify().equal
    world.drop_out(third)
    assert changed(world) == ()


def test_reviews_that_may_still_change_are_not_ranked_by() -> None:
    """Where they count; a ranking by interviews alone does not wait for them."""
    world = interviewed({5: 4, 4: 5})
    world.call("reopen_scoring", cohort_id=world.cohort_id, reason=REASON)
    with pytest.raises(ScoringStillOpen):
        world.finish(*BOTH)
    assert world.status() == ["interviewed"] * 2
    world.finish(("interview", 1))
    assert world.status() == ["ranked"] * 2


def test_a_ranking_that_broke_off_is_completed_by_the_same_call() -> None:
    """Wherever it was cut off everybody is ranked or rejected, told of once."""

    def prepare() -> Contest:
        world = interviewed({5: 4, 4: 4, 3: 1})
        world.take_in_confirmed(world.sheet([71, 68, 66]))
        return world

    def act(world: Contest) -> None:
        world.finish(*BOTH, ("sheet:judgement", 1), reject_rest=True, message="m")

    for world in cut_at_every_write(act, prepare):
        assert world.status() == ["ranked", "ranked", "unsuccessful"]
        assert len(world.events(ApplicationRanked)) == 2
        assert len(world.events(ApplicationNotSelected)) == 1
        assert world.verify().equal
        assert len(list(world.database["ranking_bases"].find({}))) == 1


def test_what_a_cut_off_call_kept_stands_though_scores_change_meanwhile() -> None:
    """Applications follow the ranking that is kept, not another."""
    world = interviewed({5: 4, 4: 4})
    first, second = world.applications
    with world.cut_off(2):
        world.finish(*BOTH, message="m")
    assert world.was_cut
    world.call(
        "agree_interview_scores",
        application_id=second,
        scores={"leadership": 0, "motivation": 0},
        agreed_by=PANEL,
        reason="Invented.",
    )
    view = world.finish(*BOTH, message="m")
    assert order(view) == [first, second]
    assert world.status() == ["ranked", "ranked"]
    found = world.verify()
    assert (found.reproduced, found.equal) == (True, False)


def test_a_suspension_in_the_middle_of_a_call_holds_up_nobody_else() -> None:
    """The same call again ranks the others, and the next one after it ends ranks them too."""
    world = interviewed({5: 4, 4: 4})
    first, second = world.applications
    with world.cut_off(2):
        world.finish(*BOTH, message="m")
    assert world.was_cut
    world.suspend(first)
    assert order(world.finish(*BOTH, message="m")) == [first, second]
    assert world.status() == ["interviewed", "ranked"]
    world.repository("applications").change(first, lambda found: found.resume(world.clock()))
    world.finish(*BOTH)
    assert world.status() == ["ranked", "ranked"]


def test_a_ranking_is_verified_against_the_scores_as_they_are() -> None:
    """Equal, or who has another score or place; who dropped out is passed over."""
    world = interviewed({5: 4, 4: 4, 3: 4})
    first, second, third = world.applications
    world.finish(*BOTH)
    assert (world.verify().equal, world.verify().differences) == (True, ())
    world.drop_out(first)
    found = world.verify()
    assert (found.equal, found.gone) == (True, (first,))
    world.call(
        "agree_interview_scores",
        application_id=third,
        scores={"leadership": 5, "motivation": 5},
        agreed_by=PANEL,
        reason="Added up wrongly.",
    )
    found = world.verify()
    assert (found.reproduced, found.equal, found.differing) == (True, False, 2)
    changed = {
        each.application_id: (each.recorded_rank, each.rank_now) for each in found.differences
    }
    assert changed == {second: (1, 2), third: (2, 1)}


def test_a_ranking_that_was_tampered_with_is_not_reproduced() -> None:
    """What it was made from gives another one."""
    world = interviewed({5: 4, 4: 4})
    world.finish(*BOTH)
    key = Ranking.key(world.cohort_id, RankingStage.FINAL)
    document = world.document("rankings", key)
    assert document is not None
    entries = document["entries"]
    ids = [each["application_id"] for each in entries]
    for each, id in zip(entries, reversed(ids), strict=True):
        each["application_id"] = id
    world.database["rankings"].replace_one({"_id": key}, document)
    found = world.verify()
    assert (found.reproduced, found.equal, found.differing) == (False, False, 2)


def test_the_ranking_after_review_is_verified_too() -> None:
    """From the reviews as they are, with the lot that was drawn."""
    world = Contest.reviewed([5, 4, 4, 1])
    found = world.verify("review")
    assert (found.equal, found.basis_id) == (True, None)
    with pytest.raises(NotFound):
        world.verify("final")


def test_where_nobody_is_interviewed_the_short_list_is_ranked() -> None:
    """A workflow may go straight on; the lot is drawn from the applications where no panel is."""
    world = Contest()
    world.cohort_id = world.cohort(world.programme(kind="regional_scheme"))
    world.applications = tuple(world.submitted(world.cohort_id) for _ in range(4))
    world.shortlist(application_ids=list(world.applications))
    world.take_in_confirmed(world.sheet([70, 91, 70, 70]))
    with pytest.raises(ScoresMissing) as refused:
        world.finish(("sheet:judgement", 1))
    assert list(refused.value.details["missing"]) == ["criteria"]
    rubric = {**world.call("get_cohort", cohort_id=world.cohort_id).rubric.__dict__}
    rubric["criteria"] = [vars(each) for each in rubric["criteria"]]
    rubric["tie_breaks"] = ["lot"]
    world.cohort_id = world.cohort(world.programme(kind="regional_scheme"), rubric=rubric)
    world.applications = tuple(world.submitted(world.cohort_id) for _ in range(4))
    world.shortlist(application_ids=list(world.applications))
    world.take_in_confirmed(world.sheet([70, 91, 70, 70]))
    dry = world.finish(("sheet:judgement", 1), dry_run=True)
    made = world.finish(("sheet:judgement", 1))
    assert order(dry) == order(made)
    assert order(made)[0] == world.applications[1]
    assert world.status() == ["ranked"] * 4


def test_a_ranking_needs_a_cohort_with_a_rubric() -> None:
    """Without one there is neither a scale nor a pass mark."""
    world = World()
    weights = [{"name": "review", "weight": 1}]
    with pytest.raises(NotFound):
        world.call("rank_final", cohort_id="nowhere", weights=weights, reject_rest=False)
    for changes in ({"rubric": None}, {"programme_id": world.programme(kind="course")}):
        cohort_id = world.cohort(**changes)
        with pytest.raises(NotReviewed):
            world.call("rank_final", cohort_id=cohort_id, weights=weights, reject_rest=False)


shares = st.fractions(0, 1, max_denominator=60)
weights = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@given(weights, st.data())
def test_a_basis_ranks_by_the_exact_weighted_mean(given_weights: list[int], data: Any) -> None:
    """In whichever order its inputs stand, and with no rounding anywhere."""
    number = data.draw(st.integers(0, 12))
    table = [[data.draw(shares) for _ in given_weights] for _ in range(number)]
    parts = [UsedPart(f"sheet:p{n}", weight) for n, weight in enumerate(given_weights)]
    inputs = [Input(f"a{n:02}", NOW, tuple(map(str, row))) for n, row in enumerate(table)]
    basis = Basis.of("c", RUBRIC, "seed", parts, inputs)
    assert basis == Basis.of("c", RUBRIC, "seed", parts, inputs[::-1])
    total = sum(given_weights)
    means = {
        f"a{n:02}": sum((v * w for v, w in zip(row, given_weights, strict=True)), Fraction(0))
        * 5
        / total
        for n, row in enumerate(table)
    }
    entries = basis.entries()
    assert {each.application_id for each in entries} == {id for id, m in means.items() if m >= 3}
    scores = [means[each.application_id] for each in entries]
    assert scores == sorted(scores, reverse=True)


def test_a_basis_is_named_after_what_is_in_it() -> None:
    """Any other score, weight or seed makes another."""
    parts, inputs = [UsedPart("review", 1)], [Input("a", NOW, ("1/2",))]
    one = Basis.of("c", RUBRIC, "seed", parts, inputs)
    others = [
        Basis.of("c", RUBRIC, "other", parts, inputs),
        Basis.of("c", RUBRIC, "seed", [UsedPart("review", 2)], inputs),
        Basis.of("c", RUBRIC, "seed", parts, [Input("a", NOW, ("1/3",))]),
        Basis.of("c", replace(RUBRIC, pass_mark=2), "seed", parts, inputs),
    ]
    assert len({one.id, *(each.id for each in others)}) == 5
