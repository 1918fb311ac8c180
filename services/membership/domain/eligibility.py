"""Who may join and in which grade by a pair of policies, and whom another version would affect.

    simulation = Simulation(Rules(...), Rules(...), today)
    simulation.outcome(group)    # None for people to whom nothing would change

An answer depends on no more than the group that somebody is in, so it is given once for each.
Whether a pilot has places left is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain.groups import Group
from services.membership.domain.policies.grades import Grades
from services.membership.domain.policies.professions import PilotLimits, Professions
from services.membership.domain.terms import CareerStage, Nation

OTHER_GRADE = "other_grade"


@dataclass(frozen=True)
class Judgement:
    """The grade somebody would be admitted in, or why they may not join."""

    grade: str | None
    refusal: str | None

    @property
    def eligible(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True)
class Rules:
    """What decides about joining; ``regulated`` are the professions that regulators register."""

    professions: Professions
    grades: Grades
    regulated: frozenset[str]

    def judge(self, profession: str, career_stage: str, nation: str, day: date) -> Judgement:
        """As an application would be judged on a day."""
        known = self.professions.find(profession)
        grade = self.grades.grade(profession, career_stage, nation)
        if known is None:
            return Judgement(None, "profession_unknown")
        refusal = known.refusal(nation, career_stage, day)
        if refusal is not None:
            return Judgement(None, refusal)
        if grade is None:
            return Judgement(None, "no_grade")
        if grade.needs_registration and profession not in self.regulated:
            return Judgement(None, "no_regulator")
        return Judgement(grade.code, None)


def stages_without_grade(
    grades: Grades, profession: str, limits: PilotLimits | None
) -> tuple[CareerStage, ...]:
    """The career stages in which people whom no regulator registers get no grade, or need one."""

    def grade_needed(stage: CareerStage, nation: Nation) -> bool:
        grade = grades.grade(profession, stage, nation)
        return grade is None or grade.needs_registration

    stages = (limits.career_stages if limits else ()) or tuple(CareerStage)
    nations = (limits.nations if limits else ()) or tuple(Nation)
    return tuple(stage for stage in stages if any(grade_needed(stage, each) for each in nations))


@dataclass(frozen=True)
class Outcome:
    """What changes for somebody; ``reasons`` are codes."""

    now: Judgement
    then: Judgement
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Simulation:
    """Two sets of rules, each as if it were in force today."""

    now: Rules
    then: Rules
    today: date

    def outcome(self, group: Group) -> Outcome | None:
        """What changes for applicants or members, or None; those who are gone are left alone.

        A member whose grade is not the one by policy was given it, and keeps it.
        """
        if group.gone:
            return None
        alike = (group.profession, group.career_stage, group.nation)
        now, then = (rules.judge(*alike, self.today) for rules in (self.now, self.then))
        reasons = tuple(each.refusal for each in (now, then) if each.refusal is not None)
        if now.eligible != then.eligible:
            return Outcome(now, then, reasons)
        given = group.admitted and group.grade != now.grade
        return None if now.grade == then.grade or given else Outcome(now, then, (OTHER_GRADE,))
