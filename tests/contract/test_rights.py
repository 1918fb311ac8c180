"""What people may ask about their own data, over all four services."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local import SERVICES
from services.membership.domain import forgetting
from services.notifications import domain as notifications
from tests.contract.federation import Federation
from tests.unit.membership import fellowships

MARKS = ("planted", "1983-05-17", "7654321", "7999999", "bacs-77")
PERSON: dict[str, Any] = {
    "given_name": "Planted-Given",
    "family_name": "Planted-Family",
    "email": "Planted@Example.org",
    "date_of_birth": "1983-05-17",
    "registration_number": "7654321",
}
WINDOW = {"opens_at": "2026-11-01T09:00:00+00:00", "closes_at": "2026-12-29T17:00:00+00:00"}


class Life:
    """Somebody of whom every service knows something that nobody else should."""

    def __init__(self) -> None:
        self.faculty = Federation()
        world = self.faculty.membership
        self.member_id = world.member(**PERSON)
        self.pseudonym = world.members.get(self.member_id).pseudonym
        self.faculty.deliver()
        self._in_membership()
        self._in_programmes()
        self.faculty.deliver()

    def call(self, method: str, **arguments: Any) -> Any:
        return self.faculty.membership.call(method, member_id=self.member_id, **arguments)

    def _in_membership(self) -> None:
        world = self.faculty.membership
        self.call("add_registration", regulator="GMC", registration_number="7999999")
        self.call("declare_sanction", registration_number="7654321", detail="Planted detail.")
        review = world.call("find_reviews").items[0].review_id
        self.call(
            "record_review_decision",
            review_id=review,
            outcome="cleared",
            reason="Planted reason.",
            decided_by="Planted Chair",
        )
        self.call("change_contact", given_name="Planted-Second", email="planted.2@example.org")
        self.call(
            "record_payment", pence=1_000, reference="BACS-77 planted", received_on=world.today
        )
        self.call(
            "record_consent",
            purpose="newsletter",
            channel="email",
            wording_version="2026.1",
            source="member",
        )
        rating = {"behaviour": "self.1", "level": 2, "note": "Planted note."}
        self.call("self_assess", ratings=[rating])
        draft = fellowships.start(world, self.member_id).fellowship_id
        fellowships.add(world, draft, "project", title="Planted title", description="Planted.")
        fellowships.nominate(world, draft, "planted.referee@example.org", name="Planted Referee")
        twin = world.apply(
            given_name="Planted-Twin", email="planted.twin@example.org", date_of_birth="1983-05-17"
        )
        world.call("merge", kept_id=self.member_id, merged_id=twin, reason="Planted reason.")
        self.twin_id = twin

    def _in_programmes(self) -> None:
        faculty = self.faculty
        programme_id = faculty.programmes.programme(kind="course", eligibility={})
        cohort_id = faculty.programmes.cohort(programme_id, **WINDOW)
        self.application_id = faculty.call(
            "programmes",
            "submit_application",
            cohort_id=cohort_id,
            member_id=self.member_id,
            answers={"motivation": "Planted answer."},
        ).application_id
        certificate = faculty.call(
            "programmes",
            "issue_certificate",
            member_id=self.member_id,
            programme_id=programme_id,
            kind="award",
            title="Invented certificate",
            domains=["self"],
            issued_on="2026-11-20",
        )
        self.certificate_id = certificate.certificate_id
        faculty.call(
            "programmes",
            "revoke_certificate",
            certificate_id=certificate.certificate_id,
            reason="Planted reason.",
        )

    def erase(self) -> Any:
        """Leave and be erased; nothing is delivered yet."""
        self.call("withdraw", reason="Planted reason.")
        return self.call("request_erasure")

    def found(self, *marks: str) -> dict[str, list[str]]:
        """Where one of the marks still stands, and which."""
        places = {place: text.casefold() for place, text in self.faculty.stored().items()}
        found = {place: [m for m in marks if m in text] for place, text in places.items()}
        return {place: here for place, here in found.items() if here}


def test_the_marks_stand_in_every_service_that_knows_a_person() -> None:
    """Were they not planted, finding none would say nothing."""
    life = Life()
    places = {place.split("/")[1] for place in life.found(*MARKS)}
    assert places >= {
        "members",
        "registrations",
        "register_entries",
        "fellowships",
        "self_assessments",
        "applications",
        "certificates",
        "contacts",
    }
    assert any(life.pseudonym in text for text in life.faculty.stored().values())


def test_nothing_that_identifies_or_was_written_stays_anywhere() -> None:
    """Names, addresses, numbers, birth date, free texts: in no document, trail or outbox.

    Not looked into is the record of calls, which holds answers of calls with an idempotency key for
    as long as such a call may be repeated, two days, and removes them by itself.
    """
    life = Life()
    life.erase()
    life.faculty.deliver()
    assert life.found(*MARKS) == {}


def test_nothing_leads_from_the_person_to_their_pseudonym() -> None:
    """It stands in documents that name neither the member nor an application of theirs."""
    life = Life()
    life.erase()
    life.faculty.deliver()
    linked = (life.member_id, life.twin_id, life.application_id)
    for place, text in life.faculty.stored().items():
        assert life.pseudonym not in text or not any(id in text for id in linked), place


def test_facts_stay_without_words() -> None:
    """Awards, certificates, grade and dates, and how far an application came."""
    life = Life()
    life.erase()
    life.faculty.deliver()
    member = life.faculty.membership.members.get(life.member_id)
    assert (member.grade, member.admitted_on, len(member.terms)) == (
        "member",
        member.received_on,
        1,
    )
    assert [posting.pence for posting in member.account][-1] == 1_000
    application = life.faculty.call(
        "programmes", "get_application", application_id=life.application_id
    )
    assert (application.status, application.answers) == ("submitted", {})
    page = life.faculty.call("programmes", "find_certificates", member_id=life.member_id)
    assert [found.certificate_id for found in page.items] == [life.certificate_id]


def test_the_receipt_says_what_each_service_did() -> None:
    """It is complete when all have said so of every record of the person."""
    life = Life()
    request_id = life.erase().request_id
    receipt = life.faculty.membership.call("get_receipt", request_id=request_id)
    assert (receipt.complete, receipt.missing) == (False, SERVICES[1:])
    life.faculty.deliver()
    receipt = life.faculty.membership.call("get_receipt", request_id=request_id)
    assert (receipt.complete, receipt.missing) == (True, ())
    said = {(each.service, each.member_id): each for each in receipt.services}
    others = {(service, id) for service in SERVICES[1:] for id in (life.member_id, life.twin_id)}
    assert set(said) == {("membership", life.member_id), *others}
    own = said["membership", life.member_id].erased
    assert (own["members"], own["registrations"], own["fellowships"]) == (2, 3, 1)
    assert said["programmes", life.member_id].erased["applications"] == 1
    assert said["notifications", life.member_id].erased["contacts"] == 1
    assert said["research", life.member_id].erased == {}
    assert all(each.kept for each in receipt.services)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_in_any_order_and_however_often_nothing_comes_back(chance: random.Random) -> None:
    """Events that are late, or come again, find nobody whom they could be about."""
    life = Life()
    life.call("change_contact", family_name="Planted-Third")
    life.call("withdraw_consent", purpose="newsletter", channel="email", source="member")
    request_id = life.erase().request_id

    def shuffled(events: list[Any]) -> list[Any]:
        again = chance.sample(life.faculty.delivered, min(5, len(life.faculty.delivered)))
        return chance.sample([*events, *again], len(events) + len(again))

    life.faculty.deliver(shuffled)
    for envelope, reading in list(life.faculty.delivered):
        life.faculty.give(envelope, reading)
    life.faculty.deliver()
    assert life.found(*MARKS) == {}
    assert life.faculty.membership.call("get_receipt", request_id=request_id).complete


def test_an_erased_address_is_written_to_only_when_its_owner_comes_back() -> None:
    """Nothing goes to it any more, until the person applies anew: then under a new id."""
    life = Life()
    life.erase()
    life.faculty.deliver()
    written = len(life.faculty.post.mailer.accepted)
    again = life.faculty.membership.member(
        **{**PERSON, "email": "planted.2@example.org", "registration_number": "7654321"}
    )
    life.faculty.deliver()
    assert again != life.member_id
    accepted = life.faculty.post.mailer.accepted[written:]
    assert [email.to_address for email in accepted] == ["planted.2@example.org"]


@pytest.mark.parametrize(
    "address", ["Planted@Example.org", " ADA@example.ORG ", "straße@example.org"]
)
def test_services_recognise_an_address_by_the_same_hash(address: str) -> None:
    """Membership's and notifications' are one."""
    assert forgetting.address_hash(address) == notifications.address_hash(address)


def test_an_export_holds_what_every_service_keeps() -> None:
    """Ready when all have contributed; what was planted is in it, the pseudonym is not."""
    life = Life()
    made = life.call("request_export")
    asked = {"request_id": made.request_id}
    view = life.call("get_export", **asked)
    assert (view.summary.state, view.summary.missing) == ("gathering", SERVICES[1:])
    assert (view.data, view.text) == (None, None)
    life.faculty.deliver()
    view = life.call("get_export", **asked)
    assert (view.summary.state, view.summary.missing, view.parts) == ("ready", (), 1)
    document = json.loads(view.data)
    kinds = {
        name: {r["record"] for r in each["records"]} for name, each in document["services"].items()
    }
    assert kinds["membership"] >= {
        "Member",
        "ConsentLedger",
        "SelfAssessment",
        "Fellowship",
        "ExportRequest",
        "RegisterEntry",
    }
    assert kinds["programmes"] == {"Application", "Certificate", "Name", "Standing"}
    assert kinds["notifications"] == {"Contact", "Consents", "Message"}
    assert kinds["research"] == set()
    told = view.data.casefold()
    assert [mark for mark in (*MARKS, "planted.twin@", "planted answer") if mark not in told] == []
    assert life.pseudonym not in view.data + view.text
    assert "planted.referee" not in told
    assert "# What we keep about you" in view.text


def test_what_is_gathered_is_dropped_with_the_person() -> None:
    """Also what comes in only after that."""
    life = Life()
    made = life.call("request_export")
    life.faculty.publish()
    life.erase()
    life.faculty.deliver()
    assert life.found(*MARKS) == {}
    request = life.faculty.membership.repository("exports").get(made.request_id)
    assert request.state == "dropped"
    assert not list(life.faculty.databases["membership"]["export_parts"].find({}))
