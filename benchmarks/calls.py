"""Calls: the same echo behind plain Nameko and behind ``shared.rpc``.

Ours verifies a token, authorises, validates the request, counts and logs; plain Nameko does nothing
of it. Both are called by the same client, in another process, one call at a time or with so many in
flight; then each with the client that belongs to it, as an application meets it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from benchmarks.bed import Bed
from benchmarks.pairs import Measure, Pair, Sample, Side
from clients.faculty.client import Call

IN_FLIGHT = (1, 10, 50)
ARGUMENTS: dict[str, Any] = {"text": "how are you", "number": 42}
PLAIN, OURS = "plaincaller", "ourcaller"


def pairs(bed: Bed) -> list[Pair]:
    """The control, which tells the noise, and every client with every load."""
    bed.need("plain caller", "our caller")
    control = Pair(
        "control",
        "10 in flight",
        "calls/s",
        Side("plain", nameko(bed, PLAIN, 10)),
        Side("plain", nameko(bed, PLAIN, 10)),
    )
    return [
        control,
        *(_pair(bed, "calls, Nameko client", nameko, nameko, number) for number in IN_FLIGHT),
        *(_pair(bed, "calls, Faculty client", faculty, faculty, number) for number in IN_FLIGHT),
        *(_pair(bed, "calls, own clients", nameko, faculty, number) for number in IN_FLIGHT),
    ]


def _pair(bed: Bed, measurement: str, base: Any, ours: Any, in_flight: int) -> Pair:
    load = "one at a time" if in_flight == 1 else f"{in_flight} in flight"
    plain = Side("plain", base(bed, PLAIN, in_flight))
    return Pair(measurement, load, "calls/s", plain, Side("ours", ours(bed, OURS, in_flight)))


def nameko(bed: Bed, service: str, in_flight: int) -> Measure:
    """Calls with ``ClusterRpcProxy``, several in flight with its ``call_async``."""
    echo = bed.nameko[service].echo

    def one_at_a_time(seconds: float) -> Sample:
        return _time_each(lambda: echo(**ARGUMENTS), seconds)

    def many(seconds: float) -> Sample:
        waiting: deque[Any] = deque()
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            if len(waiting) == in_flight:
                _check(waiting.popleft().result())
                done += 1
            waiting.append(echo.call_async(**ARGUMENTS))
        for reply in waiting:
            _check(reply.result())
            done += 1
        return Sample(done / (time.perf_counter() - began))

    return one_at_a_time if in_flight == 1 else many


def faculty(bed: Bed, service: str, in_flight: int) -> Measure:
    """Calls with ``Faculty.call``, several in flight with its ``call_many``."""
    client, method = bed.faculty, f"{service}.echo"

    def one_at_a_time(seconds: float) -> Sample:
        return _time_each(lambda: client.call(method, **ARGUMENTS), seconds)

    def many(seconds: float) -> Sample:
        began = time.perf_counter()

        def calls() -> Iterator[Call]:
            while time.perf_counter() - began < seconds:
                yield Call(method, ARGUMENTS)

        done = 0
        for _, answer in client.call_many(calls(), in_flight):
            _check(answer)
            done += 1
        return Sample(done / (time.perf_counter() - began))

    return one_at_a_time if in_flight == 1 else many


def _time_each(call: Any, seconds: float) -> Sample:
    latencies = []
    began = before = time.perf_counter()
    while before - began < seconds:
        _check(call())
        after = time.perf_counter()
        latencies.append(after - before)
        before = after
    return Sample(len(latencies) / (before - began), tuple(latencies))


def _check(answer: Any) -> None:
    if answer != ARGUMENTS:
        raise RuntimeError(f"Not the echo that was asked for: {answer!r}")
