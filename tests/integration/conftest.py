"""What the integration tests share."""

from collections.abc import Iterator

import pytest

from deploy.local import Stack
from shared.messaging import topology
from tests.integration.probe import Probe, running


@pytest.fixture(scope="module")
def probe(stack: Stack) -> Iterator[Probe]:
    """A probe with short delays between attempts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topology, "DELAYS_MS", (100, 150, 200, 250, 300, 350))
        with running(stack) as started:
            yield started
