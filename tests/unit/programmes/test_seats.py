"""The places of sessions on the store of unit tests."""

from typing import Any

import pytest

from tests.unit.programmes.locked import LockedDatabase
from tests.unit.programmes.seats_suite import SeatsBehaviour


class TestSeats(SeatsBehaviour):
    """In memory."""

    @pytest.fixture
    def database(self) -> Any:
        return LockedDatabase()
