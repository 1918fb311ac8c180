"""The store in memory behaves as a store must, so what unit tests show holds for a real one."""

import pytest

from shared.testing import FakeDatabase
from shared.testing.behaviour import StoreBehaviour


class TestFakeStore(StoreBehaviour):
    """The fake that unit tests stand on."""

    @pytest.fixture
    def database(self) -> FakeDatabase:
        return FakeDatabase()
