"""Members out as a table, and in from another system."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.tables import rows_of
from services.membership.events import ContactChanged, MemberImported, RenewalDue, StandingChanged
from services.membership.schemas.bulk import COLUMNS
from shared.errors import Invalid
from tests.unit.membership.builders import ARGUMENTS
from tests.unit.membership.world import World, cut_at_every_write

ROW: dict[str, Any] = {
    **ARGUMENTS,
    "reference": "OLD-1",
    "checked_on": "2026-01-10",
    "grade": "member",
    "joined_on": "2019-03-01",
    "covered_to": "2027-02-28",
}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def take_over(world: World, *changes: dict[str, Any], **options: Any) -> Any:
    return world.call("import_members", rows=[{**ROW, **each} for each in changes], **options)


def other(number: int) -> dict[str, Any]:
    return {
        "reference": f"OLD-{number}",
        "email": f"taken.over.{number}@example.org",
        "registration_number": f"{2_000_000 + number}",
    }


def test_an_export_has_every_column_once_and_a_row_for_each_member() -> None:
    """The header comes first, and a cell holds what get_member says."""
    world = World()
    member_id = world.member(given_name="Zoë")
    table = world.call("export_members")
    header, row = rows(table.csv)
    assert tuple(header) == COLUMNS
    named = dict(zip(header, row, strict=True))
    assert (named["member_id"], named["given_name"], named["status"]) == (
        member_id,
        "Zoë",
        "current",
    )
    assert named["covered_to"] == "2027-11-22"
    assert named["post_nominals"] == "MFMLM"
    assert (table.rows, table.next_cursor) == (1, None)


def test_pages_of_an_export_are_one_file() -> None:
    """Only the first has the header, and together they hold each member once."""
    world = World()
    ids = [world.apply() for _ in range(7)]
    text, cursor = "", None
    while True:
        page = world.call("export_members", columns=["member_id"], cursor=cursor, limit=3)
        text += page.csv
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [row[0] for row in rows(text)] == ["member_id", *ids]


def test_an_export_is_filtered_and_names_unknown_columns() -> None:
    """Filters are those of find_members; a column that is none, such as the pseudonym, is named."""
    world = World()
    world.apply(nation="wales")
    scottish = world.apply(nation="scotland")
    table = world.call("export_members", filters={"nation": "scotland"}, columns=["member_id"])
    assert rows(table.csv)[1:] == [[scottish]]
    with pytest.raises(Invalid) as refused:
        world.call("export_members", columns=["member_id", "pseudonym"])
    assert list(refused.value.fields) == ["columns"]


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5))
def test_no_cell_is_run_and_none_is_lost(cells: list[list[str]]) -> None:
    """Whatever the text, a spreadsheet computes nothing, and the text can be read back."""
    read = rows(rows_of(["a", "b"], cells, header=False).replace("\x00", ""))
    wanted = [[cell.replace("\x00", "") for cell in row] for row in cells]
    for row, (before, after) in zip(read, zip(wanted, read, strict=True), strict=True):
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@")) for cell in row)
        assert [cell.removeprefix("'") for cell in after] == [c.removeprefix("'") for c in before]


def test_a_member_is_taken_over_and_nobody_welcomes_them() -> None:
    """Grade, dates and cover are as they were; others hear that it is a member already."""
    world = World()
    view = take_over(world, {})
    assert [(row.outcome, row.fields) for row in view.rows] == [("imported", {})]
    member = world.call("get_member", member_id=view.rows[0].member_id)
    assert (member.status, member.grade, member.admitted_on, member.covered_to) == (
        "current",
        "member",
        date(2019, 3, 1),
        date(2027, 2, 28),
    )
    assert member.balance_pence == 0
    assert world.told() == [ContactChanged, MemberImported]


def test_somebody_taken_over_goes_on_as_any_member() -> None:
    """Renewal falls due when the cover from elsewhere ends, and continues from there."""
    world = World()
    member_id = take_over(world, {}).rows[0].member_id
    world.go_to(date(2027, 1, 1))
    world.call("tick")
    assert world.told()[2:] == [StandingChanged, RenewalDue]
    world.call(
        "record_payment", member_id=member_id, pence=58_000, reference="p", received_on=world.today
    )
    terms = world.call("renew", member_id=member_id).terms
    assert terms[-1].starts_on == date(2027, 3, 1)


def test_an_unchecked_registration_waits_to_be_verified() -> None:
    """Without a date of checking nobody is current by our word."""
    world = World()
    member_id = take_over(world, {"checked_on": ""}).rows[0].member_id
    assert world.status(member_id) == "awaiting_verification"
    world.verify(member_id)
    assert world.status(member_id) == "current"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("nation", "france"),
        ("career_stage", "grand"),
        ("grade", "emperor"),
        ("joined_on", "1.3.2019"),
        ("joined_on", "2030-01-01"),
        ("checked_on", "2030-01-01"),
        ("covered_to", "2018-01-01"),
        ("date_of_birth", "1988-02-30"),
        ("registration_number", "12"),
        ("given_name", "=1+1"),
        ("profession", "astrologer"),
    ],
)
def test_a_bad_row_is_refused_by_field_and_the_others_are_taken(field: str, value: str) -> None:
    """One row's fault is its own."""
    world = World()
    view = take_over(world, {field: value}, other(2))
    assert [row.outcome for row in view.rows] == ["refused", "imported"]
    assert list(view.rows[0].fields) == [field]
    assert (view.imported, view.refused) == (1, 1)


def test_the_same_file_again_imports_nobody() -> None:
    """Known references are known; somebody else's number or address is refused by field."""
    world = World()
    first = take_over(world, {}, other(2))
    again = take_over(world, {}, other(2), {**other(3), "email": ROW["email"].upper()})
    assert [row.outcome for row in again.rows] == ["known", "known", "refused"]
    assert [row.member_id for row in again.rows[:2]] == [row.member_id for row in first.rows]
    assert list(again.rows[2].fields) == ["email"]


def test_a_dry_run_says_what_would_become_of_each_row() -> None:
    """Also of rows that are the same person twice; nothing is kept."""
    world = World()
    rehearsed = take_over(world, {}, other(2), {**other(3), "email": ROW["email"]}, dry_run=True)
    assert [row.outcome for row in rehearsed.rows] == ["imported", "imported", "refused"]
    assert world.call("find_members").items == ()
    earnest = take_over(world, {}, other(2), {**other(3), "email": ROW["email"]})
    assert [(r.outcome, r.fields) for r in earnest.rows] == [
        (r.outcome, r.fields) for r in rehearsed.rows
    ]


def test_a_call_cut_off_anywhere_is_completed_by_its_repetition() -> None:
    """Each row is imported once and told once."""

    def act(world: World) -> None:
        take_over(world, {}, other(2), other(3), message="takeover")

    for world in cut_at_every_write(act, World):
        members = world.call("find_members").items
        assert len(members) == 3
        assert world.told().count(MemberImported) == 3
