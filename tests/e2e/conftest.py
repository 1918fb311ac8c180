"""What the end-to-end tests share."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Stack
from deploy.local.environment import client_environment
from deploy.local.members import REPOSITORY, python_environment
from tests.e2e.command import COMMAND, Result, Run
from tests.e2e.world import SECONDS, World


@pytest.fixture(scope="session")
def world(stack: Stack) -> Iterator[World]:
    """The services of the shared stack."""
    opened = World(stack)
    yield opened
    opened.close()


@pytest.fixture
def environment(stack: Stack) -> dict[str, str]:
    """What ``.run/env`` holds of a running stack."""
    return {
        **python_environment(),
        **client_environment(stack),
        "PYTHONPATH": str(REPOSITORY),
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs the command in a folder of its own until it ends."""

    def run_command(*arguments: str, stdin: str = "", **changes: str) -> Result:
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            env={**environment, **changes},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run_command
