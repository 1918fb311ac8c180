"""``python -m benchmarks.members``: does a search of 100,000 members look at more than of 1,000?

For every filter of ``find_members`` it prints how much the store looked at for one page, at both
sizes side by side, and how the times compare. What is looked at is counted, not timed: by MongoDB's
``explain`` as documents examined, by the embedded store's engine as steps of its virtual machine.
Then one full tick: how many members it settled a second, and how much memory it took.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.population import Population
from benchmarks.stores import Measured, embedded, external
from services.membership.bootstrap import bootstrap
from services.membership.commands.lifecycle import Tick
from services.membership.schemas.members import FindMembers, GetMember
from services.membership.settings import Settings
from shared.events import load
from shared.outbox import Outbox

SMALL, LARGE = 1_000, 100_000
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROUNDS = 7
_SETTINGS = Settings(
    amqp_uri="amqp://localhost",
    mongodb_uri="mongodb://localhost",
    auth_public_key="-----BEGIN PUBLIC KEY-----",
)


@dataclass
class Side:
    """A service over a store with so many members."""

    app: Any
    store: Measured
    population: Population

    @classmethod
    def of(cls, store: Measured, size: int) -> Side:
        app = bootstrap(
            _SETTINGS, database=store.database, outbox=Outbox("membership"), clock=lambda: NOW
        )
        for repository in app.repositories:
            repository.prepare()
        population = Population(app, TODAY)
        for batch in track(
            list(population.batches(size)), f"{size:,} members", console=Console(stderr=True)
        ):
            store.database["members"].insert_many(batch)
            population.claim(store.database["registrations"], batch)
        return cls(app, store, population)

    def find(self, filters: dict[str, str]) -> Any:
        return self.app.find_members(load(FindMembers, {"filters": filters}))

    def get(self) -> Any:
        return self.app.get_member(GetMember(member_id=self.population.one["id"]))


def searches(population: Population) -> dict[str, dict[str, str]]:
    """One search by each filter; what is sought exists at both sizes."""
    one = population.one
    return {
        "(none)": {},
        "name": {"name": one["family_name"][:2].upper()},
        "email": {"email": one["email"]},
        "registration_number": {"registration_number": one["registration_number"]},
        "regulator": {"regulator": "GMC"},
        "status": {"status": "due"},
        "profession": {"profession": "doctor"},
        "nation": {"nation": "wales"},
        "career_stage": {"career_stage": "trainee"},
        "grade": {"grade": "trainee"},
        "due_from, due_to": {"due_from": "2026-12-01", "due_to": "2026-12-31"},
    }


@click.command()
@click.option("--size", type=click.IntRange(SMALL + 1), default=LARGE, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
def main(size: int, rounds: int) -> None:
    """Compare searches of 1,000 and of many members, and tick once."""
    console = Console(width=max(100, Console().width), highlight=False)
    with tempfile.TemporaryDirectory(prefix="faculty-members-") as folder:
        uri = os.environ.get("FACULTY_TEST_MONGODB_URI")
        opened = external(uri) if uri else embedded(Path(folder))
        with opened as stores:
            small, large = Side.of(stores("small"), SMALL), Side.of(stores("large"), size)
            console.print(_compare(small, large, size, rounds))
            console.print(_tick(small, large, size))


def _compare(small: Side, large: Side, size: int, rounds: int) -> Table:
    title = f"One page of 50: looked at ({small.store.unit}), and time in {size:,} to {SMALL:,}"
    shown = Table(title=title, box=box.MARKDOWN, title_justify="left")
    for name in ("Filter", f"At {SMALL:,}", f"At {size:,}", "Time ratio", "Min to max", "Found"):
        shown.add_column(name, justify="left" if name == "Filter" else "right")
    for name, filters in searches(small.population).items():
        found = len(large.find(filters).items)
        cells = _row(
            partial(small.find, filters), partial(large.find, filters), small, large, rounds
        )
        shown.add_row(name, *cells, str(found))
    shown.add_row("get_member", *_row(small.get, large.get, small, large, rounds), "1")
    return shown


def _row(
    at_small: Callable[[], object],
    at_large: Callable[[], object],
    small: Side,
    large: Side,
    rounds: int,
) -> list[str]:
    looked_at = small.store.looked_at(at_small), large.store.looked_at(at_large)
    ratios = [_seconds(at_large) / _seconds(at_small) for _ in range(rounds)]
    return [
        *map(str, looked_at),
        f"{statistics.median(ratios):.2f}",
        f"{min(ratios):.2f} to {max(ratios):.2f}",
    ]


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _tick(small: Side, large: Side, size: int) -> Table:
    title = "One full tick"
    shown = Table(title=title, box=box.MARKDOWN, title_justify="left")
    for name in ("Members", "Settled", "Told", "A second", "Peak memory, MiB"):
        shown.add_column(name, justify="right")
    for number, side in ((SMALL, small), (size, large)):
        # Measuring memory slows everything down, so the memory is that of the dry run before.
        tracemalloc.start()
        side.app.tick(Tick(dry_run=True))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        started = time.perf_counter()
        view = side.app.tick(Tick())
        seconds = time.perf_counter() - started
        told = ", ".join(f"{name} {count:,}" for name, count in view.told.items())
        rate = f"{view.looked_at / seconds:,.0f}"
        shown.add_row(f"{number:,}", f"{view.looked_at:,}", told, rate, f"{peak / 2**20:.1f}")
    return shown


if __name__ == "__main__":
    sys.exit(main())
