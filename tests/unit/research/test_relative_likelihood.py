"""The indicator from facts and answers, as callers see it."""

from dataclasses import fields, is_dataclass

import pytest

from services.research import schemas
from services.research.errors import DisclosureRisk
from shared.errors import Invalid, NotFound
from shared.events import dump
from shared.testing import error_of
from tests.unit.research.builders import Service


def test_the_figures_come_with_all_that_is_needed_to_read_them(example: Service) -> None:
    """Counts, ratio, interval, test, n, names, method and time; no figure is missing."""
    view = example.ask()
    assert (view.group.reached, view.group.not_reached, view.group.total) == (40, 40, 80)
    assert (view.reference.reached, view.reference.total, view.reference.rate) == (20, 80, 0.25)
    assert view.relative_likelihood == 2
    assert view.ci_low is not None and view.ci_high is not None
    assert view.ci_low < 2 < view.ci_high
    assert view.test == "pearson_chi_squared_uncorrected"
    assert (view.n, view.outside_range, view.suppressed) == (160, True, False)
    assert (view.reasons, view.cohort_title) == ({}, "2027/28")
    assert view.as_of == example.clock.now
    assert view.estimator and view.notes


def nulls(view: object, prefix: str = "") -> set[str]:
    assert is_dataclass(view)
    found: set[str] = set()
    for item in fields(view):
        value = getattr(view, item.name)
        if is_dataclass(value):
            found |= nulls(value, f"{item.name}.")
        elif value is None:
            found.add(prefix + item.name)
    return found


@pytest.mark.parametrize(
    "white, bme",
    [
        ((3, 60), (30, 50)),
        ((0, 0), (30, 50)),
        ((0, 0), (0, 0)),
        ((20, 40), (0, 50)),
        ((0, 40), (20, 50)),
        ((0, 40), (0, 50)),
        ((40, 0), (50, 0)),
        ((0, 10), (10, 190)),
        ((40, 60), (30, 50)),
    ],
)
def test_every_null_has_its_reason(
    service: Service, white: tuple[int, int], bme: tuple[int, int]
) -> None:
    """Figures that are null, and no others, are named in ``reasons``."""
    service.open_cohort()
    for code, (reached, not_reached) in (("A", white), ("H", bme)):
        service.people(reached, code, "shortlisted")
        service.people(not_reached, code)
    view = service.ask()
    assert nulls(view) == set(view.reasons)


def test_the_view_has_a_wire_form(example: Service) -> None:
    """The response can be written as JSON by its schema."""
    wire = dump(example.ask())
    assert wire["group"]["codes"] == ["A", "B", "C"]
    assert wire["as_of"] == "2027-01-20T09:00:00+00:00"


def test_small_numbers_are_null_with_a_reason(service: Service) -> None:
    """A suppressed figure is null, never 0."""
    service.people(7, "A", "shortlisted")
    service.people(60, "A")
    service.people(30, "H", "shortlisted")
    service.people(50, "H")
    view = service.ask()
    assert view.suppressed
    assert (view.group.reached, view.reference.total, view.relative_likelihood) == (None,) * 3
    assert view.reasons["group.reached"] == view.reasons["reference.reached"] == "small_numbers"


def test_counted_are_applicants_with_a_known_answer(example: Service) -> None:
    """Declined, unknown, silent, withdrawn and those of other cohorts are not counted."""
    example.people(10, "Z", "shortlisted")
    example.people(10, "99", "shortlisted")
    for name in example.people(10, "A", "shortlisted"):
        example.withdraw(name)
    for number in range(10):
        example.reach(f"silent{number}", "submitted", "shortlisted")
        example.answer(f"elsewhere{number}", ethnicity="A")
        example.reach(f"elsewhere{number}", "submitted", "shortlisted", cohort_id="cohort-2")
        example.answer(f"never-applied{number}", ethnicity="A")
        example.reach(f"never-applied{number}", "shortlisted")
    view = example.ask()
    assert (view.group.reached, view.group.total, view.n) == (40, 80, 160)


def test_a_fact_heard_twice_counts_once(example: Service) -> None:
    """Redelivery changes nothing."""
    for number in range(160):
        example.reach(f"p{number}", "submitted")
    assert example.ask().n == 160
    assert example.cohort().stages == {"shortlisted": 60, "submitted": 160}


def test_a_few_changes_are_not_shown(example: Service) -> None:
    """Seven people more leave the figures and their time as they were, and the notes say so."""
    before = example.ask()
    example.clock.advance(days=1)
    example.people(7, "A", "shortlisted")
    after = example.ask()
    assert dump(after) == dump(before) | {"notes": [*before.notes, schemas.STANDING_NOTE]}


def test_eight_changes_are_shown(example: Service) -> None:
    """Eight people more are a new release."""
    example.ask()
    example.clock.advance(days=1)
    example.people(8, "A", "shortlisted")
    view = example.ask()
    assert (view.group.reached, view.as_of) == (50, example.clock.now)


def test_a_table_that_could_be_differenced_is_refused(example: Service) -> None:
    """Asian is bme but for three people; the refusal is coded and leaves the history alone."""
    example.people(3, "M")
    example.ask()
    refused = error_of(lambda: example.ask(reference="asian"))
    assert isinstance(refused, DisclosureRisk)
    (history,) = example.stored("releases")
    assert len(history["releases"]) == 1


def test_the_history_names_nobody(example: Service) -> None:
    """Counts by code are kept, pseudonyms are not."""
    example.ask()
    (history,) = example.stored("releases")
    assert "'p1'" not in str(history)


def test_codes_and_groupings_may_be_compared(example: Service) -> None:
    """A group is a code or a grouping of codes."""
    view = example.ask(group="A", reference="H")
    assert (view.group.codes, view.reference.codes) == (("A",), ("H",))


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"characteristic": "shoes"}, "characteristic"),
        ({"group": "martian"}, "group"),
        ({"reference": "Z"}, "reference"),
        ({"reference": "99"}, "reference"),
        ({"reference": "A"}, "reference"),
        ({"group": "bme"}, "reference"),
        ({"stage": "knighted"}, "stage"),
    ],
)
def test_what_cannot_be_compared_is_named(
    example: Service, changes: dict[str, str], field: str
) -> None:
    """Unknown names, codes that tell nothing and overlapping groups are refused by field."""
    refused = error_of(lambda: example.ask(**changes))
    assert isinstance(refused, Invalid)
    assert set(refused.fields) == {field}


def test_an_unheard_of_cohort_is_not_found(service: Service) -> None:
    """A cohort with neither title nor facts does not exist."""
    assert isinstance(error_of(service.ask), NotFound)
    assert isinstance(error_of(service.cohort), NotFound)


def test_the_newest_title_stands(service: Service) -> None:
    """An older event that comes late changes nothing."""
    service.open_cohort("new", sequence=2)
    service.open_cohort("old", sequence=1)
    assert service.cohort().title == "new"
