"""What the end-to-end tests share."""

from collections.abc import Iterator

import pytest

from deploy.local import Stack
from tests.e2e.world import World


@pytest.fixture(scope="session")
def world(stack: Stack) -> Iterator[World]:
    """The services of the shared stack."""
    opened = World(stack)
    yield opened
    opened.close()
