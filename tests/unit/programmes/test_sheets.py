"""Marks from elsewhere: ranks never pass for scores, and what is odd waits for a second person."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.programmes.domain.sheet import AlarmCode, Suspicion
from services.programmes.errors import (
    LooksLikeRanks,
    SecondPersonNeeded,
    SheetNotMatched,
    WrongSheetState,
)
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.programmes.contest import REASON, Contest
from tests.unit.programmes.world import cut_at_every_write

HONEST = (88, 71, 79, 64, 52, 47)
SHORT = REASON[:10]


@pytest.fixture(scope="module")
def reviewed() -> Contest:
    """Six applications, each better than the next by review."""
    world = Contest.reviewed([5, 4, 4, 3, 2, 1], kind="regional_scheme")
    world.shortlist(application_ids=list(world.applications))
    return world


@pytest.fixture
def world(reviewed: Contest) -> Contest:
    """The same for every test."""
    return copied(reviewed)


def copied(world: Contest) -> Contest:
    """Another world with the same in its store."""
    other = Contest(now=world.clock())
    for name, collection in world.database.items():
        for document in collection.find({}):
            other.database[name].insert_one(copy.deepcopy(document))
    other.cohort_id, other.applications = world.cohort_id, world.applications
    other._messages = world._messages
    return other


def codes(report: Any) -> list[str]:
    return [f"{each.code.value}:{each.against}".rstrip(":") for each in report.alarms]


def refused(world: Contest, sheet: dict[str, Any], **arguments: Any) -> str:
    """The id of the version that is kept as evidence of a refusal."""
    with pytest.raises(LooksLikeRanks) as refusal:
        world.take_in(sheet, **arguments)
    assert refusal.value.details["evidence"]
    return str(refusal.value.details["sheet_id"])


def state(world: Contest, sheet_id: str) -> str:
    found = world.call("get_sheet", sheet_id=sheet_id)
    return str(found.summary.state.value)


def test_honest_scores_are_taken_in(world: Contest) -> None:
    """With what was matched, how the values lie, and whose rank moves."""
    report = world.take_in(world.sheet(HONEST))
    assert (report.state, report.number, report.matched) == ("accepted", 1, 6)
    assert (report.alarms, report.problems, report.without_mark) == ((), (), ())
    assert [(v.value, v.number) for v in report.distribution][:2] == [("47", 1), ("52", 1)]
    assert report.compared_with == "sheet_alone"
    found = world.call("get_sheet", sheet_id=report.sheet_id)
    assert [row.value for row in found.marks] == [str(mark) for mark in HONEST]
    assert found.summary.imported_by == "importer"


def test_what_kind_of_numbers_they_are_must_be_said(world: Contest) -> None:
    """There is no default."""
    for name in ("kind", "higher_is_better", "lowest"):
        sheet = world.sheet(HONEST)
        del sheet["column"][name]
        with pytest.raises(Invalid) as refusal:
            world.take_in(sheet)
        assert list(refusal.value.fields) == [f"sheet.column.{name}"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(range(1, 7)), st.booleans(), st.sampled_from([6, 10, 100]))
def test_a_column_of_ranks_said_to_be_scores_is_refused(
    reviewed: Contest, ranks: list[int], higher: bool, highest: int
) -> None:
    """In whichever order and on whichever scale; the version that is kept counts for nothing."""
    world = copied(reviewed)
    sheet = world.sheet(ranks, highest=highest, higher_is_better=higher)
    id = refused(world, sheet)
    assert state(world, id) == "refused"
    with pytest.raises(NotFound):
        world.finish(("review", 1), ("sheet:judgement", 1))


def test_only_a_second_person_overrides_the_refusal_with_a_reason(world: Contest) -> None:
    """Not in the call, not who imported it, not without saying why."""
    id = refused(world, world.sheet([6, 5, 4, 3, 2, 1]))
    with pytest.raises(SecondPersonNeeded):
        world.call("override_refusal", by="importer", sheet_id=id, reason=REASON)
    with pytest.raises(Invalid):
        world.call("override_refusal", by="second", sheet_id=id, reason=SHORT)
    with pytest.raises(WrongSheetState):
        world.call("confirm_scores", by="second", sheet_id=id, reason=REASON)
    view = world.call("override_refusal", by="second", sheet_id=id, reason=REASON)
    assert view.state == "confirmed"
    [made] = view.confirmations
    assert (made.by, made.reason) == ("second", REASON)
    assert [each.code for each in made.alarms] == ["looks_like_ranks"]
    with pytest.raises(WrongSheetState):
        world.call("override_refusal", by="third", sheet_id=id, reason=REASON)


def test_a_refused_column_stays_refused_when_it_comes_again(world: Contest) -> None:
    """The same call gives the same refusal of the same version; another call another version."""
    sheet = world.sheet([1, 2, 3, 4, 5, 6])
    first = refused(world, sheet, message="m")
    assert refused(world, sheet, message="m") == first
    second = refused(world, sheet)
    assert second != first
    assert [state(world, id) for id in (first, second)] == ["refused"] * 2


def test_ranks_said_to_be_ranks_are_taken_in_as_such(world: Contest) -> None:
    """A column that is no row of places is not, without a second person."""
    report = world.take_in(world.sheet([1, 2, 3, 4, 5, 6], kind="rank", higher_is_better=False))
    assert (report.state, report.alarms) == ("accepted", ())
    other = world.sheet(HONEST, kind="rank", higher_is_better=True, name="other")
    report = world.take_in(other)
    assert (report.state, codes(report)) == ("held", ["not_like_ranks"])


def test_a_column_upside_down_is_held_until_a_second_person_confirms_it(world: Contest) -> None:
    """Beside the reviews; held it is not used."""
    report = world.take_in(world.sheet(HONEST[::-1]))
    assert (report.state, codes(report)) == ("held", ["inverted:review"])
    with pytest.raises(SecondPersonNeeded) as refusal:
        world.call("confirm_scores", by="importer", sheet_id=report.sheet_id, reason=REASON)
    assert refusal.value.details["by"] == ["importer"]
    view = world.call("confirm_scores", by="second", sheet_id=report.sheet_id, reason=REASON)
    assert (view.state, view.confirmations[0].by) == ("confirmed", "second")


def test_the_wrong_direction_is_an_inversion_as_well(world: Contest) -> None:
    """Good marks that are said to be better the lower they are."""
    report = world.take_in(world.sheet(HONEST, higher_is_better=False))
    assert codes(report) == ["inverted:review"]


def test_a_sheet_is_held_beside_another_that_it_contradicts(world: Contest) -> None:
    """The alarm names it."""
    world.take_in(world.sheet(HONEST))
    other = world.take_in(world.sheet([30, 41, 44, 62, 71, 83], name="written"))
    assert codes(other) == ["inverted:review", "inverted:sheet:judgement"]


def test_a_column_without_spread_is_held(world: Contest) -> None:
    """All equal."""
    report = world.take_in(world.sheet([50] * 6))
    assert (report.state, codes(report)) == ("held", ["little_spread", "direction_not_shown"])


def test_a_column_that_nothing_shows_the_right_way_up_is_held(world: Contest) -> None:
    """Four marks are too few to tell by, and six that go with the reviews hardly at all."""
    few = world.sheet(HONEST)
    del few["rows"][4:]
    report = world.take_in(few)
    assert (report.state, codes(report)) == ("held", ["direction_not_shown"])
    assert report.alarms[0].detail.startswith("No other scores")
    vague = world.take_in(world.sheet([64, 71, 79, 47, 52, 60], name="vague"))
    assert (vague.state, codes(vague)) == ("held", ["direction_not_shown"])
    assert vague.alarms[0].detail.startswith("Chance alone")


def test_ranks_of_panels_are_refused_as_scores() -> None:
    """Three panels have ranked their ten applicants each: no mark tells one from another's."""
    world = Contest()
    world.cohort_id = world.cohort(world.programme(kind="regional_scheme"))
    world.applications = tuple(world.submitted(world.cohort_id) for _ in range(30))
    ranks = [place % 10 + 1 for place in range(30)]
    id = refused(world, world.sheet(ranks, lowest=1, highest=10))
    assert state(world, id) == "refused"


