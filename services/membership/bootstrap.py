"""The composition root: handlers wired to their repositories, reference data and clock."""

from typing import Any
from uuid import uuid4

from services.membership import handlers
from services.membership.reference import load_grade_policies, load_regulators
from services.membership.repository import Members, RegisterEntries, Selections
from services.membership.settings import Settings
from shared.events import Clock
from shared.service import wire


def bootstrap(_settings: Settings, *, database: Any, outbox: Any, clock: Clock) -> Any:
    """The handlers, ready to be called with a command alone."""
    members = Members(database, outbox)
    selections = Selections(database, outbox)
    entries = RegisterEntries(database)
    return wire(
        handlers,
        repositories=(members, selections, entries),
        members=members,
        selections=selections,
        entries=entries,
        regulators=load_regulators(),
        grades=load_grade_policies(),
        clock=clock,
        make_pseudonym=lambda: str(uuid4()),
    )
