"""Sessions, certificates and opportunities in the states that calls need.

booked(world, member_id)                 # arguments that name a session and who has booked it
attended(world, member_id)               # ... and who attended it
opportunity_in(world, "published")       # the id of one
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import FacultyError
from tests.e2e.world import World, wait

Arguments = dict[str, Any]

TRAVEL = {"legs": [{"mode": "national_rail", "km": 120}], "nights": 1}
RATINGS = [
    {"question": question, "score": 4} for question in ("content", "delivery", "access", "change")
]
PROGRAMME = {
    "name": "Invented course",
    "kind": "course",
    "description": "Invented.",
    "sustainability_outcome": "Invented.",
    "domains": ["self"],
}
NOTICE = {
    "title": "Invented post",
    "organisation": "Invented Health Agency",
    "kind": "secondment",
    "nation": "wales",
    "summary": "Invented.",
    "details": "Invented.",
}


def instant(days: int) -> str:
    """The instant so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def session_of(programme_id: str, *, days: int = -3, **changes: Any) -> Arguments:
    """Arguments of ``programmes.schedule_session``, of one held some days ago."""
    return {
        "programme_id": programme_id,
        "title": "Invented session",
        "starts_at": instant(days),
        "minutes": 90,
        "mode": "hybrid",
        "place": {"nation": "wales", "town": "Invented Vale"},
        "domains": ["self"],
        "capacity": {"in_person": 5, "online": 5},
        **changes,
    }


def programme_of(world: World) -> str:
    """The id of a new programme."""
    drafted = world.call("programmes.create_programme", token=world.staff, **PROGRAMME)
    return str(drafted["programme_id"])


def scheduled(world: World, *, days: int = 30) -> str:
    """The id of a session of a programme of its own."""
    arguments = session_of(programme_of(world), days=days)
    made = world.call("programmes.schedule_session", token=world.staff, **arguments)
    return str(made["session_id"])


def booked(world: World, member_id: str) -> Arguments:
    """The arguments that name a session to come and who has booked it."""
    own = {"session_id": scheduled(world), "member_id": member_id}
    world.call("programmes.book_session", token=world.staff, **own, way="online")
    return own


def attended(world: World, member_id: str) -> Arguments:
    """The arguments that name a session and who attended it in person."""
    session_id = scheduled(world, days=-3)
    world.call(
        "programmes.record_attendance",
        token=world.staff,
        session_id=session_id,
        member_ids=[member_id],
        way="in_person",
        walk_in=True,
    )
    return {"session_id": session_id, "member_id": member_id}


def declared(world: World, member_id: str) -> Arguments:
    """The arguments that name a session and who has declared their way to it."""
    own = attended(world, member_id)
    world.call("programmes.declare_travel", token=world.staff, **own, **TRAVEL)
    return own


def notice() -> Arguments:
    """Arguments of ``programmes.draft_opportunity``."""
    return {**NOTICE, "closes_at": instant(30)}


def opportunity_in(world: World, state: str) -> str:
    """The id of a draft, or of one on the board."""
    drafted = world.call("programmes.draft_opportunity", token=world.staff, **notice())
    opportunity_id = str(drafted["teaser"]["opportunity_id"])
    if state == "published":
        world.call(
            "programmes.publish_opportunity", token=world.staff, opportunity_id=opportunity_id
        )
    return opportunity_id


def certificate_of(programme_id: str, member_id: str) -> Arguments:
    """Arguments of ``programmes.issue_certificate``."""
    return {
        "programme_id": programme_id,
        "member_id": member_id,
        "kind": "award",
        "title": "Invented certificate",
        "issued_on": "2025-01-06",
    }


def previewed(world: World, member_id: str) -> Arguments:
    """Arguments of ``programmes.preview_certificate``, of a member whose name has been told."""
    printable(world, member_id)
    return certificate_of(programme_of(world), member_id)


def printable(world: World, member_id: str) -> str:
    """The id of a new certificate of a member whose name programmes has been told."""
    arguments = certificate_of(programme_of(world), member_id)
    issued = world.call("programmes.issue_certificate", token=world.staff, **arguments)
    certificate_id = str(issued["certificate_id"])

    def printed() -> bool:
        try:
            world.call(
                "programmes.get_certificate_pdf", token=world.staff, certificate_id=certificate_id
            )
        except FacultyError:
            return False
        return True

    wait(printed, "the name of the member in programmes")
    return certificate_id
