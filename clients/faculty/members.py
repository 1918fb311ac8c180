"""Importing applicants from a CSV file: all of its rows, or none, or on request the good ones.

Every row is sent twice: first with ``dry_run``, and when nothing is refused a second time in
earnest. The second call carries a key made of the row's content, so that a run after a crash, or of
a file in which other rows were corrected, goes on where the first one stopped and imports nobody
twice.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from clients.faculty import bulk
from clients.faculty.client import Call, Faculty
from clients.faculty.tables import Refusal, Row, read_table, repeated
from shared import errors

COLUMNS = (
    "given_name",
    "family_name",
    "email",
    "date_of_birth",
    "profession",
    "nation",
    "career_stage",
    "regulator",
    "registration_number",
)
_ALREADY_ADMITTED = "membership.already_admitted"


class Progress(Protocol):
    """Where the import tells how far it is."""

    def __call__(self, title: str, total: int) -> Callable[[], None]:
        """Begin a stretch of so many steps; the result is called after each."""


@dataclass(frozen=True)
class NotAdmitted:
    """An imported applicant whom the body's rules do not admit."""

    line: int
    member_id: str
    reason: str


@dataclass
class Outcome:
    """What became of the file."""

    rows: int
    refused: list[Refusal]
    imported: list[tuple[int, str]] = field(default_factory=list)
    """Line and member id, of those there already as well; of a dry run, nothing."""
    already_there: int = 0
    admitted: int = 0
    not_admitted: list[NotAdmitted] = field(default_factory=list)


def import_members(
    faculty: Faculty,
    path: Path,
    progress: Progress,
    *,
    dry_run: bool = False,
    accept_valid: bool = False,
    admit: bool = False,
) -> Outcome:
    """Import the file; see the module for what happens to it when a row is refused."""
    table = read_table(path, COLUMNS)
    refused = [*table.refusals, *_repeated(table.rows)]
    rehearsed, known = _rehearse(faculty, table.rows, progress)
    refused += rehearsed
    refused.sort(key=lambda refusal: refusal.line)
    spoilt = {refusal.line for refusal in refused}
    outcome = Outcome(len(table.rows) + len({r.line for r in table.refusals}), refused)
    outcome.already_there = len(known - spoilt)
    if dry_run or (refused and not accept_valid):
        return outcome
    good = [row for row in table.rows if row.line not in spoilt]
    _apply(faculty, good, progress, outcome)
    if admit:
        _admit(faculty, outcome, progress)
    return outcome


def _repeated(rows: tuple[Row, ...]) -> list[Refusal]:
    """A dry run cannot see that two new rows are the same person, so that is looked for here."""

    def registration(row: Row) -> tuple[str, str]:
        number = row.values["registration_number"].replace(" ", "").upper()
        return row.values["regulator"].casefold(), number

    return [
        *repeated(rows, "email", lambda row: row.values["email"].casefold()),
        *repeated(rows, "registration_number", registration),
    ]


def _call(row: Row) -> Call:
    content = json.dumps(row.values, sort_keys=True).encode()
    key = f"import-{hashlib.sha256(content).hexdigest()[:32]}"
    return Call("membership.apply", row.values, key=key)


def _rehearse(
    faculty: Faculty, rows: Sequence[Row], progress: Progress
) -> tuple[list[Refusal], set[int]]:
    """Refusals, and the lines that an earlier import has brought in already."""
    rehearsals = [Call("membership.apply", {**row.values, "dry_run": True}) for row in rows]
    answers = bulk.answers(faculty, rehearsals, progress("Checking applicants", len(rows)))
    doubtful = [row for row, answer in zip(rows, answers, strict=True) if _is_duplicate(answer)]
    # An earlier import of this very row may have made them: then the key answers as it did then,
    # and otherwise the call fails as the rehearsal did.
    again = bulk.answers(faculty, [_call(row) for row in doubtful], lambda: None)
    known = {row.line for row, answer in zip(doubtful, again, strict=True) if not _failed(answer)}
    refused = [
        refusal
        for row, answer in zip(rows, answers, strict=True)
        if isinstance(answer, errors.FacultyError) and row.line not in known
        for refusal in bulk.refusals(row.line, answer)
    ]
    return refused, known


def _apply(faculty: Faculty, rows: list[Row], progress: Progress, outcome: Outcome) -> None:
    calls = [_call(row) for row in rows]
    answers = bulk.answers(faculty, calls, progress("Importing applicants", len(calls)))
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(answer, errors.FacultyError):
            outcome.refused += bulk.refusals(row.line, answer)
        else:
            outcome.imported.append((row.line, answer["member_id"]))


def _admit(faculty: Faculty, outcome: Outcome, progress: Progress) -> None:
    checked = _for_each(
        faculty,
        "membership.verify_registration",
        outcome.imported,
        progress("Checking registrations", len(outcome.imported)),
    )
    verified = []
    for (line, member_id), answer in zip(outcome.imported, checked, strict=True):
        if isinstance(answer, errors.FacultyError):
            outcome.not_admitted.append(NotAdmitted(line, member_id, answer.message))
        elif answer["outcome"] != "verified":
            outcome.not_admitted.append(NotAdmitted(line, member_id, str(answer["reason"])))
        else:
            verified.append((line, member_id))
    admissions = _for_each(
        faculty, "membership.admit", verified, progress("Admitting", len(verified))
    )
    for (line, member_id), answer in zip(verified, admissions, strict=True):
        if isinstance(answer, errors.FacultyError) and answer.code != _ALREADY_ADMITTED:
            reason = answer.code.rpartition(".")[2]
            outcome.not_admitted.append(NotAdmitted(line, member_id, reason))
        else:
            outcome.admitted += 1
    outcome.not_admitted.sort(key=lambda person: person.line)


def _for_each(
    faculty: Faculty,
    method: str,
    members: list[tuple[int, str]],
    advance: Callable[[], None],
) -> list[dict[str, Any] | errors.FacultyError]:
    # A later run asks afresh, for the register may have changed, so these keys are of this run.
    run = uuid.uuid4()
    calls = [
        Call(method, {"member_id": member_id}, key=f"import-{run}-{member_id}")
        for _, member_id in members
    ]
    return bulk.answers(faculty, calls, advance)


def _is_duplicate(answer: object) -> bool:
    return isinstance(answer, errors.Duplicate)


def _failed(answer: object) -> bool:
    return isinstance(answer, errors.FacultyError)
