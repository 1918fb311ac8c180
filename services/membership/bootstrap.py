"""The composition root: handlers wired to their repositories, reference data and clock."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.membership.handlers import (
    applications,
    bulk,
    consents,
    duplicates,
    eligibility,
    erasing,
    exporting,
    fellowship,
    lifecycle,
    members,
    merging,
    organisations,
    passport,
    policies,
    professions,
    registrations,
    retaining,
    seats,
    ticking,
)
from services.membership.handlers.desk import Desk
from services.membership.handlers.erasing import Eraser
from services.membership.handlers.exporting import Archive
from services.membership.handlers.places import Places
from services.membership.reference import load_policies, load_regulators
from services.membership.repository import (
    ConsentLedgers,
    Erasures,
    ExportParts,
    Exports,
    Fellowships,
    Groups,
    Histories,
    Holdings,
    Members,
    Organisations,
    Passports,
    PolicyVersions,
    ProfessionCases,
    ProposedSelections,
    RegisterEntries,
    Registrations,
    Selections,
    SelfAssessments,
)
from services.membership.settings import Settings
from shared.events import Clock
from shared.service import wire
from shared.timers import Leases


def bootstrap(settings: Settings, *, database: Any, outbox: Any, clock: Clock) -> Any:
    """The handlers, ready to be called with a command alone."""
    zone = ZoneInfo(settings.time_zone)

    def day_of(instant: datetime) -> date:
        return instant.astimezone(zone).date()

    def today() -> date:
        return day_of(clock())

    people = Members(database, outbox)
    versions = PolicyVersions(database, outbox, load_policies())
    selections = Selections(database, outbox)
    proposed_selections = ProposedSelections(database, outbox)
    claims = Registrations(database)
    entries = RegisterEntries(database)
    passports = Passports(database, outbox)
    assessments = SelfAssessments(database, outbox)
    fellowships = Fellowships(database, outbox)
    bodies = Organisations(database, outbox)
    ledgers = ConsentLedgers(database, outbox)
    cases, groups = ProfessionCases(database, outbox), Groups(database)
    desk = Desk(people, versions, today)
    histories = Histories((people, passports, ledgers), (assessments, fellowships))
    exports, parts = Exports(database, outbox), ExportParts(database)
    erasures = Erasures(database, outbox)
    archive = Archive(desk, exports, parts, Holdings(histories), entries)
    return wire(
        applications,
        bulk,
        consents,
        duplicates,
        eligibility,
        erasing,
        exporting,
        fellowship,
        lifecycle,
        members,
        merging,
        organisations,
        passport,
        policies,
        professions,
        registrations,
        retaining,
        seats,
        ticking,
        repositories=(
            people,
            versions,
            selections,
            proposed_selections,
            claims,
            entries,
            passports,
            assessments,
            fellowships,
            bodies,
            ledgers,
            cases,
            exports,
            parts,
            erasures,
        ),
        desk=desk,
        cases=cases,
        places=Places(desk, cases, groups),
        groups=groups,
        histories=histories,
        archive=archive,
        eraser=Eraser(archive, erasures, selections, claims),
        passports=passports,
        organisations=bodies,
        ledgers=ledgers,
        clock=clock,
        day_of=day_of,
        assessments=assessments,
        fellowships=fellowships,
        selections=selections,
        proposed_selections=proposed_selections,
        registrations=claims,
        entries=entries,
        regulators=load_regulators(),
        leases=Leases(database, clock),
        lease=timedelta(seconds=settings.tick_lease_seconds),
        ahead=bool(settings.tick_ahead),
        make_pseudonym=lambda: str(uuid4()),
    )
