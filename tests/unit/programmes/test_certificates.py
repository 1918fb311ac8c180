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
from shared.errors import Duplicate, Invalid, NotFound
from tests.unit.programmes.learning import School


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
    view = school.certificate(school.member())
    for typed in (view.code, view.code.lower(), view.code.replace("-", " "), f" {view.code}\n"):
        assert school.call("verify_certificate", code=typed) == view
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
    assert school.call("verify_certificate", code=view.code) == revoked
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
        ({"domains": ["x" * 41]}, {"domains.0"}),
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
