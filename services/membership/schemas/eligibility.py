"""What another version of a policy would do to applicants and members."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.eligibility import Outcome
from services.membership.domain.groups import Group
from services.membership.domain.terms import Status
from services.membership.schemas.policies import NAME_LIMIT, PAGE_LIMIT
from shared.events import choice, integer, text


@dataclass(frozen=True, kw_only=True)
class SimulateEligibility:
    """Ask who would be affected if a proposed or active version were in force today."""

    kind: str = choice(("grades", "professions"))
    policy_version: str = text(NAME_LIMIT)
    cursor: str | None = text(2_000, default=None)
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class Affected:
    """How many applicants, refused and declined ones among them, and how many members."""

    profession: str
    career_stage: str
    applicants: int
    members: int


@dataclass(frozen=True)
class OtherGrade:
    """How many would be admitted in, or would move to, another grade."""

    profession: str
    career_stage: str
    grade_now: str
    grade_then: str
    applicants: int
    members: int


@dataclass(frozen=True)
class EligibilityTotals:
    """Everybody affected, by profession and career stage, of ``people`` who could have been."""

    people: int
    newly_eligible: tuple[Affected, ...]
    no_longer_eligible: tuple[Affected, ...]
    other_grade: tuple[OtherGrade, ...]

    @classmethod
    def of(cls, sizes: Mapping[Group, int], outcomes: Mapping[Group, Outcome]) -> Self:
        """From the groups that there are, and what changes for those that are affected."""
        counts: dict[tuple[str, str, str, str], list[int]] = {}
        for group, outcome in outcomes.items():
            now, then = outcome.now.grade or "", outcome.then.grade or ""
            alike = counts.setdefault((group.profession, group.career_stage, now, then), [0, 0])
            alike[group.admitted] += sizes[group]
        newly: list[Affected] = []
        no_longer: list[Affected] = []
        other: list[OtherGrade] = []
        for (profession, stage, now, then), (applicants, members) in sorted(counts.items()):
            if now and then:
                other.append(OtherGrade(profession, stage, now, then, applicants, members))
            else:
                affected = Affected(profession, stage, applicants, members)
                (newly if then else no_longer).append(affected)
        people = sum(number for group, number in sizes.items() if not group.gone)
        return cls(people, tuple(newly), tuple(no_longer), tuple(other))


@dataclass(frozen=True)
class AffectedPerson:
    """Somebody affected; a grade is null where they may not join. ``reasons`` are codes."""

    member_id: str
    status: Status
    grade_now: str | None
    grade_then: str | None
    eligible_now: bool
    eligible_then: bool
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, member_id: str, group: Group, outcome: Outcome) -> Self:
        return cls(
            member_id=member_id,
            status=Status(group.status),
            grade_now=outcome.now.grade,
            grade_then=outcome.then.grade,
            eligible_now=outcome.now.eligible,
            eligible_then=outcome.then.eligible,
            reasons=outcome.reasons,
        )


@dataclass(frozen=True)
class EligibilityPage:
    """Some of those affected, by what they have in common; ``totals`` come with the first page."""

    kind: str
    policy_version: str
    today: date
    totals: EligibilityTotals | None
    items: tuple[AffectedPerson, ...]
    next_cursor: str | None
