"""What an import says at its end: for people as a table, for programs as JSON or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from clients.faculty import members, registers, takeovers
from clients.faculty.tables import Refusal

_SHOWN_ROWS = 50
_LABELS = {"rows": "rows read", "written": "rows written"}


@contextmanager
def progress_bars(console: Console) -> Iterator[members.Progress]:
    """One bar per stretch of work, gone when it is done; none where nobody watches."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:

        def begin(title: str, total: int) -> Callable[[], None]:
            task = bars.add_task(title, total=total)

            def step() -> None:
                bars.advance(task)
                bars.update(task, visible=not bars.tasks[task].finished)

            return step

        yield begin


def takeover_summary(file: Path, outcome: takeovers.Outcome, *, dry_run: bool) -> dict[str, Any]:
    """The result of taking over members, ready for JSON."""
    return {
        **_beginning(file, outcome.rows, len(outcome.imported), dry_run=dry_run),
        "imported": len(outcome.imported),
        "already_there": len(outcome.known),
        "refused": [asdict(refusal) for refusal in outcome.refused],
    }


def members_summary(file: Path, outcome: members.Outcome, *, dry_run: bool) -> dict[str, Any]:
    """The result of an import of applicants, ready for JSON."""
    new = max(len(outcome.imported) - outcome.already_there, 0)
    return {
        **_beginning(file, outcome.rows, new, dry_run=dry_run),
        "imported": len(outcome.imported),
        "already_there": outcome.already_there,
        "refused": [asdict(refusal) for refusal in outcome.refused],
        "admitted": outcome.admitted,
        "not_admitted": [asdict(person) for person in outcome.not_admitted],
    }


def register_summary(file: Path, outcome: registers.Outcome, *, dry_run: bool) -> dict[str, Any]:
    """The result of an import of a register, ready for JSON."""
    written = outcome.counts["new"] + outcome.counts["changed"]
    return {
        **_beginning(file, outcome.rows, written, dry_run=dry_run),
        **outcome.counts,
        "differences": outcome.differences,
        "refused": [asdict(refusal) for refusal in outcome.refused],
    }


def _beginning(file: Path, rows: int, written: int, *, dry_run: bool) -> dict[str, Any]:
    """What every import says: the file, the rows read of it, and those that are new by this run."""
    return {"file": str(file), "dry_run": dry_run, "rows": rows, "written": written}


def write_refusals(refused: Sequence[Refusal], path: Path) -> None:
    """The refused rows as CSV, or as JSON where the file is named so."""
    if path.suffix == ".json":
        text = json.dumps([asdict(refusal) for refusal in refused], indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "field", "reason"))
        writer.writerows((refusal.line, refusal.field, refusal.reason) for refusal in refused)


def print_summary(console: Console, summary: dict[str, Any]) -> None:
    """The file, the counts, the first rows of each list, and why nothing was written if so."""
    for name, value in summary.items():
        label = _LABELS.get(name, name.replace("_", " "))
        if name == "refused":
            _say(console, "rows refused", f"{len({each['line'] for each in value}):,}")
        if isinstance(value, str):
            _say(console, label, value)
        elif isinstance(value, list):
            _print_list(console, label, value)
        elif not isinstance(value, bool):
            _say(console, label, f"{value:,}")
    if summary["dry_run"]:
        console.print("A dry run: nothing was written.")
    elif summary["refused"] and not summary["written"]:
        console.print("Nothing was written, as there are rows that were refused.")


def _say(console: Console, label: str, value: str) -> None:
    console.print(f"{label}: {value}", highlight=False, markup=False, soft_wrap=True)


def _print_list(console: Console, label: str, entries: list[dict[str, Any]]) -> None:
    if not entries:
        return
    table = Table(*entries[0], title=f"{label}: {len(entries):,}")
    for entry in entries[:_SHOWN_ROWS]:
        table.add_row(*(Text(str(cell)) for cell in entry.values()))
    console.print(table)
    if len(entries) > _SHOWN_ROWS:
        more = len(entries) - _SHOWN_ROWS
        console.print(f"... and {more:,} more; --json prints all of them")
