"""What follows from a profession that is opened, for applicants and for fees."""

from __future__ import annotations

from typing import Any

import pytest

from services.membership.errors import (
    ConsultationNotClosed,
    GradeMissing,
    ProfessionNotAdmitted,
    ProfessionOutOfOrder,
)
from shared.errors import Invalid
from shared.testing import error_of
from tests.unit.membership.opening import (
    DAY,
    MANAGER,
    NAVIGATOR,
    UNREGULATED,
    activated,
    admission,
    by_hand,
    consulted,
    pilot,
    policy,
    position,
    proposed,
    start,
)
from tests.unit.membership.world import World


def test_what_was_agreed_can_be_quoted_when_the_price_table_has_it() -> None:
    """The code of the price table is a reduction like every other; later it may be gone."""
    world = World()
    pilot(world)
    view = position(world, dual_membership={"percent": 25, "reduction": "less_than_full_time"})
    assert view.positions[-1].dual_membership.quotable
    view = position(world, dual_membership={"percent": 10})
    assert not view.positions[-1].dual_membership.quotable
    member_id = world.apply(**UNREGULATED)
    quote = world.call(
        "quote", member_id=member_id, what="admission", reductions=["less_than_full_time"]
    )
    assert quote.lines[-1].code == "less_than_full_time"


@pytest.mark.parametrize(
    "terms", [{"percent": 25, "reduction": "unheard_of"}, {"percent": 30, "reduction": "hardship"}]
)
def test_a_reduction_is_the_one_of_the_price_table(terms: dict[str, Any]) -> None:
    """Neither a code that is not there nor one with another percentage is put on record."""
    world = World()
    consulted(world)
    with pytest.raises(Invalid) as refused:
        position(world, dual_membership=terms)
    assert list(refused.value.fields) == ["dual_membership.reduction"]


def test_an_unknown_profession_enters_the_policy() -> None:
    """As a pilot first, and then admitted; all other entries stay as they are."""
    world = World()
    before = policy(world).policy.professions
    assert proposed(world, NAVIGATOR).admission == "unknown"
    world.call("refuse_profession", code=NAVIGATOR, reason="Too early.")
    view = pilot(world, NAVIGATOR, career_stages=["student"])
    assert view.admission == "pilot"
    assert view.pilot.career_stages == ("student",)
    assert policy(world).policy.professions[:-1] == before
    assert policy(world).policy.professions[-1].title == "Care navigator"


def test_a_profession_that_nobody_registers_needs_grades_that_need_no_registration() -> None:
    """The error names the career stages without one; a grade policy in time mends it."""
    world = World()
    consulted(world, NAVIGATOR)
    error = error_of(lambda: start(world, NAVIGATOR, career_stages=["student", "senior"]))
    assert isinstance(error, GradeMissing)
    assert error.details["career_stages"] == ["senior"]
    affiliate = {"grade": "affiliate", "professions": [NAVIGATOR]}
    grades = world.call("get_policy", kind="grades").grades
    begins = world.today + 5 * DAY
    world.call(
        "propose_policy_version",
        version="affiliates",
        effective_from=begins,
        reason="Invented.",
        grades={
            "grades": [
                {
                    "code": grade.code,
                    "title": grade.title,
                    "registration": grade.registration,
                    "source": grade.source,
                }
                for grade in grades.grades
            ],
            "rules": [affiliate],
        },
    )
    activated(world, "affiliates", "grades")
    with pytest.raises(GradeMissing):
        world.call("admit_profession", code=NAVIGATOR, effective_from=begins - DAY)
    world.call("admit_profession", code=NAVIGATOR, effective_from=begins)
    world.go_to(begins)
    member_id = world.apply(**{**UNREGULATED, "profession": NAVIGATOR})
    assert world.call("admit", member_id=member_id).grade == "affiliate"


def test_a_healthcare_manager_becomes_an_affiliate_in_the_pilot() -> None:
    """Without any registration, marked with the version of the policy that let them in."""
    world = World()
    with pytest.raises(ProfessionNotAdmitted):
        world.apply(**UNREGULATED)
    pilot(world, nations=["wales"])
    member_id = world.apply(**UNREGULATED)
    assert world.members.get(member_id).pilot == "2026.1+healthcare_manager.pilot.1"
    member = world.call("admit", member_id=member_id)
    assert (member.grade, member.status, member.pilot) == ("affiliate", "current", True)
    error = error_of(lambda: world.apply(**{**UNREGULATED, "nation": "england"}))
    assert error.details["reason"] == "nation_not_in_pilot"


def test_a_pilot_of_a_policy_made_by_hand_is_taken_over_by_a_case() -> None:
    """It is consulted about while it runs, and then admitted like every other."""
    world = World()
    limits = {"until": world.today + 300 * DAY, "places": 1}
    entry = {"admission": "pilot", "pilot": {**limits, "until": limits["until"].isoformat()}}
    by_hand(world, "2026.2", world.today, healthcare_manager=entry)
    world.apply(**UNREGULATED)
    error = error_of(lambda: world.apply(**UNREGULATED))
    assert error.details["reason"] == "pilot_full"
    view = world.call("get_profession", code=MANAGER)
    assert (view.state, view.places_taken, view.decisions) == ("pilot", 1, ())
    with pytest.raises(ProfessionOutOfOrder):
        proposed(world)
    with pytest.raises(ProfessionOutOfOrder):
        position(world)
    with pytest.raises(ConsultationNotClosed):
        world.call("admit_profession", code=MANAGER, effective_from=world.today)
    yesterday = world.today - DAY
    view = world.call("open_consultation", code=MANAGER, opened_on=yesterday, closes_on=yesterday)
    assert view.state == "pilot"
    position(world)
    world.call("admit_profession", code=MANAGER, effective_from=world.today)
    assert admission(world) == "admitted"
    world.apply(**UNREGULATED)
