"""The composition root: handlers wired to their repositories, projection and clock."""

from typing import Any

from services.programmes import handlers
from services.programmes.repository import Applications, Cohorts, Programmes, Standings
from services.programmes.settings import Settings
from shared.events import Clock
from shared.service import wire


def bootstrap(_settings: Settings, *, database: Any, outbox: Any, clock: Clock) -> Any:
    """The handlers, ready to be called with a command alone."""
    programmes = Programmes(database, outbox)
    cohorts = Cohorts(database, outbox)
    applications = Applications(database, outbox)
    return wire(
        handlers,
        repositories=(programmes, cohorts, applications),
        programmes=programmes,
        cohorts=cohorts,
        applications=applications,
        standings=Standings(database),
        clock=clock,
    )
