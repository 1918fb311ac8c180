"""What members learned, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Callable

from services.membership.domain.assessment import SelfAssessment
from services.membership.domain.passport import Passport
from shared.errors import NotFound
from shared.repository import Index, Repository


class Passports(Repository[Passport]):
    """Passports by the id of their member; there is none before the first thing is known."""

    collection = "passports"
    aggregate = Passport
    audited = True

    def of(self, member_id: str) -> Passport:
        """The passport, an empty one where nothing is known."""
        try:
            return self.get(member_id)
        except NotFound:
            return Passport(member_id)

    def write(self, member_id: str, action: Callable[[Passport], object]) -> Passport:
        """Change a passport, which is begun where there is none."""
        begun = Passport(member_id)
        action(begun)
        return self.put(begun, action)


class SelfAssessments(Repository[SelfAssessment]):
    """Assessments, each added once and never changed."""

    collection = "self_assessments"
    aggregate = SelfAssessment
    audited = True
    indexes = (Index(("member_id", "id")),)
