"""Whether the process lives, whether it is ready, and what it counts, over HTTP.

``/healthz`` answers while the process runs, ``/readyz`` when the broker delivers and the store
answers, ``/metrics`` gives the counters in Prometheus' text format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

CALLS = Counter("faculty_rpc_calls_total", "Calls answered", ["method", "code"])
CALL_SECONDS = Histogram("faculty_rpc_seconds", "Time to answer a call", ["method"])
EVENTS = Counter("faculty_events_total", "Events received, by outcome", ["queue", "outcome"])
RELAYED = Counter("faculty_relay_events_total", "Events published, by outcome", ["outcome"])
WAITING = Gauge("faculty_outbox_waiting", "Committed saves that wait for the relay")
TURNS_LEFT = Gauge("faculty_clock_turns_left", "Due, and left by the clock's last tick", ["step"])

Check = Callable[[], bool]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def make_app(checks: Mapping[str, Check]) -> Callable[[dict[str, Any], StartResponse], Any]:
    """A WSGI application over named readiness checks."""

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _json(start_response, "200 OK", {"status": "alive"})
        if path == "/readyz":
            results = {name: _passes(check) for name, check in checks.items()}
            status = "200 OK" if all(results.values()) else "503 Service Unavailable"
            return _json(start_response, status, results)
        if path == "/metrics":
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        return _json(start_response, "404 Not Found", {"paths": "/healthz /readyz /metrics"})

    return app


def _passes(check: Check) -> bool:
    try:
        return bool(check())
    except Exception:
        return False


def _json(start_response: StartResponse, status: str, body: object) -> list[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(body).encode() + b"\n"]
