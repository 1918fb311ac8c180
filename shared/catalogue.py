"""What a running service says of itself: the methods that can be called, the events it tells.

class MembershipService(Operations): ...      # has both by way of Operations

cluster.membership.list_methods(name="admit")
cluster.membership.list_events()
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar

from shared.errors import NotFound
from shared.events import json_schema, text
from shared.names import nearest, unknown
from shared.rpc import PUBLIC, Contract, rpc


@dataclass(frozen=True, kw_only=True)
class ListMethods:
    """Ask what can be called: everything, or one method by its name."""

    name: str | None = text(100, default=None)


@dataclass(frozen=True, kw_only=True)
class ListEvents:
    """Ask which events the service tells in public."""


@dataclass(frozen=True)
class MethodView:
    """A method: its scope, whose own record it may be called for, and its arguments.

    ``arguments`` is a JSON Schema. ``scope`` is ``public`` where no token is needed; ``own`` names
    the argument that lets members call it for themselves.
    """

    name: str
    summary: str
    scope: str
    own: str | None
    writes: bool
    errors: tuple[str, ...]
    arguments: dict[str, Any]


@dataclass(frozen=True)
class MethodList:
    """All methods of a service by name, or the one that was asked for."""

    service: str
    items: tuple[MethodView, ...]


@dataclass(frozen=True)
class EventView:
    """A public event: its routing key, what it tells, and the names in its data."""

    name: str
    summary: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class EventList:
    """All public events of a service by name."""

    service: str
    items: tuple[EventView, ...]


class Catalogue:
    """Base of every service class, by way of its operations."""

    name: str
    events: ClassVar[tuple[type[Any], ...]] = ()
    """The events that the service owns, public and private."""

    @rpc(ListMethods, returns=MethodList, scope=PUBLIC, errors=(NotFound,))
    def list_methods(self, request: ListMethods) -> MethodList:
        """The methods of this service, each with its scope and arguments."""
        service: Any = type(self)
        views = _methods(service)
        if request.name is None:
            return MethodList(self.name, tuple(views.values()))
        if request.name not in views:
            meant = nearest(request.name, views)
            raise NotFound(unknown("method", request.name, views), nearest=meant)
        return MethodList(self.name, (views[request.name],))

    @rpc(ListEvents, returns=EventList, scope=PUBLIC)
    def list_events(self, request: ListEvents) -> EventList:  # noqa: ARG002 (it asks nothing more)
        """The public events of this service, each with the names in its data."""
        return EventList(self.name, _public(self.events))


# What the code declares does not change while it runs.
@cache
def _methods(service: type[Any]) -> dict[str, MethodView]:
    found = {name: getattr(service, name) for name in sorted(dir(service))}
    return {
        name: _method(name, service.name, method)
        for name, method in found.items()
        if isinstance(getattr(method, "contract", None), Contract)
    }


def _method(name: str, service: str, method: Any) -> MethodView:
    contract: Contract = method.contract
    return MethodView(
        name=name,
        summary=_summary(method),
        scope=contract.scope_of(service),
        own=contract.own,
        writes=contract.writes,
        errors=tuple(error.code for error in contract.errors),
        arguments=json_schema(contract.request),
    )


@cache
def _public(events: tuple[type[Any], ...]) -> tuple[EventView, ...]:
    public = {each.event_type.name: each for each in events if not each.event_type.private}
    return tuple(
        EventView(name, _summary(public[name]), tuple(each.name for each in fields(public[name])))
        for name in sorted(public)
    )


def _summary(described: Any) -> str:
    """The first sentence of its documentation."""
    return (inspect.getdoc(described) or "").partition("\n")[0]
