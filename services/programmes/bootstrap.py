"""The composition root: handlers wired to their repositories, projection and clock."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.programmes.domain.certificate import new_code
from services.programmes.handlers import applications as applying
from services.programmes.handlers import following, learning
from services.programmes.repository import (
    Answers,
    Applications,
    Attendances,
    Certificates,
    Cohorts,
    Holdings,
    Programmes,
    Sessions,
    Standings,
)
from services.programmes.settings import Settings
from shared.events import Clock
from shared.service import wire


def bootstrap(settings: Settings, *, database: Any, outbox: Any, clock: Clock) -> Any:
    """The handlers, ready to be called with a command alone."""
    zone = ZoneInfo(settings.time_zone)

    def today() -> date:
        return clock().astimezone(zone).date()

    programmes = Programmes(database, outbox)
    cohorts = Cohorts(database, outbox)
    applications = Applications(database, outbox)
    sessions = Sessions(database, outbox)
    attendances = Attendances(database, outbox)
    certificates = Certificates(database, outbox)
    answers, standings = Answers(database, outbox), Standings(database)
    return wire(
        applying,
        learning,
        following,
        repositories=(
            programmes,
            cohorts,
            applications,
            sessions,
            attendances,
            certificates,
            standings,
            answers,
        ),
        programmes=programmes,
        cohorts=cohorts,
        applications=applications,
        sessions=sessions,
        attendances=attendances,
        certificates=certificates,
        standings=standings,
        holdings=Holdings(applications, attendances, certificates, standings),
        answers=answers,
        clock=clock,
        today=today,
        make_code=new_code,
    )
