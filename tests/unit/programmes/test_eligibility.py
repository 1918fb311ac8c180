"""Who may apply: rules as data, and the rule that leaves somebody out is named."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.eligibility import DateBound, DateRule, Eligibility
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import Nation
from services.programmes.errors import NotEligible
from services.programmes.subscriptions import (
    CareerStageChanged,
    MemberGradeChanged,
    RegistrationStatusChanged,
)
from shared.testing import error_of
from tests.unit.programmes.builders import ANSWERS
from tests.unit.programmes.world import World

START = date(2027, 9, 1)
FOUNDATION = {
    "id": "foundation_completed_on",
    "prompt": "When will foundation training be completed?",
    "bound": "by_start",
}
TRAINING = {
    "id": "training_completed_on",
    "prompt": "When will specialty training be completed?",
    "bound": "not_before_start",
    "required": False,
}
# The rules of a scheme for doctors in training, as the national scheme has them.
NATIONAL = {
    "professions": ["doctor"],
    "nations": ["england"],
    "registration_statuses": ["registered"],
    "career_stages": ["trainee"],
    "grades": ["trainee", "member"],
    "dates": [FOUNDATION, TRAINING],
}
FITTING = {
    "profession": "doctor",
    "nation": "england",
    "grade": "trainee",
    "career_stage": "trainee",
    "register_status": "registered",
}
DATES = {"foundation_completed_on": "2027-08-04"}


def check(world: World, cohort_id: str, member_id: str, **dates: str) -> Any:
    return world.call(
        "check_eligibility", cohort_id=cohort_id, member_id=member_id, dates={**DATES, **dates}
    )


def a_scheme(world: World) -> str:
    return world.cohort(world.programme(eligibility=NATIONAL))


def test_who_fits_all_rules_may_apply(world: World) -> None:
    """Every rule says with what it compared."""
    view = check(world, a_scheme(world), world.member(**FITTING))
    assert view.eligible
    assert [rule.rule for rule in view.rules] == [
        "profession",
        "nation",
        "career_stage",
        "grade",
        "registration_status",
        "dates.foundation_completed_on",
        "dates.training_completed_on",
    ]
    assert all(rule.passed for rule in view.rules)


@pytest.mark.parametrize(
    ("changes", "dates", "rule", "value"),
    [
        ({"profession": "dentist"}, {}, "profession", "dentist"),
        ({"nation": "wales"}, {}, "nation", "wales"),
        ({"career_stage": "senior"}, {}, "career_stage", "senior"),
        ({"grade": "affiliate"}, {}, "grade", "affiliate"),
        ({"register_status": "provisional"}, {}, "registration_status", "provisional"),
        (
            {},
            {"foundation_completed_on": "2027-09-02"},
            "dates.foundation_completed_on",
            "2027-09-02",
        ),
        (
            {},
            {"training_completed_on": "2027-08-31"},
            "dates.training_completed_on",
            "2027-08-31",
        ),
    ],
)
def test_the_rule_that_fails_is_named(
    world: World, changes: dict[str, str], dates: dict[str, str], rule: str, value: str
) -> None:
    """By the check, and by the refusal of an application."""
    cohort_id = a_scheme(world)
    member_id = world.member(**{**FITTING, **changes})
    view = check(world, cohort_id, member_id, **dates)
    assert not view.eligible
    assert [(r.rule, r.value) for r in view.rules if not r.passed] == [(rule, value)]
    error = error_of(lambda: world.submitted(cohort_id, member_id, dates={**DATES, **dates}))
    assert isinstance(error, NotEligible)
    assert (error.details["rule"], error.details["value"]) == (rule, value)


def test_a_date_that_is_required_must_be_given(world: World) -> None:
    """One that is not may be left out."""
    cohort_id, member_id = a_scheme(world), world.member(**FITTING)
    view = world.call("check_eligibility", cohort_id=cohort_id, member_id=member_id)
    assert [r.rule for r in view.rules if not r.passed] == ["dates.foundation_completed_on"]


def test_who_is_no_current_member_is_told_so(world: World) -> None:
    """Whatever the rules say."""
    view = check(world, a_scheme(world), "nobody")
    assert (view.eligible, view.reason) == (False, "not_known")


def test_rules_follow_what_membership_tells_later(world: World) -> None:
    """Another stage, grade or registration counts from when it is told."""
    cohort_id = a_scheme(world)
    member_id = world.member(**{**FITTING, "career_stage": "senior", "grade": "affiliate"})
    world.tell(CareerStageChanged(member_id, "trainee"))
    world.tell(MemberGradeChanged(member_id, "member"))
    assert check(world, cohort_id, member_id).eligible
    world.tell(RegistrationStatusChanged(member_id, "GMC", "provisional"))
    assert not check(world, cohort_id, member_id).eligible


def test_one_of_several_registrations_is_enough(world: World) -> None:
    """Each regulator's word is kept apart."""
    cohort_id, member_id = a_scheme(world), world.member(**FITTING)
    world.tell(RegistrationStatusChanged(member_id, "GPhC", "relinquished"))
    assert check(world, cohort_id, member_id).eligible


def test_declared_dates_are_kept_with_the_application(world: World) -> None:
    """As they were when it was judged."""
    member_id = world.member(**FITTING)
    made = world.submitted(a_scheme(world), member_id, dates=DATES, answers=ANSWERS)
    view = world.call("get_application", application_id=made)
    assert view.dates == {"foundation_completed_on": date(2027, 8, 4)}


days = st.integers(-400, 400).map(lambda n: START + timedelta(days=n))


@given(st.none() | days, st.sampled_from(DateBound), st.booleans())
def test_a_date_is_judged_by_its_bound(
    declared: date | None, bound: DateBound, required: bool
) -> None:
    """The start itself fits either bound."""
    rule = DateRule(id="d", prompt="?", bound=bound, required=required)
    if declared is None:
        fits = not required
    elif bound is DateBound.BY_START:
        fits = declared <= START
    else:
        fits = declared >= START
    assert rule.keeps(declared, START) is fits


@given(
    st.lists(st.sampled_from(["doctor", "dentist", "nurse"]), unique=True),
    st.lists(st.sampled_from(Nation), unique=True),
    st.sampled_from(["doctor", "dentist", "nurse"]),
    st.sampled_from(Nation),
)
def test_an_empty_rule_admits_all_and_every_rule_must_hold(
    professions: list[str], nations: list[Nation], profession: str, nation: Nation
) -> None:
    """Nobody is let in by one rule who is left out by another."""
    rules = Eligibility(professions=tuple(professions), nations=tuple(nations))
    standing = Standing("m", profession, nation.value, None)
    judged = all(each.passed for each in rules.judge(standing, {}, START))
    assert judged is (
        (not professions or profession in professions) and (not nations or nation in nations)
    )
