"""Certificates that are issued: one of a kind for a programme, and what each of them may say."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.programmes.errors import (
    CertificateIssuedBefore,
    MemberNotKnown,
    NameNotKnown,
    NotAnAlumnus,
)
from services.programmes.events import AlumniRemoved, CertificateIssued, CertificateRevoked
from services.programmes.subscriptions import (
    MemberAdmitted,
    MemberErased,
    MemberMerged,
    MemberUnmerged,
)
from shared.errors import FacultyError, Invalid, NotFound
from tests.unit import interleaving
from tests.unit.interleaving import SwitchingDatabase
from tests.unit.programmes.builders import PROGRAMME
from tests.unit.programmes.school import School
from tests.unit.programmes.test_press import Paper
from tests.unit.programmes.world import cut_at_every_write

TODAY = date(2026, 12, 3)


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def course(school: School, *member_ids: str, cohort_id: str | None = None) -> str:
    """The id of a cohort of a course that these have completed today."""
    cohort_id = cohort_id or school.cohort(school.programme(kind="course"))
    for member_id in member_ids:
        school.bring(school.submitted(cohort_id, member_id), "accepted")
        complete(school, cohort_id, member_id)
    return cohort_id


def complete(school: School, cohort_id: str, member_id: str) -> None:
    own = {"cohort_id": cohort_id, "member_id": member_id, "completed_on": school.today}
    school.call("complete_programme", **own)


def take_back(school: School, cohort_id: str, member_id: str, **changes: Any) -> Any:
    own = {"cohort_id": cohort_id, "member_id": member_id, "reason": "Invented.", **changes}
    return school.call("withdraw_completion", **own)


def programme_of(school: School, cohort_id: str) -> str:
    return str(school.call("get_cohort", cohort_id=cohort_id).programme_id)


def certify(school: School, cohort_id: str, member_id: str, **changes: Any) -> Any:
    """A certificate of completion."""
    arguments = {
        "programme_id": programme_of(school, cohort_id),
        "kind": "completion",
        "issued_on": school.today,
        **changes,
    }
    return school.call("issue_certificate", member_id=member_id, **arguments)


def certify_all(school: School, cohort_id: str, **changes: Any) -> Any:
    arguments = {"cohort_id": cohort_id, "issued_on": school.today, **changes}
    return school.call("issue_certificates", **arguments)


def valid(school: School, member_id: str) -> list[bool]:
    return [each.valid for each in school.pages("find_certificates", member_id=member_id)]


# What it says


def test_one_of_completion_says_what_the_programme_says(school: School) -> None:
    """Nothing of it can be mistyped: title and domains are the programme's, the day is known."""
    cohort_id = course(school, member_id := school.member())
    view = certify(school, cohort_id, member_id)
    assert (view.kind, view.title, view.domains) == (
        "completion",
        PROGRAMME["name"],
        ("self", "system"),
    )
    assert view.completed_on == TODAY
    for given_too in ({"title": "Other"}, {"domains": ["self"]}):
        with pytest.raises(Invalid) as refused:
            certify(school, cohort_id, member_id, **given_too)
        assert list(refused.value.fields) == list(given_too)


def test_only_who_completed_has_one_of_completion(school: School) -> None:
    """Nor is it of a day before that."""
    cohort_id = course(school, member_id := school.member())
    with pytest.raises(NotAnAlumnus):
        certify(school, cohort_id, school.member())
    with pytest.raises(Invalid) as refused:
        certify(school, cohort_id, member_id, issued_on="2026-12-02")
    assert list(refused.value.fields) == ["issued_on"]
    with pytest.raises(Invalid):
        certify_all(school, cohort_id, issued_on="2026-12-02")
    assert school.events(CertificateIssued) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " "}, {"title"}),
        ({"title": None}, {"title"}),
        ({"issued_on": "2026-12-04"}, {"issued_on"}),
        ({"title": " ", "issued_on": "2027-01-01"}, {"title", "issued_on"}),
        ({"domains": ["x" * 61]}, {"domains.0"}),
        ({"domains": ["selfless"]}, {"domains.0"}),
        ({"domains": ["self", "organisation"]}, {"domains.1"}),
        ({"kind": "other"}, {"kind"}),
    ],
)
def test_a_certificate_that_is_not_sound_is_refused_by_field(
    school: School, changes: dict[str, Any], fields: set[str]
) -> None:
    """Domains are those of the programme; nothing is told of what is refused."""
    with pytest.raises(Invalid) as refused:
        school.certificate(school.member(), **changes)
    assert set(refused.value.fields) == fields
    assert school.events(CertificateIssued) == []


