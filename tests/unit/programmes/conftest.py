"""A fresh service for each test."""

import pytest

from tests.unit.programmes.world import World


@pytest.fixture
def world() -> World:
    """The programmes service wired in memory."""
    return World()
