"""The cases of professions, which are also the ledgers of the places in their pilots."""

from __future__ import annotations

from collections.abc import Iterator

from services.membership.domain.decisions import Decision
from services.membership.domain.professions import ProfessionCase
from shared.repository import Index, Repository


class ProfessionCases(Repository[ProfessionCase]):
    """One case for each profession, by its code."""

    collection = "profession_cases"
    aggregate = ProfessionCase
    audited = True
    indexes = (Index(("state", "id")),)

    def decisions(self) -> Iterator[Decision]:
        """All that was decided, by profession in the order in which it was."""
        for case in self.scan({}):
            yield from case.decisions
