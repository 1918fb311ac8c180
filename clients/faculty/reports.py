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


def takeover_summary(outcome: takeovers.Outcome) -> dict[str, Any]:
    """The result of taking over members, ready for JSON."""
    return {
        "rows": outcome.rows,
        "imported": len(outcome.imported),
        "already_there": len(outcome.known),
        "refused": [asdict(refusal) for refusal in outcome.refused],
    }


def members_summary(outcome: members.Outcome) -> dict[str, Any]:
    """The result of an import of applicants, ready for JSON."""
    return {
        "rows": outcome.rows,
        "imported": len(outcome.imported),
        "already_there": outcome.already_there,
        "refused": [asdict(refusal) for refusal in outcome.refused],
        "admitted": outcome.admitted,
        "not_admitted": [asdict(person) for person in outcome.not_admitted],
    }


def register_summary(outcome: registers.Outcome) -> dict[str, Any]:
    """The result of an import of a register, ready for JSON."""
    return {
        "rows": outcome.rows,
        **outcome.counts,
        "differences": outcome.differences,
        "refused": [asdict(refusal) for refusal in outcome.refused],
    }


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
    """The counts, and the first rows of each list."""
    for name, value in summary.items():
        if not isinstance(value, list):
            console.print(f"{name.replace('_', ' ')}: {value:,}", highlight=False)
        elif value:
            table = Table(*value[0], title=f"{name.replace('_', ' ')}: {len(value):,}")
            for entry in value[:_SHOWN_ROWS]:
                table.add_row(*(Text(str(cell)) for cell in entry.values()))
            console.print(table)
            if len(value) > _SHOWN_ROWS:
                more = len(value) - _SHOWN_ROWS
                console.print(f"... and {more:,} more; --json prints all of them")
