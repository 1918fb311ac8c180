"""The commands of docs/operations.md do on a running stack what the page says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import SERVICES, Stack
from deploy.local.environment import client_environment
from deploy.local.members import REPOSITORY, python_environment
from tests.e2e.methods import queues_of
from tests.e2e.test_vanilla_client import park
from tests.e2e.world import SECONDS, World

PAGE = (REPOSITORY / "docs/operations.md").read_text(encoding="utf-8")
# Of these sections every block is run: they say of themselves that they can be tried as they are.
TRIED = ("Health and metrics", "Membership's clock", "Parked messages")


def blocks_of(section: str) -> Iterator[str]:
    """The indented blocks of a section, as a shell is given them."""
    text = re.split(rf"^## {re.escape(section)}$", PAGE, flags=re.M)[1]
    text = re.split(r"^## ", text, flags=re.M)[0]
    for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, flags=re.M):
        yield re.sub(r"^    ", "", block, flags=re.M)


BLOCKS = [(section, block) for section in TRIED for block in blocks_of(section)]


@pytest.fixture(scope="module")
def folder(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a running stack, as far as commands see it."""
    made = tmp_path_factory.mktemp("checkout")
    values = client_environment(stack)
    (made / ".run").mkdir()
    (made / ".run/env").write_text("".join(f"{k}='{v}'\n" for k, v in values.items()))
    commands = made / ".venv/bin"
    commands.mkdir(parents=True)
    for name, module in (("python", ""), ("faculty", "-m clients.faculty")):
        file = commands / name
        file.write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n')
        file.chmod(0o755)
    return made


@pytest.fixture(scope="module")
def parked(world: World) -> str:
    """Something that programmes could not read."""
    return park(world, "programmes")


def run(folder: Path, block: str) -> str:
    """What the block prints, each of its commands having succeeded."""
    script = f"set -eu; set -a; . .run/env; set +a\n{block}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**python_environment(), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, ""), block
    return done.stdout


@pytest.mark.parametrize(("section", "block"), BLOCKS)
def test_a_documented_command_does_what_it_says(
    folder: Path, parked: str, section: str, block: str
) -> None:
    """As it stands there; an id is that of something parked."""
    assert section in TRIED
    run(folder, block.replace("ID=...", f"ID={parked}"))


def test_the_commands_are_of_every_service(folder: Path) -> None:
    """What is asked of one service in the examples can be asked of the others alike."""
    text = "".join(block for _, block in BLOCKS)
    for service in SERVICES:
        assert service in text
        for name in ("find_parked", "retry_parked", "discard_parked"):
            block = next(b for _, b in BLOCKS if f"$SERVICE.{name}" in b)
            run(folder, re.sub(r"SERVICE=\w+", f"SERVICE={service}", block))


def test_the_lengths_are_of_all_queues(folder: Path) -> None:
    """Of calls, of what is parked and of every handler; a handler that is new is not forgotten."""
    block = next(block for _, block in BLOCKS if "message_count" in block)
    lengths = {line.split()[0] for line in run(folder, block).splitlines()}
    own = {name for service in SERVICES for name in (f"rpc-{service}", f"{service}.parked")}
    assert lengths == own | {queue for service in SERVICES for queue in queues_of(service)}


def test_every_service_answers_when_it_is_asked_whether_it_is_ready(folder: Path) -> None:
    """Each of the four, and it is."""
    block = next(block for _, block in BLOCKS if "readyz" in block)
    answers = [json.loads(line) for line in run(folder, block).splitlines()]
    assert answers == [{"broker": True, "store": True}] * len(SERVICES)
