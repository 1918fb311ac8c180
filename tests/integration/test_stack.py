"""The stack in the background: it goes up, it goes down, and what it holds stays."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.faculty.configuration import read_environment
from deploy.local import SERVICES, Stack
from deploy.local.members import REPOSITORY, python_environment
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


def faculty(root: Path, *arguments: str) -> dict[str, object]:
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
    answer: dict[str, object] = json.loads(done.stdout)
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
