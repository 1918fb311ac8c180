"""The member: application, verification, admission, standing, and what others are told."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.member import Member
from services.membership.domain.selection import SelectionHistory
from services.membership.domain.standing import query_for
from services.membership.domain.terms import RegisterStatus, Status
from services.membership.errors import AlreadyAdmitted, NotVerified
from services.membership.events import (
    EVENTS,
    ApplicationReceived,
    ContactChanged,
    MemberAdmitted,
    RegistrationRefused,
    RegistrationVerified,
    StageReached,
)
from shared.errors import Invalid
from shared.events import from_document, load, to_document
from shared.schema import dumps
from tests.unit.membership.builders import GRADES, PSEUDONYM, TODAY, applicant, application, entry


def verified() -> Member:
    member = applicant()
    member.verify(entry(), TODAY)
    return member


def admitted() -> Member:
    member = verified()
    member.admit(GRADES, TODAY)
    return member


def standing_of(member: Member) -> tuple[str, str]:
    return member.standing.status, member.standing.reason


def private_and_public(member: Member) -> tuple[list[Any], list[Any]]:
    told = member.recorded
    private = [happened for happened in told if happened.event_type.private]
    return private, [happened for happened in told if not happened.event_type.private]


def test_every_fault_of_an_application_is_named() -> None:
    """All that is wrong by the rules of the domain is said at once."""
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    with pytest.raises(Invalid) as refused:
        application(given_name="=1+1", date_of_birth=tomorrow, registration_number="12")
    assert sorted(refused.value.fields) == ["date_of_birth", "given_name", "registration_number"]


def test_an_application_is_told_with_contact_apart() -> None:
    """Applying tells the application in public and the contact details in private."""
    private, public = private_and_public(applicant())
    assert private == [ContactChanged("m-1", "Siân", "Planted-Surname", "Sian.Planted@Example.org")]
    assert public == [
        ApplicationReceived("m-1", "doctor", "wales", "established", "GMC", TODAY),
    ]


def test_verification_and_admission_are_told() -> None:
    """Being verified and admitted are events with dates and the register's word."""
    told = admitted().recorded[2:]
    assert told == (
        RegistrationVerified("m-1", "GMC", "registered", TODAY),
        MemberAdmitted("m-1", "member", "doctor", "wales", "established", TODAY),
    )


def test_a_refusal_is_told_with_its_reason() -> None:
    """The refusal's reason is a code."""
    member = applicant()
    member.verify(None, TODAY)
    assert member.recorded[-1] == RegistrationRefused("m-1", "GMC", "not_on_register", TODAY)


def test_public_events_carry_nothing_that_identifies_or_reaches_a_person() -> None:
    """No name, e-mail address, registration number, birth date or pseudonym is told in public."""
    member = admitted()
    member.verify(None, TODAY)
    _, public = private_and_public(member)
    text = " ".join(dumps(happened) for happened in public).casefold()
    planted = ("siân", "planted", "example.org", "0712345", "1988-02-29", PSEUDONYM)
    assert [found for found in planted if found in text] == []
    assert {type(happened) for happened in public} == {
        declared for declared in EVENTS if not declared.event_type.private
    }


def test_standing_follows_from_what_is_recorded() -> None:
    """Status and reason are derived at each step of the way."""
    member = applicant()
    assert standing_of(member) == ("awaiting_verification", "registration_not_checked")
    member.verify(None, TODAY)
    assert standing_of(member) == ("registration_refused", "not_on_register")
    member.verify(entry(), TODAY)
    assert standing_of(member) == ("applicant", "registration_verified")
    member.admit(GRADES, TODAY)
    assert standing_of(member) == ("current", "admitted")
    member.verify(entry(RegisterStatus.ERASED), TODAY)
    assert standing_of(member) == ("registration_refused", "erased")


def test_a_status_can_be_searched_by_what_is_stored() -> None:
    """The stored fields that a status is searched by are those of exactly that status."""
    refused = applicant()
    refused.verify(None, TODAY)
    for member in (applicant(), refused, verified(), admitted()):
        document = to_document(member)
        fitting = [
            status
            for status in Status
            if all(document[name] == value for name, value in query_for(status).items())
        ]
        assert fitting == [member.standing.status]


def test_each_check_is_kept() -> None:
    """A later check adds to the record and replaces nothing."""
    member = applicant()
    member.verify(None, TODAY)
    member.verify(entry(), TODAY + timedelta(days=1))
    assert [check.checked_on for check in member.checks] == [TODAY, TODAY + timedelta(days=1)]


def test_admission_records_grade_date_and_policy() -> None:
    """The decision says which version of the policy made it."""
    member = admitted()
    assert (member.grade, member.grade_policy, member.admitted_on) == (
        "member",
        GRADES.on(TODAY).version,
        TODAY,
    )


def test_only_the_verified_are_admitted() -> None:
    """Without a check, or after a refusal, admission is refused with the reason."""
    member = applicant()
    with pytest.raises(NotVerified) as unchecked:
        member.admit(GRADES, TODAY)
    member.verify(entry(RegisterStatus.SUSPENDED), TODAY)
    with pytest.raises(NotVerified) as suspended:
        member.admit(GRADES, TODAY)
    assert unchecked.value.code == "membership.not_verified"
    assert unchecked.value.details["reason"] == "registration_not_checked"
    assert suspended.value.details["reason"] == "suspended"
    assert not member.admitted


def test_nobody_is_admitted_twice() -> None:
    """A second admission is refused and tells nothing."""
    member = admitted()
    told = member.recorded
    with pytest.raises(AlreadyAdmitted) as refused:
        member.admit(GRADES, TODAY)
    assert refused.value.code == "membership.already_admitted"
    assert member.recorded == told


def test_a_member_survives_the_store() -> None:
    """The document of a member gives the same member again."""
    member = admitted()
    assert from_document(Member, to_document(member)) == member


def test_a_stage_is_told_once_and_only_under_the_pseudonym() -> None:
    """The same application's stage is told once, without member or application."""
    history = SelectionHistory(PSEUDONYM)
    for _ in range(2):
        history.reach("application-1", "cohort-1", "submitted", date(2026, 11, 1))
    history.reach("application-1", "cohort-1", "shortlisted", date(2026, 11, 20))
    assert history.recorded == (
        StageReached(PSEUDONYM, "cohort-1", "submitted", date(2026, 11, 1)),
        StageReached(PSEUDONYM, "cohort-1", "shortlisted", date(2026, 11, 20)),
    )
    assert from_document(SelectionHistory, to_document(history)) == history


@pytest.mark.parametrize("declared", EVENTS)
def test_the_example_of_an_event_is_one(declared: type[Any]) -> None:
    """Every event's example loads into its class."""
    assert isinstance(load(declared, declared.event_type.example), declared)