def test_a_certificate_needs_member_and_programme(school: School) -> None:
    """Both must be known here, also whoever stands for the member."""
    with pytest.raises(MemberNotKnown) as refused:
        school.certificate("nobody")
    assert refused.value.details == {"member_ids": ["nobody"]}
    with pytest.raises(NotFound):
        school.certificate(school.member(), programme_id="nowhere")
    merged, kept = school.member(), school.member()
    school.tell(MemberMerged(merged, kept))
    school.tell(MemberErased("r-1", kept))
    with pytest.raises(MemberNotKnown):
        school.certificate(merged)


# One of a kind


def test_another_title_makes_no_second_certificate(school: School) -> None:
    """A slip does not; the refusal names the code of the first. Another kind is another matter."""
    member_id = school.member()
    first = school.certificate(member_id, title="Leadership in practise")
    for changes in ({"title": "Leadership in practice"}, {"issued_on": "2026-12-01"}):
        with pytest.raises(CertificateIssuedBefore) as refused:
            school.certificate(member_id, **changes)
        assert refused.value.details == {
            "code": first.code,
            "certificate_id": first.certificate_id,
        }
    school.certificate(member_id, kind="participation")
    school.certificate(school.member())
    school.call("revoke_certificate", certificate_id=first.certificate_id, reason="Invented.")
    assert school.certificate(member_id).code != first.code
    assert sorted(valid(school, member_id)) == [False, True, True]


@pytest.mark.parametrize("kind", ["award", "completion"])
@pytest.mark.parametrize("before", [True, False])
def test_a_person_has_one_under_all_their_ids(school: School, kind: str, before: bool) -> None:
    """Issued before they were merged or after; for all of a cohort, too."""
    first, kept = school.member(), school.member()
    cohort_id = course(school, first)
    changes = {"programme_id": programme_of(school, cohort_id), "kind": kind}
    if kind == "completion":
        changes |= {"title": None, "domains": None}

    def issue(member_id: str) -> Any:
        return school.certificate(member_id, **changes)

    if before:
        issue(first)
    school.tell(MemberMerged(first, kept))
    if not before:
        issue(first)
    for id in (first, kept):
        with pytest.raises(CertificateIssuedBefore):
            issue(id)
    if kind == "completion":
        assert certify_all(school, cohort_id).unchanged == (kept,)
    assert len(school.events(CertificateIssued)) == 1


def test_one_of_completion_goes_with_the_completion(school: School) -> None:
    """If it turns out that a person is two, it is of whoever completed; and so it is taken back."""
    first, kept = school.member(), school.member()
    cohort_id = course(school, first)
    school.tell(MemberMerged(first, kept))
    certify(school, cohort_id, kept)
    school.tell(MemberUnmerged(first))
    assert (valid(school, first), valid(school, kept)) == ([True], [])
    take_back(school, cohort_id, first)
    assert valid(school, first) == [False]


