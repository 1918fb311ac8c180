"""Importing a register extract: the generic columns, or those a regulator itself publishes.

A regulator's own column names and status wordings are data, in ``data/register_formats.json``.
An extract is taken in whole or not at all: all of it is rehearsed before any of it is sent.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from clients.faculty import bulk
from clients.faculty.client import Call, Faculty
from clients.faculty.members import Progress
from clients.faculty.tables import Refusal, Row, header_of, read_table, repeated
from shared import errors

COLUMNS = ("registration_number", "given_name", "family_name", "status")
CHUNK_ROWS = 500
_FORMATS = Path(__file__).parent / "data" / "register_formats.json"
_COUNTS = ("accepted", "new", "changed", "unchanged")


@dataclass(frozen=True)
class Format:
    """Which column of the file gives which field, and what its statuses are called here."""

    columns: Mapping[str, str] = field(default_factory=lambda: {name: name for name in COLUMNS})
    statuses: Mapping[str, str] | None = None

    def column_of(self, name: str) -> str:
        """The file's column for a field."""
        return next((column for column, known in self.columns.items() if known == name), name)

    def status(self, wording: str) -> str | None:
        """The system's word for a status; none when it is not known."""
        if self.statuses is None:
            return wording
        return self.statuses.get(" ".join(wording.casefold().split()))


@dataclass
class Outcome:
    """What became of the extract; the counts are the service's."""

    rows: int
    refused: list[Refusal]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    differences: list[dict[str, Any]] = field(default_factory=list)
    """Members whose registration is described otherwise than before, as the service tells them."""


def format_of(regulator: str, header: list[str]) -> Format:
    """The regulator's own format when the header has its columns, and else the generic one."""
    formats: dict[str, Any] = json.loads(_FORMATS.read_text(encoding="utf-8"))
    own = formats.get(regulator.upper())
    if isinstance(own, dict) and any(column in header for column in own["columns"]):
        return Format(own["columns"], own["statuses"])
    return Format()


def import_register(
    faculty: Faculty,
    regulator: str,
    path: Path,
    progress: Progress,
    *,
    dry_run: bool = False,
    complete: bool = False,
) -> Outcome:
    """Import the extract, unless a row of it is refused.

    A complete one also says who is on the register no more. A dry run tells the members that its
    rows concern, but cannot tell those whom it lacks.
    """
    since = datetime.now(UTC).date()
    form = format_of(regulator, header_of(path))
    # A regulator's own extract has many more columns than are of use here.
    table = read_table(path, tuple(form.columns), ignore_others=form.statuses is not None)
    number_column = form.column_of("registration_number")
    refused = [
        *table.refusals,
        *_unknown_statuses(form, table.rows),
        *repeated(table.rows, number_column, lambda row: _normal(row.values[number_column])),
    ]
    outcome = Outcome(len(table.rows) + len({r.line for r in table.refusals}), refused)
    spoilt = {refusal.line for refusal in refused}
    good = [row for row in table.rows if row.line not in spoilt]
    chunks = [good[start : start + CHUNK_ROWS] for start in range(0, len(good), CHUNK_ROWS)]
    run = uuid.uuid4()

    def send(title: str, *, rehearsal: bool) -> list[dict[str, Any] | errors.FacultyError]:
        calls = [
            Call(
                "membership.import_register",
                {
                    "regulator": regulator,
                    "rows": [_entry(form, row) for row in chunk],
                    "dry_run": rehearsal,
                },
                None if rehearsal else f"register-{run}-{index}",
            )
            for index, chunk in enumerate(chunks)
        ]
        return bulk.answers(faculty, calls, progress(title, len(calls)))

    rehearsed = send(f"Checking the {regulator} register", rehearsal=True)
    refused += _refusals(form, chunks, rehearsed)
    refused.sort(key=lambda refusal: refusal.line)
    if refused or dry_run:
        outcome.differences += _differences(rehearsed)
        return outcome
    applied = send(f"Importing the {regulator} register", rehearsal=False)
    refused += _refusals(form, chunks, applied)
    for answer in applied:
        if not isinstance(answer, errors.FacultyError):
            for name in _COUNTS:
                outcome.counts[name] += answer[name]
    outcome.differences += _differences(applied)
    if complete and not refused:
        outcome.differences += _close(faculty, regulator, since)
    return outcome


def _differences(
    answers: Iterable[dict[str, Any] | errors.FacultyError],
) -> Iterator[dict[str, Any]]:
    for answer in answers:
        if not isinstance(answer, errors.FacultyError):
            yield from answer["differences"]


def _close(faculty: Faculty, regulator: str, since: date) -> Iterator[dict[str, Any]]:
    # Britain's day, by which the service dates entries, never begins after that of UTC.
    cursor: str | None = None
    while True:
        page = faculty.call(
            "membership.close_register_import",
            regulator=regulator,
            since=since.isoformat(),
            cursor=cursor,
            idempotency_key=f"close-{uuid.uuid4()}",
        )
        yield from page["differences"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _entry(form: Format, row: Row) -> dict[str, str]:
    entry = {name: row.values[column] for column, name in form.columns.items()}
    return {**entry, "status": form.status(entry["status"]) or ""}


def _normal(number: str) -> str:
    return number.replace(" ", "").upper()


def _unknown_statuses(form: Format, rows: tuple[Row, ...]) -> Iterator[Refusal]:
    column = form.column_of("status")
    for row in rows:
        if form.status(row.values[column]) is None:
            yield Refusal(row.line, column, "Unknown registration status.")


def _refusals(
    form: Format, chunks: list[list[Row]], answers: list[dict[str, Any] | errors.FacultyError]
) -> Iterator[Refusal]:
    for chunk, answer in zip(chunks, answers, strict=True):
        if not isinstance(answer, errors.FacultyError):
            continue
        for refusal in bulk.refusals(chunk[0].line, answer):
            place = refusal.field.split(".")
            if place[0] == "rows" and len(place) > 1 and place[1].isdigit():
                line = chunk[int(place[1])].line
                yield Refusal(line, form.column_of(".".join(place[2:])), refusal.reason)
            else:
                raise answer  # it concerns the whole file, such as a regulator nobody knows
