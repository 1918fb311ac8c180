"""Register extracts: taken in whole or not at all, and what they change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.commands.registrations import RegisterRow
from services.membership.domain.register import RegisterEntry, compare, read_extract
from services.membership.domain.terms import RegisterStatus
from shared.errors import Invalid
from tests.unit.membership.builders import REGULATORS, TODAY, entry

GMC = REGULATORS.get("GMC")


def row(**changes: str) -> RegisterRow:
    values = {
        "registration_number": "0712345",
        "given_name": "Sian",
        "family_name": "PLANTED",
        "status": "registered",
    }
    return RegisterRow(**{**values, **changes})


def test_a_row_becomes_an_entry_in_normal_form() -> None:
    """Numbers and names are stored in normal form under the regulator's key."""
    [found] = read_extract(GMC, [row(registration_number=" a 1234567 ", given_name="S  M")], TODAY)
    assert found == RegisterEntry(
        "GMC:A1234567", "S M", "PLANTED", RegisterStatus.REGISTERED, TODAY
    )


@pytest.mark.parametrize("status", list(RegisterStatus))
def test_every_register_status_is_known(status: RegisterStatus) -> None:
    """All statuses of the domain reference can be imported."""
    assert read_extract(GMC, [row(status=status.value)], TODAY)[0].status is status


def test_every_fault_of_every_row_is_named() -> None:
    """One answer names all that is wrong, by row and field."""
    rows = [
        row(),
        row(registration_number="12"),
        row(registration_number="0712346", given_name="=cmd()", status="struck off"),
        row(registration_number="07 12345"),
    ]
    with pytest.raises(Invalid) as refused:
        read_extract(GMC, rows, TODAY)
    assert sorted(refused.value.fields) == [
        "rows.1.registration_number",
        "rows.2.given_name",
        "rows.2.status",
        "rows.3.registration_number",
    ]
    assert refused.value.fields["rows.3.registration_number"] == ["The same number as row 0."]


def test_a_first_extract_is_all_new() -> None:
    """What was not known is new and written."""
    found = compare({}, (entry(),))
    assert (found.accepted, found.new, found.changed, found.unchanged) == (1, 1, 0, 0)
    assert found.to_write == (entry(),)


def test_the_same_extract_again_writes_nothing() -> None:
    """Importing the same extract on the same day changes nothing."""
    found = compare({entry().id: entry()}, (entry(),))
    assert (found.accepted, found.unchanged, found.to_write) == (1, 1, ())


def test_a_later_extract_renews_the_date_of_what_it_confirms() -> None:
    """An unchanged entry is unchanged, and says when it was last confirmed."""
    later = TODAY + timedelta(days=30)
    before = entry(RegisterStatus.WARNING, previous_status=RegisterStatus.REGISTERED)
    found = compare({before.id: before}, (entry(RegisterStatus.WARNING, imported_on=later),))
    assert found.unchanged == 1
    assert found.to_write == (replace(before, imported_on=later),)


def test_a_changed_status_remembers_the_one_before() -> None:
    """A suspension remembers what it suspended; a later change of name does not forget it."""
    suspended = compare({entry().id: entry()}, (entry(RegisterStatus.SUSPENDED),)).to_write[0]
    assert suspended.previous_status is RegisterStatus.REGISTERED
    renamed = replace(suspended, family_name="Other", previous_status=None)
    found = compare({suspended.id: suspended}, (renamed,))
    assert found.changed == 1
    assert found.to_write[0].previous_status is RegisterStatus.REGISTERED


extracts = st.dictionaries(
    st.integers(0, 20), st.sampled_from(list(RegisterStatus)), max_size=10
).map(
    lambda found: tuple(
        entry(status, id=f"GMC:{number:07}", imported_on=date(2026, 1, 1))
        for number, status in found.items()
    )
)


@settings(deadline=None)
@given(extracts, extracts)
def test_the_counts_add_up_and_an_import_settles(
    first: tuple[RegisterEntry, ...], second: tuple[RegisterEntry, ...]
) -> None:
    """Accepted is new plus changed plus unchanged, and importing twice is importing once."""
    known = {found.id: found for found in compare({}, first).to_write}
    comparison = compare(known, second)
    assert comparison.accepted == len(second)
    assert comparison.new + comparison.changed + comparison.unchanged == len(second)
    known |= {found.id: found for found in comparison.to_write}
    assert compare(known, second).to_write == ()
