"""Rounds measured before their release: figures of groups, and never of a few people."""

import json
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.disclosure import Cells
from services.research.domain.fairness import CohortFairness
from services.research.domain.indicator import Reason, indicator
from services.research.events import Figure
from services.research.reference import load_comparisons
from shared.errors import Unavailable
from shared.events import from_document, to_document
from tests.unit.research.builders import CODES, COHORT, COMPARISONS, NOW, Service
from tests.unit.world import CutOff

(ETHNICITY,) = (each for each in COMPARISONS if each.characteristic == "ethnicity")


def figure_of(service: Service, characteristic: str = "ethnicity", which: int = -1) -> Figure:
    """A figure of the latest measurement, or another."""
    figures = service.measured()[which].figures
    (found,) = (each for each in figures if each.characteristic == characteristic)
    return found


def field(service: Service, white: int = 50, bme: int = 50) -> tuple[list[str], list[str]]:
    """The shortlisted of a cohort, all of whom answered: white and Indian."""
    return service.people(white, "A", "shortlisted"), service.people(bme, "H", "shortlisted")


def test_a_skewed_round_is_flagged(service: Service) -> None:
    """20 of 50 against 40 of 50 is half as likely, and outside the range."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    (told,) = service.measured()
    assert (told.round_id, told.measured_round_id, told.cohort_id) == ("r1", "r1", COHORT)
    assert told.measured_on == NOW.date()
    figure = figure_of(service)
    assert (figure.relative_likelihood, figure.outside_range, figure.reason) == (0.5, True, None)


def test_an_even_round_is_not_flagged(service: Service) -> None:
    """30 of 50 against 30 of 50 is as likely."""
    white, bme = field(service)
    service.propose("r1", white[:30] + bme[:30], white + bme)
    figure = figure_of(service)
    assert (figure.relative_likelihood, figure.outside_range, figure.reason) == (1, False, None)


def test_every_declared_comparison_is_told_of(service: Service) -> None:
    """Also where there is no figure, which has a reason."""
    white, bme = field(service)
    service.propose("r1", white[:30] + bme[:30], white + bme)
    (told,) = service.measured()
    named = [(each.characteristic, each.group, each.reference) for each in told.figures]
    assert named == [(each.characteristic, each.group, each.reference) for each in COMPARISONS]
    others = [each for each in told.figures if each.characteristic != "ethnicity"]
    assert {(each.relative_likelihood, each.outside_range) for each in others} == {(None, None)}
    assert {each.reason for each in others} == {"no_applicants"}


def test_only_those_shortlisted_are_counted(service: Service) -> None:
    """Whoever applied and was not shortlisted does not change the figure."""
    white, bme = field(service)
    service.people(200, "A")
    service.propose("r1", white[:40] + bme[:20], white + bme)
    assert figure_of(service).relative_likelihood == 0.5


def test_nobody_proposed_of_a_group_is_flagged(service: Service) -> None:
    """0 of 50 against 40 of 50 is a ratio of 0."""
    white, bme = field(service)
    service.propose("r1", white[:40], white + bme)
    figure = figure_of(service)
    assert (figure.relative_likelihood, figure.outside_range, figure.reason) == (0, True, None)


def test_nobody_proposed_of_the_reference_is_flagged(service: Service) -> None:
    """There is no ratio to 0, but it is outside any range."""
    white, bme = field(service)
    service.propose("r1", bme[:40], white + bme)
    figure = figure_of(service)
    assert (figure.relative_likelihood, figure.outside_range) == (None, True)
    assert figure.reason == "nobody_reached_in_reference"


def test_nobody_proposed_of_either_is_not_flagged() -> None:
    """Where neither group has anybody nothing can be said."""
    figure = ETHNICITY.figure(indicator(Cells(0, 50), Cells(0, 50)))
    assert (figure.relative_likelihood, figure.outside_range) == (None, None)
    assert figure.reason == "nobody_reached_in_reference"


@pytest.mark.parametrize("few", [1, 7])
def test_a_small_cell_suppresses_the_figure(service: Service, few: int) -> None:
    """Up to seven of a group proposed are not told of, not as a flag either."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:few], white + bme)
    figure = figure_of(service)
    assert (figure.relative_likelihood, figure.outside_range) == (None, None)
    assert figure.reason == "small_numbers"


