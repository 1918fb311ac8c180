"""Which grade a person is admitted to: dated policies, kept as data; the first fit decides.

>>> rule = GradeRule("student", career_stages=("student",))
>>> GradePolicy("2026.1", date(2026, 1, 1), (rule,)).grade("doctor", "student")
'student'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.errors import Refused


@dataclass(frozen=True)
class GradeRule:
    """A grade for these career stages and professions; an empty list means any."""

    grade: str
    career_stages: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()

    def fits(self, profession: str, career_stage: str) -> bool:
        return (not self.career_stages or career_stage in self.career_stages) and (
            not self.professions or profession in self.professions
        )


@dataclass(frozen=True)
class GradePolicy:
    """One version of the rules, in force from a date on."""

    version: str
    effective_from: date
    rules: tuple[GradeRule, ...]

    def grade(self, profession: str, career_stage: str) -> str:
        for rule in self.rules:
            if rule.fits(profession, career_stage):
                return rule.grade
        raise Refused(
            "The grade policy has no grade for this profession and career stage.",
            policy=self.version,
            profession=profession,
            career_stage=career_stage,
        )


@dataclass(frozen=True)
class GradePolicies:
    """The grades there are, and every version of the rules, oldest first."""

    grades: frozenset[str]
    versions: tuple[GradePolicy, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> GradePolicies:
        """From the mapping in ``data/grades.json``."""
        policies = (
            GradePolicy(
                entry["version"],
                date.fromisoformat(entry["effective_from"]),
                tuple(
                    GradeRule(
                        rule["grade"],
                        tuple(rule.get("career_stages", ())),
                        tuple(rule.get("professions", ())),
                    )
                    for rule in entry["rules"]
                ),
            )
            for entry in data["policies"]
        )
        return cls(
            frozenset(grade["code"] for grade in data["grades"]),
            tuple(sorted(policies, key=lambda policy: policy.effective_from)),
        )

    def on(self, day: date) -> GradePolicy:
        """The policy in force on a day; before the first came into force, the first."""
        in_force = [policy for policy in self.versions if policy.effective_from <= day]
        return in_force[-1] if in_force else self.versions[0]
