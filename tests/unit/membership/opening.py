"""Professions brought as far as a test needs them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shared.events import dump
from tests.unit.membership.world import World

DAY = timedelta(days=1)
MANAGER = "healthcare_manager"
NAVIGATOR, LIBRARIAN = "care_navigator", "clinical_librarian"
CODES = (MANAGER, NAVIGATOR, LIBRARIAN)
UNREGULATED = {"profession": MANAGER, "regulator": None, "registration_number": None}


def proposed(world: World, code: str = MANAGER, **changes: Any) -> Any:
    """A case that has been proposed."""
    given = {"title": code.replace("_", " ").capitalize(), "rationale": "They lead teams."}
    return world.call("propose_profession", code=code, **{**given, **changes})


def consulted(world: World, code: str = MANAGER, bodies: int = 1) -> Any:
    """A case whose consultation closed yesterday, with the positions of some bodies."""
    view = proposed(world, code)
    closes_on = world.today - DAY
    view = world.call("open_consultation", code=code, opened_on=closes_on, closes_on=closes_on)
    for number in range(bodies):
        view = position(world, code, body=f"Invented Institute {number}")
    return view


def position(world: World, code: str = MANAGER, **changes: Any) -> Any:
    """A position put on record."""
    given = {"body": "Invented Institute", "position": "supports", "recognises_membership": True}
    return world.call("record_body_position", code=code, **{**given, **changes})


def pilot(world: World, code: str = MANAGER, *, places: int = 2, **changes: Any) -> Any:
    """A case in a pilot that began today and runs for a year."""
    consulted(world, code)
    return start(world, code, places=places, **changes)


def start(world: World, code: str = MANAGER, **changes: Any) -> Any:
    """The pilot of a case that has been consulted about."""
    limits = {"until": world.today + 365 * DAY, "places": 2}
    named = ("until", "places", "nations", "career_stages")
    limits |= {name: changes.pop(name) for name in named if name in changes}
    return world.call("start_pilot", code=code, limits=limits, **changes)


def policy(world: World, on: date | None = None) -> Any:
    """The version of the policy on professions in force on a day."""
    return world.book.professions.on(on or world.today)


def admission(world: World, code: str = MANAGER, on: date | None = None) -> str | None:
    """What the policy says of a profession on a day."""
    entry = policy(world, on).policy.find(code)
    return entry.admission if entry else None


def by_hand(
    world: World, version: str, effective_from: date, *, activate: bool = True, **changes: Any
) -> None:
    """A version of the policy on professions that staff made of the one in force on that day.

    ``changes`` are admissions by profession, or entries; a title marks whose version it is.
    """
    body = world.call("get_policy", kind="professions", on=effective_from).professions
    entries = [_plain(each) for each in body.professions]
    entries[0]["title"] = version
    known = {entry["code"]: entry for entry in entries}
    for code, entry in changes.items():
        if code not in known:
            entries.append({"code": code, "title": code, "source": "invented", **entry})
        else:
            known[code].pop("pilot", None)
            known[code].update(entry)
    world.call(
        "propose_policy_version",
        version=version,
        effective_from=effective_from,
        reason="Invented.",
        professions={"professions": entries},
    )
    if activate:
        activated(world, version)


def activated(world: World, version: str, kind: str = "professions") -> Any:
    """A proposed version that decides from its day on."""
    return world.call("activate_policy_version", kind=kind, version=version, reason="Invented.")


def _plain(entry: Any) -> dict[str, Any]:
    return {name: value for name, value in dump(entry).items() if value is not None}


def open_to_all(database: Any = None) -> World:
    """A world in which people whom no regulator registers have a grade."""
    world = World(database=database)
    grades = world.call("get_policy", kind="grades").grades
    body = {
        "grades": [
            {
                "code": grade.code,
                "title": grade.title,
                "registration": grade.registration,
                "source": grade.source,
            }
            for grade in grades.grades
        ],
        "rules": [
            {"grade": "affiliate", "professions": list(CODES)},
            {"grade": "member"},
        ],
    }
    world.call(
        "propose_policy_version",
        version="all",
        effective_from=world.today,
        reason="Invented.",
        grades=body,
    )
    activated(world, "all", "grades")
    return world


def admit(world: World, code: str, on: date, message: str | None = None) -> Any:
    return world.call("admit_profession", code=code, effective_from=on, message=message)
