"""A fresh service for each test."""

import pytest

from tests.unit.programmes.builders import Service


@pytest.fixture
def service() -> Service:
    """The handlers of programmes wired to fakes."""
    return Service()