@pytest.mark.parametrize("kinds", [("award", "award"), ("one", "all")])
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 1), max_size=80))
def test_of_two_issued_at_once_one_is(kinds: tuple[str, str], order: list[int]) -> None:
    """Under two ids that are one person's, alone or with all of a cohort."""
    school = School(database=SwitchingDatabase())  # type: ignore[arg-type]
    ids = [school.member(), school.member()]
    cohort_id = course(school, ids[0])
    school.tell(MemberMerged(*ids))
    calls = {
        "award": [lambda id=id: school.certificate(id) for id in ids],  # type: ignore[misc]
        "one": [
            lambda: certify(school, cohort_id, ids[1]),
            lambda: certify_all(school, cohort_id),
        ],
    }[kinds[0]]
    outcomes = interleaving.at_once(calls, interleaving.chooser(order))  # type: ignore[arg-type]
    assert len(school.events(CertificateIssued)) == 1
    refused = [each for each in outcomes if isinstance(each, FacultyError)]
    assert all(isinstance(each, CertificateIssuedBefore) for each in refused)


# What is only looked at


def test_what_would_be_issued_can_be_looked_at(school: School) -> None:
    """With its paper, which bears no code; nothing is kept and nothing told."""
    member_id = school.member(given_name="Łucja")
    arguments = {
        "member_id": member_id,
        "programme_id": school.programme_id,
        "kind": "award",
        "title": "Leadership in practice",
        "domains": ["self"],
        "issued_on": "2026-12-03",
    }
    shown = school.call("preview_certificate", **arguments)
    assert (shown.title, shown.domains, shown.completed_on) == (
        "Leadership in practice",
        ("self",),
        None,
    )
    paper = Paper(base64.b64decode(shown.paper.content))
    assert "Łucja Somebody" in paper.text
    assert "Specimen, not valid" in paper.text
    assert "Code" not in paper.text
    assert paper.codes == ["Specimen"]
    assert list(school.database["certificates"].find({})) == []
    issued = school.call("issue_certificate", **arguments)
    assert (issued.title, issued.domains) == (shown.title, shown.domains)


def test_looking_at_it_is_refused_as_issuing_it_would_be(school: School) -> None:
    """And where it could not be printed."""
    member_id = school.member()
    school.certificate(member_id)
    arguments = {"programme_id": school.programme_id, "kind": "award", "issued_on": "2026-12-03"}

    def look(member_id: str, title: str = "Invented") -> None:
        school.call("preview_certificate", member_id=member_id, title=title, **arguments)

    with pytest.raises(CertificateIssuedBefore):
        look(member_id)
    with pytest.raises(Invalid):
        look(school.member(), title=" ")
    with pytest.raises(MemberNotKnown):
        look("nobody")
    school.tell(MemberAdmitted("nameless", "doctor", "wales", "member", "established"))
    with pytest.raises(NameNotKnown):
        look("nameless")


# A whole cohort


def test_a_whole_cohort_is_given_its_certificates(school: School) -> None:
    """All who completed, and nobody else; again nobody is given a second one."""
    first, second, erased, back = (school.member() for _ in range(4))
    cohort_id = course(school, first, second, erased, back)
    school.submitted(cohort_id)
    school.tell(MemberErased("r-1", erased))
    take_back(school, cohort_id, back)
    view = certify_all(school, cohort_id)
    assert (set(view.issued), view.unchanged, view.not_known) == ({first, second}, (), (erased,))
    again = certify_all(school, cohort_id)
    assert (again.issued, set(again.unchanged)) == ((), {first, second})
    assert len(school.events(CertificateIssued)) == 2
    assert len({d["code"] for d in school.database["certificates"].find({})}) == 2


def test_who_had_theirs_revoked_is_not_given_another_with_the_rest(school: School) -> None:
    """Whether they had been given it on their own or with all; who came late is."""
    with_all, own, late = (school.member() for _ in range(3))
    cohort_id = course(school, with_all, own)
    certificates = [certify(school, cohort_id, own).certificate_id]
    certify_all(school, cohort_id)
    certificates.append(
        school.call("find_certificates", member_id=with_all).items[0].certificate_id
    )
    for id in certificates:
        school.call("revoke_certificate", certificate_id=id, reason="Invented.")
    course(school, late, cohort_id=cohort_id)
    view = certify_all(school, cohort_id)
    assert (view.issued, set(view.unchanged)) == ((late,), {with_all, own})
    certify(school, cohort_id, own)


