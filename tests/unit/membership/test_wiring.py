"""The service as it is put together: every handler reachable, every repository prepared."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.membership.entrypoints import MembershipService
from services.membership.events import EVENTS
from services.membership.settings import Settings
from shared.events import load
from shared.repository import Repository
from shared.settings import Misconfigured, read
from tests.unit.membership.world import SETTINGS, World

ENVIRONMENT = {
    "AMQP_URI": "amqp://localhost",
    "MONGODB_URI": "mongodb://localhost",
    "AUTH_PUBLIC_KEY": "-----BEGIN PUBLIC KEY-----\nx",
}


def test_every_method_has_its_handler() -> None:
    """Wired with all that it needs."""
    app = World().app
    methods = [
        name
        for name in dir(MembershipService)
        if hasattr(getattr(MembershipService, name), "contract")
        and getattr(MembershipService, name).__module__.startswith("services.membership")
    ]
    assert len(methods) >= 29
    assert [name for name in methods if not callable(getattr(app, name, None))] == []


def test_every_collection_has_one_repository() -> None:
    """And what an aggregate's write tells goes to the one outbox."""
    world = World()
    repositories = world.app.repositories
    collections = [each.collection for each in repositories]
    assert len(collections) == len(set(collections))
    assert all(each.outbox is world.outbox for each in repositories if isinstance(each, Repository))


@pytest.mark.parametrize("declared", EVENTS)
def test_the_example_of_an_event_is_one(declared: type[Any]) -> None:
    """Every event's example loads into its class."""
    assert isinstance(load(declared, declared.event_type.example), declared)


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2026, 11, 23, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_a_day_begins_in_london(now: datetime, today: date) -> None:
    """An hour before midnight UTC in summer."""
    world = World(now=now)
    assert world.members.get(world.apply()).received_on == today == world.today


def test_a_day_may_begin_elsewhere() -> None:
    """Where the settings say."""
    world = World(
        now=datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
        settings=replace(SETTINGS, time_zone="Pacific/Auckland"),
    )
    assert world.members.get(world.apply()).received_on == date(2026, 11, 24)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc/passwd", "/etc/localtime"])
def test_a_time_zone_must_exist(zone: str) -> None:
    """The start stops and names the variable."""
    assert read(Settings, ENVIRONMENT).time_zone == "Europe/London"
    with pytest.raises(Misconfigured, match="TIME_ZONE"):
        read(Settings, {**ENVIRONMENT, "TIME_ZONE": zone})


@pytest.mark.parametrize(("name", "value"), [("TICK_SECONDS", "0"), ("TICK_AHEAD", "2")])
def test_settings_are_bounded(name: str, value: str) -> None:
    """What is out of bounds is named."""
    with pytest.raises(Misconfigured, match=name):
        read(Settings, {**ENVIRONMENT, name: value})
