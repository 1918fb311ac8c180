"""What becomes of an application: admitted when verified, declined, or withdrawn."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.member import Member
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.terms import (
    ApplicationState,
    EntitlementKind,
    RegisterStatus,
    ReviewOutcome,
)
from services.membership.errors import (
    AlreadyAdmitted,
    NotAMember,
    NotAnApplicant,
    NotVerified,
    PaymentRequired,
    UnderReview,
)
from services.membership.events import (
    ApplicationDeclined,
    DeclarationReviewed,
    MemberAdmitted,
    RegistrationRefused,
    RegistrationVerified,
)
from shared.errors import Invalid, NotFound, Refused
from shared.events import from_document, to_document
from tests.unit.membership.builders import (
    BOOK,
    TODAY,
    applicant,
    entry,
)
from tests.unit.membership.world import World

KEY = "GMC:0712345"
STUDENT: dict[str, Any] = {
    "career_stage": "student",
    "regulator": None,
    "registration_number": None,
}


def verified(**changes: Any) -> Member:
    member = applicant(**changes)
    member.check(KEY, entry(), "review-1", TODAY)
    return member


def test_verification_and_admission() -> None:
    """Who is on the register is verified and can be admitted; both are told."""
    world = World()
    member_id = world.apply()
    answer = world.verify(member_id)
    assert (answer.outcome, answer.status, answer.reason) == ("verified", "applicant", None)
    view = world.call("admit", member_id=member_id)
    assert (view.status, view.grade, view.admitted_on) == ("current", "member", TODAY)
    assert view.grade_policy == BOOK.grades.on(TODAY).version
    assert (view.covered_to, view.post_nominals) == (date(2027, 11, 22), ("MFMLM",))
    assert view.balance_pence == -58_000
    assert world.events(member_id)[2:] == [
        RegistrationVerified(member_id, "GMC", "registered", TODAY),
        MemberAdmitted(member_id, "member", "doctor", "wales", "established", TODAY),
    ]


def test_only_the_verified_are_admitted() -> None:
    """Without a check, or after a refusal, admission is refused with the reason."""
    member = applicant()
    with pytest.raises(NotVerified) as unchecked:
        member.admit(BOOK, TODAY)
    member.check(KEY, entry(RegisterStatus.SUSPENDED), "r", TODAY)
    with pytest.raises(NotVerified) as suspended:
        member.admit(BOOK, TODAY)
    assert unchecked.value.code == "membership.not_verified"
    assert unchecked.value.details["reason"] == "registration_not_checked"
    assert suspended.value.details["reason"] == "suspended"
    assert not member.admitted


def test_a_later_extract_mends_a_refusal() -> None:
    """Absence from the register is an outcome with a reason, not the last word."""
    world = World()
    member_id = world.apply()
    answer = world.call("verify_registration", member_id=member_id)
    assert (answer.outcome, answer.reason) == ("refused", "not_on_register")
    with pytest.raises(NotVerified):
        world.call("admit", member_id=member_id)
    world.clock.advance(days=1)
    assert world.verify(member_id).checked_on == TODAY + timedelta(days=1)
    assert world.call("admit", member_id=member_id).status == "current"


def test_a_student_needs_no_registration_to_be_admitted() -> None:
    """And none for a grade that needs none; a grade that needs one is refused."""
    world = World()
    member_id = world.apply(**STUDENT)
    assert world.status(member_id) == "applicant"
    with pytest.raises(NotVerified) as refused:
        world.call("admit", member_id=member_id, grade="member")
    assert refused.value.details["reason"] == "registration_not_checked"
    view = world.call("admit", member_id=member_id)
    assert (view.status, view.grade, view.balance_pence) == ("current", "student", 0)


def test_a_student_who_graduates_before_admission_needs_a_registration() -> None:
    """What the grade needs is asked when it is given, not only when applied for."""
    world = World()
    member_id = world.apply(**STUDENT)
    world.call("change_career_stage", member_id=member_id, career_stage="established")
    with pytest.raises(NotVerified):
        world.call("admit", member_id=member_id)
    assert world.told(member_id).count(MemberAdmitted) == 0


def test_a_declared_sanction_waits_for_the_committee() -> None:
    """There is no admission before its decision."""
    world = World()
    member_id = world.apply()
    assert world.verify(member_id, "conditions").declaration_review
    with pytest.raises(UnderReview):
        world.call("admit", member_id=member_id)
    [review] = world.call("find_reviews").items
    world.call(
        "record_review_decision",
        member_id=member_id,
        review_id=review.review_id,
        outcome="conditions",
        reason="x",
        decided_by="chair",
    )
    assert world.call("admit", member_id=member_id).status == "current"


@pytest.mark.parametrize(("grade", "fee"), [("affiliate", 36_500), ("retired", 8_400)])
def test_staff_may_admit_to_another_grade(grade: str, fee: int) -> None:
    """It costs what that grade costs; one there is not is refused by name."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    with pytest.raises(Invalid) as refused:
        world.call("admit", member_id=member_id, grade="emperor")
    assert list(refused.value.fields) == ["grade"]
    view = world.call("admit", member_id=member_id, grade=grade)
    assert (view.grade, view.balance_pence) == (grade, -fee)


