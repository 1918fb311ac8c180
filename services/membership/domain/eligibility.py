"""Who may join and in which grade by a pair of policies, and whom another version would affect.

    simulation = Simulation(Rules(...), Rules(...), today)
    simulation.outcome(sketch)    # None for somebody to whom nothing would change

An answer depends on profession, career stage and nation alone, so each of these is judged once.
Whether a pilot has places left is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.membership.domain.policies.grades import Grades
from services.membership.domain.policies.professions import PilotLimits, Professions
from services.membership.domain.sketch import GONE, Sketch
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


@dataclass
class Simulation:
    """Two sets of rules, each as if it were in force today."""

    now: Rules
    then: Rules
    today: date
    _known: dict[tuple[str, str, str], Outcome | None] = field(default_factory=dict)

    def outcome(self, person: Sketch) -> Outcome | None:
        """What changes for an applicant or a member, or None; those who are gone are left alone.

        A member whose grade is not the one by policy was given it, and keeps it.
        """
        if person.status in GONE:
            return None
        found = self._outcome(person.profession, person.career_stage, person.nation)
        if found is None or found.now.eligible != found.then.eligible:
            return found
        given = person.admitted and person.grade != found.now.grade
        return None if given else found

    def touches(self, profession: str) -> bool:
        """Whether anything can change for anybody of a profession."""
        return any(
            self._outcome(profession, stage, nation) for stage in CareerStage for nation in Nation
        )

    def _outcome(self, profession: str, career_stage: str, nation: str) -> Outcome | None:
        key = (profession, career_stage, nation)
        if key not in self._known:
            now, then = (rules.judge(*key, self.today) for rules in (self.now, self.then))
            reasons = [each.refusal for each in (now, then) if each.refusal is not None]
            if now.eligible and then.eligible:
                reasons = [OTHER_GRADE]
            changes = now.eligible != then.eligible or now.grade != then.grade
            self._known[key] = Outcome(now, then, tuple(reasons)) if changes else None
        return self._known[key]


Group = tuple[str, str, str, str]
_NONE = ""


@dataclass
class Totals:
    """How many of a profession and career stage change how; applicants first, then members.

    A group is profession, career stage, and the grades before and after; none where not eligible.
    """

    looked_at: int = 0
    groups: dict[Group, list[int]] = field(default_factory=dict)

    def add(self, person: Sketch, outcome: Outcome | None) -> None:
        """Count somebody who was looked at."""
        self.looked_at += 1
        if outcome is None:
            return
        now, then = outcome.now.grade or _NONE, outcome.then.grade or _NONE
        group = (person.profession, person.career_stage, now, then)
        self.groups.setdefault(group, [0, 0])[person.admitted] += 1


def professions_of(versions: Iterable[Professions]) -> list[str]:
    """Every profession that any of the versions names, in order."""
    return sorted({code for version in versions for code in version.codes})