def test_a_proposal_of_a_few_is_not_measured(service: Service) -> None:
    """Fewer than eight people have no figures, whatever they answered or did not."""
    white, bme = field(service)
    service.propose("r1", [], [])
    service.propose("r2", [f"silent-{n}" for n in range(7)], white + bme)
    for told in service.measured():
        assert {each.reason for each in told.figures} == {"small_numbers"}
    assert service.stored("releases") == []


def test_a_proposal_is_measured_once(service: Service) -> None:
    """Delivered again, by the same message or another, and with other answers, nothing is told."""
    white, bme = field(service)
    for message in ("m1", "m1", "m2"):
        service.propose("r1", white[:40] + bme[:20], white + bme, message)
        service.answer(bme[0], ethnicity="A")
    assert len(service.measured()) == 1


def test_a_measurement_that_was_cut_off_is_completed() -> None:
    """After a crash at any write the same delivery tells the same figures, once."""
    told = []
    for writes in range(200):
        service = Service()
        white, bme = field(service)
        service.database.left = writes
        try:
            service.propose("r1", white[:20] + bme[:10], white + bme, "m1")
        except (CutOff, Unavailable):
            service.database.left = None
            service.propose("r1", white[:20] + bme[:10], white + bme, "m1")
            told.append(service.measured())
        else:
            told.append(service.measured())
            break
    assert len(told) > 30
    assert all(events == told[0] and len(events) == 1 for events in told)


def test_stages_may_arrive_after_the_proposal(service: Service) -> None:
    """The proposal says who was shortlisted, so that its figures do not depend on the order."""
    names = [f"q{n}" for n in range(100)]
    for number, name in enumerate(names):
        service.answer(name, ethnicity="A" if number < 50 else "H")
    service.propose("r1", names[:40] + names[50:70], names)
    assert figure_of(service).relative_likelihood == 0.5
    for name in names:
        service.reach(name, "submitted", "shortlisted")
    service.propose("r1", names[:40] + names[50:70], names, "again")
    assert len(service.measured()) == 1
    assert service.cohort().stages == {"shortlisted": 100, "submitted": 100}


def test_proposals_are_no_stage_that_can_be_asked_for(service: Service) -> None:
    """How many would be made an offer is not among the counts of a cohort."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    assert set(service.cohort().stages) == {"submitted", "shortlisted"}


# Rounds that differ in few people


def test_rounds_measured_at_once_are_decided_one_after_the_other(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that differ in one person are not both measured, though neither knew of the other."""
    white, bme = field(service)
    read = service.facts.proposed

    def meanwhile(cohort_id: str) -> dict[str, frozenset[str]]:
        monkeypatch.setattr(service.facts, "proposed", read)
        known = read(cohort_id)
        service.propose("r1", white[:40] + bme[:20], white + bme)
        return known

    monkeypatch.setattr(service.facts, "proposed", meanwhile)
    service.propose("r2", white[:40] + bme[:21], white + bme)
    first, second = service.measured()
    assert (first.round_id, second.round_id) == ("r1", "r2")
    assert second.measured_round_id == "r1"


def test_a_round_changed_by_a_few_has_the_earlier_figures(service: Service) -> None:
    """Whoever exchanges one person learns nothing of either."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    service.propose("r2", white[1:40] + bme[:21], white + bme)
    first, second = service.measured()
    assert (second.round_id, second.measured_round_id) == ("r2", "r1")
    assert second.figures == first.figures
    assert len(service.stored("releases")[0]["releases"]) == 1


def test_that_does_not_depend_on_what_they_answered(service: Service) -> None:
    """One added who never answered is met as any other, or that they did not would be told."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    service.propose("r2", [*white[:40], *bme[:20], "silent"], [*white, *bme, "silent"])
    assert service.measured()[1].measured_round_id == "r1"


def test_the_same_round_again_has_the_same_figures(service: Service) -> None:
    """Prepared anew without a change it is measured as before."""
    white, bme = field(service)
    for round_id in ("r1", "r2"):
        service.propose(round_id, white[:40] + bme[:20], white + bme)
    first, second = service.measured()
    assert (second.measured_round_id, second.figures) == ("r1", first.figures)


