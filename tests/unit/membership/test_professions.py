"""A profession's way into the membership, step by step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.membership.errors import (
    ConsultationNotClosed,
    PositionsMissing,
    ProfessionOutOfOrder,
)
from services.membership.events import (
    ProfessionAdmitted,
    ProfessionConsultationOpened,
    ProfessionPilotStarted,
    ProfessionPositionRecorded,
    ProfessionProposed,
    ProfessionRefused,
)
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.membership.opening import (
    DAY,
    MANAGER,
    UNREGULATED,
    activated,
    admission,
    consulted,
    pilot,
    position,
    proposed,
    start,
)
from tests.unit.membership.world import World

NEW = "care_navigator"

STEPS: dict[str, Any] = {
    "propose_profession": {"title": "T", "rationale": "R"},
    "open_consultation": {"closes_on": date(2026, 12, 1)},
    "record_body_position": {
        "body": "Invented Institute",
        "position": "neutral",
        "recognises_membership": False,
    },
    "start_pilot": {"limits": {"until": date(2027, 12, 1), "places": 5}},
    "admit_profession": {"effective_from": date(2026, 12, 1)},
    "refuse_profession": {"reason": "Too early."},
}
POSSIBLE = {
    "proposed": {"open_consultation", "refuse_profession"},
    "consulting": {
        "record_body_position",
        "start_pilot",
        "admit_profession",
        "refuse_profession",
    },
    "pilot": {"record_body_position", "admit_profession", "refuse_profession"},
    "admitted": set(),
    "refused": {"propose_profession"},
}


def in_state(state: str) -> World:
    """A world in which the case of healthcare managers is in a state."""
    world = World()
    if state == "proposed":
        proposed(world)
        return world
    consulted(world)
    if state == "pilot":
        start(world)
    if state == "admitted":
        world.call("admit_profession", code=MANAGER, effective_from=world.today)
    if state == "refused":
        world.call("refuse_profession", code=MANAGER, reason="Too early.")
    return world


def test_a_profession_goes_all_the_way() -> None:
    """Every step is a state with its day, an event, and an entry of the trail."""
    world = World()
    proposed(world, regulator="gmc")
    opened = world.today
    world.call("open_consultation", code=MANAGER, closes_on=opened + 7 * DAY)
    position(world, position="conditions", statement="If fees are fair.")
    world.go_to(opened + 8 * DAY)
    start(world, places=3, nations=["wales"])
    world.go_to(opened + 100 * DAY)
    view = world.call("admit_profession", code=MANAGER, effective_from=world.today + DAY)
    assert [(turn.state, turn.on, turn.reason) for turn in view.history] == [
        ("proposed", opened, "They lead teams."),
        ("consulting", opened, ""),
        ("pilot", opened + 8 * DAY, ""),
        ("admitted", world.today, ""),
    ]
    assert (view.regulator, view.regulated, view.attempt) == ("GMC", False, 1)
    assert [(d.id, d.effective_from, d.policy_version) for d in view.decisions] == [
        (
            "healthcare_manager.pilot.1",
            opened + 8 * DAY,
            "2026.1+healthcare_manager.pilot.1",
        ),
        (
            "healthcare_manager.admitted.1",
            world.today + DAY,
            "2026.1+healthcare_manager.admitted.1",
        ),
    ]
    assert world.events(MANAGER) == [
        ProfessionProposed(MANAGER, "GMC", opened),
        ProfessionConsultationOpened(MANAGER, opened, opened + 7 * DAY),
        ProfessionPositionRecorded(MANAGER, "Invented Institute", "conditions", True, opened),
        ProfessionPilotStarted(
            MANAGER, opened + 8 * DAY, opened + (8 + 365) * DAY, 3, ("wales",), ()
        ),
        ProfessionAdmitted(MANAGER, world.today + DAY),
    ]
    assert [entry.action for entry in world.trails()[f"profession_cases:{MANAGER}"]] == [
        "propose_profession",
        "open_consultation",
        "record_body_position",
        "start_pilot",
        "admit_profession",
    ]
    assert (view.admission, admission(world, on=world.today + DAY)) == ("pilot", "admitted")


@pytest.mark.parametrize("state", POSSIBLE)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_out_of_order_is_refused_with_the_state(state: str, step: str) -> None:
    """What is possible is done; what is not names the state of the case and changes nothing."""
    world = in_state(state)
    before, versions = world.document("profession_cases", MANAGER), world.book.professions
    if step in POSSIBLE[state]:
        world.call(step, code=MANAGER, **STEPS[step])
        return
    error = error_of(lambda: world.call(step, code=MANAGER, **STEPS[step]))
    assert isinstance(error, ProfessionOutOfOrder)
    assert error.details["state"] == state
    assert state not in error.details["possible_in"]
    assert world.document("profession_cases", MANAGER) == before
    assert world.book.professions == versions


@pytest.mark.parametrize("step", [step for step in STEPS if step != "propose_profession"])
def test_there_is_no_case_until_a_profession_is_proposed(step: str) -> None:
    """Neither of a profession that the policy closes nor of one that it does not know."""
    for code in (MANAGER, NEW):
        with pytest.raises(NotFound):
            World().call(step, code=code, **STEPS[step])
        with pytest.raises(NotFound):
            World().call("get_profession", code=code)


def test_a_profession_that_is_admitted_is_not_proposed() -> None:
    """The error names the state that the policy gives it."""
    error = error_of(lambda: proposed(World(), "doctor"))
    assert isinstance(error, ProfessionOutOfOrder)
    assert error.details["state"] == "admitted"


def test_an_unknown_regulator_is_refused() -> None:
    """A case names a regulator that there is."""
    with pytest.raises(Invalid) as refused:
        proposed(World(), regulator="XYZ")
    assert list(refused.value.fields) == ["regulator"]


@pytest.mark.parametrize("opens", ["start_pilot", "admit_profession"])
def test_a_consultation_is_open_to_the_end_of_its_last_day(opens: str) -> None:
    """Only on the day after may a profession be opened."""
    world = World()
    last = world.today + 3 * DAY
    proposed(world)
    world.call("open_consultation", code=MANAGER, closes_on=last)
    position(world)
    arguments = {**STEPS[opens], "code": MANAGER}
    world.go_to(last)
    error = error_of(lambda: world.call(opens, **arguments))
    assert isinstance(error, ConsultationNotClosed)
    assert error.details["closes_on"] == last.isoformat()
    world.go_to(last + DAY)
    world.call(opens, **arguments)


@pytest.mark.parametrize("opens", ["start_pilot", "admit_profession"])
def test_a_profession_is_opened_once_enough_bodies_were_heard(opens: str) -> None:
    """The policy says how many; a body that speaks twice is one."""
    world = World()
    entries = world.call("get_policy", kind="professions").professions
    world.call(
        "propose_policy_version",
        version="two",
        effective_from=world.today,
        reason="Invented.",
        professions={
            "professions": [
                {"code": each.code, "title": each.title, "admission": each.admission, "source": "-"}
                for each in entries.professions
            ],
            "required_positions": 2,
        },
    )
    activated(world, "two")
    consulted(world, bodies=0)
    arguments = {**STEPS[opens], "code": MANAGER}
    position(world, body="Invented  Institute")
    position(world, body="invented institute", position="opposes")
    error = error_of(lambda: world.call(opens, **arguments))
    assert isinstance(error, PositionsMissing)
    assert (error.details["recorded"], error.details["required"]) == (1, 2)
    position(world, body="Another Invented Institute", position="opposes")
    view = world.call(opens, **arguments)
    assert [(said.body, said.position, said.counts) for said in view.positions] == [
        ("Invented Institute", "supports", False),
        ("invented institute", "opposes", True),
        ("Another Invented Institute", "opposes", True),
    ]


def test_a_refused_profession_may_be_proposed_again() -> None:
    """The next attempt needs a consultation and positions of its own."""
    world = in_state("refused")
    view = proposed(world, title="Manager", rationale="Once more.")
    assert (view.state, view.attempt, view.title) == ("proposed", 2, "Manager")
    assert view.consultation is None
    assert [said.counts for said in view.positions] == [False]
    closes_on = world.today - DAY
    world.call("open_consultation", code=MANAGER, opened_on=closes_on, closes_on=closes_on)
    with pytest.raises(PositionsMissing):
        start(world)
    position(world)
    assert start(world).state == "pilot"


@pytest.mark.parametrize("state", ["proposed", "consulting", "pilot"])
def test_a_refusal_gives_its_reason_and_closes_a_pilot(state: str) -> None:
    """Also one that is to begin later; where nothing was open the policy does not change."""
    world = in_state(state)
    view = world.call("refuse_profession", code=MANAGER, reason="Too early.")
    assert (view.state, view.history[-1].reason, view.admission) == (
        "refused",
        "Too early.",
        "closed",
    )
    assert admission(world, on=world.today + 500 * DAY) == "closed"
    assert len(view.decisions) == (2 if state == "pilot" else 0)
    assert world.events(MANAGER)[-1] == ProfessionRefused(MANAGER, world.today)


def test_a_pilot_that_has_not_begun_can_be_refused() -> None:
    """It does not begin."""
    world = World()
    consulted(world)
    begins = world.today + 10 * DAY
    start(world, effective_from=begins)
    assert (admission(world), admission(world, on=begins)) == ("closed", "pilot")
    world.call("refuse_profession", code=MANAGER, reason="Too early.")
    assert (admission(world), admission(world, on=begins)) == ("closed", "closed")


def test_a_second_pilot_has_its_own_number_and_places() -> None:
    """Who had a place in the first does not take one in the second."""
    world = World()
    pilot(world, places=1)
    world.apply(**UNREGULATED)
    world.call("refuse_profession", code=MANAGER, reason="Too early.")
    view = pilot(world, places=1)
    assert view.policy_version == "2026.1+healthcare_manager.pilot.2"
    assert view.places_taken == 0
    world.apply(**UNREGULATED)


@pytest.mark.parametrize(
    ("step", "changes", "field"),
    [
        ("open_consultation", {"opened_on": date(2026, 11, 24)}, "opened_on"),
        ("open_consultation", {"closes_on": date(2026, 11, 22)}, "closes_on"),
        ("record_body_position", {"recorded_on": date(2026, 11, 24)}, "recorded_on"),
        ("record_body_position", {"recorded_on": date(2026, 11, 21)}, "recorded_on"),
        ("start_pilot", {"effective_from": date(2026, 11, 22)}, "effective_from"),
        ("start_pilot", {"effective_from": date(2027, 12, 2)}, "limits.until"),
        ("admit_profession", {"effective_from": date(2026, 11, 22)}, "effective_from"),
    ],
)
def test_days_make_sense(step: str, changes: dict[str, Any], field: str) -> None:
    """A consultation closes after it opens, nothing is recorded ahead, and nothing opens late."""
    world = in_state("proposed" if step == "open_consultation" else "consulting")
    with pytest.raises(Invalid) as refused:
        world.call(step, code=MANAGER, **{**STEPS[step], **changes})
    assert list(refused.value.fields) == [field]


def test_cases_are_found_by_state() -> None:
    """By code, a page at a time; without a state, all of them."""
    world = World()
    for code in ("c_x", "a_x", "b_x"):
        proposed(world, code)
    world.call("refuse_profession", code="b_x", reason="Too early.")
    consulted(world)
    found = world.pages("find_professions", state="proposed", limit=1)
    assert [case.code for case in found] == ["a_x", "c_x"]
    assert [case.code for case in world.pages("find_professions", limit=1)] == [
        "a_x",
        "b_x",
        "c_x",
        MANAGER,
    ]
    (case,) = world.pages("find_professions", state="consulting")
    assert (case.bodies_heard, case.closes_on, case.since) == (
        1,
        world.today - DAY,
        world.today,
    )


@pytest.mark.parametrize("step", STEPS)
def test_a_repeated_call_gives_the_same_answer_and_does_nothing_twice(step: str) -> None:
    """Also one that began a case."""
    state = next((state for state, steps in POSSIBLE.items() if step in steps), "")
    world = World() if step == "propose_profession" else in_state(state)
    answers = [world.call(step, code=MANAGER, message="m", **STEPS[step]) for _ in range(2)]
    assert answers[0] == answers[1]
    told = world.told()
    assert len(told) == len({str(event) for event in world.events()})
