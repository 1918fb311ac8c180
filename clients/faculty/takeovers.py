"""Taking over members from another system: a CSV file, all of whose rows are taken or none.

Every row is checked first. Members whose ``reference`` is known by then are left alone, so that a
run after a crash goes on where the first one stopped; the others are sent in batches, each with a
key made of its content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clients.faculty import bulk
from clients.faculty.client import Call, Faculty
from clients.faculty.members import Progress
from clients.faculty.tables import Refusal, Row, read_table, repeated
from shared import errors

COLUMNS = (
    "reference",
    "given_name",
    "family_name",
    "email",
    "date_of_birth",
    "profession",
    "nation",
    "career_stage",
    "regulator",
    "registration_number",
    "checked_on",
    "grade",
    "joined_on",
    "covered_to",
)
_BATCH = 200


@dataclass
class Outcome:
    """What became of the file; ``imported`` holds line and member id."""

    rows: int
    refused: list[Refusal]
    imported: list[tuple[int, str]] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    """Lines of those that were there already."""


def take_over(
    faculty: Faculty,
    path: Path,
    progress: Progress,
    *,
    dry_run: bool = False,
    accept_valid: bool = False,
) -> Outcome:
    """Import the file; see the module for what happens to it when a row is refused."""
    table = read_table(path, COLUMNS)
    refused = [*table.refusals, *_repeated(table.rows)]
    outcome = Outcome(len(table.rows) + len({r.line for r in table.refusals}), refused)
    _send(faculty, table.rows, progress, outcome, dry_run=True)
    outcome.refused.sort(key=lambda refusal: refusal.line)
    if dry_run or (outcome.refused and not accept_valid):
        return outcome
    left_out = outcome.known | {refusal.line for refusal in outcome.refused}
    new = [row for row in table.rows if row.line not in left_out]
    _send(faculty, new, progress, outcome, dry_run=False)
    return outcome


def _repeated(rows: tuple[Row, ...]) -> Iterator[Refusal]:
    """A dry run cannot see that two new rows are the same person, so that is looked for here."""
    yield from repeated(rows, "reference", lambda row: row.values["reference"])
    yield from repeated(rows, "email", lambda row: row.values["email"].casefold())


def _send(
    faculty: Faculty, rows: Sequence[Row], progress: Progress, outcome: Outcome, *, dry_run: bool
) -> None:
    groups = [rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH)]
    calls = [_call(group, dry_run=dry_run) for group in groups]
    title = "Checking members" if dry_run else "Taking over members"
    answers = bulk.answers(faculty, calls, progress(title, len(calls)))
    for group, answer in zip(groups, answers, strict=True):
        if isinstance(answer, errors.FacultyError):
            raise answer
        for row, became in zip(group, answer["rows"], strict=True):
            _note(row, became, outcome, dry_run=dry_run)


def _call(rows: Sequence[Row], *, dry_run: bool) -> Call:
    values = [row.values for row in rows]
    content = json.dumps([dry_run, values], sort_keys=True).encode()
    key = f"takeover-{hashlib.sha256(content).hexdigest()[:32]}"
    arguments = {"rows": values, "dry_run": dry_run}
    return Call("membership.import_members", arguments, key=None if dry_run else key)


def _note(row: Row, became: dict[str, Any], outcome: Outcome, *, dry_run: bool) -> None:
    match became["outcome"]:
        case "refused":
            for name, reasons in became["fields"].items():
                outcome.refused += [Refusal(row.line, name, reason) for reason in reasons]
        case "known":
            outcome.known.add(row.line)
        case _ if not dry_run:
            outcome.imported.append((row.line, became["member_id"]))
