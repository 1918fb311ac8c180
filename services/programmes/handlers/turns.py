"""How the clock's steps go over what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.programmes.repository.keys import Turn
from shared import telemetry
from shared.errors import Unavailable
from shared.events import Aggregate

log = telemetry.logger(__name__)

A = TypeVar("A", bound=Aggregate)


def each(found: Iterable[Turn[A]], action: Callable[[A], object]) -> None:
    """Act on everything that is due; what fails is logged and left to the next tick."""
    for turn in found:
        try:
            action(turn.load())
        except Unavailable:
            raise
        except Exception:
            log.exception("not done", collection=turn.repository.collection, id=turn.id)
