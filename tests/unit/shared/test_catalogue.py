"""A service says itself what can be called and what it tells."""

from dataclasses import dataclass
from typing import Any

import pytest

from shared.catalogue import ListEvents, ListMethods
from shared.errors import NotFound, Refused
from shared.events import event, integer, text
from shared.operations import Operations
from shared.rpc import PUBLIC, rpc


@dataclass(frozen=True, kw_only=True)
class Light:
    """Light a lamp."""

    lamp_id: str = text(64)
    watts: int = integer(1, 100, default=5)


@dataclass(frozen=True)
class Lit:
    """A lamp that burns."""

    lamp_id: str


@event("lamp.lit", example={"lamp_id": "one"})
@dataclass(frozen=True)
class LampLit:
    """A lamp burns."""

    lamp_id: str


@event("lamp.owned", example={"owner": "Ada"}, private=True)
@dataclass(frozen=True)
class LampOwned:
    """Who has a lamp."""

    owner: str


class Lamps(Operations):
    """Lamps."""

    name = "lamps"
    events = (LampLit, LampOwned)

    @rpc(Light, returns=Lit, scope="write", own="lamp_id", errors=(Refused,), writes=True)
    def light(self, command: Light) -> Lit:
        """Light a lamp, whatever

        the weather.
        """
        return Lit(command.lamp_id)

    @rpc(Light, returns=Lit, scope=PUBLIC)
    def get_lamp(self, request: Light) -> Lit:
        """A lamp."""
        return Lit(request.lamp_id)


def ask(method: str, request: Any) -> Any:
    """What the method says, without the wire."""
    return getattr(Lamps, method).__wrapped__(Lamps(), request)


def test_every_method_is_listed_with_all_that_a_caller_needs() -> None:
    """Its own and those of every service; the scope in full, the arguments as a JSON Schema."""
    listed = ask("list_methods", ListMethods())
    assert listed.service == "lamps"
    assert [view.name for view in listed.items] == [
        "discard_parked",
        "find_parked",
        "get_lamp",
        "get_parked",
        "light",
        "list_events",
        "list_methods",
        "retry_parked",
    ]
    light, get_lamp = (next(v for v in listed.items if v.name == n) for n in ("light", "get_lamp"))
    assert (light.summary, light.scope, light.own) == (
        "Light a lamp, whatever",
        "lamps:write",
        "lamp_id",
    )
    assert (light.writes, light.errors) == (True, ("refused",))
    assert light.arguments["required"] == ["lamp_id"]
    assert light.arguments["properties"]["watts"] == {
        "type": "integer",
        "default": 5,
        "minimum": 1,
        "maximum": 100,
    }
    assert (get_lamp.scope, get_lamp.own, get_lamp.writes) == ("public", None, False)


def test_one_method_can_be_asked_for() -> None:
    """One that there is not is refused with the nearest."""
    (only,) = ask("list_methods", ListMethods(name="light")).items
    assert only.name == "light"
    with pytest.raises(NotFound, match="Did you mean light"):
        ask("list_methods", ListMethods(name="ligth"))


def test_public_events_are_listed_and_private_ones_are_not() -> None:
    """With the names in their data."""
    (lit,) = ask("list_events", ListEvents()).items
    assert (lit.name, lit.summary, lit.fields) == ("lamp.lit", "A lamp burns.", ("lamp_id",))
