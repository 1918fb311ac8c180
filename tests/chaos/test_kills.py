"""Whatever is killed or stopped while people join: no event is lost and none is applied twice."""

from __future__ import annotations

import random
import subprocess
import time
import urllib.request
from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.local import Stack, wait_until
from deploy.local.members import Service
from deploy.local.ports import HOST
from tests.chaos.crowd import Crowd

pytestmark = [pytest.mark.chaos, pytest.mark.own_stack]

MakeCrowd = Callable[[int], Crowd]
WORK_SECONDS = 60.0
LONGEST_UPTIME = 0.2
# People, and kills while they are imported: a short run, and one in `make chaos`.
SIZES = [pytest.param(60, 4, id="short"), pytest.param(600, 20, id="long", marks=pytest.mark.long)]
OUTAGES = [pytest.param(60, 1, id="short"), pytest.param(600, 3, id="long", marks=pytest.mark.long)]


def done_by(service: Service, metric: str) -> float:
    """How much a service says that it has done since its start; 0 while it does not answer."""
    try:
        with urllib.request.urlopen(
            f"http://{HOST}:{service.http_port}/metrics", timeout=2
        ) as page:
            text = page.read().decode()
    except OSError:
        return 0.0
    families = text_string_to_metric_families(text)
    return sum(s.value for family in families for s in family.samples if s.name == metric)


def kill_at_random(service: Service, times: int, metric: str, until: Callable[[], bool]) -> int:
    """Kill and start a service again, each time a moment after it has begun to work."""
    kills = 0
    while kills < times:
        wait_until(
            lambda: until() or done_by(service, metric) > 0, seconds=WORK_SECONDS, what="at work"
        )
        if until():
            break
        time.sleep(random.uniform(0, LONGEST_UPTIME))
        service.kill()
        kills += 1
        service.launch()
    return kills


def ended(process: subprocess.Popen[str]) -> Callable[[], bool]:
    return lambda: process.poll() is not None


@pytest.mark.parametrize(("people", "kills"), SIZES)
def test_membership_is_killed(fragile: Stack, crowd_of: MakeCrowd, people: int, kills: int) -> None:
    """Every member is admitted once, known to programmes, and welcomed by one e-mail."""
    crowd = crowd_of(people)
    with crowd.importing() as running:
        done = kill_at_random(
            fragile.service("membership"), kills, "faculty_rpc_calls_total", ended(running)
        )
    fragile.service("membership").wait_ready()
    assert done == kills, "the import outlasts the kills"
    assert crowd.check() == {}, "no welcome is repeated"


@pytest.mark.parametrize(("people", "kills"), SIZES)
def test_notifications_is_killed(
    fragile: Stack,
    crowd_of: MakeCrowd,
    people: int,
    kills: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An e-mail is repeated only if the server's acceptance was not recorded."""
    crowd = crowd_of(people)
    with crowd.importing():
        done = kill_at_random(
            fragile.service("notifications"), kills, "faculty_events_total", crowd.all_welcomed
        )
    fragile.service("notifications").wait_ready()
    # A short run may be through before the last kill.
    assert done == kills if people >= 600 else done > 0
    repeated = crowd.check()
    with capsys.disabled():
        # The number is what the test is run for; pytest would keep it to itself.
        print(f"\n{done} kills, {people} welcomes, {repeated.total()} of them sent again")  # noqa: T201


@pytest.mark.parametrize(("people", "outages"), OUTAGES)
@pytest.mark.parametrize("way", ["stop", "kill"])
def test_the_broker_goes_and_comes_back(
    fragile: Stack, crowd_of: MakeCrowd, people: int, outages: int, way: str
) -> None:
    """Services outlive it by themselves: the same processes go on where they were."""
    before = [service.pid for service in fragile.services]
    crowd = crowd_of(people)
    with crowd.importing() as running:
        for _ in range(outages):
            wait_until(
                lambda: (
                    ended(running)()
                    or done_by(fragile.service("notifications"), "faculty_events_total") > 0
                ),
                seconds=WORK_SECONDS,
                what="at work",
            )
            time.sleep(random.uniform(0, 1))
            getattr(fragile.broker, way)()
            fragile.broker.start()
    crowd.check()
    assert [service.pid for service in fragile.services] == before


@pytest.mark.parametrize(("people", "rounds"), OUTAGES)
def test_services_are_restarted_in_order(
    fragile: Stack, crowd_of: MakeCrowd, people: int, rounds: int
) -> None:
    """As when a new version is rolled out: no call fails, nothing is left over or done again."""
    crowd = crowd_of(people)
    with crowd.importing() as running:
        for _ in range(rounds):
            for service in fragile.services:
                service.stop()
                assert "left to redelivery" not in service.process.log_tail()
                service.start()
        assert running.poll() in (None, 0)
    assert crowd.runs == 1
    assert crowd.check() == {}, "no welcome is repeated"


@pytest.mark.parametrize(("people", "outages"), OUTAGES)
def test_the_store_is_killed(
    fragile: Stack, crowd_of: MakeCrowd, people: int, outages: int
) -> None:
    """What was acknowledged is there afterwards, and the rest is done again."""
    before = [service.pid for service in fragile.services]
    crowd = crowd_of(people)
    with crowd.importing() as running:
        for _ in range(outages):
            time.sleep(random.uniform(0.5, 2))
            fragile.store.kill()
            fragile.store.start()
            if ended(running)():
                break
    crowd.check()
    assert [service.pid for service in fragile.services] == before
