"""What the clock does."""

from typing import Any

from services.programmes.commands import clock as commands
from services.programmes.errors import NoTrial
from services.programmes.schemas import clock as schemas
from shared.errors import Invalid
from shared.rpc import rpc
from shared.timers import regularly


class Clock:
    """What the clock does."""

    app: Any

    @rpc(
        commands.AdvanceClock,
        returns=schemas.ClockView,
        scope="programmes:operate",
        errors=(Invalid, NoTrial),
        writes=True,
    )
    def advance_clock(self, command: commands.AdvanceClock) -> schemas.ClockView:
        """Put the clock of a trial forward; refused where the service keeps real time."""
        return self.app.advance_clock(command)

    @regularly("tick_seconds")
    def tick(self) -> None:
        """Do what is due by now."""
        self.app.tick()
