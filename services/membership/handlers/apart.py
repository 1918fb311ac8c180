"""Changes that are not the message's own: what follows from it, to a document it changed before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from shared import telemetry


@contextmanager
def apart() -> Iterator[None]:
    """The context in hand without the message's identity.

    A repository passes over what a message did before. Taken for the message's, a second change of
    one document would be passed over too; what is done so must bear repetition by itself.
    """
    with telemetry.activate(replace(telemetry.current(), message_id="", seed="")):
        yield
