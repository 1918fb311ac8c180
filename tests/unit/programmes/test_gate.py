"""The gate before a release: every alarm rings for what it is about, and is silent otherwise."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from services.programmes.domain.gate import (
    SHOWN,
    FindingCode,
    Situation,
    finding,
    inversions,
    over_capacity,
    repeated,
)
from services.programmes.domain.sheet import Alarm, AlarmCode
from services.programmes.errors import ReasonNeeded, ReleaseBlocked
from services.programmes.subscriptions import (
    FairnessMeasured,
    Figure,
    MemberMerged,
    MemberUnmerged,
    StandingChanged,
)
from shared.events import dump
from tests.unit.programmes.offers import Scene, match, prefer, rank, ranked
from tests.unit.programmes.world import World

POSTS = {"city": 1, "valley": 1}
WISHES = [["city", "valley"], ["city", "valley"], ["city"]]
LATER = count(10)


def codes(here: Scene, round_id: str) -> list[str]:
    check = here.world.call("check_release", round_id=round_id)
    return [each.code for each in check.findings]


def found(here: Scene, round_id: str, code: str) -> Any:
    check = here.world.call("check_release", round_id=round_id)
    (one,) = [each for each in check.findings if each.code == code]
    return one


def test_a_round_like_any_other_has_no_findings() -> None:
    """Measured, of unchanged preferences, for current members."""
    here = ranked(World(), POSTS, WISHES)
    assert codes(here, here.approved()) == []


def test_a_round_that_was_not_measured_is_not_known_to_be_fair() -> None:
    """Until research has told its figures; one outside the range is named."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.prepare().round_id
    assert codes(here, round_id) == ["fairness_missing"]
    here.measure(round_id)
    assert codes(here, round_id) == []
    here.measure(round_id, flagged=True)
    assert found(here, round_id, "fairness_flagged").about == ("sex: women beside men",)


def test_figures_that_are_not_shown_are_not_passed() -> None:
    """Whoever releases the round is shown every figure that there is, and gives a reason."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.approved()
    check = here.world.call("check_release", round_id=round_id)
    (shown,) = check.fairness
    assert (shown.characteristic, shown.group, shown.reference) == ("sex", "women", "men")
    assert (shown.relative_likelihood, shown.shown, shown.reason) == (1.0, True, None)
    hidden = Figure("sex", "women", "men", None, None, "small_numbers")
    tell(here, round_id, hidden, Figure("age", "old", "young", None, None, "no_applicants"))
    assert codes(here, round_id) == ["fairness_not_shown"]
    assert found(here, round_id, "fairness_not_shown").about == (
        "sex: women beside men, small_numbers",
        "age: old beside young, no_applicants",
    )
    assert not found(here, round_id, "fairness_not_shown").blocking
    check = here.world.call("check_release", round_id=round_id)
    assert [each.shown for each in check.fairness] == [False, False]
    with pytest.raises(ReasonNeeded):
        here.world.call("release_round", by="releaser", round_id=round_id)
    tell(here, round_id, hidden, Figure("age", "old", "young", None, True, "nobody_reached"))
    assert found(here, round_id, "fairness_flagged").about == ("age: old beside young",)


def test_before_it_was_measured_there_are_no_figures() -> None:
    """Which is not to say that there is nothing in them."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.prepare().round_id
    assert here.world.call("check_release", round_id=round_id).fairness is None
    tell(here, round_id)
    assert here.world.call("check_release", round_id=round_id).fairness == ()
    assert found(here, round_id, "fairness_not_shown").about == (round_id,)


def tell(here: Scene, round_id: str, *figures: Figure) -> None:
    """Let research tell these of a round, in place of what it told before."""
    told = FairnessMeasured(round_id, round_id, figures, here.world.today)
    here.world.repository("fairness").put(round_id, "figures", next(LATER), dump(told))


def test_two_offers_to_one_person_block_the_release() -> None:
    """Two lines, or a line beside an offer that stands; no reason helps."""
    here = ranked(World(), {"city": 1, "valley": 1}, [["city"], ["valley"], ["valley"]])
    round_id = here.approved()
    here.world.tell(MemberMerged(here.members[1], here.members[0]))
    both = found(here, round_id, "feasibility")
    assert (both.about, both.blocking) == (tuple(here.ids[:2]), True)
    assert "one person" in both.detail
    assert "inversion" not in codes(here, round_id)
    here.world.tell(MemberUnmerged(here.members[1]))
    here.world.call("release_round", by="releaser", round_id=round_id)
    here.answer(1, "decline")
    round_id = here.approved()
    here.world.tell(MemberMerged(here.members[0], here.members[2]))
    assert found(here, round_id, "feasibility").about == (here.ids[2],)
    with pytest.raises(ReleaseBlocked):
        here.world.call("release_round", by="releaser", round_id=round_id, reason="Never mind.")


