"""Renewal: from the old end, paid in advance, once for each term."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.policies.terms import TermRule, Terms
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import EntitlementKind
from services.membership.errors import (
    NotRenewable,
    PaymentRequired,
)
from services.membership.events import (
    MemberRenewed,
)
from shared.errors import Invalid
from shared.testing import error_of
from tests.unit.membership.builders import BOOK, TODAY, entry
from tests.unit.membership.passing import DUE, GRACE, LAPSE, LAST, ONE_DAY, paid
from tests.unit.membership.world import World


@pytest.mark.parametrize("day", [TODAY + ONE_DAY, DUE, LAST, GRACE, LAPSE - ONE_DAY])
def test_renewal_continues_from_the_old_end(day: date) -> None:
    """Whenever it is paid for: before it is due, in time, or in grace."""
    world = World()
    member_id = paid(world)
    world.go_to(day)
    view = world.call("renew", member_id=member_id)
    assert [(term.starts_on, term.ends_on) for term in view.terms] == [
        (TODAY, LAST),
        (date(2027, 11, 23), date(2028, 11, 22)),
    ]
    assert (view.status, view.covered_to) == ("current", date(2028, 11, 22))
    assert (view.balance_pence, view.terms[1].recorded_on) == (0, day)
    assert MemberRenewed(member_id, "member", LAST + ONE_DAY, date(2028, 11, 22)) in world.events(
        member_id
    )


def test_ten_renewals_leave_no_gap() -> None:
    """Each paid on another day of the window or of grace; who joined on 29 February stays whole."""
    world = World()
    world.go_to(date(2028, 2, 29))
    member_id = paid(world)
    last = date(2029, 2, 28)
    for n in range(10):
        world.go_to(last + timedelta(days=7 * n - 50))
        world.pay(member_id, 58_000)
        view = world.call("renew", member_id=member_id)
        term = view.terms[-1]
        assert term.starts_on == last + ONE_DAY
        assert term.starts_on.replace(year=term.starts_on.year + 1) == term.ends_on + ONE_DAY
        last = term.ends_on
    assert last == date(2039, 2, 28)
    assert world.status(member_id) == "current"


def test_the_next_term_is_added_once() -> None:
    """The same call again is the same renewal; another one is refused until it has begun."""
    world = World()
    member_id = paid(world, 200_000)
    world.go_to(DUE)
    for _ in range(2):
        world.call("renew", member_id=member_id, message="renew")
    refused = error_of(lambda: world.call("renew", member_id=member_id))
    assert isinstance(refused, NotRenewable)
    assert refused.details["reason"] == "renewed_before"
    assert world.told(member_id).count(MemberRenewed) == 1
    assert world.call("get_account", member_id=member_id).balance_pence == 142_000


def test_renewal_is_paid_in_advance() -> None:
    """What is owed from before has to be paid too; nothing changes until it is."""
    world = World()
    member_id = world.member()
    world.go_to(DUE)
    world.pay(member_id, 115_999)
    before = world.members.get(member_id)
    refused = error_of(lambda: world.call("renew", member_id=member_id))
    assert isinstance(refused, PaymentRequired)
    assert refused.details["fee_pence"] == 58_000
    assert refused.details["owed_pence"] == 1
    assert world.members.get(member_id) == before
    world.pay(member_id, 1)
    assert world.call("renew", member_id=member_id).balance_pence == 0


def test_a_policy_may_let_renewal_be_paid_later() -> None:
    """From the day it is in force."""
    world = World()
    member_id = world.member()
    terms = {"rules": [{"kind": "rolling"}], "payment_before_renewal": False}
    propose(world, "2027.1", date(2027, 1, 1), terms=terms)
    world.go_to(DUE)
    assert world.call("renew", member_id=member_id).balance_pence == -116_000


def test_who_is_no_member_renews_nothing() -> None:
    """The lapsed, the suspended, those who left or died, and applicants."""
    world = World()
    applicant, lapsed, left, dead = world.apply(), paid(world), paid(world), paid(world)
    suspended = paid(world)
    world.verify(suspended, "suspended")
    world.call("withdraw", member_id=left)
    world.call("record_death", member_id=dead, died_on=TODAY)
    for id, day, status in (
        (applicant, TODAY, "awaiting_verification"),
        (suspended, TODAY, "suspended"),
        (left, TODAY, "withdrawn"),
        (dead, TODAY, "deceased"),
        (lapsed, LAPSE, "lapsed"),
    ):
        world.go_to(day)
        refused = error_of(lambda id=id: world.call("renew", member_id=id))  # type: ignore[misc]
        assert isinstance(refused, NotRenewable)
        assert refused.details["status"] == status


def test_reductions_and_the_grade_of_today_count_for_the_next_term() -> None:
    """And the price table of its first day."""
    world = World()
    member_id = paid(world)
    fee = {"code": "all", "title": "All", "annual_pence": 60_000, "source": "test"}
    prices: dict[str, Any] = {
        "currency": "GBP",
        "fees": [{**fee, "grades": ["member", "associate"]}],
        "proration": "none",
        "reductions": [{"code": "half", "title": "Half", "percent": 50, "source": "test"}],
    }
    propose(world, "later", date(2027, 11, 23), prices=prices)
    world.go_to(LAST)
    view = world.call("renew", member_id=member_id, reductions=["half"])
    assert view.terms[-1].fee_pence == 30_000
    assert view.terms[-1].policies == {"prices": "later", "terms": "2026.1"}
    with pytest.raises(Invalid) as refused:
        other = paid(world)
        world.call("renew", member_id=other, reductions=["half", "hardship"])
    assert list(refused.value.fields) == ["reductions"]


def test_a_fellow_renews_at_the_fellows_fee() -> None:
    """If fellowship is held on the first day of the next term."""
    world = World()
    for ended, fee in ((None, 75_500), (LAST + ONE_DAY, 58_000), (LAST + 2 * ONE_DAY, 75_500)):
        member = world.members.get(paid(world))
        award = Award("f-1", "fellow", "FFMLM", date(2027, 1, 1), None, ended)
        member.awards = (award,)
        assert member.quote_renewal(world.book, DUE).total_pence == fee


def test_cover_without_an_end_is_not_renewed() -> None:
    """Neither a life membership nor an open seat; it would be charged for nothing."""
    lifetime = Version("t", date(2026, 1, 1), Terms(rules=(TermRule(kind="lifetime"),)))
    book = replace(BOOK, terms=Versions.of("terms", iter([lifetime])))
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    life = world.members.get(member_id)
    life.admit(book, TODAY)
    seated = world.members.get(paid(world))
    seated.entitle(EntitlementKind.SEAT, "org", TODAY, None, TODAY)
    for member in (life, seated):
        for ask in (member.renew, member.quote_renewal):
            refused = error_of(lambda ask=ask: ask(book, DUE))  # type: ignore[misc]
            assert isinstance(refused, NotRenewable)
            assert refused.details["reason"] == "covered_without_end"
        assert len(member.terms) == 1


def test_renewal_follows_cover_from_elsewhere() -> None:
    """A seat that goes on after the term is not paid for twice."""
    world = World()
    member = world.members.get(paid(world))
    member.entitle(EntitlementKind.SEAT, "org", DUE, date(2028, 3, 31), DUE)
    member.renew(BOOK, DUE)
    assert (member.terms[-1].starts_on, member.terms[-1].ends_on) == (
        date(2028, 4, 1),
        date(2029, 3, 31),
    )


def test_a_fixed_year_renews_to_whole_years() -> None:
    """Joined after the rollover day, the next term is the year after."""
    rule = Version("t", date(2018, 1, 1), Terms(rules=(TermRule(kind="fixed"),)))
    book = replace(BOOK, terms=Versions.of("terms", iter([rule])))
    world = World()
    for joined, last, fee in (
        (date(2018, 8, 31), date(2018, 12, 31), 24_167),
        (date(2018, 9, 1), date(2019, 12, 31), 58_000),
    ):
        member_id = world.apply()
        member = world.members.get(member_id)
        [held] = member.registrations
        member.registrations = (replace(held, added_on=joined),)
        member.check(held.key, entry(), "r", joined)
        member.admit(book, joined)
        assert (member.terms[0].ends_on, member.terms[0].fee_pence) == (last, fee)
        member.pay(200_000, "payment", "p", joined)
        member.renew(book, last)
        assert (member.terms[1].starts_on, member.terms[1].ends_on) == (
            last + ONE_DAY,
            date(last.year + 1, 12, 31),
        )


def propose(world: World, version: str, effective_from: date, **policy: Any) -> None:
    """Propose and activate a version of a policy."""
    kind = next(iter(policy))
    world.call(
        "propose_policy_version",
        version=version,
        effective_from=effective_from,
        reason="test",
        **policy,
    )
    world.call("activate_policy_version", kind=kind, version=version, reason="test")
