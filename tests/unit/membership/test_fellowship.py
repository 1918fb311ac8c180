"""An application for fellowship from draft to submission."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.rounds import Clock
from services.membership.errors import (
    AwardHeld,
    FellowshipIncomplete,
    FellowshipOutOfOrder,
    FellowshipRunning,
    NotCurrent,
    RouteNotOpen,
)
from services.membership.events import (
    FellowshipStarted,
    FellowshipSubmitted,
)
from shared.errors import Invalid, NotFound
from tests.unit.membership.fellowships import (
    DOMAINS,
    STATES,
    add,
    award,
    fill,
    in_state,
    member_of,
    nominate,
    own,
    panel,
    ratify,
    reference,
    staff,
    start,
    submit,
    view,
)
from tests.unit.membership.fellowships import (
    given as evidence,
)
from tests.unit.membership.world import World, cut_at_every_write

ACTIONS: dict[str, Callable[[World, str], Any]] = {
    "add_evidence": lambda world, id: add(world, id, "project"),
    "remove_evidence": lambda world, id: own(world, "remove_evidence", id, evidence_id="e"),
    "nominate_referee": lambda world, id: nominate(world, id, "another@example.org"),
    "withdraw_referee": lambda world, id: own(world, "withdraw_referee", id, referee_id="r"),
    "submit_fellowship": submit,
    "record_reference": lambda world, id: reference(world, id, "r"),
    "declare_conflict": lambda world, id: staff(
        world, "declare_conflict", id, assessor_id=member_of(world, id), reason="Invented."
    ),
    "record_panel_decision": lambda world, id: panel(world, id),
    "ratify": lambda world, id: ratify(world, id, minute="Another minute"),
    "appeal": lambda world, id: own(world, "appeal", id, grounds="Invented."),
    "withdraw_fellowship": lambda world, id: own(world, "withdraw_fellowship", id),
}
BEFORE_SUBMISSION = ("draft",)
BEFORE_ASSESSMENT = ("draft", "awaiting_references")
RUNNING = ("draft", "awaiting_references", "in_assessment", "panel_decided")
POSSIBLE: dict[str, tuple[str, ...]] = {
    "add_evidence": BEFORE_SUBMISSION,
    "remove_evidence": BEFORE_SUBMISSION,
    "nominate_referee": BEFORE_ASSESSMENT,
    "withdraw_referee": BEFORE_ASSESSMENT,
    "submit_fellowship": BEFORE_SUBMISSION,
    "record_reference": ("awaiting_references", "in_assessment"),
    "declare_conflict": (*RUNNING, "declined"),
    "record_panel_decision": ("in_assessment",),
    "ratify": ("panel_decided",),
    "appeal": ("declined",),
    "withdraw_fellowship": RUNNING,
}


@pytest.mark.parametrize("state", STATES)
def test_everything_has_its_place(state: str) -> None:
    """Whatever comes out of order is refused naming action, state and where it belongs."""
    refused: dict[str, dict[str, Any]] = {}
    for action, act in ACTIONS.items():
        world = World()
        fellowship_id = in_state(world, state)
        before = world.document("fellowships", fellowship_id)
        try:
            act(world, fellowship_id)
        except FellowshipOutOfOrder as error:
            refused[action] = error.details
            assert world.document("fellowships", fellowship_id) == before
        except (NotFound, FellowshipIncomplete):
            continue  # in its place, though not with these arguments
    assert refused == {
        action: {
            "fellowship_id": refused[action]["fellowship_id"],
            "action": action,
            "state": state,
            "possible_in": list(POSSIBLE[action]),
        }
        for action in ACTIONS
        if state not in POSSIBLE[action]
    }


def test_a_draft_is_begun_and_told() -> None:
    """The draft says what it lacks, and the clock has not begun."""
    world = World()
    begun = start(world)
    assert (begun.state, begun.level, begun.route) == ("draft", "fellow", "standard")
    assert begun.clock == Clock()
    assert [(each.what, each.of, each.reason) for each in begun.missing] == [
        ("evidence", "appraisal", "missing"),
        ("evidence", "feedback_360", "missing"),
        ("domain", "self", "not_evidenced"),
        ("domain", "team", "not_evidenced"),
        ("domain", "organisation", "not_evidenced"),
        ("referees", "2", "too_few"),
    ]
    assert world.events(begun.fellowship_id) == [
        FellowshipStarted(begun.fellowship_id, begun.member_id, "fellow", "standard", world.today)
    ]


@pytest.mark.parametrize("field", ["level", "route"])
def test_levels_and_routes_are_those_of_the_policy(field: str) -> None:
    """Another one is refused, with those that there are."""
    world = World()
    with pytest.raises(Invalid) as refused:
        start(world, **{field: "grand"})
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("member", "level", "route", "reason"),
    [
        ({"nation": "wales"}, "fellow", "international", "nation_not_on_route"),
        ({}, "fellow", "collaborative", "profession_not_on_route"),
        (
            {"profession": "nurse", "regulator": "NMC", "registration_number": "12A3456B"},
            "senior_fellow",
            "collaborative",
            "level_not_on_route",
        ),
    ],
)
def test_a_route_is_open_to_some(
    member: dict[str, Any], level: str, route: str, reason: str
) -> None:
    """Profession, nation and level decide, and the refusal says which."""
    world = World()
    with pytest.raises(RouteNotOpen) as refused:
        start(world, world.member(**member), level, route)
    assert refused.value.details["reason"] == reason


def test_a_nurse_goes_the_collaborative_way() -> None:
    """And a member abroad the international one."""
    world = World()
    nurse = world.member(profession="nurse", regulator="NMC", registration_number="12A3456B")
    abroad = world.member(nation="outside_uk")
    assert start(world, nurse, "fellow", "collaborative").route == "collaborative"
    assert start(world, abroad, "fellow", "international").route == "international"


def test_only_current_members_begin() -> None:
    """Applicants and those who left may not; who is due or in grace may."""
    world = World()
    applicant, leaver, member = world.apply(), world.member(), world.member()
    world.call("withdraw", member_id=leaver)
    for id, status in ((applicant, "awaiting_verification"), (leaver, "withdrawn")):
        with pytest.raises(NotCurrent) as refused:
            start(world, id)
        assert refused.value.details["status"] == status
    world.go_to(date(2027, 12, 1))
    assert world.call("explain_status", member_id=member).status == "grace"
    assert start(world, member).state == "draft"
    world.go_to(date(2028, 1, 15))
    with pytest.raises(NotCurrent):
        submit(world, start_of(world, member))


def start_of(world: World, member_id: str) -> str:
    (only,) = world.pages("find_fellowships", member_id=member_id)
    return str(only.fellowship_id)


def test_membership_must_be_current_at_submission_too() -> None:
    """What was begun as a member cannot be handed in by somebody who has lapsed."""
    world = World()
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id)
    world.go_to(date(2028, 6, 1))
    with pytest.raises(NotCurrent) as refused:
        submit(world, fellowship_id)
    assert refused.value.details["status"] == "lapsed"


@pytest.mark.parametrize("state", RUNNING)
def test_one_application_runs_at_a_time(state: str) -> None:
    """Another one is refused until it is decided or taken back."""
    world = World()
    fellowship_id = in_state(world, state)
    member_id = member_of(world, fellowship_id)
    with pytest.raises(FellowshipRunning):
        start(world, member_id)
    own(world, "withdraw_fellowship", fellowship_id)
    assert start(world, member_id).state == "draft"


def test_a_start_that_is_repeated_begins_one_draft() -> None:
    """Whatever was written when the call was cut off, there is one application afterwards."""
    ids: dict[int, str] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = world.member()
        return world

    def act(world: World) -> None:
        start(world, ids[id(world)], message="s")

    for world in cut_at_every_write(act, prepare):
        assert len(world.pages("find_fellowships")) == 1
        assert world.told().count(FellowshipStarted) == 1


@pytest.mark.parametrize(
    ("held", "wanted", "refused"),
    [
        ("fellow", "fellow", True),
        ("senior_fellow", "fellow", True),
        ("associate_fellow", "fellow", False),
        ("fellow", "senior_fellow", False),
    ],
)
def test_nobody_applies_for_what_they_hold(held: str, wanted: str, refused: bool) -> None:
    """A level that is held, or one below it, is refused; one above it is not."""
    world = World()
    member_id = award(world, held)
    if refused:
        with pytest.raises(AwardHeld):
            start(world, member_id, wanted)
    else:
        assert start(world, member_id, wanted).level == wanted


def test_faulty_evidence_is_refused_by_field() -> None:
    """The names are those of the arguments."""
    world = World()
    fellowship_id = in_state(world, "draft")
    with pytest.raises(Invalid) as refused:
        add(world, fellowship_id, "appraisal", signed_off_by=None, behaviours=["self.99"])
    assert sorted(refused.value.fields) == ["behaviours.0", "signed_off_by"]


def test_evidence_is_added_and_removed() -> None:
    """It has an id by which it can be taken out of the draft again."""
    world = World()
    fellowship_id = in_state(world, "draft")
    first = add(world, fellowship_id, "project", behaviours=["self.1"])
    second = add(world, fellowship_id, "publication")
    shown = own(world, "remove_evidence", fellowship_id, evidence_id=first)
    assert [each.evidence_id for each in shown.evidence] == [second]
    with pytest.raises(NotFound):
        own(world, "remove_evidence", fellowship_id, evidence_id=first)


def test_repeated_calls_add_one_item() -> None:
    """The same message adds the same evidence and the same referee once."""
    world = World()
    fellowship_id = in_state(world, "draft")
    for _ in range(2):
        item = evidence("project", world.today)
        own(world, "add_evidence", fellowship_id, message="e", **item)
        arguments = {"name": "Dr Once", "email": "once@example.org", "relationship": "Peer"}
        own(world, "nominate_referee", fellowship_id, message="r", **arguments)
    shown = view(world, fellowship_id)
    assert (len(shown.evidence), len(shown.referees)) == (1, 1)


@pytest.mark.parametrize("spelling", ["referee.1@example.org", " Referee.1@EXAMPLE.org"])
def test_no_address_is_named_twice(spelling: str) -> None:
    """However it is spelt; one who was withdrawn may be named again."""
    world = World()
    fellowship_id = in_state(world, "draft")
    referee_id = nominate(world, fellowship_id, "referee.1@example.org")
    with pytest.raises(Invalid) as refused:
        nominate(world, fellowship_id, spelling.strip())
    assert list(refused.value.fields) == ["email"]
    own(world, "withdraw_referee", fellowship_id, referee_id=referee_id)
    assert nominate(world, fellowship_id, spelling.strip()) != referee_id


def test_nobody_is_their_own_referee() -> None:
    """Not by the address they have, in whatever spelling, nor by one they have taken since."""
    world = World()
    fellowship_id = in_state(world, "draft")
    member_id = member_of(world, fellowship_id)
    address = world.members.get(member_id).email
    with pytest.raises(Invalid) as refused:
        nominate(world, fellowship_id, address.upper())
    assert list(refused.value.fields) == ["email"]
    fill(world, fellowship_id)
    world.call("change_contact", member_id=member_id, email="referee.2@example.org")
    with pytest.raises(FellowshipIncomplete) as incomplete:
        submit(world, fellowship_id)
    (missing,) = incomplete.value.details["missing"]
    assert (missing["what"], missing["reason"]) == ("referee", "applicant")


def test_a_blank_name_is_none() -> None:
    """A referee has a name."""
    world = World()
    with pytest.raises(Invalid) as refused:
        nominate(world, in_state(world, "draft"), "referee@example.org", name="  ")
    assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ("appraisal", ("evidence", "appraisal", "missing")),
        ("feedback_360", ("evidence", "feedback_360", "missing")),
        ("organisation", ("domain", "organisation", "not_evidenced")),
        ("system", ("domain", "system", "not_evidenced")),
        ("board_experience", ("experience", "board_experience", "missing")),
        ("referees", ("referees", "2", "too_few")),
    ],
)
def test_nothing_incomplete_is_taken(without: str, missing: tuple[str, str, str]) -> None:
    """The refusal names exactly what is missing, as the draft did before."""
    world = World()
    fellowship_id = start(world, level="senior_fellow").fellowship_id
    fill(world, fellowship_id, without=(without,))
    told = [(each.what, each.of, each.reason) for each in view(world, fellowship_id).missing]
    with pytest.raises(FellowshipIncomplete) as refused:
        submit(world, fellowship_id)
    assert told == [missing]
    assert [tuple(each.values()) for each in refused.value.details["missing"]] == [missing]


@pytest.mark.parametrize("level", DOMAINS)
@pytest.mark.parametrize(("days", "good"), [(0, True), (1, False)])
def test_evidence_ages_until_the_day_of_submission(level: str, days: int, good: bool) -> None:
    """What was young enough when it was added may be too old when it is handed in."""
    world = World()
    fellowship_id = start(world, level=level).fellowship_id
    fill(world, fellowship_id, without=("appraisal",))
    add(world, fellowship_id, "appraisal", dated=date(2026, 5, 10))
    world.go_to(date(2027, 5, 10) + timedelta(days=days))
    if good:
        assert submit(world, fellowship_id).state == "awaiting_references"
    else:
        with pytest.raises(FellowshipIncomplete) as refused:
            submit(world, fellowship_id)
        (missing,) = refused.value.details["missing"]
        assert (missing["of"], missing["reason"]) == ("appraisal", "too_old")


def test_a_submission_starts_the_clock_and_is_told() -> None:
    """Fourteen weeks from that day, with the versions by which it is judged."""
    world = World()
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id)
    world.go_to(date(2026, 12, 1))
    shown = submit(world, fellowship_id)
    target = date(2027, 3, 9)
    assert shown.clock == Clock(date(2026, 12, 1), target, None, 0, 98, False)
    assert shown.policies == {"fellowship": "2026.1", "standards": "2021.3"}
    assert shown.missing == ()
    assert world.events(fellowship_id)[-1] == FellowshipSubmitted(
        fellowship_id,
        member_of(world, fellowship_id),
        "fellow",
        "standard",
        date(2026, 12, 1),
        target,
    )