def test_who_has_a_place_by_another_application_is_not_passed_over() -> None:
    """One of a person's is considered, and that one has what it can get."""
    here = ranked(World(), {"city": 1, "valley": 1}, [["city"], ["valley"], ["city"]])
    here.world.tell(MemberMerged(here.members[0], here.members[1]))
    here.match_id = match(here.world, here.cohort_id)
    round_id = here.approved()
    assert codes(here, round_id) == []
    here.world.tell(MemberUnmerged(here.members[0]))
    assert found(here, round_id, "inversion").about == (here.ids[0],)


def test_a_ranking_turned_upside_down_is_noticed() -> None:
    """As when ranks are taken for scores: the round is stale, and passes people over."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.approved()
    rank(here.world, here.cohort_id, here.ids[::-1])
    assert codes(here, round_id) == ["inversion", "stale"]
    about = found(here, round_id, "inversion").about
    assert set(about) == {here.ids[1], here.ids[2]}


def test_whose_place_is_not_what_the_scores_give_now_is_noticed() -> None:
    """The round may still be what the ranking says, and the ranking is wrong."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.approved()
    gate = here.world.app.check_release.keywords["gate"]
    assert gate.changed_places(here.cohort_id) == ()
    told = replace(gate, changed_places=lambda _: here.ids[:1])
    (found,) = told.findings(here.world.repository("offer_rounds").get(round_id))
    assert (found.code, found.about) == ("scores_changed", tuple(here.ids[:1]))


def test_a_preference_that_has_changed_since_is_noticed() -> None:
    """That somebody gets what they do not want any more is a fault that no reason justifies."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.approved()
    prefer(here.world, here.cohort_id, here.ids[2], ["valley"])
    assert codes(here, round_id) == ["stale"]
    prefer(here.world, here.cohort_id, here.ids[1], ["city"])
    assert codes(here, round_id) == ["feasibility", "stale"]
    assert found(here, round_id, "feasibility").about == (here.ids[1],)
    assert found(here, round_id, "feasibility").blocking


def test_who_cannot_take_an_offer_is_noticed() -> None:
    """Suspended, lapsed, withdrawn, no longer eligible: each by its own name."""
    world = World()
    here = ranked(world, {"city": 4}, [["city"]] * 4)
    round_id = here.approved()
    here.suspend(0)
    world.tell(StandingChanged(here.members[1], "lapsed"))
    world.bring(here.ids[2], "withdrawn")
    assert found(here, round_id, "paused").about == (here.ids[0],)
    assert found(here, round_id, "not_current").about == (here.ids[0], here.ids[1])
    assert found(here, round_id, "out_of_reach").about == (here.ids[2],)
    assert not found(here, round_id, "paused").blocking


def test_a_member_who_is_no_longer_eligible_is_noticed() -> None:
    """By the programme's rules as they are now."""
    world = World()
    here = ranked(world, {"city": 1}, [["city"]])
    round_id = here.approved()
    programme_id = world.call("get_cohort", cohort_id=here.cohort_id).programme_id
    programmes = world.repository("programmes")
    rules = programmes.get(programme_id).prospectus.eligibility

    def narrow(programme: Any) -> None:
        changed = type(rules)(**{**vars(rules), "professions": ("pharmacist",)})
        prospectus = programme.prospectus
        programme.prospectus = type(prospectus)(**{**vars(prospectus), "eligibility": changed})

    programmes.change(programme_id, narrow)
    assert codes(here, round_id) == ["not_eligible"]


def test_fewer_places_than_offers_block_the_release() -> None:
    """As when a host has withdrawn one."""
    here = ranked(World(), {"city": 2}, [["city"], ["city"]])
    round_id = here.approved()
    arguments = {"cohort_id": here.cohort_id, "post_id": "city", "reason": "The host cannot."}
    here.world.call("change_post_capacity", capacity=1, **arguments)
    capacity = found(here, round_id, "capacity")
    assert (capacity.about, capacity.blocking) == (("city",), True)
    with pytest.raises(ReleaseBlocked):
        here.world.call("release_round", by="releaser", round_id=round_id, reason="Never mind.")


