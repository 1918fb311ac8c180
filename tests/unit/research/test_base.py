"""Indicators among those who reached a stage, such as who was appointed from shortlisting."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.disclosure import (
    APPLIED,
    Cells,
    Row,
    Snapshot,
    Table,
    Tally,
    is_small,
)
from services.research.domain.releases import Release, ReleaseHistory
from services.research.errors import DisclosureRisk
from shared.errors import Invalid
from shared.events import from_document, to_document
from shared.testing import error_of
from tests.unit.research.builders import CODES, NOW, Service

STAGES = CODES.stages
WHITE, ASIAN = ("A",), ("H",)


def test_appointed_from_shortlisting(service: Service) -> None:
    """40 of 80 white and 10 of 40 Indian applicants on the shortlist accepted: twice as likely."""
    service.people(40, "A", "shortlisted", "accepted")
    service.people(40, "A", "shortlisted")
    service.people(100, "A")
    service.people(10, "H", "shortlisted", "accepted")
    service.people(30, "H", "shortlisted")
    view = service.ask(base="shortlisted", stage="accepted")
    assert (view.base, view.stage) == ("shortlisted", "accepted")
    assert (view.group.reached, view.group.not_reached) == (40, 40)
    assert (view.reference.reached, view.reference.not_reached) == (10, 30)
    assert view.relative_likelihood == 2


def test_the_base_is_all_who_applied_unless_said_otherwise(example: Service) -> None:
    """The same as asking for it by name."""
    assert example.ask() == example.ask(base="submitted")


@pytest.mark.parametrize(("base", "stage"), [*product(STAGES, STAGES)])
def test_a_base_does_not_come_after_the_stage(service: Service, base: str, stage: str) -> None:
    """Every stage is compared from each before it; a later base is refused, naming it."""
    for code in ("A", "H"):
        service.people(20, code, *STAGES)
        service.people(20, code)
    if STAGES.index(base) > STAGES.index(stage):
        refused = error_of(lambda: service.ask(base=base, stage=stage))
        assert isinstance(refused, Invalid)
        assert set(refused.fields) == {"base"}
    else:
        shown = service.ask(base=base, stage=stage).group
        everybody = {name: 40 if name == "submitted" else 20 for name in (base, stage)}
        assert (shown.total, shown.reached) == (everybody[base], everybody[stage])


def test_unknown_stages_are_named(example: Service) -> None:
    """Both at once, if need be; a proposal is none."""
    found = error_of(lambda: example.ask(base="guessed", stage="proposed:r1"))
    assert isinstance(found, Invalid)
    assert set(found.fields) == {"base", "stage"}


def journey(code: str, *numbers: int) -> list[Tally]:
    """How many applied, were shortlisted and accepted, of one code, each the last they reached."""
    ways = (("submitted",), ("shortlisted", "submitted"), ("accepted", "shortlisted", "submitted"))
    return [Tally(code, way, n) for way, n in zip(ways, numbers, strict=True) if n]


def state(white: tuple[int, int, int], asian: tuple[int, int, int], days: int = 0) -> Snapshot:
    return Snapshot(NOW + timedelta(days=days), (*journey("A", *white), *journey("H", *asian)))


def test_cells_count_those_at_the_base() -> None:
    """Whoever was not shortlisted neither did nor did not accept."""
    row = Row(WHITE, "accepted", "shortlisted")
    assert state((50, 30, 20), (0, 0, 0)).cells(row) == Cells(20, 30)
    assert state((50, 30, 20), (0, 0, 0)).cells(Row(WHITE, "accepted")) == Cells(20, 80)


def test_few_between_two_bases_are_not_found_by_subtraction() -> None:
    """Five white applicants were not shortlisted: not to accept tells of them from two bases."""
    data = state((5, 30, 20), (40, 30, 20))
    history = ReleaseHistory("h")
    assert history.release(Table(WHITE, ASIAN, "accepted"), data).shown
    with pytest.raises(DisclosureRisk):
        history.release(Table(WHITE, ASIAN, "accepted", "shortlisted"), data)


def test_a_stage_told_from_one_base_does_not_move_by_a_few_from_another() -> None:
    """Three more accepted since: the other table is of the time of the first."""
    history = ReleaseHistory("h")
    first = state((40, 30, 20), (40, 30, 20))
    history.release(Table(WHITE, ASIAN, "accepted"), first)
    moved = state((40, 30, 23), (40, 30, 20), days=1)
    release = history.release(Table(WHITE, ASIAN, "accepted", "shortlisted"), moved)
    assert (release.as_of, release.group) == (NOW, Cells(20, 30))


def test_a_base_that_was_told_as_a_stage_does_not_move_by_a_few() -> None:
    """50 were shortlisted; that it is 53 at the next table would tell of three."""
    history = ReleaseHistory("h")
    history.release(Table(WHITE, ASIAN, "shortlisted"), state((40, 30, 20), (40, 30, 20)))
    moved = state((40, 33, 20), (40, 30, 20), days=1)
    release = history.release(Table(WHITE, ASIAN, "accepted", "shortlisted"), moved)
    assert (release.as_of, release.group) == (NOW, Cells(20, 30))


def test_tables_kept_before_there_were_bases_are_of_all_who_applied() -> None:
    """What an earlier version wrote is read as what it was."""
    history = ReleaseHistory("h")
    history.release(Table(WHITE, ASIAN, "shortlisted"), state((40, 30, 20), (40, 30, 20)))
    document = to_document(history)
    for release in document["releases"]:
        del release["table"]["base"]
    for snapshot in document["snapshots"]:
        del snapshot["proposals"]
    assert from_document(ReleaseHistory, document) == history


numbers = st.tuples(*[st.integers(0, 25)] * 3)
states = st.builds(state, numbers, numbers)
tables = st.lists(
    st.builds(
        Table,
        st.just(WHITE),
        st.just(ASIAN),
        st.sampled_from(["shortlisted", "accepted"]),
        st.sampled_from([APPLIED, "shortlisted"]),
    ),
    max_size=5,
)


def released(history: ReleaseHistory, table: Table, data: Snapshot) -> Release | None:
    try:
        return history.release(table, data)
    except DisclosureRisk:
        return None


@given(states, tables)
def test_from_whichever_bases_no_part_is_small(data: Snapshot, asked: list[Table]) -> None:
    """Whatever is asked in whatever order, subtraction never leads to fewer than eight people."""
    history = ReleaseHistory("h")
    for table in asked:
        released(history, table, data)
    rows = {row for each in history.releases if each.shown for row in each.table.rows}
    assert not any(is_small(people) for people in data.parts(rows).values())


@given(st.lists(states, min_size=1, max_size=5), tables)
def test_from_whichever_bases_no_count_moves_by_few(
    sequence: list[Snapshot], asked: list[Table]
) -> None:
    """What two shown tables both tell of is the same in both, or differs by eight at least."""
    history = ReleaseHistory("h")
    for days, data in enumerate(sequence):
        for table in asked:
            released(history, table, replace(data, as_of=NOW + timedelta(days=days)))
    shown = [each.told for each in history.releases if each.shown]
    for one in shown:
        for other in shown:
            assert not any(is_small(abs(one[w] - other[w])) for w in one.keys() & other.keys())
