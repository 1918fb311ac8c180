"""Another grade or career stage of a member, and what it costs."""

from datetime import date
from typing import Any

import pytest

from services.membership.domain.terms import EntitlementKind
from services.membership.errors import (
    NotAMember,
)
from services.membership.events import (
    CareerStageChanged,
    MemberGradeChanged,
    StandingChanged,
)
from shared.errors import Invalid
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.passing import paid
from tests.unit.membership.world import World

STUDENT: dict[str, Any] = {
    "career_stage": "student",
    "regulator": None,
    "registration_number": None,
}


def test_another_grade_is_charged_or_credited_for_the_months_left() -> None:
    """In whole months; there and back on one day costs nothing."""
    world = World()
    member_id = paid(world, 0, career_stage="trainee")
    world.go_to(date(2027, 3, 10))
    view = world.call("change_grade", member_id=member_id, grade="member", reason="Trained.")
    assert (view.grade, view.grade_policy, view.balance_pence) == ("member", "2026.1", -27_800)
    assert view.post_nominals == ("MFMLM",)
    assert world.events(member_id)[-1] == MemberGradeChanged(
        member_id, "trainee", "member", date(2027, 3, 10)
    )
    assert (
        world.call("change_grade", member_id=member_id, grade="trainee", reason="x").balance_pence
        == 0
    )


def test_the_same_grade_is_no_change() -> None:
    """Nothing is charged, told or written but who asked."""
    world = World()
    member_id = world.member()
    told = world.events(member_id)
    view = world.call("change_grade", member_id=member_id, grade="member", reason="x")
    assert (view.balance_pence, world.events(member_id)) == (-58_000, told)


def test_a_grade_must_exist_and_have_a_fee() -> None:
    """And its bearer be a member."""
    world = World()
    for id, grade, error in (
        (world.member(), "emperor", Invalid),
        (world.apply(), "member", NotAMember),
    ):
        with pytest.raises(error):
            world.call("change_grade", member_id=id, grade=grade, reason="x")


def test_a_grade_by_seat_costs_nothing() -> None:
    """Who has no term of their own is charged nothing for another grade."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    member = world.members.get(member_id)
    member.entitle(EntitlementKind.SEAT, "org", TODAY, date(2027, 12, 31), TODAY)
    member.admit(BOOK, TODAY, grade="trainee")
    member.change_grade(BOOK, "member", TODAY)
    assert (member.grade, member.balance_pence) == ("member", 0)


def test_the_grade_follows_the_career_stage_it_came_from() -> None:
    """Not one that staff gave otherwise."""
    world = World()
    follows, given = world.member(career_stage="trainee"), world.member(career_stage="trainee")
    world.call("change_grade", member_id=given, grade="affiliate", reason="By decision.")
    world.clock.advance(days=1)
    for id, grade in ((follows, "member"), (given, "affiliate")):
        view = world.call("change_career_stage", member_id=id, career_stage="senior")
        assert (view.grade, view.career_stage) == (grade, "senior")
        assert [(each.career_stage, each.since) for each in view.career] == [
            ("trainee", TODAY),
            ("senior", world.today),
        ]
        assert CareerStageChanged(id, "trainee", "senior", world.today) in world.events(id)
    assert MemberGradeChanged(follows, "trainee", "member", world.today) in world.events(follows)


def test_the_same_stage_is_no_change() -> None:
    """The history has it once."""
    world = World()
    member_id = world.member()
    view = world.call("change_career_stage", member_id=member_id, career_stage="established")
    assert len(view.career) == 1
    assert CareerStageChanged not in world.told(member_id)


def test_an_applicants_stage_changes_without_a_grade() -> None:
    """The grade comes with admission."""
    world = World()
    member_id = world.apply(career_stage="trainee")
    world.call("change_career_stage", member_id=member_id, career_stage="senior")
    world.verify(member_id)
    assert world.call("admit", member_id=member_id).grade == "member"


def test_a_student_who_graduates_awaits_verification_until_it_is_there() -> None:
    """And what was told before stays true."""
    world = World()
    member_id = world.member(**STUDENT)
    world.clock.advance(days=30)
    view = world.call("change_career_stage", member_id=member_id, career_stage="trainee")
    assert (view.grade, view.status) == ("trainee", "awaiting_verification")
    assert world.call("explain_status", member_id=member_id, as_of=TODAY).status == "current"
    world.call(
        "add_registration", member_id=member_id, regulator="GMC", registration_number="7654321"
    )
    world.verify(member_id)
    assert world.status(member_id) == "current"
    standings = [e.status for e in world.events(member_id) if isinstance(e, StandingChanged)]
    assert standings == ["awaiting_verification", "current"]


def test_who_retires_may_give_up_the_registration() -> None:
    """The grade of the retired needs none."""
    world = World()
    member_id = world.member()
    world.call("change_career_stage", member_id=member_id, career_stage="retired")
    world.verify(member_id, "relinquished")
    assert world.status(member_id) == "current"
