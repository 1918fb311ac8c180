"""Certificates: shown, verified and revoked."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.certificate import (
    ALPHABET,
    CODE_LENGTH,
    CertificateKind,
    new_code,
    shown_code,
    tidy_code,
)
from services.programmes.errors import CertificateRevokedBefore
from services.programmes.events import CertificateIssued, CertificateRevoked
from services.programmes.schemas.certificates import Verification
from services.programmes.subscriptions import ContactChanged, MemberErased, MemberMerged
from shared.errors import NotFound
from tests.unit.programmes.school import School


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
        kind="award",
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
            kind=CertificateKind.AWARD,
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


def test_the_same_call_issues_one_certificate(school: School) -> None:
    """Delivered again it gives the certificate, and the code, that were kept."""
    member_id = school.member()
    view = school.certificate(member_id, message="m")
    assert school.certificate(member_id, message="m") == view
    assert len(school.events(CertificateIssued)) == 1


def test_certificates_of_a_member_come_page_by_page(school: School) -> None:
    """In the order in which they were issued, and nobody else's."""
    member_id, other_id = school.member(), school.member()
    programmes = [school.programme() for _ in range(3)]
    ids = [school.certificate(member_id, programme_id=p).certificate_id for p in programmes]
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
