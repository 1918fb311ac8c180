"""Patch before anything else is imported, as the services do; then the stack that tests share."""

import shared.patched  # noqa: F401, I001 (before everything else)

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import External, Stack


def pytest_configure() -> None:
    """Asked to end, the run ends as it does on Ctrl-C: what it started it also stops."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All four services on a real broker and store, started once for all tests that ask for it.

    Tests share it, so each brings its own people and looks only for what it made itself. Whoever
    stops or kills a member needs a stack of its own.
    """
    root: Path = tmp_path_factory.mktemp("stack")
    made = Stack(root, external=External.from_environment(os.environ))
    made.on_trial()
    with made as running:
        yield running