def test_a_release_with_findings_needs_a_reason() -> None:
    """Which is recorded with the findings; blanks are none."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.prepare().round_id
    here.world.call("approve_round", by="approver", round_id=round_id)
    for reason in ("", "  "):
        with pytest.raises(ReasonNeeded) as error:
            here.world.call("release_round", by="releaser", round_id=round_id, reason=reason)
        assert error.value.details["findings"] == ["fairness_missing"]
    why = "Research is closed; agreed by the chair."
    view = here.world.call("release_round", by="releaser", round_id=round_id, reason=why)
    assert [each.code for each in view.findings] == ["fairness_missing"]
    assert why in [e.reason for e in here.world.repository("offer_rounds").trail(round_id)]
    here.measure(round_id)
    assert codes(here, round_id) == ["fairness_missing"]


def test_an_offer_to_who_comes_later_passes_over_who_waits_for_an_answer() -> None:
    """Who has an open offer would rather have what was declined; whoever releases knows it."""
    here = ranked(World(), POSTS, WISHES)
    here.release()
    here.answer(0, "decline")
    round_id = here.approved()
    assert found(here, round_id, "inversion").about == (here.ids[1],)
    here.answer(1, "accept")
    assert codes(here, round_id) == []


def test_alarms_about_the_scores_are_alarms_about_the_round() -> None:
    """Each with the sheet it is about, and who has confirmed it."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.approved()
    odd = Alarm("panel", 2, AlarmCode.LOOKS_LIKE_RANKS)
    confirmed = replace(odd, number=1, confirmed_by="somebody")
    gate = here.world.app.check_release.keywords["gate"]
    object.__setattr__(gate, "score_alarms", lambda _: [odd, confirmed])
    assert found(here, round_id, "scores").about == (
        "panel 2: looks_like_ranks",
        "panel 1: looks_like_ranks, confirmed by somebody",
    )


def test_a_match_whose_certificate_does_not_hold_blocks_the_release() -> None:
    """Whatever reason is given."""
    here = ranked(World(), POSTS, WISHES)
    round_id = here.approved()

    def spoil(match: Any) -> None:
        match.certificate = replace(match.certificate, blocking=1)

    here.world.repository("matches").change(here.match_id, spoil)
    assert found(here, round_id, "certificate").blocking
    with pytest.raises(ReleaseBlocked):
        here.world.call("release_round", by="releaser", round_id=round_id, reason="Never mind.")


def situation(**changes: Any) -> Situation:
    plain: dict[str, Any] = {
        "order": ("a", "b", "c"),
        "wanted": {"a": (("x",), ("y",)), "b": (("x",),), "c": (("y", "x"),)},
        "has": {"a": "x", "c": "y"},
        "given": {"a": "x", "c": "y"},
        "ranks": {},
    }
    return Situation(**{**plain, **changes})


@pytest.mark.parametrize(
    ("changes", "passed_over"),
    [
        ({}, []),
        ({"given": {"c": "x"}, "has": {"c": "x"}}, ["a", "b"]),
        ({"given": {"c": "x"}, "has": {"a": "y", "c": "x"}}, ["a", "b"]),
        ({"given": {"b": "x"}, "has": {"b": "x", "a": "x"}}, []),
        ({"given": {"c": "x"}, "has": {"c": "x"}, "wanted": {"c": (("x",),)}}, []),
        ({"given": {"c": "x"}, "has": {"c": "x"}, "ranks": {"x": {"c": 0, "b": 1}}}, []),
        ({"given": {"a": "x"}, "has": {"a": "x"}, "ranks": {"x": {"b": 0, "a": 1}}}, ["b"]),
    ],
)
def test_who_is_passed_over(changes: dict[str, Any], passed_over: list[str]) -> None:
    """By the selection order, or by the order of a post that ranks for itself."""
    assert inversions(situation(**changes)) == passed_over


def test_findings_name_the_first_and_count_all() -> None:
    """And there is none about nobody."""
    (one,) = finding(FindingCode.PAUSED, map(str, range(SHOWN + 9)))
    assert (one.number, len(one.about)) == (SHOWN + 9, SHOWN)
    assert list(finding(FindingCode.PAUSED, ())) == []
    assert over_capacity({"x": 2, "y": 1}, {"x": 1, "y": 1}) == ["x"]
    assert repeated(["a", "b", "a", "a"]) == ["a", "a"]
