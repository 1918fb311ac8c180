"""How the clock's steps go over what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from shared import telemetry
from shared.errors import Unavailable
from shared.events import Aggregate

log = telemetry.logger(__name__)

A = TypeVar("A", bound=Aggregate)


def each(found: Iterable[A], action: Callable[[A], object]) -> None:
    """Act on everything found; what fails is logged and left to the next tick."""
    for aggregate in found:
        try:
            action(aggregate)
        except Unavailable:
            raise
        except Exception:
            log.exception("not done", kind=type(aggregate).__name__, id=aggregate.id)
