"""Data rights, merging and learning over all four services, on the real broker and store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pymongo
import pytest

from clients.faculty import Call
from deploy.local import SERVICES, Stack
from shared.errors import FacultyError, NotFound
from tests.e2e.world import Applicant, World, invent, wait

CONTACT = ("given_name", "family_name", "email", "registration_number")


def as_staff(world: World, method: str, **arguments: Any) -> Any:
    return world.call(f"membership.{method}", token=world.staff, **arguments)


def welcomed(world: World, member_id: str) -> None:
    filters = {"member_id": member_id}
    wait(
        lambda: bool(
            world.call("notifications.find_messages", token=world.staff, filters=filters)["items"]
        ),
        "a message to the member",
    )


def applied(world: World, member_id: str, answer: str) -> str:
    """The id of the member's application, in which they say something."""
    cohort_id = world.open_cohort()
    arguments = {"cohort_id": cohort_id, "member_id": member_id, "answers": {"why": answer}}
    method = "programmes.submit_application"
    (application,) = world.calls([Call(method, arguments, token=world.member(member_id))])
    return str(application["application_id"])


def stored_texts(stack: Stack) -> dict[str, str]:
    """Everything in every collection of every service; only what calls were about is apart."""
    with pymongo.MongoClient[dict[str, Any]](stack.mongodb_uri) as client:
        return {
            f"{service}.{name}": " ".join(map(str, client[service][name].find({})))
            for service in SERVICES
            for name in client[service].list_collection_names()
            if name != "calls"
        }


@pytest.fixture
def person() -> Applicant:
    return invent()


def test_an_export_gathers_what_every_service_keeps(world: World, person: Applicant) -> None:
    """It becomes ready when all have answered, for the member as for staff, and says when due."""
    (member_id,) = world.admit([person])
    welcomed(world, member_id)
    applied(world, member_id, "Because of the invented words.")
    token = world.member(member_id)
    request = world.call("membership.request_export", token=token, member_id=member_id)
    own = {"request_id": request["request_id"], "member_id": member_id}
    assert request["due_on"] > request["received_on"]

    def ready() -> bool:
        return not world.call("membership.get_export", token=token, **own)["summary"]["missing"]

    wait(ready, "every service's part")
    view = world.call("membership.get_export", token=token, **own)
    assert view["parts"] == 1
    data = json.dumps(json.loads(view["data"]), ensure_ascii=False)
    wanted = [person[name] for name in CONTACT] + ["Because of the invented words."]
    assert [text for text in wanted if text not in data] == []
    assert [text for text in wanted if text not in view["text"]] == []
    (pseudonym,) = world.pseudonyms([member_id])
    assert pseudonym not in data
    with pytest.raises(FacultyError) as refused:
        world.call("membership.get_export", token=world.member("somebody-else"), **own)
    assert refused.value.code == "forbidden"


def test_an_erasure_scrubs_every_service_and_gathers_receipts(
    stack: Stack, world: World, person: Applicant
) -> None:
    """Nothing in any store tells who it was any more, and the receipt says what each erased."""
    (member_id,) = world.admit([person])
    welcomed(world, member_id)
    words = f"Invented words of {person['family_name']}."
    application_id = applied(world, member_id, words)
    as_staff(
        world,
        "record_consent",
        member_id=member_id,
        purpose="newsletter",
        channel="email",
        wording_version="2026.1",
        source="form",
    )
    planted = [person[name] for name in CONTACT] + [words]
    before = stored_texts(stack)
    assert all(any(text in kept for kept in before.values()) for text in planted)
    with pytest.raises(FacultyError):
        as_staff(world, "request_erasure", member_id=member_id)
    as_staff(world, "withdraw", member_id=member_id)
    receipt = as_staff(world, "request_erasure", member_id=member_id)
    asked = {"request_id": receipt["request_id"]}
    wait(lambda: as_staff(world, "get_receipt", **asked)["complete"], "every receipt")
    told = {each["service"] for each in as_staff(world, "get_receipt", **asked)["services"]}
    assert told >= {"programmes", "notifications", "research"}

    left = {
        (text, name)
        for name, kept in stored_texts(stack).items()
        for text in planted
        if text in kept
    }
    assert left == set()
    assert as_staff(world, "get_member", member_id=member_id)["status"] == "erased"
    application = world.call(
        "programmes.get_application", token=world.staff, application_id=application_id
    )
    assert words not in json.dumps(application)


def test_who_was_erased_may_join_again(world: World, person: Applicant) -> None:
    """As a new member, with the same number and address."""
    (member_id,) = world.admit([person])
    as_staff(world, "withdraw", member_id=member_id)
    receipt = as_staff(world, "request_erasure", member_id=member_id)
    asked = {"request_id": receipt["request_id"]}
    wait(lambda: as_staff(world, "get_receipt", **asked)["complete"], "every receipt")
    (again,) = world.admit([person])
    assert again != member_id


def test_other_services_follow_a_merge_and_its_undoing(world: World) -> None:
    """What is asked of the merged member is answered for the kept one, until they are two again."""
    kept_id, merged_id = world.admit([invent(), invent()])
    as_staff(world, "withdraw", member_id=merged_id)

    def current() -> bool:
        answer = world.call(
            "programmes.get_member_standing", token=world.staff, member_id=merged_id
        )
        return bool(answer["current"])

    wait(lambda: not current(), "programmes knows of the withdrawal")
    merge = {"kept_id": kept_id, "merged_id": merged_id, "take": [], "reason": "Invented."}
    as_staff(world, "merge", **merge)
    wait(current, "programmes answers for the kept member")
    as_staff(world, "unmerge", merged_id=merged_id, reason="Invented.")
    wait(lambda: not current(), "programmes answers for the member itself")


def test_learning_reaches_the_passport(world: World) -> None:
    """A session attended and a certificate issued in programmes stand in the passport."""
    (member_id,) = world.admit([invent()])
    cohort_id = world.open_cohort()
    cohort = world.call("programmes.get_cohort", token=world.staff, cohort_id=cohort_id)
    session = world.call(
        "programmes.schedule_session",
        token=world.staff,
        programme_id=cohort["programme_id"],
        title="Invented session on teams",
        starts_at=datetime.now(UTC).isoformat(),
        minutes=90,
        mode="online",
        domains=["team"],
        capacity={"online": 5},
    )
    world.call(
        "programmes.record_attendance",
        token=world.staff,
        session_id=session["session_id"],
        member_ids=[member_id],
        walk_in=True,
    )
    token = world.member(member_id)

    def there() -> bool:
        passport = world.call(
            "membership.get_leadership_passport", token=token, member_id=member_id
        )
        return "Invented session on teams" in passport["text"]

    wait(there, "the session in the passport")


def test_no_receipt_of_nothing(world: World) -> None:
    """A request that nobody made is not found."""
    with pytest.raises(NotFound):
        as_staff(world, "get_receipt", request_id="nobody")
