"""A service says what is wrong with its settings and does not start; it waits for the rest."""

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.local import SERVICES, Stack
from deploy.local.members import REPOSITORY, python_environment
from deploy.local.ports import HOST
from deploy.local.processes import wait_until
from shared.service import EXIT_CONFIGURATION
from tests.integration.probe import SECONDS


def start(service: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"services.{service}"],
        env={**python_environment(), **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("service", SERVICES)
def test_missing_settings_are_all_named(service: str) -> None:
    """Whoever starts it mends them in one go."""
    ended = start(service, {})
    assert ended.returncode == EXIT_CONFIGURATION
    for name in ("AMQP_URI", "MONGODB_URI", "AUTH_PUBLIC_KEY"):
        assert name in ended.stderr


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMQP_URI", "http://localhost"),
        ("HTTP_PORT", "eighty"),
        ("MAX_WORKERS", "0"),
        ("AUTH_PUBLIC_KEY", "none"),
        ("AUTH_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----"),
    ],
)
def test_a_malformed_setting_is_named(stack: Stack, service: str, name: str, value: str) -> None:
    """Without repeating what it holds, which may be a secret."""
    ended = start(service, {**stack.environment_of(service), name: value})
    assert ended.returncode == EXIT_CONFIGURATION
    assert name in ended.stderr
    assert "localhost" not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_health_is_told_over_http(stack: Stack, service: str) -> None:
    """Alive, ready, and in numbers; anything else is not there."""
    port = stack.service(service).http_port
    assert ask(port, "/healthz") == (200, '{"status": "alive"}\n')
    status, ready = ask(port, "/readyz")
    assert (status, ready) == (200, '{"broker": true, "store": true}\n')
    status, text = ask(port, "/metrics")
    names = {family.name for family in text_string_to_metric_families(text)}
    assert status == 200
    assert {"faculty_rpc_calls", "faculty_events", "faculty_relay_events"} <= names
    assert ask(port, "/etc/passwd")[0] == 404


@pytest.mark.own_stack
def test_a_service_waits_for_its_store_and_its_broker(tmp_path: Path) -> None:
    """Started first, it is alive but not ready; it is ready once both are there."""
    stack = Stack(tmp_path, services=("programmes",))
    service = stack.service("programmes")
    try:
        service.launch()
        stack.store.start()
        wait_until(
            lambda: answers(service.http_port), seconds=SECONDS, what="alive without a broker"
        )
        assert ask(service.http_port, "/readyz")[0] == 503
        stack.broker.start()
        service.wait_ready()
        stack.store.kill()
        wait_until(
            lambda: ask(service.http_port, "/readyz")[0] == 503,
            seconds=SECONDS,
            what="not ready without its store",
        )
        assert ask(service.http_port, "/healthz")[0] == 200
        stack.store.start()
        service.wait_ready()
        assert service.running
    finally:
        stack.stop()


def answers(port: int) -> bool:
    try:
        return ask(port, "/healthz")[0] == 200
    except OSError:
        return False


@pytest.mark.own_stack
def test_a_stop_before_the_start_is_over_ends_it(tmp_path: Path) -> None:
    """A service that still waits for its store stops at once when asked to."""
    stack = Stack(tmp_path, services=("programmes",))
    service = stack.service("programmes")
    service.launch()
    try:
        wait_until(
            lambda: "waiting for the store" in service.process.log_tail(),
            seconds=SECONDS,
            what="waiting",
        )
    finally:
        service.stop()
    assert service.process.log_tail().count("left to redelivery") == 0
    assert not service.running
