"""What the clock does: whatever is due by now, one thing after another.

Every instance has its clock, and one at a time is enough, which a lease sees to. Each step says
what is due and what is then done, in a way that bears repetition, so two at work do no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.programmes.handlers.turns import Due, Pace, go_over
from shared import health, telemetry
from shared.errors import Unavailable

if TYPE_CHECKING:
    from shared.timers import Leases

log = telemetry.logger(__name__)

Step = Callable[[], Due[Any]]


def tick(*, steps: Mapping[str, Step], leases: Leases, lease: timedelta, pace: Pace) -> None:
    """Take every step under a lease, which is kept at every turn; so many turns of each."""
    held = leases.take("tick", lease)
    if held is None:
        health.TURNS_LEFT.clear()  # whoever has the lease tells it
        return
    try:
        # Where it ended while we were held up, another instance began anew.
        take_steps(steps, pace, go_on=lambda: held.keep(lease))
    finally:
        held.give_back()


def take_steps(
    steps: Mapping[str, Step], pace: Pace, go_on: Callable[[], bool] = lambda: True
) -> None:
    """Take every step as long as the clock may go on; what one cannot do holds up no other."""
    for name, step in steps.items():
        try:
            if not (go_on() and go_over(name, step(), pace, go_on)):
                return
        except Unavailable:
            raise
        except Exception:
            log.exception("step not taken", step=name)
