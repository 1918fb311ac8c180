"""The clock of a trial, which can be put forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.programmes.commands import clock as commands
from services.programmes.errors import NoTrial
from services.programmes.handlers.ticking import Step, take_steps
from services.programmes.handlers.turns import Pace
from services.programmes.schemas import clock as schemas
from shared import telemetry
from shared.timers import ACTOR

if TYPE_CHECKING:
    from shared.trial import TrialClock


def advance_clock(
    command: commands.AdvanceClock, *, trial: TrialClock | None, steps: Mapping[str, Step]
) -> schemas.ClockView:
    """Let it be later; raises NoTrial where the service keeps real time."""
    if trial is None:
        raise NoTrial
    now = trial.advance(command.to)
    # Without the call's identity, by which a second change of one document would be passed over.
    with telemetry.activate(telemetry.Context.start(actor=ACTOR, action="advance_clock")):
        take_steps(steps, Pace())
    return schemas.ClockView(now)
