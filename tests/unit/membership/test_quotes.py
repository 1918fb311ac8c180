"""What admission, renewal or another grade would cost, asked before."""

from datetime import date
from typing import Any

import pytest

from services.membership.errors import (
    AlreadyAdmitted,
    NotAMember,
)
from shared.errors import Invalid
from tests.unit.membership.builders import TODAY
from tests.unit.membership.passing import DUE, GRACE, LAPSE, ONE_DAY
from tests.unit.membership.world import World


def test_a_quote_is_what_is_charged_then() -> None:
    """For admission, renewal and another grade, to the penny."""
    world = World()
    applicant = world.apply()
    world.verify(applicant)
    asked: dict[str, Any] = {"member_id": applicant, "reductions": ["less_than_full_time"]}
    quote = world.call("quote", what="admission", **asked)
    assert (quote.grade, quote.total_pence, quote.currency) == ("member", 43_500, "GBP")
    assert quote.policies == {"prices": "2026.1", "terms": "2026.1"}
    assert world.call("admit", **asked).balance_pence == -quote.total_pence
    world.go_to(DUE)
    quote = world.call("quote", what="renewal", member_id=applicant)
    assert (quote.starts_on, quote.ends_on) == (GRACE, date(2028, 11, 22))
    world.pay(applicant, 43_500 + quote.total_pence)
    assert world.call("renew", member_id=applicant).balance_pence == 0
    quote = world.call("quote", what="grade", grade="affiliate", member_id=applicant)
    assert [line.code for line in quote.lines] == ["member_returned", "affiliate"]
    view = world.call("change_grade", member_id=applicant, grade="affiliate", reason="x")
    assert view.balance_pence == -quote.total_pence > 0


def test_a_quote_for_another_day_is_by_that_days_record() -> None:
    """In grace from the old end, after it from that day."""
    world = World()
    member_id = world.member()
    for on, starts_on in ((None, GRACE), (LAPSE - ONE_DAY, GRACE), (LAPSE, LAPSE)):
        quote = world.call("quote", what="renewal", member_id=member_id, on=on)
        assert quote.starts_on == starts_on


@pytest.mark.parametrize("on", [TODAY - ONE_DAY, date(2037, 1, 1), date.max, date.min])
def test_a_quote_is_for_a_day_that_can_be_meant(on: date) -> None:
    """Not before the application, nor in another age."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.call("quote", what="renewal", member_id=world.member(), on=on)
    assert list(refused.value.fields) == ["on"]


def test_a_quote_asks_for_what_there_is() -> None:
    """A grade for a change of grade, an applicant for admission, a member for the rest."""
    world = World()
    member_id, applicant = world.member(), world.apply()
    for arguments, error in (
        ({"what": "grade", "member_id": member_id}, Invalid),
        ({"what": "grade", "member_id": member_id, "grade": "emperor"}, Invalid),
        ({"what": "grade", "member_id": applicant, "grade": "member"}, NotAMember),
        ({"what": "renewal", "member_id": applicant}, NotAMember),
        ({"what": "admission", "member_id": member_id}, AlreadyAdmitted),
        ({"what": "friendship", "member_id": member_id}, Invalid),
    ):
        with pytest.raises(error):
            world.call("quote", **arguments)


def test_asking_changes_nothing() -> None:
    """Neither a quote nor an explanation nor an account is a write."""
    world = World()
    member_id = world.member()
    world.go_to(LAPSE)
    writes = world.database.writes
    world.call("quote", what="renewal", member_id=member_id)
    world.call("quote", what="grade", grade="associate", member_id=member_id)
    world.call("explain_status", member_id=member_id)
    world.call("get_account", member_id=member_id)
    world.call("get_member", member_id=member_id)
    assert world.database.writes == writes
