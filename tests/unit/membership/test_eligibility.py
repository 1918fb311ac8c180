"""Who would be affected if a version of a policy were in force today."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.eligibility import Rules, Simulation, stages_without_grade
from services.membership.domain.groups import Group
from services.membership.domain.policies.grades import Grade, GradeRule, Grades
from services.membership.domain.policies.professions import PilotLimits
from services.membership.domain.terms import CareerStage, Nation, Status
from shared.errors import Invalid, NotFound
from tests.unit.membership.builders import BOOK, REGULATORS, TODAY
from tests.unit.membership.opening import (
    DAY,
    MANAGER,
    UNREGULATED,
    activated,
    by_hand,
    pilot,
)
from tests.unit.membership.world import World

PROFESSIONS = BOOK.professions.on(TODAY).policy
GRADES = BOOK.grades.on(TODAY).policy


def simulate(world: World, kind: str, version: str, **arguments: Any) -> Any:
    return world.call("simulate_eligibility", kind=kind, policy_version=version, **arguments)


def everybody(world: World, kind: str, version: str, limit: int = 200) -> list[Any]:
    return world.pages("simulate_eligibility", kind=kind, policy_version=version, limit=limit)


def propose_grades(world: World, version: str, rules: list[dict[str, Any]]) -> None:
    """Rules that go before those in force."""
    grades = world.call("get_policy", kind="grades").grades
    world.call(
        "propose_policy_version",
        version=version,
        effective_from=world.today + 30 * DAY,
        reason="Invented.",
        grades={
            "grades": [
                {"code": each.code, "title": each.title, "registration": each.registration}
                | {"source": each.source}
                for each in grades.grades
            ],
            "rules": rules
            + [
                {
                    "grade": rule.grade,
                    "career_stages": [stage.value for stage in rule.career_stages],
                    "professions": list(rule.professions),
                    "nations": [nation.value for nation in rule.nations],
                }
                for rule in grades.rules
            ],
        },
    )


def test_a_proposed_version_says_whom_it_would_let_in_and_shut_out() -> None:
    """Applicants and members apart; one who was declined could apply again."""
    world = World()
    pilot(world, places=3)
    declined, applicant, member = (world.apply(**UNREGULATED) for _ in range(3))
    world.call("decline", member_id=declined, reason="Invented.")
    world.call("admit", member_id=member)
    doctor = world.apply()
    closed = {"admission": "closed"}
    by_hand(world, "closed", world.today + DAY, activate=False, healthcare_manager=closed)
    page = simulate(world, "professions", "closed")
    assert page.totals.people == 4
    (group,) = page.totals.no_longer_eligible
    assert (group.profession, group.career_stage) == (MANAGER, "established")
    assert (group.applicants, group.members) == (2, 1)
    assert page.totals.newly_eligible == page.totals.other_grade == ()
    assert sorted(
        (p.member_id, p.status, p.grade_now, p.grade_then, p.eligible_now, p.eligible_then)
        for p in page.items
    ) == [
        (declined, "declined", "affiliate", None, True, False),
        (applicant, "applicant", "affiliate", None, True, False),
        (member, "current", "affiliate", None, True, False),
    ]
    assert {p.reasons for p in page.items} == {("profession_not_admitted",)}
    assert doctor not in {p.member_id for p in page.items}
    world.call("refuse_profession", code=MANAGER, reason="Too early.")
    page = simulate(world, "professions", "2026.1+healthcare_manager.pilot.1")
    (group,) = page.totals.newly_eligible
    assert (group.applicants, group.members) == (2, 1)
    assert [(p.eligible_now, p.eligible_then) for p in page.items] == [(False, True)] * 3


def test_a_version_of_grades_says_who_would_move() -> None:
    """From and to, by profession and career stage; a grade that was given by hand stays."""
    world = World()
    moved = [world.member(career_stage="senior") for _ in range(2)]
    by_choice = world.member(career_stage="senior")
    world.call("change_grade", member_id=by_choice, grade="corporate", reason="Invented.")
    applicant = world.apply(career_stage="senior")
    other = world.member(career_stage="trainee")
    propose_grades(world, "seniors", [{"grade": "associate", "career_stages": ["senior"]}])
    page = simulate(world, "grades", "seniors")
    (group,) = page.totals.other_grade
    assert (group.profession, group.career_stage) == ("doctor", "senior")
    assert (group.grade_now, group.grade_then) == ("member", "associate")
    assert (group.applicants, group.members) == (1, 2)
    found = [p.member_id for p in page.items]
    assert sorted(found) == sorted([*moved, applicant])
    assert other not in found
    assert page.items[0].reasons == ("other_grade",)


def test_who_is_gone_is_left_alone() -> None:
    """Such as those who left or died."""
    world = World()
    left, dead = world.member(career_stage="senior"), world.member(career_stage="senior")
    stays = world.member(career_stage="senior")
    world.call("withdraw", member_id=left)
    world.call("record_death", member_id=dead, died_on=world.today)
    propose_grades(world, "seniors", [{"grade": "associate", "career_stages": ["senior"]}])
    assert [p.member_id for p in everybody(world, "grades", "seniors")] == [stays]


def test_pages_show_everybody_once() -> None:
    """Whatever fits on one; totals come with the first."""
    world = World()
    stages = ("senior", "trainee", "senior")
    doctors = [world.apply(career_stage=stage) for stage in stages]
    nurses = [
        world.apply(
            career_stage=stage,
            profession="nurse",
            regulator="NMC",
            registration_number=f"12A{number:04d}E",
        )
        for number, stage in enumerate(stages)
    ]
    propose_grades(world, "seniors", [{"grade": "associate", "career_stages": ["senior"]}])
    wanted = [doctors[0], doctors[2], nurses[0], nurses[2]]
    for limit in (1, 2, 3, 4, 200):
        assert [p.member_id for p in everybody(world, "grades", "seniors", limit)] == wanted
    first = simulate(world, "grades", "seniors", limit=1)
    assert first.totals.people == 6
    assert simulate(world, "grades", "seniors", cursor=first.next_cursor).totals is None
    assert simulate(world, "grades", "seniors", limit=4).next_cursor is None


def test_a_version_that_changes_nothing_affects_nobody() -> None:
    """The one in force least of all."""
    world = World()
    world.apply()
    for kind in ("grades", "professions"):
        page = simulate(world, kind, "2026.1")
        assert (page.items, page.next_cursor, page.totals.people) == ((), None, 1)
        assert page.totals.newly_eligible == page.totals.no_longer_eligible == ()
        assert page.totals.other_grade == ()


def test_a_profession_that_a_version_leaves_out_is_shut_out() -> None:
    """Its members are found, because some version named it."""
    world = World()
    member_id = world.apply()
    entries = [each for each in PROFESSIONS.professions if each.code != "doctor"]
    world.call(
        "propose_policy_version",
        version="without",
        effective_from=world.today,
        reason="Invented.",
        professions={
            "professions": [
                {"code": each.code, "title": each.title, "admission": each.admission, "source": "-"}
                for each in entries
            ]
        },
    )
    (person,) = everybody(world, "professions", "without")
    assert (person.member_id, person.reasons) == (member_id, ("profession_unknown",))
    activated(world, "without")
    (person,) = everybody(world, "professions", "2026.1")
    assert (person.member_id, person.eligible_then) == (member_id, True)


def test_there_must_be_such_a_version() -> None:
    """Of one of the kinds that decide who may join."""
    with pytest.raises(NotFound):
        simulate(World(), "grades", "1999.1")
    with pytest.raises(Invalid):
        simulate(World(), "prices", "2026.1")
    with pytest.raises(Invalid):
        simulate(World(), "grades", "2026.1", cursor="?")


@given(
    st.sampled_from(sorted(PROFESSIONS.codes)),
    st.sampled_from(CareerStage),
    st.sampled_from(Nation),
)
def test_who_is_judged_eligible_may_apply(
    profession: str, stage: CareerStage, nation: Nation
) -> None:
    """And the other way round; the grade is that of the policy."""
    rules = Rules(PROFESSIONS, GRADES, REGULATORS.professions)
    judged = rules.judge(profession, stage, nation, TODAY)
    known = PROFESSIONS.find(profession)
    assert known is not None
    grade = GRADES.grade(profession, stage, nation)
    refused = known.refusal(nation, stage, TODAY)
    assert judged.eligible == (refused is None and grade is not None)
    assert judged.grade == (grade.code if judged.eligible and grade else None)


def test_nobody_joins_without_a_regulator_where_the_grade_needs_one() -> None:
    """As an application would be refused for its want of a registration."""
    entry = PROFESSIONS.find(MANAGER)
    assert entry is not None
    limits = PilotLimits(until=TODAY, places=1)
    opened = PROFESSIONS.with_entries([replace(entry, admission="pilot", pilot=limits)])
    grade = Grade(code="member", title="Member", source="-")
    strict = Grades(grades=(grade,), rules=(GradeRule(grade="member"),))
    rules = Rules(opened, strict, REGULATORS.professions)
    assert rules.judge(MANAGER, "senior", "wales", TODAY).refusal == "no_regulator"
    none = Grades(grades=(grade,), rules=(GradeRule(grade="member", nations=(Nation.WALES,)),))
    rules = Rules(opened, none, REGULATORS.professions | {MANAGER})
    assert rules.judge(MANAGER, "senior", "wales", TODAY).grade == "member"
    assert rules.judge(MANAGER, "senior", "england", TODAY).refusal == "no_grade"
    assert rules.judge(MANAGER, "senior", "wales", TODAY + DAY).refusal == "pilot_over"


def test_stages_without_a_grade_are_those_within_the_limits() -> None:
    """Of the nations of a pilot, too; without limits all are asked."""
    free = Grade(code="free", title="Free", registration="not_required", source="-")
    bound = Grade(code="bound", title="Bound", source="-")
    wales = GradeRule(grade="free", nations=(Nation.WALES,), career_stages=(CareerStage.SENIOR,))
    grades = Grades(grades=(free, bound), rules=(wales, GradeRule(grade="bound")))
    assert stages_without_grade(grades, "x", None) == tuple(CareerStage)

    def limits(*nations: Nation) -> PilotLimits:
        stages = (CareerStage.SENIOR, CareerStage.STUDENT)
        return PilotLimits(until=TODAY, places=1, nations=nations, career_stages=stages)

    assert stages_without_grade(grades, "x", limits(Nation.WALES)) == (CareerStage.STUDENT,)
    assert stages_without_grade(grades, "x", limits()) == (CareerStage.SENIOR, CareerStage.STUDENT)


words = st.text("abc_", max_size=5)


@given(st.builds(Group, words, words, words, words, words, st.booleans()))
def test_a_group_is_read_from_its_key(group: Group) -> None:
    """No two groups have the same."""
    assert Group.read(group.key) == group


def test_everybody_is_counted_in_the_group_in_which_they_are_now() -> None:
    """Whatever changed of them: status, grade, career stage."""
    world = World()
    groups = world.app.simulate_eligibility.keywords["groups"]
    member_id = world.apply(career_stage="senior")

    def now(status: str, grade: str = "", *, admitted: bool = False, stage: str = "senior") -> None:
        group = Group("doctor", stage, "wales", status, grade, admitted)
        assert groups.sizes() == {group: 1}
        assert groups.of([member_id, "nobody"]) == {member_id: group}
        assert groups.ids(group, "", 5) == [member_id]

    now("awaiting_verification")
    world.verify(member_id)
    now("applicant")
    world.call("admit", member_id=member_id)
    now("current", "member", admitted=True)
    world.call("change_career_stage", member_id=member_id, career_stage="retired")
    now("current", "retired", admitted=True, stage="retired")


@given(
    st.sampled_from(sorted(PROFESSIONS.codes)),
    st.sampled_from(CareerStage),
    st.sampled_from([None, *sorted(GRADES.codes)]),
)
def test_nothing_changes_for_anybody_by_the_same_rules(
    profession: str, stage: CareerStage, grade: str | None
) -> None:
    """Whatever their grade is."""
    rules = Rules(PROFESSIONS, GRADES, REGULATORS.professions)
    group = Group(profession, stage, "wales", Status.CURRENT, grade or "", grade is not None)
    assert Simulation(rules, rules, TODAY).outcome(group) is None
