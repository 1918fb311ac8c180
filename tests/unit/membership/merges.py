"""What the tests of merging share: two members to merge, and what is stored of all.

world = World()
kept, merged = pair(world)
before = everything(world)
merge(world, kept, merged, *ALL)
unmerge(world, merged)
assert everything(world) == before
"""

from __future__ import annotations

from typing import Any

from services.membership.domain.merging import Takeable
from tests.unit.membership.world import World

BOOKKEEPING = {"version", "inbox", "outbox", "outbox_sent", "outbox_due", "trail", "settled"}
ALL = [each.value for each in Takeable]


def merge(world: World, kept: str, merged: str, *take: str, **options: Any) -> Any:
    arguments = {"kept_id": kept, "merged_id": merged, "take": list(take), "reason": "Same person"}
    return world.call("merge", **{**arguments, **options})


def unmerge(world: World, merged: str, **options: Any) -> Any:
    return world.call("unmerge", merged_id=merged, **{"reason": "Two people", **options})


def stored(world: World, member_id: str) -> dict[str, Any]:
    """The document of a member without what counts and tells its writes."""
    document = world.document("members", member_id) or {}
    return {name: value for name, value in document.items() if name not in BOOKKEEPING}


def everything(world: World) -> dict[str, Any]:
    """All documents there are, without what goes with the number of writes."""
    return {
        f"{collection.name}:{document['_id']}": {
            name: value
            for name, value in document.items()
            if name not in BOOKKEEPING | {"claimed_at"}
        }
        for collection in world.database.values()
        for document in collection.find({})
    }


def holder(world: World, key: str) -> str | None:
    return world.repository("registrations").holders([key]).get(key)


def pair(world: World) -> tuple[str, str]:
    """Two members, of whom the second has more to take over than the first."""
    kept = world.member(given_name="Nia", email="kept@example.org", registration_number="1111111")
    merged = world.member(
        given_name="Una", email="merged@example.org", registration_number="2222222"
    )
    world.call("add_registration", member_id=merged, regulator="GDC", registration_number="12345")
    world.pay(merged)
    return kept, merged
