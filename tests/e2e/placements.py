"""Placements, completions and alumni, each of a member of its own.

arrangeable(world)             # arguments of ``programmes.arrange_placement``
placed(world)                  # a placement to come
under_way(world)               # one that has begun, today
alumnus(world)                 # a member who completed a course, and its cohort
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.world import World, invent

Arguments = dict[str, Any]

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_STEPS = {
    "draft": ["submitted"],
    "submitted": ["offered"],
    "offered": ["accepted", "declined", "expired"],
    "accepted": ["placed"],
    "placed": ["completed", "left_early"],
    "declined": [],
    "expired": [],
    "left_early": [],
    "completed": [],
}


def today() -> date:
    """The day it is for the service."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def workflow(world: World) -> str:
    """A workflow with placements in which the first who accepts has the place; its id."""
    published = world.call(
        "programmes.publish_workflow",
        token=world.staff,
        name=f"invented_{uuid.uuid4().hex[:12].translate(_LETTERS)}",
        number=1,
        workflow={
            "steps": [{"status": status, "next": after} for status, after in _STEPS.items()],
            "offers": {"way": "first_come", "answer_hours": 48, "holds": False, "upgrades": False},
        },
        source="Invented.",
    )
    return str(published["id"])


def accepted(world: World, cohort_id: str) -> Arguments:
    """The application of a new member who accepted a place."""
    (member_id,) = world.admit([invent()])
    (made,) = world.calls([world.application(cohort_id, member_id)])
    application: Arguments = made
    invited = {"cohort_id": cohort_id, "application_ids": [application["application_id"]]}
    world.call("programmes.invite_applicants", token=world.staff, **invited)
    own = {"member_id": member_id}
    page = world.call("programmes.find_offers", token=world.staff, **own)
    (offer,) = page["items"]
    token = world.member(member_id)
    world.call("programmes.accept_offer", token=token, offer_id=offer["offer_id"], **own)
    return application


def arrangeable(world: World) -> Arguments:
    """The application of a new member who accepted a post at a host of its own."""
    host = {"name": "Invented Trust", "nation": "wales", "capacity": 1}
    host_id = world.call("programmes.register_host", token=world.staff, **host)["host_id"]
    post = {"id": "post", "title": "Invented post", "capacity": 1, "host_id": host_id}
    cohort_id = world.open_cohort(posts=[post], workflow=workflow(world))
    return {"application_id": accepted(world, cohort_id)["application_id"]}


def placed(world: World, **changes: Any) -> Arguments:
    """The summary of a new placement, which begins with its cohort unless said otherwise."""
    arguments = {**arrangeable(world), **changes}
    view = world.call("programmes.arrange_placement", token=world.staff, **arguments)
    placement: Arguments = view["placement"]
    return placement


def under_way(world: World) -> Arguments:
    """The summary of a new placement that began today."""
    placement = placed(world, starts_on=in_days(0))
    world.pass_time(1)
    found = world.call("programmes.get_placement", token=world.staff, **of(placement))
    assert found["placement"]["state"] == "under_way"
    return placement


def of(placement: Arguments, *more: str) -> Arguments:
    """The arguments that name a placement, and more of it."""
    return {name: placement[name] for name in ("placement_id", *more)}


def reported(world: World) -> Arguments:
    """The arguments that name a report and its member."""
    named = {**of(under_way(world), "member_id"), "kind": "start"}
    world.call("programmes.submit_report", token=world.staff, **named, text="Invented.")
    return named


def course(world: World) -> Arguments:
    """A cohort of a course, and a new member who accepted a place there."""
    application = accepted(world, world.open_cohort(world.programme(kind="course")))
    return {name: application[name] for name in ("cohort_id", "member_id")}


def alumnus(world: World) -> Arguments:
    """The arguments that name a completion."""
    named = course(world)
    completed = {**named, "completed_on": in_days(0)}
    world.call("programmes.complete_programme", token=world.staff, **completed)
    return named


def talent(world: World) -> Arguments:
    """Arguments of ``programmes.join_talent_pool``."""
    own = {"member_id": alumnus(world)["member_id"]}
    token = world.member(own["member_id"])
    shown = world.call("programmes.get_talent", token=token, **own)["wording"]
    return {
        **own,
        "interests": [shown["interests"][0]],
        "available_from": in_days(30),
        "wording_version": shown["version"],
    }


def outcome(world: World) -> Arguments:
    """Arguments of ``programmes.record_outcome``."""
    return {
        **alumnus(world),
        "recorded_on": in_days(0),
        "role_level": "service_lead",
        "sector": "nhs_provider",
        "source": "survey",
    }
