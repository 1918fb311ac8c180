"""Members who joined a day after one another, and what is told of them as days pass."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from services.membership.events import MemberEnteredGrace, MemberLapsed, RenewalDue
from tests.unit.membership.builders import TODAY
from tests.unit.membership.world import World

LAST = date(2027, 11, 22)  # of a year from TODAY
DUE, GRACE, LAPSE = date(2027, 9, 24), date(2027, 11, 23), date(2027, 12, 23)
LATER = date(2028, 6, 1)
ONE_DAY = timedelta(days=1)
NOTICES = (RenewalDue, MemberEnteredGrace, MemberLapsed)


def joined(number: int, **options: Any) -> World:
    """A world with so many members who joined a day after one another."""
    world = World(**options)
    for n in range(number):
        world.go_to(TODAY + n * ONE_DAY)
        world.member()
    return world


def members(world: World) -> list[str]:
    return [document["_id"] for document in world.database["members"].find({})]


def notices(world: World) -> dict[str, list[Any]]:
    """The notices of each member, in order."""
    return {
        id: [event for event in world.events(id) if isinstance(event, NOTICES)]
        for id in members(world)
    }


def all_told(number: int) -> list[list[Any]]:
    """What is told of so many who joined a day after one another and never renewed."""
    later = [n * ONE_DAY for n in range(number)]
    return [[("due", LAST + n), ("ended", LAST + n), ("lapsed", LAPSE + n)] for n in later]


def days_of(world: World) -> list[list[Any]]:
    names = {RenewalDue: "due", MemberEnteredGrace: "ended", MemberLapsed: "lapsed"}
    fields = {RenewalDue: "due_on", MemberEnteredGrace: "ended_on", MemberLapsed: "lapsed_on"}
    return [
        [(names[type(event)], getattr(event, fields[type(event)])) for event in told]
        for told in notices(world).values()
    ]


def in_parallel(world: World, others: Callable[[], object], at: set[int]) -> None:
    """Let others do something right before the n-th of the world's own writes of members."""
    documents, number = world.database["members"], [0]
    replace_one, busy = documents.replace_one, [False]

    def interrupted(*arguments: Any, **options: Any) -> Any:
        if not busy[0]:
            number[0] += 1
            if number[0] in at:
                busy[0] = True
                others()
                busy[0] = False
        return replace_one(*arguments, **options)

    documents.replace_one = interrupted


def paid(world: World, pence: int = 58_000, **changes: Any) -> str:
    """A member whose account holds so much."""
    member_id = world.member(**changes)
    world.pay(member_id)
    if pence:
        world.pay(member_id, pence)
    return member_id
