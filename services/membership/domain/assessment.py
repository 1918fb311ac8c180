"""What members say of themselves against the standards: added to, never changed.

Every assessment names the version of the standards it was made by, since codes of behaviours may
mean something else in another edition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.forgetting import forget_all
from services.membership.domain.member import LIVE, Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.standards import Standards
from services.membership.errors import NotAMember
from services.membership.events import SelfAssessmentRecorded
from shared.errors import Invalid
from shared.events import Aggregate, integer, text

NOTE_LENGTH = 1_000


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How far one behaviour describes somebody, by their own account."""

    behaviour: str = text(50)
    level: int = integer(1, 10)
    note: str = text(NOTE_LENGTH, min_length=0, default="")


@dataclass
class SelfAssessment(Aggregate):
    """One assessment by a member; it may rate some behaviours only."""

    id: str
    member_id: str
    standards: str
    recorded_on: date
    ratings: tuple[Rating, ...]

    @classmethod
    def make(
        cls, id: str, member: Member, ratings: Sequence[Rating], book: PolicyBook, today: date
    ) -> SelfAssessment:
        """Assess oneself by the standards in force, as members may.

        Raises NotAMember, and Invalid naming ``ratings.<index>`` for every fault.
        """
        status = member.standing_on(book, today).status
        if status not in LIVE:
            raise NotAMember(member_id=member.id, status=status.value)
        version = book.standards.on(today)
        _check(ratings, version.policy)
        tidy = tuple(replace(rating, note=rating.note.strip()) for rating in ratings)
        made = cls(id, member.id, version.version, today, tidy)
        made.record(
            SelfAssessmentRecorded(
                member_id=member.id, standards=version.version, recorded_on=today
            )
        )
        return made

    def forget(self) -> None:
        """The member was erased: what they said of themselves goes, and that they did stays."""
        forget_all(self, "member_id", "standards", "recorded_on")


def _check(ratings: Sequence[Rating], standards: Standards) -> None:
    levels = sorted(each.level for each in standards.levels)
    fields: dict[str, list[str]] = {}
    seen: set[str] = set()
    for index, rating in enumerate(ratings):
        if rating.behaviour not in standards.codes:
            reason = f"There is no such behaviour in the {standards.edition} of the standards."
            fields[f"ratings.{index}.behaviour"] = [reason]
        elif rating.behaviour in seen:
            fields[f"ratings.{index}.behaviour"] = ["Rated before."]
        if rating.level not in levels:
            fields[f"ratings.{index}.level"] = [f"Must be one of: {', '.join(map(str, levels))}."]
        seen.add(rating.behaviour)
    if fields:
        raise Invalid("The ratings are not valid.", fields=fields)
