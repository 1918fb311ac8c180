"""``python -m benchmarks``: measures, and prints ratios to plain Nameko with their spread."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from benchmarks import calls, events, journey, relay, report
from benchmarks.bed import Bed, running
from benchmarks.pairs import Pair, Result, compare, steps
from deploy.local import StackError
from shared.errors import FacultyError

MEASUREMENTS: dict[str, Callable[[Bed], list[Pair]]] = {
    "calls": calls.pairs,
    "events": events.pairs,
    "relay": relay.pairs,
    "journey": journey.pairs,
}
ROUNDS, SECONDS = 6, 0.7
_WIDTH = 110


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1),
    default=SECONDS,
    show_default=True,
    help="How long each side is measured in each round.",
)
@click.option(
    "--only",
    "names",
    type=click.Choice(tuple(MEASUREMENTS)),
    multiple=True,
    help="Measure this and nothing else; may be repeated.",
)
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write all of it here."
)
def main(rounds: int, seconds: float, names: tuple[str, ...], file: Path | None) -> None:
    """Measure the services beside plain Nameko on this machine, on a broker of their own."""
    if file is not None and not file.parent.is_dir():
        raise click.BadParameter(f"{file.parent} is no folder.", param_hint="--json")
    progress = Console(stderr=True)
    load_before = os.getloadavg()[0]
    try:
        with running() as bed:
            machine = report.Machine.of(
                bed.broker_version(),
                embedded_store=bed.stack.store.managed,
                load_before=load_before,
            )
            results = _measure(bed, names or tuple(MEASUREMENTS), rounds, seconds, progress)
    except (StackError, FacultyError, RuntimeError) as error:
        progress.print(f"[bold red]Failed:[/] {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        progress.print("Interrupted; everything that was started is stopped.")
        sys.exit(130)
    _print(results, machine, rounds, seconds)
    if file is not None:
        text = json.dumps(report.document(results, machine, rounds, seconds), indent=1)
        file.write_text(text + "\n")


def _measure(
    bed: Bed, names: Sequence[str], rounds: int, seconds: float, console: Console
) -> list[Result]:
    results = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as bars:
        for name in names:
            task = bars.add_task(f"{name}: starting", total=None)
            pairs = MEASUREMENTS[name](bed)
            bars.update(task, total=steps(pairs, rounds), completed=0)
            taken = -1

            def advance(what: str, task: TaskID = task) -> None:
                nonlocal taken
                taken += 1
                bars.update(task, description=what, completed=taken)

            results += compare(pairs, rounds=rounds, seconds=seconds, advance=advance)
            bars.update(task, description=name, completed=steps(pairs, rounds))
    return results


def _print(results: list[Result], machine: report.Machine, rounds: int, seconds: float) -> None:
    console = Console(width=max(_WIDTH, Console().width), highlight=False)
    console.print(f"\n{machine}\n")
    if machine.noisy:
        console.print("[bold]The machine was busy before the run began: expect a wide spread.[/]\n")
    console.print(report.table(results, rounds, seconds))
    latencies = report.latency_table(results)
    if latencies is not None:
        console.print(latencies)


if __name__ == "__main__":
    main()
