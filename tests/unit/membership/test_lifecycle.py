"""The life of a membership: renewed, left, ended, taken up again, in another grade or stage."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.policies.terms import TermRule, Terms
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import EntitlementKind
from services.membership.errors import (
    AlreadyAdmitted,
    NotAMember,
    NotReinstatable,
    NotRenewable,
    PaymentRequired,
)
from services.membership.events import (
    CareerStageChanged,
    ContactChanged,
    MemberDeceased,
    MemberGradeChanged,
    MemberReinstated,
    MemberRenewed,
    MemberWithdrawn,
    StandingChanged,
)
from shared.errors import ChangedMeanwhile, Duplicate, FacultyError, Invalid
from tests.unit.membership.builders import BOOK, TODAY, entry
from tests.unit.membership.world import World

LAST = date(2027, 11, 22)  # of a year from TODAY
DUE, GRACE, LAPSE = date(2027, 9, 24), date(2027, 11, 23), date(2027, 12, 23)
ONE_DAY = timedelta(days=1)
STUDENT: dict[str, Any] = {
    "career_stage": "student",
    "regulator": None,
    "registration_number": None,
}


def paid(world: World, pence: int = 58_000, **changes: Any) -> str:
    """A member whose account holds so much."""
    member_id = world.member(**changes)
    world.pay(member_id)
    if pence:
        world.pay(member_id, pence)
    return member_id


def error_of(ask: Callable[[], object]) -> FacultyError:
    with pytest.raises(FacultyError) as refused:
        ask()
    return refused.value


# Renewal


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


# Leaving


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


# Coming back


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


# Grade and stage


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


# Contact


def test_contact_is_changed_as_far_as_it_is_given() -> None:
    """And told complete, in private, once."""
    world = World()
    member_id = world.member(email="old@example.org")
    view = world.call("change_contact", member_id=member_id, family_name=" New  Name ")
    assert (view.given_name, view.family_name, view.email) == (
        "Siân",
        "New Name",
        "old@example.org",
    )
    assert world.events(member_id)[-1] == ContactChanged(
        member_id, "Siân", "New Name", "old@example.org"
    )
    told = len(world.events(member_id))
    world.call("change_contact", member_id=member_id, family_name="New Name")
    assert len(world.events(member_id)) == told


@pytest.mark.parametrize(
    ("field", "value"),
    [("given_name", "=1+1"), ("family_name", "1"), ("email", "nobody"), ("email", "+1@x.org")],
)
def test_a_contact_at_fault_is_named(field: str, value: str) -> None:
    """And nothing is changed."""
    world = World()
    member_id = world.member()
    before = world.members.get(member_id)
    with pytest.raises(Invalid) as refused:
        world.call("change_contact", member_id=member_id, **{field: value})
    assert list(refused.value.fields) == [field]
    assert world.members.get(member_id) == before


def test_an_address_belongs_to_one_person() -> None:
    """Whatever its case; one's own in another case may be taken."""
    world = World()
    world.member(email="taken@example.org")
    member_id = world.member(email="mine@example.org")
    with pytest.raises(Duplicate) as refused:
        world.call("change_contact", member_id=member_id, email="TAKEN@Example.org")
    assert list(refused.value.details["fields"]) == ["email"]
    view = world.call("change_contact", member_id=member_id, email="Mine@Example.org")
    assert view.email == "Mine@Example.org"


# Somebody else was quicker


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("change_contact", {"family_name": "Other"}),
        ("change_career_stage", {"career_stage": "senior"}),
        ("change_grade", {"grade": "associate", "reason": "x"}),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    method: str, arguments: dict[str, Any]
) -> None:
    """The answer says which version there is now; read again, the change is made."""
    world = World()
    member_id = world.member()
    read = world.call("get_member", member_id=member_id).version
    world.call("change_contact", member_id=member_id, given_name="Mair", version=read, by="ann")
    now = world.call("get_member", member_id=member_id).version
    refused = error_of(
        lambda: world.call(method, member_id=member_id, version=read, **arguments, by="bob")
    )
    assert isinstance(refused, ChangedMeanwhile)
    assert (refused.details["expected"], refused.details["version"]) == (read, now)
    assert world.call("get_member", member_id=member_id).version == now
    view = world.call(method, member_id=member_id, version=now, **arguments, by="bob")
    assert view.given_name == "Mair"
    assert view.version > now


def test_the_same_call_again_is_no_conflict_with_itself() -> None:
    """Though the version it expected is gone."""
    world = World()
    member_id = world.member()
    read = world.call("get_member", member_id=member_id).version
    for _ in range(2):
        view = world.call(
            "change_contact",
            member_id=member_id,
            family_name="Other",
            version=read,
            message="change",
        )
        assert view.family_name == "Other"
    assert world.told(member_id).count(ContactChanged) == 2


# What it would cost


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
