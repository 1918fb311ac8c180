"""The places of posts, on the store in memory."""

import pytest

from shared.testing import FakeDatabase
from tests.unit.programmes.places_suite import PlacesBehaviour


class TestPlaces(PlacesBehaviour):
    """Threads take turns there; on a real store they meet, see ``tests/integration``."""

    @pytest.fixture
    def database(self) -> FakeDatabase:
        return FakeDatabase()
