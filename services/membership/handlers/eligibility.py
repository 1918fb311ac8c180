"""Trying a version of a policy on everybody, before it decides anything.

Only people of professions to which the version makes a difference are looked at, a few fields of
each, some hundred at a time, and between these others have their turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.membership.domain.eligibility import Rules, Simulation, Totals, professions_of
from services.membership.domain.policies.book import PolicyBook, policy_of
from services.membership.domain.policies.versions import PolicyVersion
from services.membership.domain.regulators import Regulators
from services.membership.domain.sketch import Sketch
from services.membership.handlers.desk import Desk
from services.membership.schemas import eligibility as schemas
from shared.errors import NotFound
from shared.repository import MAX_PAGE, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from services.membership.repository import Sketches

# How many people are looked at for one page.
_LOOKED_AT = 5_000


def simulate_eligibility(
    request: schemas.SimulateEligibility,
    *,
    desk: Desk,
    sketches: Sketches,
    regulators: Regulators,
) -> schemas.EligibilityPage:
    """Totals over everybody, with the first page, and a page of those affected."""
    book, today = desk.policies.book(), desk.today()
    now = Rules(
        book.professions.on(today).policy, book.grades.on(today).policy, regulators.professions
    )
    simulation = Simulation(now, _then(request, desk, now), today)
    touched = _touched(simulation, book)
    totals = _totals(simulation, touched, sketches) if request.cursor is None else None
    items, cursor = _page(request, simulation, touched, sketches)
    return schemas.EligibilityPage(
        kind=request.kind,
        policy_version=request.policy_version,
        today=today,
        totals=totals,
        items=items,
        next_cursor=cursor,
    )


def _then(request: schemas.SimulateEligibility, desk: Desk, now: Rules) -> Rules:
    kind, name = request.kind, request.policy_version
    try:
        policy = policy_of(kind, desk.policies.get(PolicyVersion.key(kind, name)).body)
    except NotFound:
        raise NotFound("There is no such version.", kind=kind, version=name) from None
    if kind == "grades":
        return Rules(now.professions, policy, now.regulated)
    return Rules(policy, now.grades, now.regulated)


def _touched(simulation: Simulation, book: PolicyBook) -> list[str]:
    """The professions of people to whom something may change; any version may have let them in."""
    versions = [version.policy for version in book.professions.all]
    found = []
    for profession in professions_of([*versions, simulation.then.professions]):
        if simulation.touches(profession):
            found.append(profession)
        time.sleep(0)
    return found


def _people(sketches: Sketches, profession: str, after: str = "") -> Iterator[Sketch]:
    while True:
        page = sketches.page(profession, after, MAX_PAGE)
        yield from page
        if len(page) < MAX_PAGE:
            return
        after = page[-1].id
        time.sleep(0)


def _totals(
    simulation: Simulation, professions: list[str], sketches: Sketches
) -> schemas.EligibilityTotals:
    totals = Totals()
    for profession in professions:
        for person in _people(sketches, profession):
            totals.add(person, simulation.outcome(person))
    return schemas.EligibilityTotals.of(totals)


def _page(
    request: schemas.SimulateEligibility,
    simulation: Simulation,
    professions: list[str],
    sketches: Sketches,
) -> tuple[tuple[schemas.AffectedPerson, ...], str | None]:
    """A cursor is a profession and the id of the last one of it who was looked at."""
    begin, _, after = decode_cursor(request.cursor).partition(":") if request.cursor else ("",) * 3
    items: list[schemas.AffectedPerson] = []
    looked_at = 0
    for profession in professions:
        if profession < begin:
            continue
        for person in _people(sketches, profession, after if profession == begin else ""):
            looked_at += 1
            outcome = simulation.outcome(person)
            if outcome is not None:
                items.append(schemas.AffectedPerson.of(person, outcome))
            if len(items) == request.limit or looked_at == _LOOKED_AT:
                return tuple(items), encode_cursor(f"{profession}:{person.id}")
    return tuple(items), None
