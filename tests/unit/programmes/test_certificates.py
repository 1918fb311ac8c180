"""Certificates: issued, shown, verified and revoked."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.certificate import (
    ALPHABET,
    CODE_LENGTH,
    new_code,
    shown_code,
    tidy_code,
)
from services.programmes.errors import CertificateRevokedBefore, MemberNotKnown
from services.programmes.events import CertificateIssued, CertificateRevoked
from services.programmes.schemas.certificates import Verification
from services.programmes.subscriptions import ContactChanged, MemberErased, MemberMerged
from shared.errors import Duplicate, Invalid, NotFound
from tests.unit.programmes.school import School
from tests.unit.programmes.world import cut_at_every_write


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def test_a_certificate_is_told_of_without_its_code(school: School) -> None:
    """Readers get what it is about; only staff and the member see the code."""
    member_id = school.member()
    view = school.certificate(member_id, title=" Leadership in practice ", domains=["self"] * 2)
    [told] = school.events(CertificateIssued)
    assert told == CertificateIssued(
        certificate_id=view.certificate_id,
        member_id=member_id,
        programme_id=school.programme_id,
        title="Leadership in practice",
        domains=("self",),
        issued_on=date(2026, 12, 3),
    )
    document = school.database["certificates"].find_one({"_id": view.certificate_id})
    assert document is not None
    assert tidy_code(view.code) == document["code"]
    assert document["code"] not in json.dumps(document["outbox"], default=str)


def test_a_certificate_is_found_by_its_code_however_it_is_typed(school: School) -> None:
    """Case, spaces and hyphens do not matter; everything else does."""
    view = school.certificate(school.member(given_name="Ŵyn"))
    for typed in (view.code, view.code.lower(), view.code.replace("-", " "), f" {view.code}\n"):
        assert school.call("verify_certificate", code=typed) == Verification(
            valid=True,
            revoked_on=None,
            title="Leadership in practice",
            programme="Chief Sustainability Officer's Clinical Fellow Scheme",
            holder="Ŵyn Somebody",
            domains=("system",),
            issued_on=date(2026, 12, 3),
        )
    wrong = ("2" if view.code[0] != "2" else "3") + view.code[1:]
    for typed in (wrong, view.code[:-1], "-"):
        with pytest.raises(NotFound) as refused:
            school.call("verify_certificate", code=typed)
        assert typed not in str(refused.value.details)


def test_a_revoked_certificate_is_found_and_not_valid(school: School) -> None:
    """Who is shown it learns that it no longer counts; the reason stands in the trail alone."""
    member_id = school.member()
    view = school.certificate(member_id)
    school.clock.advance(days=3)
    reason = "Planted-Reason: issued in error."
    revoked = school.call("revoke_certificate", certificate_id=view.certificate_id, reason=reason)
    assert (revoked.valid, revoked.revoked_on) == (False, date(2026, 12, 6))
    assert school.call("verify_certificate", code=view.code) == Verification(
        valid=False, revoked_on=date(2026, 12, 6)
    )
    assert school.events(CertificateRevoked) == [
        CertificateRevoked(view.certificate_id, member_id, school.programme_id, date(2026, 12, 6))
    ]
    [_, entry] = school.repository("certificates").trail(view.certificate_id)
    assert (entry.by, entry.reason) == ("staff", reason)


def test_a_certificate_is_revoked_once(school: School) -> None:
    """The first day stays; the same call again is no second one."""
    view = school.certificate(school.member())
    arguments = {"certificate_id": view.certificate_id, "reason": "Invented."}
    first = school.call("revoke_certificate", message="m", **arguments)
    school.clock.advance(days=1)
    assert school.call("revoke_certificate", message="m", **arguments) == first
    with pytest.raises(CertificateRevokedBefore):
        school.call("revoke_certificate", **arguments)
    assert len(school.events(CertificateRevoked)) == 1
    with pytest.raises(NotFound):
        school.call("revoke_certificate", certificate_id="nowhere", reason="Invented.")


def test_the_same_certificate_is_not_issued_twice(school: School) -> None:
    """Unless the first was revoked, or it is of another day or somebody else's."""
    member_id = school.member()
    first = school.certificate(member_id)
    with pytest.raises(Duplicate) as refused:
        school.certificate(member_id)
    assert refused.value.details["field"] == "title"
    school.certificate(member_id, issued_on="2026-12-02")
    school.certificate(school.member())
    school.call("revoke_certificate", certificate_id=first.certificate_id, reason="Invented.")
    again = school.certificate(member_id)
    assert again.code != first.code
    page = school.call("find_certificates", member_id=member_id)
    assert [each.valid for each in page.items] == [False, True, True]


def test_the_same_call_issues_one_certificate(school: School) -> None:
    """Delivered again it gives the certificate, and the code, that were kept."""
    member_id = school.member()
    view = school.certificate(member_id, message="m")
    assert school.certificate(member_id, message="m") == view
    assert len(school.events(CertificateIssued)) == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " "}, {"title"}),
        ({"issued_on": "2026-12-04"}, {"issued_on"}),
        ({"title": " ", "issued_on": "2027-01-01"}, {"title", "issued_on"}),
        ({"domains": ["x" * 61]}, {"domains.0"}),
    ],
)
def test_a_certificate_that_is_not_sound_is_refused_by_field(
    school: School, changes: dict[str, Any], fields: set[str]
) -> None:
    """All faults are named, and nothing is told."""
    with pytest.raises(Invalid) as refused:
        school.certificate(school.member(), **changes)
    assert set(refused.value.fields) == fields
    assert school.events(CertificateIssued) == []


