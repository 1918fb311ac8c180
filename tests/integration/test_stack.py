"""The stack in the background: it goes up, it goes down, and what it holds stays."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.faculty.configuration import read_environment
from deploy.local import SERVICES, Stack
from deploy.local.members import REPOSITORY, python_environment
from deploy.local.processes import wait_until
from tests.e2e.command import COMMAND
from tests.e2e.world import invent

pytestmark = pytest.mark.own_stack
SECONDS = 240.0
MEMBERS = ("broker", "store", "mail", *SERVICES)


def stack(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `make up`, `make down` and `make status` run."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", *arguments, "--root", str(root)],
        cwd=REPOSITORY,
        env=python_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def states(root: Path) -> dict[str, str]:
    lines = stack(root, "status").stdout.splitlines()
    return {line.split()[0]: line.split()[1] for line in lines}


def row(root: Path, member: str) -> str:
    """What the status says of one member."""
    lines = stack(root, "status").stdout.splitlines()
    return next(line for line in lines if line.startswith(member))


def faculty(root: Path, *arguments: str) -> dict[str, Any]:
    """The answer of the command, which finds the stack by its environment file."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=root.parent,
        env={**python_environment(), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / ".run"
    stack(tmp_path / ".run", "down")


def test_it_goes_up_and_down_and_its_data_stays(root: Path) -> None:
    """A member that runs is left alone, and a port that a stranger took meanwhile is changed."""
    up = stack(root, "up")
    assert (up.returncode, up.stderr) == (0, "")
    assert states(root) == dict.fromkeys(MEMBERS, "running")
    pids = {service.name: service.pid for service in Stack(root).services}

    environment = read_environment(root / "env")
    assert {"AMQP_URI", "MONGODB_URI", "TOKEN_STAFF", "TOKEN_OPS", "SMTP_PORT"} <= set(environment)
    assert stat.S_IMODE((root / "env").stat().st_mode) == 0o600
    shell = ["sh", "-c", f'. {root}/env && printf %s "$AMQP_URI"']
    assert subprocess.check_output(shell, text=True) == environment["AMQP_URI"]

    member = faculty(
        root, "call", "membership.apply", "--as", "staff", "--json", json.dumps(invent())
    )
    assert stack(root, "up").returncode == 0
    assert {service.name: service.pid for service in Stack(root).services} == pids

    assert stack(root, "down").returncode == 0
    assert states(root) == dict.fromkeys(MEMBERS, "stopped")
    assert stack(root, "status").returncode == 1

    taken = json.loads((root / "state.json").read_text())["amqp"]
    with socket.create_server(("127.0.0.1", taken)):
        assert stack(root, "up").returncode == 0
        assert json.loads((root / "state.json").read_text())["amqp"] != taken
        arguments = json.dumps({"member_id": member["member_id"]})
        again = faculty(root, "call", "membership.get_member", "--as", "staff", "--json", arguments)
    assert again["member_id"] == member["member_id"]


def test_a_service_that_hangs_is_seen_and_nothing_is_lost(root: Path) -> None:
    """Its process runs and it answers nothing; killed and started anew it does what it had."""
    assert stack(root, "up").returncode == 0
    hung = Stack(root).service("programmes").pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    host = {"name": "Invented Hospital", "nation": "england", "capacity": 2}
    options = ("--as", "staff", "--key", "a-host", "--json", json.dumps(host))
    with subprocess.Popen(
        [*COMMAND, "call", "programmes.register_host", *options, "--timeout", str(SECONDS)],
        cwd=root.parent,
        env={**python_environment(), "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    ) as calling:
        wait_until(
            lambda: (
                "DOES NOT ANSWER" in row(root, "programmes")
                and "in hand 1" in row(root, "programmes")
            ),
            seconds=SECONDS,
            what="the call in the hands of a service that hangs",
        )
        assert stack(root, "status").returncode == 1
        os.kill(hung, signal.SIGKILL)
        assert stack(root, "up").returncode == 0
        answer, _ = calling.communicate(timeout=SECONDS)
    assert json.loads(answer)["name"] == host["name"]
    assert len(faculty(root, "call", "programmes.find_hosts", "--as", "staff")["items"]) == 1


def test_a_rehearsal_goes_on_after_a_crash_when_it_is_said(root: Path) -> None:
    """Without a word the start is refused, and the clock stays where it was put."""
    later = {"to": "2099-01-01T00:00:00+00:00"}
    assert stack(root, "up", "--trial").returncode == 0
    advance = ("call", "programmes.advance_clock", "--as", "ops", "--json", json.dumps(later))
    faculty(root, *advance)
    Stack(root).service("programmes").kill()
    refused = stack(root, "up")
    assert (refused.returncode, "make up TRIAL=1" in refused.stderr) == (1, True)
    assert states(root)["programmes"] == "stopped"
    assert stack(root, "up", "--trial").returncode == 0
    later["to"] = "2098-01-01T00:00:00+00:00"
    again = subprocess.run(
        [*COMMAND, *advance[:-1], json.dumps(later)],
        cwd=root.parent,
        env={**python_environment(), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert "2099-01-01" in json.loads(again.stderr)["details"]["fields"]["to"][0]
