"""A stack of the chaos tests' own, whose members are killed and started again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local import Stack
from tests.chaos.crowd import Crowd

# Waits for what a killed process left behind are as short as settings allow.
IMPATIENT = {
    "RELAY_GRACE_SECONDS": "1",
    "RELAY_SWEEP_SECONDS": "1",
    "RELAY_LEASE_SECONDS": "5",
    "BROKER_HEARTBEAT_SECONDS": "6",
    "MONGODB_TIMEOUT_SECONDS": "5",
}
# Days to come can be told as if they were here, and a killed teller is soon given up.
AHEAD = {"TICK_AHEAD": "1", "TICK_LEASE_SECONDS": "1"}
IMPATIENT_MAIL = {"SMTP_TIMEOUT_SECONDS": "2", "LEASE_SECONDS": "4", "SWEEP_SECONDS": "1"}


@pytest.fixture(scope="session")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All four services on a private broker and an embedded store."""
    stack = Stack(tmp_path_factory.mktemp("fragile"))
    for service in stack.services:
        service.settings |= IMPATIENT
    stack.service("membership").settings |= AHEAD
    stack.service("notifications").settings |= IMPATIENT_MAIL
    with stack:
        yield stack


@pytest.fixture
def crowd_of(fragile: Stack, tmp_path: Path) -> Iterator[Callable[[int], Crowd]]:
    """Makes a crowd of so many applicants with an outside subscriber that watches them."""
    with ExitStack() as crowds:
        yield lambda size: crowds.enter_context(Crowd(fragile, tmp_path, size))
    fragile.start()  # whatever a test left stopped
