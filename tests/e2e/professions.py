"""Arguments of membership's methods about professions, each for one that nobody else is about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.world import World

Arguments = dict[str, Any]
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def unknown(code: str = "") -> Arguments:
    """A profession that nobody has heard of, or a known one."""
    code = code or "invented_" + uuid.uuid4().hex[:12].translate(_LETTERS)
    return {"code": code, "title": "Invented profession", "rationale": "Invented."}


def proposed(world: World, code: str = "") -> Arguments:
    """One that was proposed."""
    arguments = unknown(code)
    world.call("membership.propose_profession", token=world.staff, **arguments)
    return {"code": arguments["code"]}


def consultation() -> Arguments:
    """One that was held before it is entered."""
    return {"opened_on": day(-30), "closes_on": day(-3)}


def position() -> Arguments:
    return {
        "body": "Invented College",
        "position": "supports",
        "recognises_membership": True,
        "recorded_on": day(-5),
    }


def consulted(world: World, code: str = "") -> Arguments:
    """One whose consultation is over."""
    own = proposed(world, code)
    world.call("membership.open_consultation", token=world.staff, **own, **consultation())
    return own


def heard(world: World, code: str = "") -> Arguments:
    """One about which a body said something."""
    own = consulted(world, code)
    world.call("membership.record_body_position", token=world.staff, **own, **position())
    return own


CALLS: dict[str, Callable[[World], Arguments]] = {
    "propose_profession": lambda _: unknown(),
    "open_consultation": lambda world: {**proposed(world), **consultation()},
    "record_body_position": lambda world: {**consulted(world), **position()},
    "start_pilot": lambda world: {
        **heard(world),
        # Students need no registration, so those of a profession without a regulator may join.
        "limits": {"until": day(300), "places": 1, "career_stages": ["student"]},
        "effective_from": day(200),
    },
    "admit_profession": lambda world: {
        **heard(world, "healthcare_manager"),
        "effective_from": day(100),
    },
    "refuse_profession": lambda world: {**proposed(world), "reason": "Invented."},
    "get_profession": proposed,
    "find_professions": lambda _: {"limit": 1},
    "simulate_eligibility": lambda _: {"kind": "professions", "policy_version": "2026.1"},
}