def test_a_certificate_needs_member_and_programme(school: School) -> None:
    """Both must be known here."""
    with pytest.raises(MemberNotKnown) as refused:
        school.certificate("nobody")
    assert refused.value.details == {"member_ids": ["nobody"]}
    with pytest.raises(NotFound):
        school.certificate(school.member(), programme_id="nowhere")


def test_certificates_of_a_member_come_page_by_page(school: School) -> None:
    """In the order in which they were issued, and nobody else's."""
    member_id, other_id = school.member(), school.member()
    days = [f"2026-11-0{day}" for day in (3, 1, 2)]
    ids = [school.certificate(member_id, issued_on=day).certificate_id for day in days]
    school.certificate(other_id)
    first = school.call("find_certificates", member_id=member_id, limit=2)
    second = school.call("find_certificates", member_id=member_id, cursor=first.next_cursor)
    assert [each.certificate_id for each in (*first.items, *second.items)] == ids
    assert second.next_cursor is None


def test_codes_have_no_letters_that_are_taken_for_others() -> None:
    """Twelve of thirty characters, none twice in a thousand."""
    assert not set("01OILU") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 30
    codes = {new_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert set("".join(codes)) == set(ALPHABET)


@given(st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_as_shown_is_read_back(code: str) -> None:
    """In groups of four, and the same again."""
    assert [len(group) for group in shown_code(code).split("-")] == [4, 4, 4]
    assert tidy_code(shown_code(code).lower()) == code


def test_the_name_shown_is_the_one_that_is_borne_now(school: School) -> None:
    """It changes with the member's, is that of whom they were merged into, and goes when erased."""
    member_id, kept = school.member(), school.member(given_name="Kept")
    code = school.certificate(member_id).code

    def holder() -> str | None:
        name: str | None = school.call("verify_certificate", code=code).holder
        return name

    school.tell(ContactChanged(member_id, "Changed", "Somebody"))
    assert holder() == "Changed Somebody"
    school.tell(MemberMerged(member_id, kept))
    assert holder() == "Kept Somebody"
    school.tell(MemberErased("r-1", kept))
    assert holder() is None
    assert school.call("verify_certificate", code=code).valid


def cohort_with(school: School, *member_ids: str) -> str:
    """The id of a cohort that these have completed."""
    cohort_id = school.cohort(school.programme_id)
    for member_id in member_ids:
        school.bring(school.submitted(cohort_id, member_id), "completed")
    return cohort_id


def issue_all(school: School, cohort_id: str, **changes: Any) -> Any:
    arguments = {"title": "Fellow's certificate", "domains": ["self"], "issued_on": "2026-12-03"}
    return school.call("issue_certificates", cohort_id=cohort_id, **{**arguments, **changes})


def test_a_whole_cohort_is_given_its_certificates(school: School) -> None:
    """All who completed, and nobody else; again nobody is given a second one."""
    first, second, erased = (school.member() for _ in range(3))
    cohort_id = cohort_with(school, first, second, erased)
    school.submitted(cohort_id)
    school.tell(MemberErased("r-1", erased))
    view = issue_all(school, cohort_id)
    assert (set(view.issued), view.unchanged, view.not_known) == ({first, second}, (), (erased,))
    again = issue_all(school, cohort_id)
    assert (again.issued, set(again.unchanged)) == ((), {first, second})
    assert len(school.events(CertificateIssued)) == 2
    codes = {d["code"] for d in school.database["certificates"].find({})}
    assert len(codes) == 2


def test_who_had_theirs_revoked_is_not_given_another_with_the_rest(school: School) -> None:
    """Nor who was given the same one on their own."""
    revoked, own, late = (school.member() for _ in range(3))
    cohort_id = cohort_with(school, revoked, own)
    school.certificate(own, title="Fellow's certificate")
    issue_all(school, cohort_id)
    page = school.call("find_certificates", member_id=revoked)
    school.call(
        "revoke_certificate", certificate_id=page.items[0].certificate_id, reason="Invented."
    )
    school.bring(school.submitted(cohort_id, late), "completed")
    view = issue_all(school, cohort_id)
    assert (view.issued, set(view.unchanged)) == ((late,), {revoked, own})


def test_certificates_of_a_cohort_that_break_off_are_completed_by_the_same_call() -> None:
    """Also when somebody else completed in between."""

    def prepare() -> School:
        school = School()
        school.cohort_id = cohort_with(  # type: ignore[attr-defined]
            school, school.member(), school.member()
        )
        return school

    def act(school: School) -> None:
        if school.was_cut:
            school.bring(
                school.submitted(school.cohort_id),
                "completed",  # type: ignore[attr-defined]
            )
        issue_all(school, school.cohort_id, message="m")  # type: ignore[attr-defined]

    for school in cut_at_every_write(act, prepare):
        told = [event.member_id for event in school.events(CertificateIssued)]
        assert len(told) == len(set(told)) == (3 if school.was_cut else 2)
