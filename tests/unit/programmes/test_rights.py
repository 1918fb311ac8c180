"""What members may ask about their own data: given to them, and forgotten."""

import json
from typing import Any

import pytest

from services.programmes import commands, errors, schemas
from services.programmes.bootstrap import bootstrap
from services.programmes.events import ErasureAcknowledged, ExportContributed
from services.programmes.subscriptions import (
    ApplicationReceived,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
)
from shared import telemetry
from shared.errors import Refused
from shared.events import load
from shared.outbox import Outbox
from shared.testing import FakeClock, FakeDatabase, error_of
from tests.unit.programmes.builders import COHORT, MEMBER, NOW, PROGRAMME, meta
from tests.unit.programmes.test_wiring import SETTINGS

OTHER = "0193b79f-0000-7f6d-b0a2-3f1d5c7e9a24"


class Programmes:
    """The wired service over a database in memory, in which a member has applied."""

    def __init__(self) -> None:
        self.database, clock = FakeDatabase(), FakeClock(NOW)
        self.outbox = Outbox("programmes", clock)
        self.app = bootstrap(SETTINGS, database=self.database, outbox=self.outbox, clock=clock)
        for repository in self.app.repositories:
            repository.prepare()
        programme = self.app.create_programme(load(commands.CreateProgramme, PROGRAMME))
        self.programme_id = programme.programme_id
        arguments = {**COHORT, "programme_id": self.programme_id}
        self.cohort_id = self.app.open_cohort(load(commands.OpenCohort, arguments)).cohort_id
        for member_id in (MEMBER, OTHER):
            self.admit(member_id)
            self.submit(member_id)

    def admit(self, member_id: str, sequence: int = 4) -> None:
        self.app.record_standing(MemberAdmitted(member_id, "doctor", "wales"), meta(sequence))

    def submit(self, member_id: str) -> Any:
        arguments = {
            "cohort_id": self.cohort_id,
            "member_id": member_id,
            "answers": {"motivation": f"Planted {member_id}"},
        }
        return self.app.submit_application(load(commands.SubmitApplication, arguments))

    def certify(self, member_id: str = MEMBER) -> str:
        command = commands.IssueCertificate(
            member_id=member_id,
            programme_id=self.programme_id,
            title="Invented certificate",
            domains=("self",),
            issued_on=NOW.date(),
        )
        certificate_id: str = self.app.issue_certificate(command).certificate_id
        return certificate_id

    def ask(self, event: Any, message: str = "event:1") -> None:
        """Deliver a request of membership."""
        handler = self.app.contribute if isinstance(event, ExportRequested) else None
        with telemetry.activate(telemetry.Context.start(message_id=message)):
            (handler or self.app.forget_member)(event)

    def told(self, cls: type[Any]) -> list[Any]:
        entries = [
            entry
            for document in self.database["rights_answers"].find({})
            for entry in document["outbox"]
            if entry["type"] == cls.event_type.name
        ]
        return [load(cls, json.loads(entry["data"])) for entry in entries]

    def stored(self) -> str:
        documents = [d for collection in self.database.values() for d in collection.find({})]
        return json.dumps(documents, default=str)


@pytest.fixture
def programmes() -> Programmes:
    """A service in which two members have applied."""
    return Programmes()


def test_a_member_is_given_what_is_kept_of_them(programmes: Programmes) -> None:
    """Applications with their answers, certificates and standing; nothing of anybody else."""
    certificate_id = programmes.certify()
    programmes.ask(ExportRequested("r-1", MEMBER))
    (event,) = programmes.told(ExportContributed)
    assert (event.request_id, event.member_id, event.service) == ("r-1", MEMBER, "programmes")
    assert (event.part, event.parts, event.contributed_on) == (1, 1, NOW.date())
    records = {record["record"]: record for record in json.loads(event.data)["records"]}
    assert records["Application"]["data"]["answers"] == {"motivation": f"Planted {MEMBER}"}
    assert records["Certificate"]["id"] == certificate_id
    assert records["Standing"]["data"]["admission"]["profession"] == "doctor"
    assert OTHER not in event.data


def test_who_is_not_known_is_answered_too(programmes: Programmes) -> None:
    """With nothing, so that nobody waits."""
    programmes.ask(ExportRequested("r-1", "nobody"))
    (event,) = programmes.told(ExportContributed)
    assert json.loads(event.data) == {"records": [], "notes": []}


