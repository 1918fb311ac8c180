"""What is due, and how the clock goes over it: so much in a tick, and what fails holds up nothing.

Due(desk.cohorts, now, lambda cohort: desk.cohorts.change(cohort.id, close))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from services.programmes.repository.keys import Turn, Turning, count_due, due
from shared import health, telemetry
from shared.errors import Unavailable

log = telemetry.logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Due(Generic[T]):
    """Everything in a store whose turn has come by an instant, and what is done with each."""

    store: Turning[T]
    now: datetime
    action: Callable[[T], object]


@dataclass
class Pace:
    """How many turns a step takes in one tick, and behind which each goes on at the next.

    Were it to begin anew each time, so many that fail would hold up the others for ever. Without a
    number a step takes all of them.
    """

    turns: int | None = None
    reached: dict[str, str] = field(default_factory=dict)


def go_over(step: str, found: Due[T], pace: Pace, go_on: Callable[[], bool]) -> bool:
    """Take the turns of a step, as many as the pace allows; whether the clock may go on.

    A step that has gone over everything begins anew at the next tick, with what failed.
    """
    after = pace.reached.get(step, "")
    for taken, turn in enumerate(due(found.store, found.now, after=after)):
        if taken == pace.turns:
            log.info("turns left", step=step, left=_tell_left(step, found))
            return True
        if not go_on():
            return False
        _take(turn, found.action)
        pace.reached[step] = turn.key
    pace.reached.pop(step, None)
    _tell_left(step, found)
    return True


def _take(turn: Turn[T], action: Callable[[T], object]) -> None:
    """Act on one thing; what fails is logged and left to a later tick."""
    try:
        action(turn.load())
    except Unavailable:
        raise
    except Exception:
        log.exception("not done", collection=turn.store.collection, id=turn.id)


def _tell_left(step: str, found: Due[T]) -> int:
    left = count_due(found.store, found.now)
    health.TURNS_LEFT.labels(step).set(left)
    return left