def test_values_off_the_scale_are_refused_by_row(world: Contest) -> None:
    """Nothing of the sheet is kept."""
    with pytest.raises(Invalid) as refusal:
        world.take_in(world.sheet([101, 71, -1, 64, "52.5", 100]))
    assert list(refusal.value.fields) == ["sheet.rows.0.value", "sheet.rows.2.value"]
    assert world.pages("find_sheets", cohort_id=world.cohort_id) == []


@pytest.mark.parametrize("value", ["", "1e3", "12,5", "1/2", "nan", "٣", " 5", "5\n", "5."])
def test_a_value_is_a_decimal_number(world: Contest, value: str) -> None:
    """As it stands in the sheet, and exact."""
    with pytest.raises(Invalid) as refusal:
        world.take_in(world.sheet([value, *HONEST[1:]]))
    assert list(refusal.value.fields) == ["sheet.rows.0.value"]


def test_rows_that_match_nothing_are_all_named(world: Contest) -> None:
    """Unknown, of another cohort, or there twice; nothing is kept."""
    elsewhere = world.submitted(world.cohort())
    sheet = world.sheet(HONEST)
    sheet["rows"] += [
        {"application_id": id, "value": "60"} for id in ("nobody", elsewhere, world.applications[0])
    ]
    with pytest.raises(SheetNotMatched) as refusal:
        world.take_in(sheet)
    assert refusal.value.details == {
        "unknown": ["nobody"],
        "elsewhere": [elsewhere],
        "repeated": [world.applications[0]],
    }
    dry = world.take_in(sheet, dry_run=True)
    assert (dry.unknown, dry.elsewhere) == (("nobody",), (elsewhere,))
    assert dry.problems == ("not_matched",)
    assert world.pages("find_sheets", cohort_id=world.cohort_id) == []


