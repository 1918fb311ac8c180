"""The grade at admission, and which version of the policy decided it."""

from datetime import date

import pytest

from services.membership.domain.grades import GradePolicies, GradePolicy, GradeRule
from services.membership.domain.terms import CareerStage
from shared.errors import Refused
from tests.unit.membership.builders import GRADES, REGULATORS, TODAY


@pytest.mark.parametrize(
    ("profession", "career_stage", "grade"),
    [
        ("doctor", "student", "student"),
        ("pharmacist", "trainee", "trainee"),
        ("nurse", "early_career", "associate"),
        ("doctor", "established", "member"),
        ("paramedic", "senior", "member"),
        ("physician_associate", "established", "associate"),
        ("physician_associate", "senior", "member"),
        ("dentist", "retired", "retired"),
    ],
)
def test_the_grade_follows_stage_and_profession(
    profession: str, career_stage: str, grade: str
) -> None:
    """The first rule that fits decides."""
    assert GRADES.on(TODAY).grade(profession, career_stage) == grade


def test_every_profession_at_every_stage_has_a_known_grade() -> None:
    """No admission can fail for want of a grade, and no rule gives one that is not listed."""
    given = {
        policy.grade(profession, stage)
        for policy in GRADES.versions
        for profession in REGULATORS.professions
        for stage in CareerStage
    }
    listed = {rule.grade for policy in GRADES.versions for rule in policy.rules}
    assert given <= listed <= GRADES.grades


def test_the_policy_in_force_on_the_day_decides() -> None:
    """A newer policy decides from its first day on, and never about earlier days."""
    old = GradePolicy("1", date(2026, 1, 1), (GradeRule("member"),))
    new = GradePolicy("2", date(2027, 1, 1), (GradeRule("associate"),))
    policies = GradePolicies(frozenset({"member", "associate"}), (old, new))
    assert policies.on(date(2026, 12, 31)) is old
    assert policies.on(date(2027, 1, 1)) is new
    assert policies.on(date(2020, 1, 1)) is old


def test_a_policy_that_does_not_fit_refuses() -> None:
    """Where no rule fits there is no admission, and the answer names the policy."""
    policy = GradePolicy("1", TODAY, (GradeRule("student", career_stages=("student",)),))
    with pytest.raises(Refused) as refused:
        policy.grade("doctor", "senior")
    assert refused.value.details["policy"] == "1"
