"""Applications: received once, admitted when verified, or declined."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.application import Application
from services.membership.domain.member import Member
from services.membership.domain.policies.professions import PilotLimits, Profession, Professions
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.terms import (
    ApplicationState,
    CareerStage,
    EntitlementKind,
    Nation,
    RegisterStatus,
    ReviewOutcome,
)
from services.membership.errors import (
    AlreadyAdmitted,
    NotAMember,
    NotAnApplicant,
    NotVerified,
    PaymentRequired,
    ProfessionNotAdmitted,
    UnderReview,
)
from services.membership.events import (
    ApplicationDeclined,
    ApplicationReceived,
    ContactChanged,
    DeclarationReviewed,
    MemberAdmitted,
    RegistrationRefused,
    RegistrationVerified,
)
from shared.errors import Duplicate, Invalid, NotFound, Refused
from shared.events import from_document, to_document
from tests.unit.membership.builders import (
    ARGUMENTS,
    BOOK,
    REGULATORS,
    TODAY,
    applicant,
    application,
    entry,
)
from tests.unit.membership.world import World, cut_at_every_write

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


# What is received


def test_every_fault_of_an_application_is_named() -> None:
    """All that is wrong by the rules of the domain is said at once."""
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    with pytest.raises(Invalid) as refused:
        application(given_name="=1+1", date_of_birth=tomorrow, registration_number="12")
    assert sorted(refused.value.fields) == ["date_of_birth", "given_name", "registration_number"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"registration_number": None}, ["registration_number"]),
        ({"regulator": None}, ["regulator"]),
        ({"regulator": None, "registration_number": None}, ["registration_number", "regulator"]),
        ({**STUDENT, "regulator": "GMC"}, ["registration_number"]),
        ({**STUDENT, "registration_number": "0712345"}, ["regulator"]),
        ({"profession": "astrologer"}, ["profession"]),
    ],
)
def test_a_registration_is_whole_and_where_it_is_needed(
    changes: dict[str, Any], fields: list[str]
) -> None:
    """Half a registration is none, and whether one is needed is said by the grade."""
    with pytest.raises(Invalid) as refused:
        application(**changes)
    assert sorted(refused.value.fields) == fields


def test_a_grade_may_need_no_registration() -> None:
    """A student gives none, or one that is then checked."""
    assert not application(**STUDENT).registration_required
    assert application(**STUDENT).registration is None
    given = application(career_stage="student")
    assert (given.registration_required, given.registration is None) == (False, False)
    assert application().registration_required


def test_names_and_address_are_tidied() -> None:
    """The form that is stored has single spaces and none around it."""
    made = application(given_name=" Siân  Mair ", family_name="Jones ")
    assert (made.given_name, made.family_name) == ("Siân Mair", "Jones")


def checked(policy: Profession, **changes: Any) -> Application:
    """An application by a policy on professions of its own."""
    professions = Version("p1", date(2026, 1, 1), Professions(professions=(policy,)))
    book = replace(BOOK, professions=Versions.of("professions", iter([professions])))
    sound = {
        **ARGUMENTS,
        "date_of_birth": date(1988, 2, 29),
        "nation": Nation.WALES,
        "career_stage": CareerStage.ESTABLISHED,
    }
    return Application.checked(
        **{**sound, **changes}, regulators=REGULATORS, book=book, today=TODAY
    )


def doctor(admission: str, pilot: PilotLimits | None = None) -> Profession:
    return Profession(
        code="doctor", title="Doctor", admission=admission, pilot=pilot, source="test"
    )


def test_a_profession_that_may_not_join_is_refused() -> None:
    """Whether its regulator registers it or not; one nobody took a view of is unknown."""
    with pytest.raises(ProfessionNotAdmitted) as refused:
        checked(doctor("closed"))
    assert refused.value.details == {"profession": "doctor", "reason": "profession_not_admitted"}
    with pytest.raises(Invalid) as unknown:
        checked(doctor("admitted"), profession="nurse")
    assert list(unknown.value.fields) == ["profession"]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"until": TODAY}, None),
        ({"until": TODAY - timedelta(days=1)}, "pilot_over"),
        ({"nations": (Nation.SCOTLAND,)}, "nation_not_in_pilot"),
        ({"nations": (Nation.SCOTLAND, Nation.WALES)}, None),
        ({"career_stages": (CareerStage.SENIOR,)}, "career_stage_not_in_pilot"),
        ({"career_stages": (CareerStage.ESTABLISHED,)}, None),
    ],
)
def test_a_pilot_has_limits(limits: dict[str, Any], reason: str | None) -> None:
    """Inside them the application notes the policy under which it came."""
    pilot = PilotLimits(**{"until": date(2027, 1, 1), "places": 5, **limits})
    if reason is None:
        assert checked(doctor("pilot", pilot)).pilot == "p1"
    else:
        with pytest.raises(ProfessionNotAdmitted) as refused:
            checked(doctor("pilot", pilot))
        assert refused.value.details["reason"] == reason


def test_an_application_outside_a_pilot_is_of_none() -> None:
    """It is open to all of the profession."""
    assert checked(doctor("admitted")).pilot is None


def test_an_application_is_told_with_contact_apart() -> None:
    """Applying tells the application in public and the contact details in private."""
    assert applicant().recorded == (
        ContactChanged("m-1", "Siân", "Planted-Surname", "Sian.Planted@Example.org"),
        ApplicationReceived("m-1", "doctor", "wales", "established", "GMC", TODAY),
    )
    assert applicant(**STUDENT).recorded[1].regulator is None


def test_an_applicant_is_kept_and_told() -> None:
    """Applying keeps the applicant, who awaits verification, with their career so far."""
    world = World()
    answer = world.call("apply", **ARGUMENTS)
    assert (answer.status, answer.received_on, answer.dry_run, answer.pilot) == (
        "awaiting_verification",
        TODAY,
        False,
        False,
    )
    view = world.call("get_member", member_id=answer.member_id)
    assert (view.family_name, view.registration_number) == ("Planted-Surname", "0712345")
    assert [(each.career_stage, each.since) for each in view.career] == [("established", TODAY)]
    assert world.told() == [ContactChanged, ApplicationReceived]


def test_each_applicant_has_a_pseudonym_that_only_their_own_view_shows() -> None:
    """No other answer carries it."""
    world = World()
    one, other = world.member(), world.member()
    first, second = (
        world.call("get_equality_pseudonym", member_id=each).pseudonym for each in (one, other)
    )
    assert first != second
    assert first == world.members.get(one).pseudonym
    answers = [
        world.call("get_member", member_id=one),
        world.call("find_members"),
        world.call("get_account", member_id=one),
        world.call("explain_status", member_id=one),
    ]
    assert [answer for answer in answers if first in str(answer)] == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("registration_number", {"email": "other@example.org"}),
        ("email", {"registration_number": "0712346", "email": "SIAN.planted@example.ORG"}),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_duplicate_is_refused_by_field(
    field: str, changes: dict[str, Any], dry_run: bool
) -> None:
    """A known registration or e-mail address is refused by its name, in a dry run too."""
    world = World()
    world.call("apply", **ARGUMENTS)
    with pytest.raises(Duplicate) as refused:
        world.call("apply", **{**ARGUMENTS, **changes}, dry_run=dry_run)
    assert refused.value.details["field"] == field
    assert list(refused.value.details["fields"]) == [field]
    assert len(world.events()) == 2


def test_a_refused_application_claims_nothing() -> None:
    """A number that came with somebody else's address is free for whoever it belongs to."""
    world = World()
    world.call("apply", **ARGUMENTS)
    other = {**ARGUMENTS, "registration_number": "0712346"}
    with pytest.raises(Duplicate):
        world.call("apply", **other)
    world.call("apply", **{**other, "email": "whose.number@example.org"})