def test_a_dry_run_shows_everything_and_writes_nothing(world: Contest) -> None:
    """What would be refused as well; who has no mark is named."""
    before = world.database.writes
    sheet = world.sheet([1, 2, 3, 4, 5, 600])
    sheet["rows"] = [*sheet["rows"][:5], {**sheet["rows"][5], "application_id": "nobody"}]
    dry = world.take_in(sheet, dry_run=True)
    assert dry.problems == ("out_of_range", "not_matched")
    assert dry.out_of_range == ("sheet.rows.5.value",)
    assert dry.without_mark == (world.applications[5],)
    ranks = world.take_in(world.sheet([1, 2, 3, 4, 5, 6]), dry_run=True)
    assert ranks.problems == ("looks_like_ranks",)
    assert codes(ranks) == ["looks_like_ranks", "inverted:review"]
    assert len(ranks.moves) == 6
    assert (ranks.sheet_id, ranks.state) == (None, None)
    assert world.database.writes == before


def test_a_correction_is_another_version_and_the_first_is_kept(world: Contest) -> None:
    """The latest counts; what it was is there to be read."""
    first = world.take_in(world.sheet(HONEST))
    second = world.take_in(world.sheet([90, *HONEST[1:]]))
    assert (first.number, second.number) == (1, 2)
    found = world.pages("find_sheets", cohort_id=world.cohort_id, limit=1)
    assert [each.number for each in found] == [1, 2]
    assert world.call("get_sheet", sheet_id=first.sheet_id).marks[0].value == "88"
    world.call("discard_scores", sheet_id=second.sheet_id, reason="Wrong file.")
    made = world.finish(("review", 1), ("sheet:judgement", 1), dry_run=True)
    assert made.parts[1].sheet_id == first.sheet_id


def test_what_a_sheet_was_used_for_is_recorded_and_it_stays(world: Contest) -> None:
    """A version from which a ranking was made cannot be given up."""
    kept = world.take_in(world.sheet(HONEST))
    made = world.finish(("review", 1), ("sheet:judgement", 1))
    summary = world.call("get_sheet", sheet_id=kept.sheet_id).summary
    assert summary.used_in == (made.basis_id,)
    with pytest.raises(WrongSheetState):
        world.call("discard_scores", sheet_id=kept.sheet_id, reason="Invented.")