def test_certificates_of_a_cohort_that_break_off_are_completed_by_the_same_call() -> None:
    """Also when somebody else completed in between."""

    def prepare() -> School:
        school = School()
        ids = school.member(), school.member()
        school.cohort_id = course(school, *ids)  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        cohort_id = school.cohort_id  # type: ignore[attr-defined]
        if school.was_cut:
            course(school, school.member(), cohort_id=cohort_id)
        view = certify_all(school, cohort_id, message="m")
        assert len(view.issued) == (3 if school.was_cut else 2)

    for school in cut_at_every_write(act, prepare):
        told = [event.member_id for event in school.events(CertificateIssued)]
        assert len(told) == len(set(told)) == (3 if school.was_cut else 2)


# What is taken back


def test_with_a_completion_its_certificate_is_taken_back(school: School) -> None:
    """With the reason in its trail; an award stays, and completed anew there is another one."""
    cohort_id = course(school, member_id := school.member())
    first = certify(school, cohort_id, member_id)
    award = school.certificate(member_id, programme_id=programme_of(school, cohort_id))
    take_back(school, cohort_id, member_id, reason="Planted reason.")
    [told] = school.events(CertificateRevoked)
    assert told.certificate_id == first.certificate_id
    entry = school.trails()[f"certificates:{first.certificate_id}"][-1]
    assert (entry.by, entry.action, entry.reason) == (
        "staff",
        "withdraw_completion",
        "Planted reason.",
    )
    assert not school.call("verify_certificate", code=first.code).valid
    assert school.call("verify_certificate", code=award.code).valid
    with pytest.raises(NotAnAlumnus):
        certify(school, cohort_id, member_id)
    complete(school, cohort_id, member_id)
    assert certify_all(school, cohort_id).issued == (member_id,)


def test_one_that_was_revoked_before_is_no_obstacle(school: School) -> None:
    """The day of the first time stays."""
    cohort_id = course(school, member_id := school.member())
    view = certify(school, cohort_id, member_id)
    school.call("revoke_certificate", certificate_id=view.certificate_id, reason="Invented.")
    school.clock.advance(days=1)
    take_back(school, cohort_id, member_id)
    [found] = school.pages("find_certificates", member_id=member_id)
    assert found.revoked_on == TODAY


@pytest.mark.parametrize("message", ["m1", None])
def test_taking_back_that_is_cut_off_is_completed(message: str | None) -> None:
    """At whichever write: no certificate stands without a completion behind it."""

    def prepare() -> School:
        school = School()
        school.cohort_id = course(school, school.member("m-1"))  # type: ignore[attr-defined]
        certify(school, school.cohort_id, "m-1")  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        take_back(school, school.cohort_id, "m-1", message=message)  # type: ignore[attr-defined]

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 4
    for school in worlds:
        assert valid(school, "m-1") == [False]
        assert len(school.events(CertificateRevoked)) == len(school.events(AlumniRemoved)) == 1
        assert school.pages("find_alumni") == []


@pytest.mark.parametrize("with_all", [True, False])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 1), max_size=80))
def test_none_is_issued_for_what_is_taken_back_meanwhile(with_all: bool, order: list[int]) -> None:
    """Whichever the store sees first."""
    school = School(database=SwitchingDatabase())  # type: ignore[arg-type]
    cohort_id = course(school, member_id := school.member())
    issue = certify_all if with_all else certify
    more = () if with_all else (member_id,)
    interleaving.at_once(
        [
            lambda: take_back(school, cohort_id, member_id),
            lambda: issue(school, cohort_id, *more),  # type: ignore[operator]
        ],
        interleaving.chooser(order),
    )
    assert True not in valid(school, member_id)
    issued = school.events(CertificateIssued)
    assert len(issued) == len(school.events(CertificateRevoked))
