"""The store that the services run on behaves as a store must."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern

from deploy.local import Stack
from shared.testing.behaviour import StoreBehaviour


class TestStore(StoreBehaviour):
    """Whatever the stack was given: the embedded store, or the one that MONGODB_URI names."""

    @pytest.fixture
    def database(self, stack: Stack) -> Iterator[Any]:
        with MongoClient[dict[str, Any]](stack.mongodb_uri, tz_aware=True) as client:
            name = f"suite_{uuid.uuid4().hex[:12]}"
            yield client.get_database(name, write_concern=WriteConcern("majority"))
            client.drop_database(name)
