"""Who may assess whose application for fellowship.

Not the applicant, not one of their referees, nobody with a conflict of interest, on an appeal
nobody of the first panel, and only current members who hold the level or a higher one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.membership.domain.dossier import is_referee
from services.membership.domain.member import LIVE, Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.errors import AssessorsBarred
from shared.errors import Invalid

if TYPE_CHECKING:
    from services.membership.domain.candidacy import Candidacy


@dataclass(frozen=True)
class Assessor:
    """A member with all records of theirs that were merged into this one."""

    member: Member
    merged: tuple[Member, ...] = ()

    @property
    def records(self) -> tuple[Member, ...]:
        return (self.member, *self.merged)


def bar(
    application: Candidacy, assessor: Assessor, book: PolicyBook, rules: FellowshipRules, day: date
) -> str | None:
    """Why somebody may not assess an application on a day, as a code; None when they may."""
    ids = {record.id for record in assessor.records}
    if application.member_id in ids:
        return "applicant"
    if is_referee(application.referees, assessor.records):
        return "referee"
    if any(conflict.assessor_id in ids for conflict in application.conflicts):
        return "conflict"
    if any(ids.intersection(each.panel.assessors) for each in application.rounds if each.panel):
        return "first_panel"
    if assessor.member.standing_on(book, day).status not in LIVE:
        return "not_current"
    if assessor.member.rank_on(rules, day) < rules.rank(application.level):
        return "level"
    return None


def require_assessors(
    application: Candidacy,
    assessors: Sequence[Assessor],
    book: PolicyBook,
    rules: FellowshipRules,
    day: date,
) -> None:
    """Enough assessors, all different; raises Invalid, or AssessorsBarred with why by member id."""
    ids = [assessor.member.id for assessor in assessors]
    twice = {f"assessors.{i}": ["Named before."] for i, id in enumerate(ids) if id in ids[:i]}
    if twice:
        raise Invalid("Every assessor is named once.", fields=twice)
    if len(ids) < rules.assessors:
        reason = f"Must be at least {rules.assessors}."
        raise Invalid("There are too few assessors.", fields={"assessors": [reason]})
    reasons = {each.member.id: bar(application, each, book, rules, day) for each in assessors}
    barred = {id: reason for id, reason in reasons.items() if reason is not None}
    if barred:
        raise AssessorsBarred(fellowship_id=application.id, assessors=barred)
