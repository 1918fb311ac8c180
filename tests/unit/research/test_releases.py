"""Released tables cannot be differenced against one another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.disclosure import Snapshot, Table, Tally, is_small
from services.research.domain.releases import Release, ReleaseHistory
from services.research.errors import DisclosureRisk
from shared.events import from_document, to_document
from shared.testing import error_of
from tests.unit.research.builders import NOW, snapshot

WHITE, ASIAN, BLACK = ("A", "B", "C"), ("H", "J", "K", "L"), ("M", "N", "P")
BME = tuple(sorted({*ASIAN, *BLACK}))
STAGE = "shortlisted"


def table(group: tuple[str, ...], reference: tuple[str, ...], stage: str = STAGE) -> Table:
    return Table(group, reference, stage)


def later(state: Snapshot, days: int = 1) -> Snapshot:
    return replace(state, as_of=NOW + timedelta(days=days))


def test_a_small_remainder_is_refused() -> None:
    """Black applicants are too few to be shown, so not Asian ones beside both together either."""
    state = snapshot({"A": (40, 60), "H": (30, 50), "M": (3, 30)})
    history = ReleaseHistory("h")
    history.release(table(WHITE, BME), state)
    refused = error_of(lambda: history.release(table(WHITE, ASIAN), state))
    assert isinstance(refused, DisclosureRisk)
    assert refused.code == "research.disclosure_risk"
    assert len(history.releases) == 1


def test_the_order_of_asking_does_not_matter() -> None:
    """The larger group is refused after the smaller as well."""
    state = snapshot({"A": (40, 60), "H": (30, 50), "M": (3, 30)})
    history = ReleaseHistory("h")
    history.release(table(WHITE, ASIAN), state)
    with pytest.raises(DisclosureRisk):
        history.release(table(WHITE, BME), state)


def test_a_remainder_of_eight_is_released() -> None:
    """Groups that differ by enough people may both be shown."""
    state = snapshot({"A": (40, 60), "H": (30, 50), "M": (8, 30)})
    history = ReleaseHistory("h")
    assert history.release(table(WHITE, BME), state).shown
    assert history.release(table(WHITE, ASIAN), state).shown


def test_groups_that_add_up_but_for_a_few_are_refused() -> None:
    """All but one of the parts of a released whole may not leave a small part over."""
    state = snapshot({"A": (40, 60), "H": (30, 50), "M": (20, 30), "S": (2, 9)})
    history = ReleaseHistory("h")
    assert history.release(table(("A",), ("H", "M", "S")), state).shown
    with pytest.raises(DisclosureRisk):
        history.release(table(("H",), ("M",)), state)


def test_neighbouring_stages_are_refused_when_few_lie_between() -> None:
    """27 of 30 went one stage further; three are too few to be told of."""
    tallies = (
        Tally("A", ("submitted",), 40),
        Tally("A", ("appointed", "shortlisted", "submitted"), 20),
        Tally("A", ("shortlisted", "submitted"), 20),
        Tally("H", ("submitted",), 40),
        Tally("H", ("appointed", "shortlisted", "submitted"), 27),
        Tally("H", ("shortlisted", "submitted"), 3),
    )
    history = ReleaseHistory("h")
    history.release(table(WHITE, ASIAN), Snapshot(NOW, tallies))
    with pytest.raises(DisclosureRisk):
        history.release(table(WHITE, ASIAN, "appointed"), Snapshot(NOW, tallies))


def test_a_few_more_people_change_nothing() -> None:
    """The same table after seven more people is the table that was released."""
    history = ReleaseHistory("h")
    first = history.release(table(WHITE, BME), snapshot({"A": (40, 60), "H": (30, 50)}))
    moved = later(snapshot({"A": (47, 60), "H": (30, 50)}))
    assert history.release(table(WHITE, BME), moved) is first
    assert len(history.releases) == 1


def test_eight_more_people_make_a_new_release() -> None:
    """A move of eight people is no less fit to be shown than a cell of eight."""
    history = ReleaseHistory("h")
    history.release(table(WHITE, BME), snapshot({"A": (40, 60), "H": (30, 50)}))
    moved = later(snapshot({"A": (48, 60), "H": (30, 50)}))
    release = history.release(table(WHITE, BME), moved)
    assert (release.group.reached, release.as_of) == (48, moved.as_of)


def test_small_steps_do_not_add_up_to_a_difference() -> None:
    """A table is compared with every earlier release, not with the latest only."""
    history = ReleaseHistory("h")
    asked = table(WHITE, BME)
    history.release(asked, snapshot({"A": (40, 60), "H": (30, 50)}))
    second = history.release(asked, later(snapshot({"A": (50, 60), "H": (30, 50)})))
    back = later(snapshot({"A": (42, 60), "H": (30, 50)}), 2)
    assert history.release(asked, back) is second


def test_a_suppressed_table_stays_so_until_eight_people_moved() -> None:
    """7 suppressed and then 8 shown would tell both, were it known that one person came."""
    history = ReleaseHistory("h")
    asked = table(WHITE, BME)
    assert not history.release(asked, snapshot({"A": (7, 60), "H": (30, 50)})).shown
    assert not history.release(asked, later(snapshot({"A": (8, 60), "H": (30, 50)}))).shown
    assert history.release(asked, later(snapshot({"A": (15, 60), "H": (33, 50)}), 2)).shown


def test_a_shown_table_is_not_withdrawn_for_a_few_people() -> None:
    """8 shown and then suppressed would tell both, were it known that one person left."""
    history = ReleaseHistory("h")
    asked = table(WHITE, BME)
    first = history.release(asked, snapshot({"A": (8, 60), "H": (30, 50)}))
    assert history.release(asked, later(snapshot({"A": (7, 60), "H": (30, 50)}))) is first


def test_another_table_with_a_moved_row_uses_the_earlier_data() -> None:
    """A group shown before is shown as it then was, and its partner from the same time."""
    history = ReleaseHistory("h")
    state = snapshot({"A": (40, 60), "H": (30, 50), "M": (20, 20)})
    history.release(table(WHITE, BME), state)
    moved = later(snapshot({"A": (43, 60), "H": (30, 50), "M": (40, 20)}))
    release = history.release(table(WHITE, BLACK), moved)
    assert (release.group.reached, release.reference.reached) == (40, 20)
    assert release.as_of == state.as_of


def test_exchanged_groups_are_no_new_information() -> None:
    """The same two groups the other way round are always released."""
    state = snapshot({"A": (40, 60), "H": (30, 50)})
    history = ReleaseHistory("h")
    history.release(table(WHITE, BME), state)
    assert history.release(table(BME, WHITE), state).shown


def test_a_history_survives_the_store() -> None:
    """What is written is what is read."""
    history = ReleaseHistory("h")
    history.release(table(WHITE, BME), snapshot({"A": (40, 60), "H": (30, 50)}))
    document = to_document(history)
    assert from_document(ReleaseHistory, document) == history


small = st.integers(0, 25)
states = st.fixed_dictionaries({code: st.tuples(small, small) for code in "AHMS"}).map(snapshot)
groups = st.sampled_from([("A",), ("H",), ("M",), ("S",), ("H", "M"), ("M", "S"), ("H", "M", "S")])
asked_tables = st.lists(
    st.tuples(groups, groups).filter(lambda pair: not set(pair[0]) & set(pair[1])), max_size=6
).map(lambda pairs: [table(*pair) for pair in pairs])


@given(states, asked_tables)
def test_no_part_of_what_was_shown_is_small(state: Snapshot, tables: list[Table]) -> None:
    """Whatever is asked in whatever order, subtraction never leads to fewer than eight people."""
    history = ReleaseHistory("h")
    for one in tables:
        try_to_release(history, one, state)
    rows = {row for release in history.releases if release.shown for row in release.table.rows}
    assert not any(is_small(people) for people in state.parts(rows).values())


@given(st.lists(states, min_size=1, max_size=6), asked_tables)
def test_no_shown_cell_moves_by_few(sequence: list[Snapshot], tables: list[Table]) -> None:
    """Between any two releases, every cell shown in both is the same or moved by at least eight."""
    history = ReleaseHistory("h")
    for days, state in enumerate(sequence):
        for one in tables:
            try_to_release(history, one, later(state, days))
    shown = [release.rows for release in history.releases if release.shown]
    for one_release in shown:
        for other in shown:
            for row in one_release.keys() & other.keys():
                pairs = zip(one_release[row].counts, other[row].counts, strict=True)
                assert not any(is_small(abs(now - then)) for now, then in pairs)


@given(states, asked_tables)
def test_asking_again_gives_the_same(state: Snapshot, tables: list[Table]) -> None:
    """A released table is answered alike for as long as the data stand still."""
    history = ReleaseHistory("h")
    for one in tables:
        first = try_to_release(history, one, state)
        if first is not None:
            assert history.release(one, later(state)) == first


def try_to_release(history: ReleaseHistory, asked: Table, state: Snapshot) -> Release | None:
    try:
        return history.release(asked, state)
    except DisclosureRisk:
        return None
