"""Arguments of membership's own methods, each for a member whom no other call is about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.e2e.world import World, invent

Arguments = dict[str, Any]


def applicant(world: World, **more: Any) -> Arguments:
    """Somebody who has only applied."""
    answer = world.call("membership.apply", token=world.staff, **invent())
    return {"member_id": answer["member_id"], **more}


def declined(world: World) -> Arguments:
    """Somebody whose application came to nothing."""
    found = applicant(world, reason="Invented.")
    world.call("membership.decline", token=world.staff, **found)
    return found


def member(world: World, **more: Any) -> Arguments:
    """Somebody who has been admitted."""
    person = invent()
    (member_id,) = world.apply([person])
    world.call("membership.admit", token=world.staff, member_id=member_id)
    return {"member_id": member_id, **more}


def paid_up(world: World, **more: Any) -> Arguments:
    """A member who has paid for the next term."""
    found = member(world)
    payment = {"pence": 1_000_000, "reference": uuid.uuid4().hex, "received_on": today()}
    world.call("membership.record_payment", token=world.staff, **found, **payment)
    return {**found, **more}


def withdrawn(world: World, **more: Any) -> Arguments:
    """A member who has left."""
    found = member(world)
    world.call("membership.withdraw", token=world.staff, **found)
    return {**found, **more}


def honorary(world: World) -> Arguments:
    """A member whom the body covers."""
    found = member(world)
    granted = {"from_on": today(), "reason": "Invented."}
    world.call("membership.grant_honorary", token=world.staff, **found, **granted)
    return {**found, "reason": "Invented."}


def reviewed(world: World) -> Arguments:
    """Somebody whose sanction on the register waits for the committee."""
    (member_id,) = world.apply([invent()], "warning")
    found = world.call("membership.get_member", token=world.staff, member_id=member_id)
    return {
        "member_id": member_id,
        "review_id": found["reviews"][0]["review_id"],
        "outcome": "cleared",
        "reason": "Invented.",
        "decided_by": "Invented committee",
    }


def declared(world: World) -> Arguments:
    """Somebody who tells of a sanction."""
    person = invent()
    (member_id,) = world.apply([person])
    number = person["registration_number"]
    return {"member_id": member_id, "registration_number": number, "detail": "Invented."}


def proposed(world: World) -> Arguments:
    """A policy that is not there yet."""
    terms = world.call("membership.get_policy", token=world.staff, kind="terms")["terms"]
    year = datetime.now(UTC).year + 20
    return {
        "version": uuid.uuid4().hex,
        "effective_from": f"{year}-{datetime.now(UTC):%m-%d}",
        "reason": "Invented.",
        "terms": terms,
    }


def activated(world: World) -> Arguments:
    """A policy that was proposed."""
    arguments = proposed(world)
    world.call("membership.propose_policy_version", token=world.staff, **arguments)
    return {"kind": "terms", "version": arguments["version"], "reason": "Invented."}


def known_elsewhere() -> Arguments:
    """A member of another system."""
    return {
        **invent(),
        "reference": uuid.uuid4().hex,
        "grade": "member",
        "joined_on": "2020-01-01",
    }


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def payment() -> Arguments:
    return {"pence": 1, "reference": uuid.uuid4().hex, "received_on": today()}


CALLS: dict[str, Callable[[World], Arguments]] = {
    "decline": lambda world: applicant(world, reason="Invented."),
    "reopen_application": declined,
    "change_contact": lambda world: member(world, given_name="Nia"),
    "change_career_stage": lambda world: member(world, career_stage="senior"),
    "change_grade": lambda world: member(world, grade="associate", reason="Invented."),
    "correct_details": lambda world: member(world, nation="scotland", reason="Invented."),
    "grant_honorary": lambda world: member(world, from_on=today(), reason="Invented."),
    "end_honorary": honorary,
    "get_history": lambda world: member(world),
    "add_registration": lambda world: member(
        world, regulator="GDC", registration_number=f"{uuid.uuid4().int % 900_000 + 100_000}"
    ),
    "declare_sanction": declared,
    "record_review_decision": reviewed,
    "find_reviews": lambda _: {"limit": 1},
    "close_register_import": lambda _: {"regulator": "GCC", "since": "2020-01-01"},
    "renew": lambda world: paid_up(world),
    "record_payment": lambda world: member(world, **payment()),
    "get_account": lambda world: member(world),
    "quote": lambda world: member(world, what="renewal"),
    "withdraw": lambda world: member(world),
    "record_death": lambda world: member(world, died_on=today()),
    "reinstate": lambda world: withdrawn(world, reason="Invented."),
    "explain_status": lambda world: member(world),
    "tick": lambda _: {},
    "export_members": lambda _: {"limit": 1},
    "import_members": lambda _: {"rows": [known_elsewhere()]},
    "get_policy": lambda _: {"kind": "grades"},
    "find_policy_versions": lambda _: {"kind": "grades"},
    "propose_policy_version": proposed,
    "activate_policy_version": activated,
}
