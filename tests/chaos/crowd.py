"""Many applicants who are imported and admitted while members of the stack are killed.

with Crowd(stack, folder, 600) as crowd:
    with crowd.importing() as running:
        ...
    crowd.check()
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from clients.demo.evidence import Mailbox, Outsider
from clients.demo.journey import WELCOME
from clients.faculty import Call
from deploy.local import Stack, wait_until
from deploy.local.environment import client_environment
from deploy.local.members import REPOSITORY, python_environment
from shared.errors import FacultyError
from tests.e2e.command import COMMAND, write
from tests.e2e.world import World, invent, register_row

ARRIVAL_SECONDS = 180.0
IMPORT_SECONDS = 900.0
TRIES = 5


class Crowd:
    """Applicants in a CSV file whose registrations the register confirms."""

    def __init__(self, stack: Stack, folder: Path, size: int) -> None:
        self.people = [invent() for _ in range(size)]
        self.ids: list[str] = []
        self.runs = 0
        self._stack, self._folder = stack, folder
        self._file = write(folder / "people.csv", self.people)
        self._mail = Mailbox(stack.mail.folder)
        self._outsider = Outsider(stack.amqp_uri("integrator"), folder / "outsider.jsonl")
        self._world = World(stack)

    def __enter__(self) -> Self:
        self._outsider.__enter__()
        self._world.call(
            "membership.import_register",
            token=self._world.staff,
            regulator="GMC",
            rows=[register_row(person) for person in self.people],
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._outsider.__exit__(kind, error, trace)
        self._world.close()

    @contextmanager
    def importing(self) -> Iterator[subprocess.Popen[str]]:
        """Import and admit everybody; at the end the import is repeated until it is through.

        One that gave up is repeated once all services say that they can work again.
        """
        with self._import() as running:
            yield running
            status = self._finish(running)
        for _ in range(TRIES):
            if status == 0:
                return
            for service in self._stack.services:
                service.wait_ready()
            with self._import() as again:
                status = self._finish(again)
        raise AssertionError(f"The import did not get through in {TRIES} more runs.")

    def _import(self) -> subprocess.Popen[str]:
        self.runs += 1
        options = ("--as", "staff", "--admit", "--json", "--timeout", "60")
        return subprocess.Popen(
            [*COMMAND, "import", "members", str(self._file), *options],
            env={
                **python_environment(),
                **client_environment(self._stack),
                "PYTHONPATH": str(REPOSITORY),
            },
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _finish(self, running: subprocess.Popen[str]) -> int:
        out, err = running.communicate(timeout=IMPORT_SECONDS)
        if running.returncode == 0:
            summary = json.loads(out)
            assert summary["refused"] == [], "nobody is refused"
            assert summary["not_admitted"] == [], "everybody is admitted"
            assert summary["imported"] == summary["admitted"] == len(self.people)
        else:
            # A run may give up, as the services were away for too long, but only for that reason.
            assert json.loads(err.splitlines()[-1])["retryable"], err
        return running.returncode

    def check(self) -> Counter[str]:
        """Everything arrived and nothing twice; gives how often each message was sent too often."""
        self._world.close()  # a connection that has gone with the broker is opened anew
        self.ids = [member["member_id"] for member in self._members()]
        self._await_events()
        self._check_events()
        self._await_standings()
        return self._check_mail()

    def _members(self) -> list[dict[str, Any]]:
        """Membership knows each of them once."""
        found = self._world.known(self.people)
        assert len(found) == len(self.people)
        assert {member["status"] for member in found} == {"current"}
        return found

    def seen(self) -> list[dict[str, Any]]:
        """What the outside was told of these people, repeats left out, in the order of arrival."""
        mine = set(self.ids)
        events = self._outsider.events()
        return [event for event in events if event["body"].get("member_id") in mine]

    def _await_events(self) -> None:
        def all_admitted() -> bool:
            admitted = {e["body"]["member_id"] for e in self.seen() if _is_admission(e)}
            return admitted == set(self.ids)

        wait_until(all_admitted, seconds=ARRIVAL_SECONDS, what="every admission outside")

    def _check_events(self) -> None:
        """One of each event for each member once repeats are left out, in the order of sequence."""
        of_member: dict[str, list[tuple[str, str]]] = {id: [] for id in self.ids}
        for event in self.seen():
            sequence, name = event["headers"]["ce-sequence"], event["routing_key"]
            of_member[event["body"]["member_id"]].append((sequence, name))
        expected = [
            ("2", "application.received"),
            ("3", "registration.verified"),
            ("4", "member.admitted"),
        ]
        for id, seen in of_member.items():
            assert seen == expected, f"member {id}: {seen}"

    def _await_standings(self) -> None:
        unknown = list(self.ids)

        def all_current() -> bool:
            calls = [
                Call("programmes.get_member_standing", {"member_id": id}, token=self._world.staff)
                for id in unknown
            ]
            answers = self._world.calls(calls)
            unknown[:] = [id for id, a in zip(unknown, answers, strict=True) if not a["current"]]
            return not unknown

        wait_until(
            lambda: _answered(all_current), seconds=ARRIVAL_SECONDS, what="programmes knows all"
        )

    def all_welcomed(self) -> bool:
        """Whether everybody has a welcome already."""
        return {person["email"] for person in self.people} <= set(self._mail.recipients(WELCOME))

    def _check_mail(self) -> Counter[str]:
        """A welcome for each; a second one only where the first one's acceptance was not kept."""
        addresses = {person["email"] for person in self.people}
        wait_until(self.all_welcomed, seconds=ARRIVAL_SECONDS, what="every welcome")
        wait_until(
            lambda: _answered(self._all_recorded), seconds=ARRIVAL_SECONDS, what="welcomes recorded"
        )
        received = Counter(to for to in self._mail.recipients(WELCOME) if to in addresses)
        repeated = Counter({to: n - 1 for to, n in received.items() if n > 1})
        interrupted = self._interruptions()
        for to, number in repeated.items():
            assert number <= interrupted[to], f"{number} repeats, {interrupted[to]} interruptions"
        return repeated

    def _all_recorded(self) -> bool:
        return all(message["state"] == "sent" for message in self._welcomes().values())

    def _welcomes(self) -> dict[str, dict[str, Any]]:
        """The one welcome of each member, by e-mail address."""
        calls = [
            Call("notifications.find_messages", {"filters": filters}, token=self._world.staff)
            for filters in ({"member_id": id, "template": "welcome"} for id in self.ids)
        ]
        pages = [answer["items"] for answer in self._world.calls(calls)]
        assert all(len(page) == 1 for page in pages), "one message for each admission"
        emails = {member["member_id"]: member["email"] for member in self._members()}
        return {emails[id]: page[0] for id, page in zip(self.ids, pages, strict=True)}

    def _interruptions(self) -> Counter[str]:
        return Counter(
            {
                to: sum(attempt["outcome"] == "interrupted" for attempt in message["attempts"])
                for to, message in self._welcomes().items()
            }
        )


def _is_admission(event: dict[str, Any]) -> bool:
    return bool(event["routing_key"] == "member.admitted")


def _answered(question: Any) -> bool:
    """The answer, or False while a service is on its way back."""
    try:
        return bool(question())
    except FacultyError as error:
        if not error.retryable:
            raise
        return False
