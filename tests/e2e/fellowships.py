"""Applications for fellowship in every state, each of a member of its own.

fellowship_in(world, "panel_decided")  # arguments of ``membership.ratify``, but for the decision
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.world import World, invent

Arguments = dict[str, Any]

STATES = ("draft", "awaiting_references", "in_assessment", "panel_decided", "declined")
REFEREE = {"name": "Dr Invented", "relationship": "Medical director"}
DOMAINS = ["self", "team"]


def days_ago(days: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def today_of(world: World) -> str:
    """The day it is for the service, whatever time zone that goes by."""
    begun = world.call("membership.apply", token=world.staff, **invent())
    return str(begun["received_on"])


def evidence_of(kind: str, **changes: Any) -> Arguments:
    """Evidence of yesterday, so that it is not of tomorrow in any time zone."""
    return {"kind": kind, "title": f"Invented {kind}", "dated": days_ago(1), **changes}


def recent_evidence() -> list[Arguments]:
    """What an application needs, and a confirmation of the award."""
    return [
        evidence_of("appraisal", signed_off_by="Dr Invented"),
        evidence_of("feedback_360"),
    ]


def member(world: World) -> str:
    """The id of a new member."""
    (member_id,) = world.apply([invent()])
    world.call("membership.admit", token=world.staff, member_id=member_id)
    return member_id


def award_of(member_id: str, awarded_on: str) -> Arguments:
    """Arguments of ``membership.record_award``."""
    minute = "Invented minute"
    return {
        "member_id": member_id,
        "level": "senior_fellow",
        "awarded_on": awarded_on,
        "minute": minute,
    }


def fellow(world: World, *, days: int = 365) -> Arguments:
    """A member with an award made so many days ago."""
    award = award_of(member(world), days_ago(days))
    made: Arguments = world.call("membership.record_award", token=world.staff, **award)
    return made


def decision(world: World, outcome: str) -> Arguments:
    """What a new panel of two recommends."""
    return {
        "assessors": [fellow(world)["member_id"] for _ in range(2)],
        "outcome": outcome,
        "reasons": "Invented.",
        "domains_met": DOMAINS,
    }


def ruling(outcome: str, ratified_on: str) -> Arguments:
    """What the trustees decide."""
    return {"outcome": outcome, "ratified_on": ratified_on, "minute": "Invented minute"}


def application_in(world: World, state: str) -> Arguments:
    """The view for staff of an application that got so far."""
    own = {"member_id": member(world)}
    how = {"level": "associate_fellow", "route": "standard"}
    begun = world.call("membership.start_fellowship", token=world.staff, **own, **how)
    own["fellowship_id"] = begun["fellowship_id"]
    only = {"fellowship_id": begun["fellowship_id"]}

    def act(method: str, **arguments: Any) -> None:
        world.call(f"membership.{method}", token=world.staff, **arguments)

    def whole() -> Arguments:
        view: Arguments = world.call("membership.get_fellowship", token=world.staff, **only)
        return view

    shown = evidence_of("project", behaviours=[f"{domain}.1" for domain in DOMAINS])
    for each in (*recent_evidence(), shown):
        act("add_evidence", **own, **each)
    for number in (1, 2):
        act("nominate_referee", **own, **REFEREE, email=f"referee.{number}@mail.example.org")
    reached = STATES.index(state)
    if reached >= 1:
        act("submit_fellowship", **own)
    view = whole()
    came = {"received_on": view["submitted_on"], "supportive": True, "text": "Invented."}
    for referee in view["referees"] if reached >= 2 else ():
        act("record_reference", **only, **came, referee_id=referee["referee_id"])
    outcome = "decline" if state == "declined" else "award"
    if reached >= 3:
        act("record_panel_decision", **only, **decision(world, outcome))
    if reached >= 4:
        decided_on = whole()["rounds"][-1]["panel"]["decided_on"]
        act("ratify", **only, **ruling(outcome, decided_on))
    return whole()


def own_in(world: World, state: str, **wanted: str) -> Arguments:
    """The arguments that name an application and its member; of ``wanted``, the first id too.

    own_in(world, "draft", evidence_id="evidence")
    """
    view = application_in(world, state)
    names = {name: view[name] for name in ("member_id", "fellowship_id")}
    return {**names, **{name: view[many][0][name] for name, many in wanted.items()}}


def staff_in(world: World, state: str, **wanted: str) -> Arguments:
    """The same without the member."""
    named = own_in(world, state, **wanted)
    del named["member_id"]
    return named
