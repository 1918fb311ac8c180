"""The whole programmes service without broker, store and clock: the real wiring in memory.

world = World()
cohort_id = world.cohort(posts=[world.post("city", capacity=2)])
application_id = world.submitted(cohort_id)
world.bring(application_id, "ranked")
world.call("get_application", application_id=application_id)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from services.programmes.bootstrap import bootstrap
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.entrypoints import ProgrammesService
from services.programmes.events import EVENTS
from services.programmes.settings import Settings
from services.programmes.subscriptions import ContactChanged, MemberAdmitted, RegistrationVerified
from shared import telemetry
from shared.events import Meta
from shared.testing import FakeClock
from tests.unit.programmes.builders import ANSWERS, COHORT, NOW, PROGRAMME
from tests.unit.world import MortalDatabase, ServiceWorld, cut_at_every_write

SETTINGS = Settings(
    amqp_uri="amqp://localhost",
    mongodb_uri="mongodb://localhost",
    auth_public_key="-----BEGIN PUBLIC KEY-----",
    verify_url="https://verify.invalid/?code={code}",
)


def at_once(function: Callable[..., Any], *args: Any) -> Any:
    """In place of the thread beside the others in which long computations run."""
    return function(*args)


class World(ServiceWorld):
    """A wired programmes service."""

    service = ProgrammesService
    bootstrap = staticmethod(partial(bootstrap, offload=at_once))
    owned = EVENTS

    def __init__(
        self,
        *,
        now: datetime = NOW,
        database: MortalDatabase | None = None,
        clock: FakeClock | None = None,
        settings: Settings = SETTINGS,
    ) -> None:
        super().__init__(settings, now=now, database=database, clock=clock)
        self._sequences: dict[str, int] = {}

    # Members

    def tell(self, event: Any, sequence: int | None = None) -> None:
        """Deliver an event of membership; by default the next one of that member."""
        member_id = event.member_id
        number = self._sequences.get(member_id, 0) + 1 if sequence is None else sequence
        self._sequences[member_id] = max(number, self._sequences.get(member_id, 0))
        name = event.source.name
        meta = Meta(
            id=f"{member_id}-{number}-{name}",
            type=event.source.ce_type,
            source="/faculty/membership",
            subject=member_id,
            sequence=number,
            time=self.clock(),
            correlation_id="c",
        )
        handler = self._handler_of(type(event))
        context = telemetry.Context.start(
            message_id=f"event:{meta.id}:{handler.__name__}",
            seed=self._seeds.setdefault(meta.id, telemetry.fresh_id()),
            actor=meta.source,
            action=handler.__name__,
            reason=f"{meta.type} {meta.id}",
        )
        with telemetry.activate(context):
            handler.__wrapped__(SimpleNamespace(app=self.app), event, meta)

    def _handler_of(self, kind: type[Any]) -> Any:
        for name in dir(self.service):
            method = getattr(self.service, name)
            for entrypoint in getattr(method, "nameko_entrypoints", ()):
                if kind in getattr(entrypoint, "readers", ()):
                    return method
        raise AssertionError(f"nothing subscribes to {kind.__name__}")

    def member(
        self,
        member_id: str | None = None,
        *,
        profession: str = "doctor",
        nation: str = "wales",
        grade: str = "member",
        career_stage: str = "established",
        register_status: str = "registered",
        given_name: str = "Invented",
        family_name: str = "Somebody",
    ) -> str:
        """The id of a new current member of whom membership told."""
        id = member_id or f"member-{next(self._numbers):05}"
        self.tell(RegistrationVerified(id, "GMC", register_status))
        self.tell(MemberAdmitted(id, profession, nation, grade, career_stage))
        self.tell(ContactChanged(id, given_name, family_name))
        return id

    # Programmes and cohorts

    def programme(self, **changes: Any) -> str:
        """The id of a programme on offer."""
        drafted = self.call("create_programme", **{**PROGRAMME, **changes})
        self.call("publish_programme", programme_id=drafted.programme_id)
        return str(drafted.programme_id)

    def host(self, name: str = "Invented Trust", **changes: Any) -> str:
        """The id of a host that takes ten fellows at a time."""
        arguments = {"name": name, "nation": "england", "capacity": 10, **changes}
        return str(self.call("register_host", **arguments).host_id)

    @staticmethod
    def post(id: str, *, capacity: int = 1, **changes: Any) -> dict[str, Any]:
        """A post for ``open_cohort``."""
        return {"id": id, "title": f"Post {id}", "capacity": capacity, **changes}

    def cohort(self, programme_id: str | None = None, **changes: Any) -> str:
        """The id of a cohort that takes applications now, of a new programme by default."""
        programme_id = programme_id or self.programme()
        arguments = {"programme_id": programme_id, **COHORT, **changes}
        return str(self.call("open_cohort", **arguments).cohort_id)

    # Applications

    def submitted(self, cohort_id: str, member_id: str | None = None, **changes: Any) -> str:
        """The id of an application, by a new member unless said otherwise."""
        arguments = {"answers": ANSWERS, **changes}
        made = self.call(
            "submit_application",
            cohort_id=cohort_id,
            member_id=member_id or self.member(),
            **arguments,
        )
        return str(made.application_id)

    def bring(self, application_id: str, status: str) -> None:
        """Take an application the shortest way of its workflow to a status."""
        applications = self.repository("applications")
        found = applications.get(application_id)
        version = self.repository("cohorts").get(found.cohort_id).workflow
        workflow = self.repository("workflows").get(version).workflow
        for step in _way(workflow, found.status, ApplicationStatus(status)):
            self._move(application_id, step, workflow)

    def _move(self, application_id: str, to: ApplicationStatus, workflow: Workflow) -> None:
        now = self.clock()
        self.repository("applications").change(
            application_id, lambda each: each.move(to, workflow, now)
        )

    def application(self, application_id: str) -> Any:
        """The aggregate as it is stored."""
        return self.repository("applications").get(application_id)

    def pass_time(self, **amount: float) -> None:
        """Let time pass, and the clock do what is due; ``pass_time(hours=48)``."""
        self.clock.now += timedelta(**amount)
        self.let_the_clock("tick")


def _way(
    workflow: Workflow, start: ApplicationStatus, end: ApplicationStatus
) -> list[ApplicationStatus]:
    ways = [[start]]
    seen = {start}
    for way in ways:
        if way[-1] is end:
            return way[1:]
        for status in sorted(workflow.after(way[-1]) - seen):
            seen.add(status)
            ways.append([*way, status])
    raise AssertionError(f"{end.value} cannot be reached from {start.value}")


__all__ = ["SETTINGS", "World", "cut_at_every_write"]
