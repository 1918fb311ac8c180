"""What the tests of learning records share: the wired service in memory, with a programme.

school = School()
session_id = school.session(held_on="2026-12-01")
school.call("record_attendance", session_id=session_id, member_ids=[school.member()])
"""

from __future__ import annotations

import json
from itertools import count
from types import SimpleNamespace
from typing import Any

from services.programmes.bootstrap import bootstrap
from services.programmes.entrypoints import ProgrammesService
from services.programmes.events import EVENTS
from services.programmes.settings import Settings
from services.programmes.subscriptions import MemberAdmitted
from shared import telemetry
from shared.events import dump, load
from shared.outbox import Outbox
from shared.testing import FakeClock, FakeDatabase
from tests.unit.programmes.builders import ANSWERS, COHORT, NOW, PROGRAMME, meta

SETTINGS = Settings(
    amqp_uri="amqp://localhost",
    mongodb_uri="mongodb://localhost",
    auth_public_key="-----BEGIN PUBLIC KEY-----",
)
_EVENTS = {cls.event_type.name: cls for cls in EVENTS}


class School:
    """A wired programmes service; calls go through its entrypoints."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.database = FakeDatabase()
        outbox = Outbox("programmes", self.clock)
        self.app = bootstrap(SETTINGS, database=self.database, outbox=outbox, clock=self.clock)
        for repository in self.app.repositories:
            repository.prepare()
        self._numbers = count(1)
        self._seeds: dict[str, str] = {}
        self.programme_id: str = self.call("create_programme", **PROGRAMME).programme_id

    def call(self, method: str, *, message: str | None = None, **arguments: Any) -> Any:
        """Call a method as the broker would; the same ``message`` is the same call again."""
        function = getattr(ProgrammesService, method)
        contract, plain = function.contract, function.__wrapped__
        request = load(contract.request, arguments)
        name = message or f"call {next(self._numbers)}"
        context = telemetry.Context.start(
            actor="staff",
            action=method,
            reason=getattr(request, "reason", None) or "",
            message_id=f"call:{name}" if contract.writes else "",
            seed=self._seeds.setdefault(name, telemetry.fresh_id()) if contract.writes else "",
        )
        with telemetry.activate(context):
            answer = plain(SimpleNamespace(app=self.app), request)
        dump(answer)
        return answer

    def repository(self, collection: str) -> Any:
        """The repository of a collection."""
        return next(each for each in self.app.repositories if each.collection == collection)

    def events(self, kind: type[Any]) -> list[Any]:
        """Every event of a class that was committed, in order."""
        entries = [
            (entry["id"], entry)
            for collection in self.database.values()
            for document in collection.find({})
            for entry in document.get("outbox", ())
        ]
        entries.sort(key=lambda each: each[0])
        told = [load(_EVENTS[e["type"]], json.loads(e["data"])) for _, e in entries]
        return [each for each in told if isinstance(each, kind)]

    def member(self) -> str:
        """The id of a new member of whom membership told."""
        member_id = f"member-{next(self._numbers)}"
        event = MemberAdmitted(member_id, "doctor", "wales")
        self.app.record_standing(event, meta(1, member_id))
        return member_id

    def session(self, **changes: Any) -> str:
        """The id of a session, held the day before yesterday unless said otherwise."""
        arguments = {
            "programme_id": self.programme_id,
            "title": "Leading change",
            "held_on": "2026-12-01",
            "minutes": 210,
            "mode": "hybrid",
            "domains": ["self", "team"],
        }
        session_id: str = self.call("record_session", **{**arguments, **changes}).session_id
        return session_id

    def certificate(self, member_id: str, message: str | None = None, **changes: Any) -> Any:
        """A certificate issued today."""
        arguments = {
            "programme_id": self.programme_id,
            "title": "Leadership in practice",
            "domains": ["system"],
            "issued_on": "2026-12-03",
        }
        arguments |= changes
        return self.call("issue_certificate", message=message, member_id=member_id, **arguments)

    def application(self, member_id: str, *, shortlisted: bool = True) -> Any:
        """An application by the member to a new cohort."""
        cohort = self.call("open_cohort", programme_id=self.programme_id, **COHORT)
        made = self.call(
            "submit_application", cohort_id=cohort.cohort_id, member_id=member_id, answers=ANSWERS
        )
        if shortlisted:
            ids = [made.application_id]
            self.call("shortlist", cohort_id=cohort.cohort_id, application_ids=ids)
        return made
