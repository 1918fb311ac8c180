"""The account: what was charged and paid, in pence, each entry once."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Duplicate, Invalid, NotFound
from tests.unit.membership.builders import BOOK, TODAY, applicant
from tests.unit.membership.world import World


def enter(world: World, member_id: str, pence: int, reference: str, **changes: Any) -> Any:
    arguments = {"received_on": TODAY, **changes}
    return world.call(
        "record_payment", member_id=member_id, pence=pence, reference=reference, **arguments
    )


def test_an_account_shows_what_was_charged_and_paid() -> None:
    """In order, with what for; owed is negative, paid positive."""
    world = World()
    member_id = world.member()
    enter(world, member_id, 60_000, "BACS 1")
    answer = enter(world, member_id, 2_000, "BACS 2", kind="refund")
    assert answer == world.call("get_account", member_id=member_id)
    assert [(p.on, p.pence, p.what, p.reference) for p in answer.postings] == [
        (TODAY, -58_000, "admission", f"admission:{TODAY}"),
        (TODAY, 60_000, "payment", "BACS 1"),
        (TODAY, -2_000, "refund", "BACS 2"),
    ]
    assert answer.balance_pence == 0
    assert world.call("get_member", member_id=member_id).balance_pence == 0


def test_a_reference_counts_once() -> None:
    """Entered again it is the same payment; with other money it is refused by field."""
    world = World()
    member_id = world.member()
    for _ in range(2):
        assert enter(world, member_id, 100, "BACS 1").balance_pence == -57_900
    for changes in ({"pence": 101}, {"received_on": TODAY - timedelta(days=1)}, {"kind": "refund"}):
        with pytest.raises(Duplicate) as refused:
            enter(world, member_id, **{"pence": 100, "reference": "BACS 1", **changes})
        assert list(refused.value.details["fields"]) == ["reference"]
    assert world.call("get_account", member_id=member_id).balance_pence == -57_900


def test_money_is_not_entered_before_it_came() -> None:
    """Today is early enough."""
    world = World()
    member_id = world.member()
    with pytest.raises(Invalid) as refused:
        enter(world, member_id, 1, "x", received_on=TODAY + timedelta(days=1))
    assert list(refused.value.fields) == ["received_on"]
    assert enter(world, member_id, 1, "x", received_on=date(2020, 1, 1)).balance_pence == -57_999


@pytest.mark.parametrize("pence", [0, -1, 100_000_001])
def test_an_amount_is_positive_and_bounded(pence: int) -> None:
    """What goes back is a refund, not a negative payment."""
    world = World()
    with pytest.raises(Invalid) as refused:
        enter(world, world.member(), pence, "x")
    assert list(refused.value.fields) == ["pence"]


def test_an_applicant_may_pay_before_admission() -> None:
    """It is there when they are charged."""
    world = World()
    member_id = world.apply()
    enter(world, member_id, 58_000, "x")
    world.verify(member_id)
    assert world.call("admit", member_id=member_id).balance_pence == 0


def test_an_account_belongs_to_somebody() -> None:
    """Nobody's is not found, to read or to write."""
    world = World()
    with pytest.raises(NotFound):
        world.call("get_account", member_id="nobody")
    with pytest.raises(NotFound):
        enter(world, "nobody", 1, "x")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-1_000, 1_000), st.integers(0, 5)), max_size=12))
def test_the_balance_is_the_sum_of_what_was_taken(payments: list[tuple[int, int]]) -> None:
    """Of each reference the first."""
    member, taken = applicant(), dict[str, int]()
    for pence, number in payments:
        reference = f"r{number}"
        try:
            member.pay(pence, "payment", reference, TODAY)
        except Duplicate:
            assert taken[reference] != pence
        taken.setdefault(reference, pence)
    assert member.balance_pence == sum(taken.values())
    assert len(member.account) == len(taken)


def test_a_charge_of_nothing_is_no_posting() -> None:
    """A student's account stays empty, though the term is there."""
    world = World()
    member_id = world.member(career_stage="student", regulator=None, registration_number=None)
    assert world.call("get_account", member_id=member_id).postings == ()
    [term] = world.members.get(member_id).terms
    assert (term.fee_pence, term.policies) == (0, BOOK.names(TODAY, "prices", "terms"))
