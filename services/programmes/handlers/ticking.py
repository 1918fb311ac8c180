"""What the clock does: whatever is due by now, one thing after another.

Every instance has its clock, and one at a time is enough, which a lease sees to. Each step finds
what is due by itself and writes it in a way that bears repetition, so two at work do no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from shared import telemetry
from shared.errors import Unavailable

if TYPE_CHECKING:
    from shared.timers import Leases

log = telemetry.logger(__name__)

Step = Callable[[], None]


def tick(*, steps: Mapping[str, Step], leases: Leases, lease: timedelta) -> None:
    """Take every step under a lease; what one step cannot do does not hold up the others."""
    held = leases.take("tick", lease)
    if held is None:
        return
    try:
        # Where it ended while we were held up, another instance began anew.
        take_steps(steps, go_on=lambda: held.renew(lease))
    finally:
        held.give_back()


def take_steps(steps: Mapping[str, Step], go_on: Callable[[], bool] = lambda: True) -> None:
    """Take every step as long as it may go on."""
    for name, step in steps.items():
        if not go_on():
            return
        try:
            step()
        except Unavailable:
            raise
        except Exception:
            log.exception("step not taken", step=name)
