"""Bringing the policy on professions in line with what was decided, however often it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.membership.domain.enacting import next_version
from services.membership.handlers.desk import Desk
from shared.errors import Conflict, Duplicate

if TYPE_CHECKING:
    from services.membership.repository import ProfessionCases

_TRIES = 200


def enact(desk: Desk, cases: ProfessionCases) -> None:
    """Put down every version that is wanting; done again it finds nothing to do.

    Who was overtaken by another looks again. The policies are read before the cases, so that no
    version takes account of a decision that is not seen here.
    """
    for _ in range(_TRIES):
        versions = desk.policies.book().professions
        wanting = next_version(versions, cases.decisions(), desk.today())
        if wanting is None:
            return
        try:
            desk.policies.add(wanting)
        except Duplicate:
            continue
    raise Conflict("Too many others change the policy on professions at once; try again.")
