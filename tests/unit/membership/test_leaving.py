"""Leaving and coming back: withdrawn, died, lapsed, and taken up again."""

from datetime import date

import pytest

from services.membership.errors import (
    NotAMember,
    NotReinstatable,
    NotRenewable,
    PaymentRequired,
)
from services.membership.events import (
    MemberDeceased,
    MemberReinstated,
    MemberWithdrawn,
    StandingChanged,
)
from shared.errors import Invalid
from shared.testing import error_of
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.passing import GRACE, LAPSE, LAST, ONE_DAY, paid
from tests.unit.membership.world import World


def test_a_member_leaves_today_or_on_a_later_day() -> None:
    """Told when the day has come; never in the past."""
    world = World()
    now, later = world.member(), world.member()
    assert world.call("withdraw", member_id=now, reason="Moved abroad.").status == "withdrawn"
    assert world.events(now)[-2:] == [
        StandingChanged(now, "withdrawn", "withdrawn", TODAY),
        MemberWithdrawn(now, TODAY),
    ]
    assert world.call("withdraw", member_id=later, on=date(2027, 1, 1)).status == "current"
    assert MemberWithdrawn not in world.told(later)
    world.go_to(date(2027, 1, 1))
    assert world.status(later) == "withdrawn"
    world.call("tick")
    assert MemberWithdrawn(later, date(2027, 1, 1)) in world.events(later)
    with pytest.raises(Invalid) as refused:
        world.call("withdraw", member_id=world.member(), on=TODAY)
    assert list(refused.value.fields) == ["on"]


def test_who_has_left_does_not_leave_again() -> None:
    """Nor do the dead; the same call again is the same leaving."""
    world = World()
    left, dead = world.member(), world.member()
    for _ in range(2):
        world.call("withdraw", member_id=left, message="leave")
    world.call("record_death", member_id=dead, died_on=TODAY)
    for id, status in ((left, "withdrawn"), (dead, "deceased")):
        refused = error_of(lambda id=id: world.call("withdraw", member_id=id))  # type: ignore[misc]
        assert isinstance(refused, NotAMember)
        assert refused.details["status"] == status
    assert world.told(left).count(MemberWithdrawn) == 1


def test_a_withdrawal_that_was_announced_can_be_taken_back() -> None:
    """As long as its day has not come, without cost or news; there is nothing more to take back."""
    world = World()
    member_id = world.member()
    world.call("withdraw", member_id=member_id, on=date(2027, 1, 1))
    told = world.events(member_id)
    world.call("reinstate", member_id=member_id, reason="Changed their mind.")
    with pytest.raises(NotReinstatable):
        world.call("reinstate", member_id=member_id, reason="x")
    world.go_to(date(2027, 6, 1))
    assert world.status(member_id) == "current"
    assert world.events(member_id) == told
    with pytest.raises(NotReinstatable):
        world.call("reinstate", member_id=member_id, reason="x")


def test_a_withdrawal_can_be_brought_forward() -> None:
    """The earlier day counts."""
    world = World()
    member_id = world.member()
    for on in (date(2027, 6, 1), date(2027, 1, 1)):
        world.call("withdraw", member_id=member_id, on=on)
    world.go_to(date(2027, 1, 1))
    assert world.status(member_id) == "withdrawn"


def test_a_death_counts_from_the_day_it_is_recorded() -> None:
    """Whenever it was; once, and not in the future."""
    world = World()
    member_id = world.member()
    world.clock.advance(days=10)
    today = world.today
    with pytest.raises(Invalid) as refused:
        world.call("record_death", member_id=member_id, died_on=today + ONE_DAY)
    assert list(refused.value.fields) == ["died_on"]
    for _ in range(2):
        view = world.call("record_death", member_id=member_id, died_on=TODAY)
        assert view.status == "deceased"
    assert world.events(member_id)[-2:] == [
        StandingChanged(member_id, "deceased", "deceased", today),
        MemberDeceased(member_id, today),
    ]
    assert len(world.members.get(member_id).endings) == 1
    before = world.call("explain_status", member_id=member_id, as_of=today - ONE_DAY)
    assert before.status == "current"


