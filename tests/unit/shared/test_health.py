"""Whether a service lives and is ready, and what it counts."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from shared import health
from shared.health import Check, make_app


def ask(path: str, checks: Mapping[str, Check] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    app = make_app(checks or {})
    body = b"".join(app({"PATH_INFO": path}, lambda *given: started.append(given)))
    ((status, headers),) = started
    return int(status.split()[0]), dict(headers), body


def says(path: str, **checks: Check) -> tuple[int, Any]:
    status, headers, body = ask(path, checks)
    assert headers["Content-Type"] == "application/json"
    return status, json.loads(body)


def fail() -> bool:
    raise ConnectionError("amqp://things:hunter2@127.0.0.1/")


def test_a_process_that_runs_is_alive() -> None:
    """Whatever else is away: restarting it would not bring that back."""
    assert says("/healthz", broker=lambda: False, store=fail) == (200, {"status": "alive"})


def test_it_is_ready_when_every_check_passes() -> None:
    """Each is named."""
    answer = says("/readyz", broker=lambda: True, store=lambda: True)
    assert answer == (200, {"broker": True, "store": True})


@pytest.mark.parametrize("check", [lambda: False, lambda: None, lambda: 0, fail])
def test_it_is_not_ready_when_one_check_does_not_pass(check: Check) -> None:
    """One that raises has not passed, the others are still said, and nothing of the error is."""
    for checks in ({"store": check, "broker": lambda: True}, {"broker": lambda: True, "x": check}):
        status, results = says("/readyz", **checks)
        assert status == 503
        assert results == {name: name == "broker" for name in checks}


def test_checks_are_asked_anew_each_time() -> None:
    """Ready now says nothing of later."""
    answers = [True, False, True]
    app = make_app({"broker": lambda: answers.pop(0)})
    statuses: list[str] = []
    for _ in range(3):
        app({"PATH_INFO": "/readyz"}, lambda status, _headers: statuses.append(status[:3]))
    assert statuses == ["200", "503", "200"]


@pytest.mark.parametrize("path", ["", "/", "/healthz/", "/HEALTHZ", "/metrics/x", "//readyz"])
def test_other_paths_are_not_there(path: str) -> None:
    """The answer says which are."""
    status, body = says(path)
    assert status == 404
    assert body == {"paths": "/healthz /readyz /metrics"}


def test_a_request_without_a_path_is_answered() -> None:
    """WSGI lets a server leave it out."""
    statuses: list[str] = []
    make_app({})({}, lambda status, _headers: statuses.append(status))
    assert statuses == ["404 Not Found"]


def families() -> dict[str, Metric]:
    status, headers, body = ask("/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    return {family.name: family for family in text_string_to_metric_families(body.decode())}


def test_metrics_are_in_the_text_format() -> None:
    """Prometheus' own parser reads each of ours, with its type and its help."""
    found = families()
    for name, kind in {
        "faculty_rpc_calls": "counter",
        "faculty_rpc_seconds": "histogram",
        "faculty_events": "counter",
        "faculty_relay_events": "counter",
        "faculty_outbox_waiting": "gauge",
    }.items():
        assert found[name].type == kind
        assert found[name].documentation


def sample(name: str, labels: dict[str, str]) -> float:
    values = [
        one.value
        for family in families().values()
        for one in family.samples
        if one.name == name and one.labels == labels
    ]
    return values[0] if values else 0.0


def test_what_is_counted_is_shown() -> None:
    """By method and code, by queue and outcome; odd values of labels break no line."""
    for counter, name, labels in (
        (health.CALLS, "faculty_rpc_calls_total", {"method": 'a"b\\c', "code": "o\nk"}),
        (health.EVENTS, "faculty_events_total", {"queue": "q.h", "outcome": "applied"}),
        (health.RELAYED, "faculty_relay_events_total", {"outcome": "published"}),
    ):
        before = sample(name, labels)
        counter.labels(**labels).inc(3)
        assert sample(name, labels) == before + 3


def test_seconds_are_shown_as_a_histogram() -> None:
    """Number and sum of what was observed."""
    before = sample("faculty_rpc_seconds_count", {"method": "timed"})
    health.CALL_SECONDS.labels("timed").observe(0.25)
    assert sample("faculty_rpc_seconds_count", {"method": "timed"}) == before + 1
    assert sample("faculty_rpc_seconds_sum", {"method": "timed"}) >= 0.25
