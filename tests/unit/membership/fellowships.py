"""Applications for fellowship in every state, for the tests of fellowship.

world = World()
fellowship_id = in_state(world, "panel_decided")
ratify(world, fellowship_id)
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.membership.domain.calendar import corresponding_date
from services.membership.domain.member import Member
from services.membership.domain.terms import EntitlementKind
from services.membership.errors import AssessorsBarred
from services.membership.events import AwardEnded, AwardRevalidated, AwardRevalidationDue
from tests.unit.membership.world import World

DOMAINS = {
    "associate_fellow": ("self", "team"),
    "fellow": ("self", "team", "organisation"),
    "senior_fellow": ("self", "team", "organisation", "system"),
}
MINUTE, INTEREST = "Board, item 4", "Planted interest."
AWARD_EVENTS = (AwardRevalidationDue, AwardRevalidated, AwardEnded)
STATES = (
    "draft",
    "awaiting_references",
    "in_assessment",
    "panel_decided",
    "awarded",
    "declined",
    "withdrawn",
)


def start(
    world: World,
    member_id: str | None = None,
    level: str = "fellow",
    route: str = "standard",
    **options: Any,
) -> Any:
    """A new draft, by default of a new member."""
    return world.call(
        "start_fellowship",
        member_id=member_id or world.member(),
        level=level,
        route=route,
        **options,
    )


def member_of(world: World, fellowship_id: str) -> str:
    member_id: str = world.repository("fellowships").get(fellowship_id).member_id
    return member_id


def own(world: World, method: str, fellowship_id: str, **arguments: Any) -> Any:
    """Call a method as the applicant does."""
    member_id = member_of(world, fellowship_id)
    return world.call(
        method, by=member_id, member_id=member_id, fellowship_id=fellowship_id, **arguments
    )


def staff(world: World, method: str, fellowship_id: str, **arguments: Any) -> Any:
    """Call a method as staff do."""
    return world.call(method, fellowship_id=fellowship_id, **arguments)


def given(kind: str, dated: date, **changes: Any) -> dict[str, Any]:
    """Evidence as it is given."""
    signed = {"signed_off_by": "Dr Invented Appraiser"} if kind == "appraisal" else {}
    return {"kind": kind, "title": f"Invented {kind}", "dated": dated, **signed, **changes}


def add(world: World, fellowship_id: str, kind: str, **changes: Any) -> str:
    """Add evidence, by default of today; its id."""
    item = given(kind, changes.pop("dated", world.today), **changes)
    view = own(world, "add_evidence", fellowship_id, **item)
    evidence_id: str = view.evidence[-1].evidence_id
    return evidence_id


def nominate(world: World, fellowship_id: str, email: str, **changes: Any) -> str:
    """Nominate a referee; their id."""
    arguments = {"name": "Dr Invented Referee", "relationship": "Medical director", **changes}
    view = own(world, "nominate_referee", fellowship_id, email=email, **arguments)
    referee_id: str = view.referees[-1].referee_id
    return referee_id


def fill(world: World, fellowship_id: str, *, without: tuple[str, ...] = ()) -> None:
    """Put everything into a draft that its level needs, but for what is named."""
    level = world.repository("fellowships").get(fellowship_id).level
    if "appraisal" not in without:
        add(world, fellowship_id, "appraisal")
    if "feedback_360" not in without:
        add(world, fellowship_id, "feedback_360")
    shown = [f"{domain}.1" for domain in DOMAINS[level] if domain not in without]
    add(world, fellowship_id, "project", behaviours=shown)
    if level == "senior_fellow" and "board_experience" not in without:
        add(world, fellowship_id, "board_experience", from_on=date(2020, 1, 1))
    if "referees" not in without:
        for number in (1, 2):
            nominate(world, fellowship_id, f"referee.{number}@example.org")


def submit(world: World, fellowship_id: str, **options: Any) -> Any:
    return own(world, "submit_fellowship", fellowship_id, **options)


def reference(world: World, fellowship_id: str, referee_id: str, **changes: Any) -> Any:
    """Enter a reference that came today."""
    arguments = {"received_on": world.today, "supportive": True, "text": "Planted reference."}
    return staff(
        world,
        "record_reference",
        fellowship_id,
        referee_id=referee_id,
        **{**arguments, **changes},
    )


def merge(world: World, kept_id: str, merged_id: str, **changes: Any) -> None:
    """Let one record stand for another one of the same person."""
    arguments = {"kept_id": kept_id, "merged_id": merged_id, "reason": "Invented.", **changes}
    world.call("merge", **arguments)


def award(world: World, level: str = "senior_fellow", **member: Any) -> str:
    """The id of a new member with an award of a level, made three years ago."""
    member_id = world.member(**member)
    awarded_on = world.today.replace(year=world.today.year - 3, day=1)
    world.call(
        "record_award", member_id=member_id, level=level, awarded_on=awarded_on, minute=MINUTE
    )
    return member_id


def panel(world: World, fellowship_id: str, *assessors: str, **changes: Any) -> Any:
    """Let a panel decide, by default two new senior fellows, who recommend the award."""
    level = world.repository("fellowships").get(fellowship_id).level
    arguments: dict[str, Any] = {
        "assessors": assessors or (award(world), award(world)),
        "outcome": "award",
        "reasons": "Planted reasons.",
        "domains_met": DOMAINS[level],
    }
    return staff(world, "record_panel_decision", fellowship_id, **{**arguments, **changes})


def ratify(world: World, fellowship_id: str, outcome: str = "award", **changes: Any) -> Any:
    """Let the trustees decide today."""
    arguments = {"ratified_on": world.today, "minute": MINUTE, "outcome": outcome}
    return staff(world, "ratify", fellowship_id, **{**arguments, **changes})


def in_state(
    world: World,
    state: str,
    level: str = "fellow",
    member_id: str | None = None,
    *,
    recommended: str = "award",
) -> str:
    """The id of an application that got so far, all of it today."""
    fellowship_id: str = start(world, member_id, level).fellowship_id
    if state == "withdrawn":
        own(world, "withdraw_fellowship", fellowship_id)
    if state in ("draft", "withdrawn"):
        return fellowship_id
    fill(world, fellowship_id)
    view = submit(world, fellowship_id)
    if state == "awaiting_references":
        return fellowship_id
    for referee in view.referees:
        reference(world, fellowship_id, referee.referee_id)
    if state == "in_assessment":
        return fellowship_id
    outcome = "decline" if state == "declined" else recommended
    panel(world, fellowship_id, outcome=outcome)
    if state in ("awarded", "declined"):
        ratify(world, fellowship_id, outcome)
    return fellowship_id


def view(world: World, fellowship_id: str, member_id: str | None = None) -> Any:
    """The application for staff, or for a member."""
    return world.call("get_fellowship", fellowship_id=fellowship_id, member_id=member_id)


def barred(world: World, fellowship_id: str, *assessors: str) -> dict[str, str]:
    """Why these may not assess, by member id; nothing is changed by asking."""
    before = world.document("fellowships", fellowship_id)
    with pytest.raises(AssessorsBarred) as refused:
        panel(world, fellowship_id, *assessors)
    assert world.document("fellowships", fellowship_id) == before
    reasons: dict[str, str] = refused.value.details["assessors"]
    return reasons


def cover(world: World, member_id: str) -> None:
    """Cover without an end, so that only the award is of interest."""

    def entitle(member: Member) -> None:
        member.entitle(EntitlementKind.HONORARY, "honour", world.today, None, world.today)
        member.settle(world.book, world.today)

    world.members.change(member_id, entitle)


def told(world: World, member_id: str) -> list[Any]:
    """What was told of the member's awards."""
    return [each for each in world.events(member_id) if isinstance(each, AWARD_EVENTS)]


def tick(world: World, day: date, **options: Any) -> Any:
    world.go_to(day)
    return world.call("tick", **options)


def confirmation(world: World, **changes: Any) -> list[dict[str, Any]]:
    """What confirms an award today."""
    return [
        given("appraisal", world.today, **changes),
        given("feedback_360", corresponding_date(world.today, -36)),
    ]


def revalidate(world: World, fellowship_id: str, **options: Any) -> Any:
    return staff(world, "revalidate", fellowship_id, **{"evidence": confirmation(world), **options})