def test_who_left_comes_back_to_the_cover_they_had() -> None:
    """Without a new term while the old one runs."""
    world = World()
    member_id = world.member()
    world.call("withdraw", member_id=member_id)
    world.clock.advance(days=30)
    view = world.call("reinstate", member_id=member_id, reason="Came back.")
    assert (view.status, view.covered_to, len(view.terms)) == ("current", LAST, 1)
    assert MemberReinstated(member_id, "withdrawn", "current", world.today) in world.events(
        member_id
    )


def test_who_lapsed_comes_back_with_a_term_from_today() -> None:
    """Paid in advance, like a renewal; not from the old end."""
    world = World()
    member_id = paid(world, 0)
    world.go_to(date(2028, 3, 1))
    refused = error_of(lambda: world.call("reinstate", member_id=member_id, reason="x"))
    assert isinstance(refused, PaymentRequired)
    world.pay(member_id, 29_000)
    view = world.call("reinstate", member_id=member_id, reason="x", reductions=["hardship"])
    assert (view.terms[-1].starts_on, view.terms[-1].ends_on) == (
        date(2028, 3, 1),
        date(2029, 2, 28),
    )
    assert (view.status, view.balance_pence, view.terms[-1].fee_pence) == ("current", 0, 29_000)
    assert MemberReinstated(member_id, "lapsed", "current", date(2028, 3, 1)) in world.events(
        member_id
    )


def test_who_left_and_whose_cover_ran_out_meanwhile_gets_a_term_too() -> None:
    """In grace none is needed."""
    world = World()
    for day, terms, status in ((GRACE, 1, "grace"), (LAPSE, 2, "current")):
        world.go_to(TODAY)
        member_id = paid(world)
        world.call("withdraw", member_id=member_id)
        world.go_to(day)
        view = world.call("reinstate", member_id=member_id, reason="x")
        assert (len(view.terms), view.status) == (terms, status)


def test_a_death_recorded_by_mistake_is_taken_back() -> None:
    """With whatever else ended the membership."""
    world = World()
    member_id = world.member()
    world.call("withdraw", member_id=member_id)
    world.call("record_death", member_id=member_id, died_on=TODAY)
    assert world.call("reinstate", member_id=member_id, reason="alive").status == "current"


@pytest.mark.parametrize("status", ["suspended", "erased", "relinquished"])
def test_what_follows_from_a_register_only_the_register_takes_back(status: str) -> None:
    """A refused reinstatement changes nothing."""
    world = World()
    member_id = world.member()
    world.verify(member_id, status)
    before = world.members.get(member_id)
    refused = error_of(lambda: world.call("reinstate", member_id=member_id, reason="x"))
    assert isinstance(refused, NotReinstatable)
    assert world.members.get(member_id) == before


def test_there_must_be_something_to_take_back() -> None:
    """A member in good standing, and somebody who never was one, are refused."""
    world = World()
    with pytest.raises(NotReinstatable):
        world.call("reinstate", member_id=world.member(), reason="x")
    for applicant in (world.apply(), world.apply()):
        with pytest.raises(NotAMember):
            world.call("reinstate", member_id=applicant, reason="x")
        world.call("withdraw", member_id=applicant)


@pytest.mark.parametrize("gone", ["merged_on", "erased_on"])
def test_a_record_that_is_gone_does_not_come_back(gone: str) -> None:
    """Nor does anybody leave it, or renew it."""
    world = World()
    member = world.members.get(paid(world))
    setattr(member, gone, TODAY)
    for ask, error in (
        (member.reinstate, NotReinstatable),
        (member.renew, NotRenewable),
        (lambda book, day: member.withdraw(book, day, day), NotAMember),
    ):
        with pytest.raises(error):
            ask(BOOK, TODAY)