def test_what_the_correction_of_a_sheet_in_use_would_move(world: Contest) -> None:
    """By the weights of the ranking that there is."""
    world.take_in(world.sheet(HONEST))
    world.finish(("sheet:judgement", 1))
    dry = world.take_in(world.sheet([50, *HONEST[1:5], 99]), dry_run=True)
    assert dry.compared_with == "final"
    last = world.applications[5]
    moved = {each.application_id: (each.rank_before, each.rank_after) for each in dry.moves}
    assert moved[last] == (None, 1)
    assert moved[world.applications[0]] == (1, None)


def test_an_import_that_broke_off_is_completed_by_the_same_call() -> None:
    """Wherever it was cut off there is one version."""
    base = Contest.reviewed([5, 4, 4, 3])
    base.shortlist(application_ids=list(base.applications))

    def act(world: Contest) -> None:
        world.take_in(world.sheet([80, 72, 65, 31]), message="m")

    for world in cut_at_every_write(act, lambda: copied(base)):
        [found] = world.pages("find_sheets", cohort_id=world.cohort_id)
        assert (found.number, found.state) == (1, "held")


def test_two_sheets_are_seldom_held_for_nothing(reviewed: Contest) -> None:
    """Marks that go with the reviews, with the noise that there is, pass nine times in ten."""
    draw, held = random.Random(7), 0
    for _ in range(100):
        noisy = [
            min(100, max(0, round(15 * points + draw.gauss(20, 9))))
            for points in (5, 4, 4, 3, 2, 1)
        ]
        report = reviewed.take_in(reviewed.sheet(noisy), dry_run=True)
        held += bool(report.alarms)
    assert held <= 10


def test_a_kept_sheet_that_turns_out_to_be_ranks_is_held_and_still_the_latest(
    world: Contest,
) -> None:
    """So that the version before it does not take its place unseen."""
    world.take_in(world.sheet(HONEST))
    latest = world.take_in(world.sheet([90, *HONEST[1:]]))
    found = (Suspicion(AlarmCode.LOOKS_LIKE_RANKS, "Seen later."),)
    sheets = world.repository("score_sheets")
    sheets.change(latest.sheet_id, lambda sheet: sheet.look(found))
    assert state(world, latest.sheet_id) == "held"
    assert sheets.latest(world.cohort_id, "judgement").id == latest.sheet_id


def test_two_versions_at_once_are_two(world: Contest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes second is told to try again."""
    world.take_in(world.sheet(HONEST))
    monkeypatch.setattr(world.repository("score_sheets"), "versions", lambda *_: [])
    with pytest.raises(Conflict):
        world.take_in(world.sheet(HONEST))
    monkeypatch.undo()
    assert world.take_in(world.sheet(HONEST)).number == 2


def test_a_sheet_needs_its_cohort(world: Contest) -> None:
    """As everything that is asked of one."""
    with pytest.raises(NotFound):
        world.call("import_scores", cohort_id="nowhere", sheet=world.sheet(HONEST))
    with pytest.raises(NotFound):
        world.call("find_sheets", cohort_id="nowhere")
    with pytest.raises(NotFound):
        world.call("get_sheet", sheet_id="nowhere")
    with pytest.raises(Invalid) as refusal:
        world.take_in(world.sheet(HONEST, lowest=100), dry_run=True)
    assert "sheet.column.highest" in refusal.value.fields


def test_a_member_is_given_their_own_marks(world: Contest) -> None:
    """Of every version that counts or did, and nobody else's."""
    world.take_in(world.sheet(HONEST))
    refused(world, world.sheet([6, 5, 4, 3, 2, 1]))
    holdings = world.app.forget_member.keywords["holdings"]
    given_out = list(holdings.disclosed(world.member_of(world.applications[1])))
    [mark] = [each["data"] for each in given_out if each["record"] == "Mark"]
    assert (mark["value"], mark["sheet"], mark["used"]) == ("71", "judgement", False)
    assert mark["application_id"] == world.applications[1]