def test_a_round_with_a_few_new_and_many_gone_is_not_measured(service: Service) -> None:
    """The few that an earlier round did not have could be found by subtraction."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    service.propose("r2", white[:10] + bme[:23], white + bme)
    second = service.measured()[1]
    assert {each.reason for each in second.figures} == {"disclosure_risk"}


def test_a_round_that_differs_by_enough_is_measured(service: Service) -> None:
    """Others who are many have figures of their own."""
    white, bme = field(service)
    service.propose("r1", white[:20] + bme[:20], white + bme)
    service.propose("r2", white[20:40] + bme[20:30], white + bme)
    assert service.measured()[1].measured_round_id == "r2"
    assert figure_of(service).relative_likelihood == 0.5


def test_a_small_part_between_two_rounds_is_not_told(service: Service) -> None:
    """Eight came, of whom a few are of one group: the shared history refuses that."""
    white, bme = field(service)
    service.propose("r1", white[:20] + bme[:20], white + bme)
    service.propose("r2", white[:26] + bme[:22], white + bme)
    assert figure_of(service).reason == "disclosure_risk"


def test_a_measured_round_limits_what_is_shown_later(service: Service) -> None:
    """Beside it a stage that all but three of them reached is told as it was before."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    for name in white[:37] + bme[:20]:
        service.reach(name, "offered")
    measured_at = service.clock()
    service.clock.now += timedelta(days=1)
    view = service.ask(base="shortlisted", stage="offered")
    assert (view.as_of, view.group.reached) == (measured_at, 0)


def test_a_stage_that_all_proposed_reached_is_shown(service: Service) -> None:
    """Once the offers of the round are made, the indicator of offers is that of the round."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    for name in white[:40] + bme[:20]:
        service.reach(name, "offered")
    view = service.ask(base="shortlisted", stage="offered", group="bme", reference="white")
    assert view.relative_likelihood == figure_of(service).relative_likelihood == 0.5


def test_a_round_is_not_measured_on_data_from_before_it(service: Service) -> None:
    """Where today's data will not do, earlier ones, which know nobody as proposed, will not."""
    white, bme = field(service)
    few = service.people(3, "M", "shortlisted")
    shortlisted = white + bme + few
    assert not service.ask(group="H", reference="A").suppressed
    service.propose("r1", white[:40] + bme[:20] + few, shortlisted)
    assert figure_of(service).reason == "disclosure_risk"


def test_a_cohorts_measurements_survive_the_store() -> None:
    """What is written is what is read."""
    found = CohortFairness(COHORT)
    people = {"r1": frozenset(map(str, range(10)))}
    found.decide("r1", people)
    found.tell("r1", [ETHNICITY.nothing(Reason.SUPPRESSED)], NOW.date())
    found.forget_recorded()
    assert from_document(CohortFairness, to_document(found)) == found


def test_no_pseudonym_is_told(service: Service) -> None:
    """What goes out names groups and rounds, and has no count."""
    white, bme = field(service)
    service.propose("r1", white[:40] + bme[:20], white + bme)
    text = " ".join(
        entry["data"] for document in service.stored("fairness") for entry in document["outbox"]
    )
    assert not [name for name in white + bme if f'"{name}"' in text]
    assert set(json.loads(text)["figures"][0]) == {
        "characteristic",
        "group",
        "reference",
        "relative_likelihood",
        "outside_range",
        "reason",
    }


sets = st.frozensets(st.integers(0, 40).map(str), max_size=41)


@given(st.lists(sets, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_rounds_that_are_measured_differ_by_none_or_many(
    proposals: list[frozenset[str]], order: random.Random
) -> None:
    """Of any two that have figures of their own, neither side has one to seven people more."""
    people = {f"r{n}": each for n, each in enumerate(proposals)}
    found, ids = CohortFairness(COHORT), list(people)
    order.shuffle(ids)
    for id in ids:
        found.decide(id, people)
    own = [people[each.round_id] for each in found.rounds if each.measured == each.round_id]
    for one in own:
        assert len(one) >= 8
        for other in own:
            assert len(one - other) not in range(1, 8)


def test_the_seed_names_groups_that_there_are() -> None:
    """Every comparison is of two groups of the code list that share no code."""
    assert load_comparisons(CODES) == COMPARISONS
    for each in COMPARISONS:
        assert each.members and each.others
        assert not set(each.members) & set(each.others)