def test_a_large_answer_is_told_in_parts_at_once(programmes: Programmes) -> None:
    """All of them in one write, so that they are parts of one text."""
    (application,) = programmes.database["applications"].find({"member_id": MEMBER})
    long = {"$set": {"answers": {"motivation": "ü" * 300_000}}}
    programmes.database["applications"].update_one({"_id": application["_id"]}, long)
    programmes.ask(ExportRequested("r-1", MEMBER))
    events = programmes.told(ExportContributed)
    assert [(event.part, event.parts) for event in events] == [(1, 2), (2, 2)]
    whole = json.loads("".join(event.data for event in events))
    assert whole["records"][0]["data"]["answers"]["motivation"] == "ü" * 300_000


def test_a_request_that_comes_again_is_answered_once(programmes: Programmes) -> None:
    """What is kept of the answer is that there was one."""
    programmes.ask(ExportRequested("r-1", MEMBER))
    programmes.ask(ExportRequested("r-1", MEMBER))
    assert len(programmes.told(ExportContributed)) == 1
    (kept,) = programmes.database["rights_answers"].find({}, {"outbox": 0})
    assert "Planted" not in json.dumps(kept, default=str)


def test_a_member_is_forgotten_and_facts_stay(programmes: Programmes) -> None:
    """Answers and reasons go; application, certificate and its code stay."""
    certificate_id = programmes.certify()
    revoke = commands.RevokeCertificate(certificate_id=certificate_id, reason="Planted reason.")
    context = telemetry.Context.start(action="revoke_certificate", reason=revoke.reason)
    with telemetry.activate(context):
        programmes.app.revoke_certificate(revoke)
    programmes.ask(MemberErased("r-1", MEMBER))
    assert "Planted reason." not in programmes.stored()
    assert f"Planted {MEMBER}" not in programmes.stored()
    assert f"Planted {OTHER}" in programmes.stored()
    page = programmes.app.find_applications(
        schemas.FindApplications(cohort_id=programmes.cohort_id)
    )
    assert [found.member_id for found in page.items] == [MEMBER, OTHER]
    (found,) = programmes.app.find_certificates(schemas.FindCertificates(member_id=MEMBER)).items
    assert found.certificate_id == certificate_id
    (event,) = programmes.told(ErasureAcknowledged)
    assert (event.request_id, event.member_id) == ("r-1", MEMBER)
    assert event.erased == {"applications": 1, "certificate_trails": 1}
    assert "certificates" in event.kept


def test_forgotten_twice_is_forgotten_once(programmes: Programmes) -> None:
    """The same event again is acknowledged once, with the same numbers."""
    programmes.ask(MemberErased("r-1", MEMBER))
    before = programmes.stored()
    programmes.ask(MemberErased("r-1", MEMBER))
    assert programmes.stored() == before


def test_what_comes_after_that_brings_nothing_back(programmes: Programmes) -> None:
    """Events of membership, however new, and calls that put something on record."""
    programmes.ask(MemberErased("r-1", MEMBER))
    programmes.admit(MEMBER, sequence=99)
    programmes.app.record_standing(ApplicationReceived(MEMBER, "doctor", "wales"), meta(1))
    standing = programmes.app.get_member_standing(schemas.GetMemberStanding(member_id=MEMBER))
    assert (standing.current, standing.reason, standing.profession) == (False, "not_known", None)
    assert isinstance(error_of(programmes.certify), errors.MemberNotKnown)
    another = load(commands.OpenCohort, {**COHORT, "programme_id": programmes.programme_id})
    programmes.cohort_id = programmes.app.open_cohort(another).cohort_id
    refused = error_of(lambda: programmes.submit(MEMBER))
    assert isinstance(refused, Refused)
    assert refused.details["reason"] == "not_known"


def test_who_was_never_heard_of_stays_unknown(programmes: Programmes) -> None:
    """An erasure that overtakes the first events of a member holds them off."""
    programmes.ask(MemberErased("r-1", "unheard"))
    programmes.admit("unheard")
    standing = programmes.app.get_member_standing(schemas.GetMemberStanding(member_id="unheard"))
    assert standing.reason == "not_known"
