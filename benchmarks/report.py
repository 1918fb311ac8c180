"""What a run found: two tables for people, JSON for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from rich import box
from rich.table import Table

from benchmarks.pairs import Result, Sample, percentile

_LIBRARIES = ("nameko", "kombu", "amqp", "eventlet", "pymongo")
_PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
# Above this load per core before the run starts, others are at work on the machine.
_QUIET = 0.25


@dataclass(frozen=True)
class Machine:
    """Where the numbers come from."""

    cores: int
    system: str
    python: str
    rabbitmq: str
    store: str
    libraries: dict[str, str]
    load_before: float

    @classmethod
    def of(cls, rabbitmq: str, *, embedded_store: bool, load_before: float) -> Machine:
        return cls(
            cores=len(os.sched_getaffinity(0)),
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            rabbitmq=rabbitmq,
            store="embedded" if embedded_store else "external",
            libraries={name: version(name) for name in _LIBRARIES},
            load_before=round(load_before, 2),
        )

    @property
    def noisy(self) -> bool:
        return self.load_before > _QUIET * self.cores

    def __str__(self) -> str:
        libraries = ", ".join(f"{name} {number}" for name, number in self.libraries.items())
        return (
            f"{self.cores} cores, {self.system}, Python {self.python}, RabbitMQ {self.rabbitmq}, "
            f"{self.store} store, {libraries}; load before the run {self.load_before}"
        )


def table(results: Sequence[Result], rounds: int, seconds: float) -> Table:
    """Each pair's median ratio, the smallest and largest of its rounds, and the median rates."""
    title = f"Ours to base: {rounds} rounds of {seconds:g} s a side; a ratio above 1 is faster"
    shown = Table(title=title, box=box.MARKDOWN, title_justify="left")
    for name in ("Measured", "Load", "Ratio", "Min to max", "Base", "Ours", "Unit"):
        text = name in ("Measured", "Load", "Unit")
        shown.add_column(name, justify="left" if text else "right", no_wrap=True)
    for result in results:
        shown.add_row(
            result.pair.measurement,
            result.pair.load,
            f"{result.ratio:.2f}",
            f"{min(result.ratios):.2f} to {max(result.ratios):.2f}",
            _rate(result.base_rate),
            _rate(result.ours_rate),
            result.pair.unit,
        )
    return shown


def latency_table(results: Sequence[Result]) -> Table | None:
    """Milliseconds of a call, of all rounds together; None when no latency was measured."""
    timed = [result for result in results if result.base and result.base[0].latencies]
    if not timed:
        return None
    shown = Table(
        title="One call at a time, in ms, of all rounds", box=box.MARKDOWN, title_justify="left"
    )
    shown.add_column("Measured", no_wrap=True)
    for side in ("Base", "Ours"):
        for name in _PERCENTILES:
            shown.add_column(f"{side} {name}", justify="right", no_wrap=True)
    for result in timed:
        cells = [*_latencies(result.base).values(), *_latencies(result.ours).values()]
        shown.add_row(result.pair.measurement, *(f"{cell:.2f}" for cell in cells))
    return shown


def document(
    results: Sequence[Result], machine: Machine, rounds: int, seconds: float
) -> dict[str, Any]:
    """The whole run, ready for JSON; rates are per second, latencies in milliseconds."""
    return {
        "machine": {**vars(machine), "noisy": machine.noisy},
        "rounds": rounds,
        "seconds": seconds,
        "results": [_entry(result) for result in results],
    }


def _entry(result: Result) -> dict[str, Any]:
    pair = result.pair
    entry: dict[str, Any] = {
        "measurement": pair.measurement,
        "load": pair.load,
        "unit": pair.unit,
        "ratio": {"median": result.ratio, "rounds": result.ratios},
    }
    for name, side, samples in (
        ("base", pair.base, result.base),
        ("ours", pair.ours, result.ours),
    ):
        entry[name] = {"label": side.label, "rates": [sample.rate for sample in samples]}
        if samples[0].latencies:
            entry[name]["latency_ms"] = _latencies(samples)
    return entry


def _latencies(samples: Sequence[Sample]) -> dict[str, float]:
    pooled = [1_000 * latency for sample in samples for latency in sample.latencies]
    return {name: percentile(pooled, share) for name, share in _PERCENTILES.items()}


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"
