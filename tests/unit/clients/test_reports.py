"""What an import says at its end."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from clients.faculty import members, registers, reports, takeovers
from clients.faculty.tables import Refusal

FILE = Path("people [2027].csv")
REFUSED = [Refusal(3, "email", "Not an address."), Refusal(3, "nation", "Unknown.")]


def printed(summary):
    """The lines of the summary as people see them."""
    out = io.StringIO()
    reports.print_summary(Console(file=out, width=80), summary)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_file_rows_read_and_rows_written_come_first():
    """Those who were there already are not counted as written."""
    outcome = members.Outcome(3, [], imported=[(2, "a"), (3, "b")], already_there=1, admitted=2)
    lines = printed(reports.members_summary(FILE, outcome, dry_run=False))
    assert lines == [
        "file: people [2027].csv",
        "rows read: 3",
        "rows written: 1",
        "imported: 2",
        "already there: 1",
        "rows refused: 0",
        "admitted: 2",
    ]


def test_what_was_refused_is_named_with_line_and_reason():
    """A row is counted once, whatever is wrong with it, and it is said that nothing was kept."""
    lines = printed(reports.members_summary(FILE, members.Outcome(2, REFUSED), dry_run=False))
    assert "rows refused: 1" in lines
    assert any("3" in line and "email" in line and "Not an address." in line for line in lines)
    assert lines[-1] == "Nothing was written, as there are rows that were refused."


def test_good_rows_that_were_written_are_not_denied():
    """Where the good rows were asked for."""
    outcome = members.Outcome(2, REFUSED, imported=[(2, "a")])
    lines = printed(reports.members_summary(FILE, outcome, dry_run=False))
    assert "rows written: 1" in lines
    assert not any(line.startswith("Nothing was written") for line in lines)


@pytest.mark.parametrize(
    "summary",
    [
        reports.members_summary(FILE, members.Outcome(2, [], already_there=2), dry_run=True),
        reports.register_summary(FILE, registers.Outcome(2, []), dry_run=True),
        reports.takeover_summary(FILE, takeovers.Outcome(2, []), dry_run=True),
    ],
)
def test_a_dry_run_says_that_it_is_one(summary):
    """For people as for programs."""
    assert summary["dry_run"] is True
    assert (summary["file"], summary["rows"], summary["written"]) == (str(FILE), 2, 0)
    assert printed(summary)[-1] == "A dry run: nothing was written."


def test_of_a_register_what_is_new_or_changed_was_written():
    """The rest was as it is."""
    counts = {"accepted": 5, "new": 2, "changed": 1, "unchanged": 2}
    outcome = registers.Outcome(5, [], counts)
    assert reports.register_summary(FILE, outcome, dry_run=False)["written"] == 3
