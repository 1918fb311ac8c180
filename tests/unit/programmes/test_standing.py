"""The projection of members' standing, built from events in any order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.standing import Lack
from services.programmes.subscriptions import (
    ApplicationReceived,
    CareerStageChanged,
    DetailsCorrected,
    MemberAdmitted,
    MemberGradeChanged,
    MembershipEvent,
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
    StandingChanged,
)
from tests.unit.programmes.builders import MEMBER
from tests.unit.programmes.world import World

RECEIVED = ApplicationReceived(MEMBER, "doctor", "wales", "trainee")
VERIFIED = RegistrationVerified(MEMBER, "GMC", "registered")
REFUSED = RegistrationRefused(MEMBER)
ADMITTED = MemberAdmitted(MEMBER, "doctor", "wales", "trainee", "trainee")

# What happened to a member, in order, and what that makes of the standing.
HISTORIES: list[tuple[list[MembershipEvent], Lack | None]] = [
    ([RECEIVED], Lack.NOT_ADMITTED),
    ([RECEIVED, VERIFIED], Lack.NOT_ADMITTED),
    ([RECEIVED, REFUSED], Lack.REGISTRATION_REFUSED),
    ([RECEIVED, REFUSED, VERIFIED], Lack.NOT_ADMITTED),
    ([RECEIVED, VERIFIED, ADMITTED], None),
    ([RECEIVED, REFUSED, VERIFIED, ADMITTED], None),
    ([RECEIVED, VERIFIED, ADMITTED, REFUSED], Lack.REGISTRATION_REFUSED),
    ([RECEIVED, VERIFIED, ADMITTED, VERIFIED], None),
    ([RECEIVED, VERIFIED, ADMITTED, REFUSED, VERIFIED], None),
    ([RECEIVED, VERIFIED, ADMITTED, VERIFIED, REFUSED, REFUSED], Lack.REGISTRATION_REFUSED),
]


def standing(world: World) -> Any:
    return world.call("get_member_standing", member_id=MEMBER)


@given(st.sampled_from(HISTORIES), st.data())
def test_no_order_and_no_repetition_changes_the_standing(
    history: tuple[list[MembershipEvent], Lack | None], data: st.DataObject
) -> None:
    """Every permutation of a history, with any events repeated, ends in the same standing."""
    events, lack = history
    numbered = list(enumerate(events, start=2))
    repeats = data.draw(st.lists(st.sampled_from(numbered), max_size=6))
    world = World()
    for sequence, event in data.draw(st.permutations(numbered + repeats)):
        world.tell(event, sequence)
    view = standing(world)
    assert (view.reason, view.current) == (lack, lack is None)
    assert (view.profession, view.nation) == ("doctor", "wales")


@given(st.permutations([(2, RECEIVED), (3, REFUSED), (5, ADMITTED)]))
def test_admission_outdates_earlier_refusals(
    events: list[tuple[int, MembershipEvent]],
) -> None:
    """A verification still under way does not keep an admitted member out."""
    world = World()
    for sequence, event in events:
        world.tell(event, sequence)
    assert standing(world).current


def test_a_member_never_heard_of_is_not_known(world: World) -> None:
    """Without any event there is a standing to read, and it says why."""
    view = standing(world)
    assert (view.current, view.reason, view.profession) == (False, Lack.NOT_KNOWN, None)


@pytest.mark.parametrize(
    ("event", "lack"),
    [
        (VERIFIED, Lack.NOT_ADMITTED),
        (REFUSED, Lack.REGISTRATION_REFUSED),
        (ADMITTED, None),
    ],
)
def test_the_first_event_to_arrive_may_be_any(
    world: World, event: MembershipEvent, lack: Lack | None
) -> None:
    """A projection that starts in the middle of a history says what it can."""
    world.tell(event, 7)
    assert standing(world).reason is lack


def test_members_are_kept_apart(world: World) -> None:
    """What is told of one member says nothing of another."""
    world.member(MEMBER)
    world.tell(RegistrationRefused("somebody-else"), 9)
    assert standing(world).current


@given(
    st.permutations(
        [(2, RECEIVED), (4, ADMITTED), (6, DetailsCorrected(MEMBER, "nurse", "scotland"))]
    )
)
def test_a_correction_outdates_what_was_told_before(
    events: list[tuple[int, MembershipEvent]],
) -> None:
    """In whatever order they arrive."""
    world = World()
    for sequence, event in events:
        world.tell(event, sequence)
    view = standing(world)
    assert (view.profession, view.nation, view.current) == ("nurse", "scotland", True)


# Numbered as membership numbers the events of one member.
CAREER: list[tuple[int, MembershipEvent]] = [
    (2, RECEIVED),
    (3, VERIFIED),
    (4, ADMITTED),
    (5, CareerStageChanged(MEMBER, "established")),
    (6, MemberGradeChanged(MEMBER, "member")),
    (7, RegistrationStatusChanged(MEMBER, "GMC", "suspended")),
    (8, StandingChanged(MEMBER, "suspended")),
    (9, RegistrationStatusChanged(MEMBER, "GMC", "registered")),
    (10, StandingChanged(MEMBER, "current")),
]


@given(st.sampled_from(range(3, len(CAREER) + 1)), st.data())
def test_stage_grade_and_registrations_are_the_latest_told(told: int, data: st.DataObject) -> None:
    """In any order and repeated; suspended by either word, until both are taken back."""
    history = CAREER[:told]
    repeats = data.draw(st.lists(st.sampled_from(history), max_size=6))
    world = World()
    for sequence, event in data.draw(st.permutations(history + repeats)):
        world.tell(event, sequence)
    view = standing(world)
    assert view.career_stage == ("trainee" if told < 4 else "established")
    assert view.grade == ("trainee" if told < 5 else "member")
    assert view.registrations == {"GMC": "suspended" if told in (6, 7) else "registered"}
    assert view.suspended is (told in (6, 7, 8))
