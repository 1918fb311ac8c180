"""Every method of every service, found in the service classes, so that no test forgets one."""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

from deploy.local import SERVICES
from shared.messaging.subscription import Subscription
from shared.rpc import PUBLIC, Contract


class Method(NamedTuple):
    """A published method and what it declares of itself."""

    service: str
    name: str
    contract: Contract

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"

    @property
    def role(self) -> str:
        """A role that may call it; of a method for one's own record, the member."""
        action = self.contract.scope.rpartition(":")[2]
        roles = {"read": "staff", "write": "staff", "operate": "ops", "review": "reviewer"}
        return roles.get(action, "member")

    @property
    def public(self) -> bool:
        """Whether anybody may call it, without a token."""
        return self.contract.scope == PUBLIC


def service_class(service: str) -> type[Any]:
    """The Nameko class of a service."""
    module = importlib.import_module(f"services.{service}.entrypoints")
    (found,) = (
        each
        for each in vars(module).values()
        if isinstance(each, type) and getattr(each, "name", None) == service
    )
    return found


def methods_of(service: str) -> list[Method]:
    """What the class publishes."""
    cls = service_class(service)
    contracts = {name: getattr(getattr(cls, name), "contract", None) for name in dir(cls)}
    return [
        Method(service, name, contract)
        for name, contract in contracts.items()
        if isinstance(contract, Contract)
    ]


def queues_of(service: str) -> list[str]:
    """The queues of the handlers that take other services' events."""
    cls = service_class(service)
    found = {name: getattr(getattr(cls, name), "nameko_entrypoints", ()) for name in dir(cls)}
    return [
        f"{service}.{name}"
        for name, entrypoints in found.items()
        if any(isinstance(each, Subscription) for each in entrypoints)
    ]


METHODS = [method for service in SERVICES for method in methods_of(service)]
