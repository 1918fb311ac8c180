"""Which grade a person is admitted to: the first rule that fits decides.

>>> rule = GradeRule(grade="student", career_stages=("student",))
>>> rule.fits("doctor", "student", "wales")
True
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.membership.domain.policies.faults import Faults
from services.membership.domain.terms import CODE, CareerStage, Nation
from shared.errors import Refused
from shared.events import choice, items, text


@dataclass(frozen=True, kw_only=True)
class Grade:
    """A grade of membership; one may be open to people whom no regulator registers."""

    code: str = text(40, pattern=CODE)
    title: str = text(100)
    post_nominals: str | None = text(40, default=None)
    registration: str = choice(("required", "not_required"), default="required")
    source: str = text(300)

    @property
    def needs_registration(self) -> bool:
        return self.registration == "required"


@dataclass(frozen=True, kw_only=True)
class GradeRule:
    """A grade for these career stages, professions and nations; an empty list means any."""

    grade: str = text(40)
    career_stages: tuple[CareerStage, ...] = items(20, default=())
    professions: tuple[str, ...] = items(200, default=())
    nations: tuple[Nation, ...] = items(10, default=())

    def fits(self, profession: str, career_stage: str, nation: str) -> bool:
        return (
            (not self.career_stages or career_stage in self.career_stages)
            and (not self.professions or profession in self.professions)
            and (not self.nations or nation in self.nations)
        )


@dataclass(frozen=True, kw_only=True)
class Grades:
    """The grades there are, and the rules by which one is chosen, in order."""

    grades: tuple[Grade, ...] = items(50, min_length=1)
    rules: tuple[GradeRule, ...] = items(200, min_length=1)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(grade.code for grade in self.grades)

    def find(self, code: str) -> Grade | None:
        return next((grade for grade in self.grades if grade.code == code), None)

    def grade(self, profession: str, career_stage: str, nation: str) -> Grade | None:
        """The grade of the first rule that fits, or None."""
        for rule in self.rules:
            if rule.fits(profession, career_stage, nation):
                return self.find(rule.grade)
        return None

    def require(self, profession: str, career_stage: str, nation: str) -> Grade:
        """The grade; raises Refused where no rule fits."""
        grade = self.grade(profession, career_stage, nation)
        if grade is None:
            raise Refused(
                "The grade policy has no grade for this profession, career stage and nation.",
                profession=profession,
                career_stage=career_stage,
                nation=nation,
            )
        return grade

    def faults(self) -> Iterator[tuple[str, str]]:
        """What the schema alone does not see: codes used twice, rules to grades there are not."""
        yield from Faults.repeated("grades", "code", [grade.code for grade in self.grades])
        for index, rule in enumerate(self.rules):
            if rule.grade not in self.codes:
                yield f"rules.{index}.grade", "There is no such grade."
