"""What members may ask about their own data: given to them, and forgotten."""

import json
from typing import Any

import pytest

from services.programmes.errors import MemberNotCurrent, MemberNotKnown
from services.programmes.events import ErasureAcknowledged, ExportContributed
from services.programmes.subscriptions import (
    ApplicationReceived,
    ContactChanged,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
)
from shared.testing import error_of
from tests.unit.programmes.builders import MEMBER, NOW
from tests.unit.programmes.world import World

OTHER = "0193b79f-0000-7f6d-b0a2-3f1d5c7e9a24"


class Life:
    """A service in which two members have applied."""

    def __init__(self) -> None:
        self.world = World()
        self.programme_id = self.world.programme()
        self.cohort_id = self.world.cohort(self.programme_id)
        for member_id in (MEMBER, OTHER):
            self.world.member(member_id, family_name=f"Planted-{member_id}")
            self.submit(member_id)

    def submit(self, member_id: str) -> str:
        answers = {"motivation": f"Planted {member_id}"}
        return self.world.submitted(self.cohort_id, member_id, answers=answers)

    def certify(self, member_id: str = MEMBER) -> str:
        certificate = self.world.call(
            "issue_certificate",
            member_id=member_id,
            programme_id=self.programme_id,
            kind="award",
            title="Invented certificate",
            domains=["self"],
            issued_on=NOW.date(),
        )
        return str(certificate.certificate_id)

    def stored(self) -> str:
        collections = self.world.database.values()
        documents = [document for collection in collections for document in collection.find({})]
        return json.dumps(documents, default=str)


@pytest.fixture
def life() -> Life:
    return Life()


def test_a_member_is_given_what_is_kept_of_them(life: Life) -> None:
    """Applications with answers, certificates, name and standing; nothing of anybody else."""
    certificate_id = life.certify()
    life.world.tell(ExportRequested("r-1", MEMBER))
    (event,) = life.world.events(ExportContributed)
    assert (event.request_id, event.member_id, event.service) == ("r-1", MEMBER, "programmes")
    assert (event.part, event.parts, event.contributed_on) == (1, 1, NOW.date())
    records = {record["record"]: record for record in json.loads(event.data)["records"]}
    assert records["Application"]["data"]["answers"] == {"motivation": f"Planted {MEMBER}"}
    assert records["Certificate"]["id"] == certificate_id
    assert records["Standing"]["data"]["admission"]["profession"] == "doctor"
    assert records["Name"]["data"]["name"]["family_name"] == f"Planted-{MEMBER}"
    assert OTHER not in event.data


def test_who_is_not_known_is_answered_too(life: Life) -> None:
    """With nothing, so that nobody waits."""
    life.world.tell(ExportRequested("r-1", "nobody"))
    (event,) = life.world.events(ExportContributed)
    assert json.loads(event.data) == {"records": [], "notes": []}


def test_a_large_answer_is_told_in_parts_at_once(life: Life) -> None:
    """All of them in one write, so that they are parts of one text."""
    applications = life.world.database["applications"]
    (application,) = applications.find({"member_id": MEMBER})
    long = {"$set": {"answers": {"motivation": "ü" * 300_000}}}
    applications.update_one({"_id": application["_id"]}, long)
    life.world.tell(ExportRequested("r-1", MEMBER))
    events = life.world.events(ExportContributed)
    assert [(event.part, event.parts) for event in events] == [(1, 2), (2, 2)]
    whole = json.loads("".join(event.data for event in events))
    assert whole["records"][0]["data"]["answers"]["motivation"] == "ü" * 300_000


def test_a_request_that_comes_again_is_answered_once(life: Life) -> None:
    """What is kept of the answer is that there was one."""
    for _ in range(2):
        life.world.tell(ExportRequested("r-1", MEMBER), 1)
    assert len(life.world.events(ExportContributed)) == 1
    (kept,) = life.world.database["rights_answers"].find({}, {"outbox": 0})
    assert "Planted" not in json.dumps(kept, default=str)


def test_a_member_is_forgotten_and_facts_stay(life: Life) -> None:
    """Answers, name and reasons go; application, certificate and its code stay."""
    world, certificate_id = life.world, life.certify()
    world.call("revoke_certificate", certificate_id=certificate_id, reason="Planted reason.")
    world.tell(MemberErased("r-1", MEMBER))
    stored = life.stored()
    assert "Planted reason." not in stored
    assert f"Planted {MEMBER}" not in stored
    assert f"Planted-{MEMBER}" not in stored
    assert f"Planted {OTHER}" in stored
    assert f"Planted-{OTHER}" in stored
    found = world.pages("find_applications", cohort_id=life.cohort_id)
    assert [each.member_id for each in found] == [MEMBER, OTHER]
    (kept,) = world.pages("find_certificates", member_id=MEMBER)
    assert kept.certificate_id == certificate_id
    (event,) = world.events(ErasureAcknowledged)
    assert (event.request_id, event.member_id) == ("r-1", MEMBER)
    assert (event.erased["applications"], event.erased["certificates"]) == (1, 1)
    assert "certificates" in event.kept


def test_forgotten_twice_is_forgotten_once(life: Life) -> None:
    """The same event again is acknowledged once, with the same numbers."""
    life.world.tell(MemberErased("r-1", MEMBER), 50)
    before = life.stored()
    life.world.tell(MemberErased("r-1", MEMBER), 50)
    assert life.stored() == before


def admitted(member_id: str) -> Any:
    return MemberAdmitted(member_id, "doctor", "wales", "member", "senior")


def test_what_comes_after_that_brings_nothing_back(life: Life) -> None:
    """Events of membership, however new, and calls that put something on record."""
    world = life.world
    world.tell(MemberErased("r-1", MEMBER))
    world.tell(admitted(MEMBER), 99)
    world.tell(ApplicationReceived(MEMBER, "doctor", "wales", "senior"), 1)
    world.tell(ContactChanged(MEMBER, "Planted", f"Planted-{MEMBER}"), 100)
    standing = world.call("get_member_standing", member_id=MEMBER)
    assert (standing.current, standing.reason, standing.profession) == (False, "not_known", None)
    assert f"Planted-{MEMBER}" not in life.stored()
    assert isinstance(error_of(life.certify), MemberNotKnown)
    life.cohort_id = world.cohort(life.programme_id)
    refused = error_of(lambda: life.submit(MEMBER))
    assert isinstance(refused, MemberNotCurrent)
    assert refused.details["reason"] == "not_known"


def test_who_was_never_heard_of_stays_unknown(life: Life) -> None:
    """An erasure that overtakes the first events of a member holds them off."""
    life.world.tell(MemberErased("r-1", "unheard"))
    life.world.tell(admitted("unheard"))
    assert life.world.call("get_member_standing", member_id="unheard").reason == "not_known"