def test_the_same_number_at_another_regulator_is_no_duplicate() -> None:
    """Numbers are unique within a regulator, not over all of them."""
    world = World()
    number = {"registration_number": "01234"}
    world.apply(regulator="GOsC", profession="osteopath", **number)
    world.apply(regulator="GCC", profession="chiropractor", **number)
    assert len(world.call("find_members", filters=number).items) == 2


def test_a_dry_run_keeps_and_tells_nothing() -> None:
    """A dry run answers as the application would, without an id, and leaves no trace."""
    world = World()
    before = world.database.writes
    answer = world.call("apply", **ARGUMENTS, dry_run=True)
    assert (answer.member_id, answer.status, answer.dry_run) == (
        None,
        "awaiting_verification",
        True,
    )
    assert (world.database.writes, world.events()) == (before, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "=HYPERLINK()"),
        ("family_name", "Ann\x1b"),
        ("given_name", "a" * 10_000_000),
        ("email", "nobody"),
        ("email", "+1@example.org"),
        ("date_of_birth", "2026-11-24"),
        ("date_of_birth", "2020-01-01"),
        ("date_of_birth", "1988-02-30"),
        ("profession", "astrologer"),
        ("nation", "france"),
        ("career_stage", "grand"),
        ("regulator", "GXC"),
        ("regulator", "NMC"),
        ("registration_number", "12"),
        ("salary", "1"),
    ],
)
def test_a_bad_field_is_refused_by_its_name(field: str, value: str) -> None:
    """Whatever is wrong with an application, the answer names the field and keeps nothing."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.apply(**{field: value})
    assert list(refused.value.fields) == [field]
    assert world.events() == []


def test_an_application_cut_off_anywhere_is_completed_by_repeating_it() -> None:
    """There is one applicant, with the registration, told once."""
    worlds = cut_at_every_write(
        lambda world: world.call("apply", **ARGUMENTS, message="apply"), World
    )
    assert len(worlds) == 3
    for world in worlds:
        [member] = world.call("find_members").items
        assert world.told() == [ContactChanged, ApplicationReceived]
        assert world.document("registrations", KEY) is not None
        assert world.document("registrations", KEY)["member_id"] == member.member_id
        assert world.call("apply", **ARGUMENTS, message="apply").member_id == member.member_id


def test_a_claim_whose_applicant_was_never_kept_is_void_after_an_hour() -> None:
    """Not before, because its applicant may be about to be kept."""
    world = World()
    with world.cut_off(1):
        world.call("apply", **ARGUMENTS)
    claim = world.document("registrations", KEY)
    assert claim is not None
    with pytest.raises(Duplicate):
        world.call("apply", **ARGUMENTS)
    claim["claimed_at"] -= timedelta(minutes=61)
    world.database["registrations"].replace_one({"_id": KEY}, claim)
    member_id = world.call("apply", **ARGUMENTS).member_id
    assert world.document("registrations", KEY)["member_id"] == member_id  # type: ignore[index]


def test_a_claim_of_a_kept_applicant_never_becomes_void() -> None:
    """However old it is."""
    world = World()
    world.call("apply", **ARGUMENTS)
    claim = world.document("registrations", KEY)
    assert claim is not None
    claim["claimed_at"] -= timedelta(days=400)
    world.database["registrations"].replace_one({"_id": KEY}, claim)
    with pytest.raises(Duplicate):
        world.apply(registration_number="0712345")


def test_a_claim_given_up_between_two_looks_is_taken() -> None:
    """Whoever had it has let go of it when it is looked at."""
    claims = World().repository("registrations")
    claims.claim(KEY, "m-1")
    find = claims.documents.find_one

    def let_go(criteria: Any) -> Any:
        claims.documents.find_one = find
        claims.release(KEY, "m-1")
        return find(criteria)

    claims.documents.find_one = let_go
    assert claims.claim(KEY, "m-2")
    assert claims.holders([KEY]) == {KEY: "m-2"}


def test_only_who_holds_a_claim_gives_it_up() -> None:
    """Nobody's else is taken away."""
    claims = World().repository("registrations")
    assert claims.claim(KEY, "m-1")
    assert not claims.claim(KEY, "m-1")
    claims.release(KEY, "m-2")
    assert claims.holders([KEY, "GMC:9999999"]) == {KEY: "m-1"}


# What is decided


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
