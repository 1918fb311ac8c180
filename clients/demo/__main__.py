"""``python -m clients.demo``: starts a stack, goes the whole journey, tells of it, and stops it.

Exits 0 when everything was as expected, otherwise 1 with a sentence for each thing that was not.
"""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from clients.demo.account import console_of, print_account
from clients.demo.evidence import Mailbox, Outsider
from clients.demo.expectations import disappointments
from clients.demo.journey import Account, Journey
from clients.faculty.reports import progress_bars
from deploy.local import Stack, StackError
from shared.errors import FacultyError

ROOT = Path(".run/demo")


@click.command()
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, show_default=True)
def main(root: Path) -> None:
    """Show the whole system at work on sample data."""
    console = console_of(sys.stderr)
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops what it started
    try:
        failures = _run(root, console, began)
    except (FacultyError, StackError, RuntimeError) as error:
        failures = [f"{error} {getattr(error, 'details', None) or ''}".strip()]
    except KeyboardInterrupt:
        failures = ["Interrupted."]
    for failure in failures:
        console.print("[bold red]Failed:[/]", Text(failure))
    if failures:
        console.print(f"The logs are in {root / 'logs'}.")
        sys.exit(1)
    console_of(sys.stdout).print("[bold green]Everything was as expected.[/]")


def _run(root: Path, console: Console, began: float) -> list[str]:
    _clear(root)
    stack = Stack(root)
    # The demonstration lets a year pass; otherwise days to come are not told.
    stack.on_trial()
    console.print("Starting the broker, the store, the mail sink and four services ...")
    with (
        stack,
        Outsider(stack.amqp_uri("integrator"), stack.root / "outsider.jsonl") as outsider,
    ):
        _tell(console, began, "All of them run.")
        mail = Mailbox(stack.mail.folder)
        account = _go(stack, outsider, mail, console, began)
        failures = disappointments(account, outsider, mail)
        seconds = time.monotonic() - began
        print_account(console_of(sys.stdout), account, outsider, mail, seconds)
        return failures


def _go(stack: Stack, outsider: Outsider, mail: Mailbox, console: Console, began: float) -> Account:
    with progress_bars(console) as progress:
        journey = Journey(stack, outsider, mail, progress)
        try:
            for step in _steps(journey):
                _take(console, began, step)
        finally:
            journey.close()
    return journey.account


def _clear(root: Path) -> None:
    """Remove what an earlier demonstration left, running or not, and nothing else."""
    if not root.exists():
        return
    if any(root.iterdir()) and not (root / "state.json").exists():
        raise StackError(f"{root} holds something that is no stack; choose another folder.")
    Stack(root).stop()
    shutil.rmtree(root)


def _steps(journey: Journey) -> tuple[Callable[[], None], ...]:
    return (
        journey.import_registers,
        journey.import_applicants,
        journey.review_sanctions,
        journey.answer_equality,
        journey.open_fellowship,
        journey.apply,
        journey.shortlist,
        journey.await_arrivals,
        journey.compare,
        journey.take_over_members,
        journey.run_schemes,
        journey.pass_a_year,
    )


def _take(console: Console, began: float, step: Callable[[], None]) -> None:
    step()
    _tell(console, began, (step.__doc__ or "").splitlines()[0])


def _tell(console: Console, began: float, text: str) -> None:
    console.print(f"{time.monotonic() - began:6.1f} s  {text}")


if __name__ == "__main__":
    main()
