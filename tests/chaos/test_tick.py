"""Days pass while instances of membership are killed: every notice is given once."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from clients.faculty import Faculty
from deploy.local import Stack, wait_until
from deploy.local.members import REPOSITORY, python_environment
from deploy.local.processes import Process
from shared.errors import FacultyError
from tests.chaos.crowd import Crowd

pytestmark = [pytest.mark.chaos, pytest.mark.own_stack]

SECONDS = 180.0
YEAR = timedelta(days=500)
NOTICES = ("renewal.due", "member.entered_grace", "member.lapsed")


@contextmanager
def more_instances(stack: Stack, number: int) -> Iterator[list[Process]]:
    """Further processes of membership, on the same store and broker."""
    environment = {**python_environment(), **stack.service("membership").env, "HTTP_PORT": "0"}
    made = [
        Process(
            name=f"membership-{each}",
            argv=[sys.executable, "-m", "services.membership"],
            env=environment,
            log=stack.root / "logs" / f"membership-{each}.log",
            record=stack.root / "pids" / f"membership-{each}",
            cwd=REPOSITORY,
            stop_seconds=35.0,
        )
        for each in range(2, 2 + number)
    ]
    try:
        for process in made:
            process.start()
        yield made
    finally:
        for process in made:
            process.stop()


@contextmanager
def ticking(stack: Stack, callers: int) -> Iterator[None]:
    """Callers who let the same day come, over and over."""
    on = (datetime.now(UTC).date() + YEAR).isoformat()
    stopping = threading.Event()

    def call() -> None:
        token = stack.token("ops", ttl_seconds=3_600)
        with Faculty(stack.amqp_uri("apps"), token, 20) as faculty:
            while not stopping.is_set():
                try:
                    faculty.call("membership.tick", on=on)
                except FacultyError as error:
                    assert error.retryable, error

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    ("people", "kills"),
    [
        pytest.param(60, 3, id="short"),
        pytest.param(600, 12, id="long", marks=pytest.mark.long),
    ],
)
def test_days_pass_while_instances_are_killed(
    fragile: Stack, crowd_of: Callable[[int], Crowd], people: int, kills: int
) -> None:
    """Renewal due, grace and lapse of each member reach the outside once, in their order."""
    crowd = crowd_of(people)
    with crowd.importing():
        pass
    crowd.check()
    service = fragile.service("membership")
    with more_instances(fragile, 1) as (other,), ticking(fragile, 2):
        for number in range(kills):
            time.sleep(random.uniform(0.2, 1))
            if number % 2:
                service.kill()
                service.launch()
            else:
                other.kill()
                other.start()
        service.wait_ready()
        wait_until(lambda: all_lapsed(crowd), seconds=SECONDS, what="every lapse outside")
    told = Counter((event["body"]["member_id"], event["routing_key"]) for event in notices(crowd))
    assert told == Counter((id, name) for id in crowd.ids for name in NOTICES)
    of_member: dict[str, list[str]] = {}
    for event in notices(crowd):
        of_member.setdefault(event["body"]["member_id"], []).append(event["routing_key"])
    assert {tuple(names) for names in of_member.values()} == {NOTICES}


def notices(crowd: Crowd) -> list[dict[str, dict[str, str]]]:
    """What the outside was told of the crowd's memberships, repeats left out."""
    return [event for event in crowd.seen() if event["routing_key"] in NOTICES]


def all_lapsed(crowd: Crowd) -> bool:
    lapsed = {e["body"]["member_id"] for e in notices(crowd) if e["routing_key"] == NOTICES[-1]}
    return lapsed == set(crowd.ids)
