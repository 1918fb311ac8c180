"""The composition root: handlers wired to their repositories, reference data and clock."""

from datetime import date
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.membership.handlers import (
    applications,
    lifecycle,
    members,
    policies,
    registrations,
    ticking,
)
from services.membership.handlers.desk import Desk
from services.membership.reference import load_policies, load_regulators
from services.membership.repository import (
    Histories,
    Members,
    PolicyVersions,
    RegisterEntries,
    Registrations,
    Selections,
)
from services.membership.settings import Settings
from shared.events import Clock
from shared.service import wire
from shared.timers import Leases


def bootstrap(settings: Settings, *, database: Any, outbox: Any, clock: Clock) -> Any:
    """The handlers, ready to be called with a command alone."""
    zone = ZoneInfo(settings.time_zone)

    def today() -> date:
        return clock().astimezone(zone).date()

    people = Members(database, outbox)
    versions = PolicyVersions(database, outbox, load_policies())
    selections = Selections(database, outbox)
    claims = Registrations(database)
    entries = RegisterEntries(database)
    return wire(
        applications,
        lifecycle,
        members,
        policies,
        registrations,
        ticking,
        repositories=(people, versions, selections, claims, entries),
        desk=Desk(people, versions, today),
        histories=Histories((people,)),
        selections=selections,
        registrations=claims,
        entries=entries,
        regulators=load_regulators(),
        leases=Leases(database, clock),
        ahead=bool(settings.tick_ahead),
        make_pseudonym=lambda: str(uuid4()),
    )
