"""The projection of members' standing, built from events in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.standing import Lack
from services.programmes.subscriptions import (
    ApplicationReceived,
    DetailsCorrected,
    MemberAdmitted,
    MembershipEvent,
    RegistrationRefused,
    RegistrationVerified,
)
from tests.unit.programmes.builders import MEMBER, Service

RECEIVED = ApplicationReceived(MEMBER, "doctor", "wales")
VERIFIED = RegistrationVerified(MEMBER)
REFUSED = RegistrationRefused(MEMBER)
ADMITTED = MemberAdmitted(MEMBER, "doctor", "wales")

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


@given(st.sampled_from(HISTORIES), st.data())
def test_no_order_and_no_repetition_changes_the_standing(
    history: tuple[list[MembershipEvent], Lack | None], data: st.DataObject
) -> None:
    """Every permutation of a history, with any events repeated, ends in the same standing."""
    events, lack = history
    numbered = list(enumerate(events, start=2))
    repeats = data.draw(st.lists(st.sampled_from(numbered), max_size=6))
    service = Service()
    for sequence, event in data.draw(st.permutations(numbered + repeats)):
        service.tell(sequence, event)
    view = service.get_member_standing()
    assert (view.reason, view.current) == (lack, lack is None)
    assert (view.profession, view.nation) == ("doctor", "wales")


@given(st.permutations([(2, RECEIVED), (3, REFUSED), (5, ADMITTED)]))
def test_admission_outdates_earlier_refusals(
    events: list[tuple[int, MembershipEvent]],
) -> None:
    """A verification still under way does not keep an admitted member out."""
    service = Service()
    for sequence, event in events:
        service.tell(sequence, event)
    assert service.get_member_standing().current


def test_a_member_never_heard_of_is_not_known(service: Service) -> None:
    """Without any event there is a standing to read, and it says why."""
    view = service.get_member_standing()
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
    service: Service, event: MembershipEvent, lack: Lack | None
) -> None:
    """A projection that starts in the middle of a history says what it can."""
    service.tell(7, event)
    assert service.get_member_standing().reason is lack


def test_members_are_kept_apart(service: Service) -> None:
    """What is told of one member says nothing of another."""
    service.admit()
    service.tell(9, RegistrationRefused("somebody-else"))
    assert service.get_member_standing().current


@given(
    st.permutations(
        [(2, RECEIVED), (4, ADMITTED), (6, DetailsCorrected(MEMBER, "nurse", "scotland"))]
    )
)
def test_a_correction_outdates_what_was_told_before(
    events: list[tuple[int, MembershipEvent]],
) -> None:
    """In whatever order they arrive."""
    service = Service()
    for sequence, event in events:
        service.tell(sequence, event)
    view = service.get_member_standing()
    assert (view.profession, view.nation, view.current) == ("nurse", "scotland", True)
