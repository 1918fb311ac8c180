"""The grade at admission: the first rule of the policy that fits decides."""

import pytest

from services.membership.domain.policies.grades import Grade, GradeRule, Grades
from services.membership.domain.terms import CareerStage, Nation
from shared.errors import Invalid, Refused
from shared.events import load
from tests.unit.membership.builders import BOOK, TODAY

SEEDED = BOOK.grades.on(TODAY).policy


def grade(code: str, registration: str = "required") -> Grade:
    return Grade(code=code, title=code, registration=registration, source="test")


@pytest.mark.parametrize(
    ("profession", "career_stage", "nation", "code"),
    [
        ("doctor", "student", "wales", "student"),
        ("pharmacist", "trainee", "wales", "trainee"),
        ("nurse", "early_career", "wales", "associate"),
        ("doctor", "established", "wales", "member"),
        ("paramedic", "senior", "wales", "member"),
        ("physician_associate", "established", "wales", "associate"),
        ("physician_associate", "senior", "wales", "member"),
        ("dentist", "retired", "wales", "retired"),
        ("doctor", "senior", "outside_uk", "international"),
        ("doctor", "student", "outside_uk", "student"),
        ("healthcare_manager", "senior", "outside_uk", "affiliate"),
    ],
)
def test_the_grade_follows_stage_profession_and_nation(
    profession: str, career_stage: str, nation: str, code: str
) -> None:
    """By the policy that the service comes with."""
    found = SEEDED.grade(profession, career_stage, nation)
    assert found is not None
    assert found.code == code == SEEDED.require(profession, career_stage, nation).code


def test_no_registration_is_needed_where_none_can_be_had() -> None:
    """Students have none yet, the retired none any more, managers none at all."""
    free = {found.code for found in SEEDED.grades if not found.needs_registration}
    assert free == {"student", "affiliate", "retired", "corporate"}


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (GradeRule(grade="a"), True),
        (GradeRule(grade="a", professions=("doctor", "nurse")), True),
        (GradeRule(grade="a", professions=("nurse",)), False),
        (GradeRule(grade="a", career_stages=(CareerStage.SENIOR,)), True),
        (GradeRule(grade="a", career_stages=(CareerStage.STUDENT,)), False),
        (GradeRule(grade="a", nations=(Nation.WALES,)), True),
        (GradeRule(grade="a", nations=(Nation.ENGLAND,)), False),
        (GradeRule(grade="a", professions=("doctor",), nations=(Nation.ENGLAND,)), False),
    ],
)
def test_a_rule_fits_when_all_it_names_fits(rule: GradeRule, fits: bool) -> None:
    """An empty list names all."""
    assert rule.fits("doctor", "senior", "wales") is fits


def test_the_first_rule_that_fits_decides() -> None:
    """Though a later one fits more closely."""
    rules = (
        GradeRule(grade="b", nations=(Nation.ENGLAND,)),
        GradeRule(grade="a"),
        GradeRule(grade="b", professions=("doctor",)),
    )
    grades = Grades(grades=(grade("a"), grade("b")), rules=rules)
    assert grades.require("doctor", "senior", "wales").code == "a"
    assert grades.require("doctor", "senior", "england").code == "b"
    assert grades.find("c") is None


def test_a_policy_that_does_not_fit_refuses() -> None:
    """Where no rule fits there is no grade, and the answer says for whom."""
    rules = (GradeRule(grade="a", career_stages=(CareerStage.STUDENT,)),)
    grades = Grades(grades=(grade("a"),), rules=rules)
    assert grades.grade("doctor", "senior", "wales") is None
    with pytest.raises(Refused) as refused:
        grades.require("doctor", "senior", "wales")
    assert refused.value.details == {
        "profession": "doctor",
        "career_stage": "senior",
        "nation": "wales",
    }


def test_rules_lead_to_grades_that_are_listed_once() -> None:
    """Each fault is named."""
    grades = Grades(
        grades=(grade("a"), grade("a")), rules=(GradeRule(grade="a"), GradeRule(grade="b"))
    )
    assert [field for field, _ in grades.faults()] == ["grades.1.code", "rules.1.grade"]


@pytest.mark.parametrize(
    ("field", "value"), [("code", "A b"), ("registration", "maybe"), ("post_nominals", "")]
)
def test_a_grade_is_bounded(field: str, value: str) -> None:
    """By field."""
    sound = {"code": "a", "title": "A", "source": "s"}
    assert load(Grade, sound).needs_registration
    with pytest.raises(Invalid) as refused:
        load(Grade, {**sound, field: value})
    assert list(refused.value.fields) == [field]
