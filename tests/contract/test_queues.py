"""Every way into a service is known, every queue is consumed, and the broker's rights fit them."""

from __future__ import annotations

import re

import pytest
from nameko.rpc import Rpc
from nameko.timer import Timer

from deploy.local import SERVICES
from deploy.rabbitmq.definitions import permissions, traffic_of_services
from shared.messaging.consumer import Consumption
from shared.messaging.parked import ParkedQueue
from shared.messaging.subscription import Subscription
from tests.contract.wiring import READINGS, container_of
from tests.e2e.methods import methods_of, queues_of


def consumed_by(service: str) -> set[str]:
    """The queues whose consumers share the service's connection."""
    (consumption,) = (e for e in container_of(service).extensions if isinstance(e, Consumption))
    return {provider.queue.name for provider in consumption._providers}


@pytest.mark.parametrize("service", SERVICES)
def test_every_callable_method_has_a_contract(service: str) -> None:
    """Nothing answers calls beside what declares scope and schemas."""
    answering = {e.method_name for e in container_of(service).entrypoints if isinstance(e, Rpc)}
    assert answering == {method.name for method in methods_of(service)}
    assert not any(name.startswith("_") for name in answering)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_entered_in_known_ways_only(service: str) -> None:
    """Calls, events, parked messages and clocks; nothing listens besides."""
    known = (Rpc, Subscription, ParkedQueue, Timer)
    assert all(isinstance(each, known) for each in container_of(service).entrypoints)


@pytest.mark.parametrize("service", SERVICES)
def test_every_queue_is_consumed(service: str) -> None:
    """Each handler has a queue of its own; calls and parked messages have theirs."""
    handlers = {f"{service}.{each.handler}" for each in READINGS if each.service == service}
    assert handlers == set(queues_of(service))
    assert consumed_by(service) == handlers | {f"rpc-{service}", f"{service}.parked"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_consume_its_queues(service: str) -> None:
    """The broker's permissions cover the queues that the code consumes, for this service only."""
    rights = {entry["user"]: entry for entry in permissions(traffic_of_services())}
    for queue in consumed_by(service):
        for user in SERVICES:
            for operation in ("configure", "read"):
                allowed = re.search(rights[user][operation], queue) is not None
                assert allowed == (user == service)
