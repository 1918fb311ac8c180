"""Trying a version of a policy on everybody, before it decides anything.

People are not looked at one by one: who is alike in all that the policies ask is in one group, and
the store knows how many are in each. Only those affected are then found, a page at a time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from services.membership.domain.eligibility import Outcome, Rules, Simulation
from services.membership.domain.groups import Group
from services.membership.domain.policies.book import policy_of
from services.membership.domain.policies.versions import PolicyVersion
from services.membership.domain.regulators import Regulators
from services.membership.handlers.desk import Desk
from services.membership.schemas import eligibility as schemas
from shared.errors import NotFound
from shared.repository import decode_cursor, encode_cursor

if TYPE_CHECKING:
    from services.membership.repository import Groups

# So many groups are judged in a few milliseconds; then others have their turn.
_IN_A_ROW = 200


def simulate_eligibility(
    request: schemas.SimulateEligibility,
    *,
    desk: Desk,
    groups: Groups,
    regulators: Regulators,
) -> schemas.EligibilityPage:
    """Totals over everybody, with the first page, and a page of those affected."""
    book, today = desk.policies.book(), desk.today()
    now = Rules(
        book.professions.on(today).policy, book.grades.on(today).policy, regulators.professions
    )
    simulation = Simulation(now, _then(request, desk, now), today)
    sizes = groups.sizes()
    outcomes = _outcomes(simulation, sorted(sizes, key=lambda group: group.key))
    items, cursor = _page(request, outcomes, groups)
    first = request.cursor is None
    return schemas.EligibilityPage(
        kind=request.kind,
        policy_version=request.policy_version,
        today=today,
        totals=schemas.EligibilityTotals.of(sizes, outcomes) if first else None,
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


def _outcomes(simulation: Simulation, groups: list[Group]) -> dict[Group, Outcome]:
    """What changes for each group that is affected, in the order given."""
    found = {}
    for number, group in enumerate(groups):
        outcome = simulation.outcome(group)
        if outcome is not None:
            found[group] = outcome
        if number % _IN_A_ROW == 0:
            time.sleep(0)
    return found


def _page(
    request: schemas.SimulateEligibility, outcomes: dict[Group, Outcome], groups: Groups
) -> tuple[tuple[schemas.AffectedPerson, ...], str | None]:
    """A cursor is the key of a group and the id of the last one of it on the page before."""
    begin, _, last = decode_cursor(request.cursor).partition(":") if request.cursor else ("",) * 3
    items: list[schemas.AffectedPerson] = []
    cursor = ""
    for group, outcome in outcomes.items():
        if group.key < begin:
            continue
        after = last if group.key == begin else ""
        for member_id in groups.ids(group, after, request.limit - len(items) + 1):
            if len(items) == request.limit:
                return tuple(items), encode_cursor(cursor)
            items.append(schemas.AffectedPerson.of(member_id, group, outcome))
            cursor = f"{group.key}:{member_id}"
    return tuple(items), None
