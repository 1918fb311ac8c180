"""What a store must do, so that repositories, projections, outboxes and calls can stand on it.

One suite, inherited by every implementation; whoever inherits gives the fixture ``database``, an
empty database of its own:

    class TestEmbeddedStore(StoreBehaviour):
        @pytest.fixture
        def database(self, client): ...
"""

from shared.testing.behaviour.blobs import Blobs
from shared.testing.behaviour.calls import Calls
from shared.testing.behaviour.leases import Leases
from shared.testing.behaviour.outboxes import Outboxes
from shared.testing.behaviour.pages import Pages
from shared.testing.behaviour.projections import Projections
from shared.testing.behaviour.saving import Saving
from shared.testing.behaviour.trails import Trails


class StoreBehaviour(Saving, Trails, Pages, Projections, Outboxes, Calls, Leases, Blobs):
    """Inherit this and give the fixture ``database``."""


__all__ = ["StoreBehaviour"]