def test_reductions_are_granted_at_admission() -> None:
    """An unknown one is refused by name."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    with pytest.raises(Invalid) as refused:
        world.call("admit", member_id=member_id, reductions=["friend"])
    assert list(refused.value.fields) == ["reductions"]
    view = world.call("admit", member_id=member_id, reductions=["hardship", "parental_leave"])
    assert view.balance_pence == -14_500


def test_admission_may_have_to_be_paid_before() -> None:
    """Where the policy on terms says so; what was paid is used up by the fee."""
    terms = BOOK.terms.all[0].policy
    strict = Version("t", date(2026, 1, 1), replace(terms, payment_before_admission=True))
    book = replace(BOOK, terms=Versions.of("terms", iter([strict])))
    member = verified()
    member.pay(57_999, "payment", "p-1", TODAY)
    with pytest.raises(PaymentRequired) as refused:
        member.admit(book, TODAY)
    assert refused.value.details["owed_pence"] == 1
    member = verified()
    member.pay(58_000, "payment", "p-1", TODAY)
    member.admit(book, TODAY)
    assert member.balance_pence == 0


def test_who_is_covered_already_is_not_charged() -> None:
    """An organisation's seat is cover enough; one still to come is not."""
    for begins, terms in ((TODAY, 0), (TODAY + timedelta(days=1), 1)):
        member = verified()
        member.entitle(EntitlementKind.SEAT, "org", begins, None, TODAY)
        member.admit(BOOK, TODAY)
        assert len(member.terms) == terms
        assert (member.balance_pence == 0) is (terms == 0)


def test_nobody_is_admitted_twice() -> None:
    """A second admission is refused; the same call again is the same admission."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    for _ in range(2):
        assert world.call("admit", member_id=member_id, message="admit").status == "current"
    with pytest.raises(AlreadyAdmitted) as refused:
        world.call("admit", member_id=member_id)
    assert refused.value.code == "membership.already_admitted"
    assert world.told(member_id).count(MemberAdmitted) == 1
    assert world.call("get_member", member_id=member_id).balance_pence == -58_000


def test_a_declined_application_is_told_and_over() -> None:
    """It can be neither admitted nor declined again, nor withdrawn; the reason stays private."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    view = world.call("decline", member_id=member_id, reason="Insufficient experience.")
    assert (view.status, view.status_reason) == ("declined", "declined")
    assert world.events(member_id)[-1] == ApplicationDeclined(member_id, "declined", TODAY)
    for method, arguments, error in (
        ("admit", {}, NotAnApplicant),
        ("decline", {"reason": "x"}, NotAnApplicant),
        ("withdraw", {}, NotAMember),
    ):
        with pytest.raises(error):
            world.call(method, member_id=member_id, **arguments)
    assert world.status(member_id) == "declined"
    [entry] = [e for e in world.call("get_history", member_id=member_id).items if e.reason]
    assert (entry.action, entry.reason) == ("decline", "Insufficient experience.")


def test_a_member_is_not_declined() -> None:
    """Who was admitted leaves otherwise."""
    world = World()
    with pytest.raises(NotAnApplicant):
        world.call("decline", member_id=world.member(), reason="x")


def test_the_committee_may_decline_an_application() -> None:
    """It is over then, and told as such."""
    member = verified()
    member.declare_sanction(KEY, "x", "r-2", TODAY)
    member.decide_review("r-2", ReviewOutcome.REMOVED, "x", "chair", None, TODAY)
    assert member.recorded[-2:] == (
        ApplicationDeclined("m-1", "committee", TODAY),
        DeclarationReviewed("m-1", "removed", TODAY),
    )
    assert member.application is ApplicationState.DECLINED
    now = member.standing_on(BOOK, TODAY)
    assert (now.status, now.reason) == ("declined", "committee")
    with pytest.raises(NotAnApplicant):
        member.decline(TODAY)


def test_an_applicant_may_withdraw() -> None:
    """And is not admitted then."""
    world = World()
    member_id = world.apply()
    world.verify(member_id)
    assert world.call("withdraw", member_id=member_id).status == "withdrawn"
    with pytest.raises(NotAnApplicant):
        world.call("admit", member_id=member_id)


def test_a_refusal_is_told_with_its_reason() -> None:
    """The refusal's reason is a code."""
    member = applicant()
    member.check(KEY, None, "r", TODAY)
    assert member.recorded[-1] == RegistrationRefused("m-1", "GMC", "not_on_register", TODAY)


def test_whom_no_rule_of_the_grades_fits_cannot_be_admitted_by_policy() -> None:
    """Staff may still name a grade."""
    grades = BOOK.grades.all[0].policy
    none = replace(grades, rules=tuple(r for r in grades.rules if r.grade == "student"))
    version = Version("g", date(2026, 1, 1), none)
    book = replace(BOOK, grades=Versions.of("grades", iter([version])))
    member = verified()
    with pytest.raises(Refused):
        member.admit(book, TODAY)
    member.admit(book, TODAY, grade="associate")
    assert member.grade == "associate"


def test_whom_nobody_knows_is_not_found() -> None:
    """Every use case about one member says when there is none."""
    world = World()
    for method, arguments in (
        ("verify_registration", {}),
        ("admit", {}),
        ("decline", {"reason": "x"}),
        ("get_member", {}),
        ("get_history", {}),
        ("get_equality_pseudonym", {}),
    ):
        with pytest.raises(NotFound):
            world.call(method, member_id="nobody", **arguments)


def test_a_member_survives_the_store() -> None:
    """The document of a member gives the same member again."""
    world = World()
    member = world.members.get(world.member())
    member.declare_sanction(member.registrations[0].key, "x", "r", TODAY)
    member.withdraw(world.book, TODAY, TODAY)
    assert from_document(Member, to_document(member)) == member
