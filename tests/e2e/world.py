"""People of the tests' own, and calls to the running services as anybody.

world.call("membership.get_member", token=world.staff, member_id=member_id)
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.faculty import Call, Faculty
from deploy.local import Stack, wait_until
from shared.errors import FacultyError

SECONDS = 60.0
"""Within which a condition that a test waits for must hold."""
Applicant = dict[str, str]
_numbers = itertools.count(4_100_000)
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def invent(**changes: str) -> Applicant:
    """Arguments of ``membership.apply`` for a doctor nobody has heard of, changed as told."""
    name = uuid.uuid4().hex[:12].translate(_LETTERS)
    return {
        "given_name": f"Nia{name}",
        "family_name": f"Mock{name}",
        "email": f"{name}@mail.example.org",
        "date_of_birth": "1951-03-04",
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "established",
        "regulator": "GMC",
        "registration_number": str(next(_numbers)),
        **changes,
    }


def register_row(person: Applicant, status: str = "registered") -> dict[str, str]:
    """What a regulator's register says of a person."""
    names = ("registration_number", "given_name", "family_name")
    return {**{name: person[name] for name in names}, "status": status}


class World:
    """The services of a stack, to be called with any token."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.staff = stack.token("staff", ttl_seconds=3600)
        self._faculty = Faculty(stack.amqp_uri("apps"))
        self._ahead = timedelta()

    def close(self) -> None:
        self._faculty.close()

    def now(self) -> datetime:
        """The time by the clock of programmes, which these tests put forward a little."""
        return datetime.now(UTC) + self._ahead

    def later(self, seconds: float) -> str:
        """An instant to which the clock of programmes is about to be put."""
        self._ahead += timedelta(seconds=seconds)
        return self.now().isoformat()

    def pass_time(self, seconds: float) -> None:
        """Put the clock of programmes forward."""
        token, to = self.stack.token("ops"), self.later(seconds)
        self.call("programmes.advance_clock", token=token, to=to)

    def member(self, subject: str) -> str:
        """A member's token; the subject is the member's id or pseudonym."""
        return self.stack.token("member", subject)

    def call(self, method: str, /, *, token: str | None, **arguments: Any) -> Any:
        """The answer to one call; a refusal is raised."""
        return self.calls([Call(method, arguments, token=token)])[0]

    def calls(self, calls: Sequence[Call]) -> list[Any]:
        """The answers in the order of the calls; the first refusal is raised."""
        answers = dict(self._faculty.call_many(calls))
        for answer in answers.values():
            if isinstance(answer, FacultyError):
                raise answer
        return [answers[index] for index in range(len(calls))]

    def as_staff(self, method: str, arguments: Iterable[dict[str, Any]]) -> list[Any]:
        """The answers to one method called with each of the arguments."""
        return self.calls([Call(method, each, token=self.staff) for each in arguments])

    def apply(self, people: Sequence[Applicant], status: str = "registered") -> list[str]:
        """Register the people, let them apply, and have them checked; their ids."""
        self.call(
            "membership.import_register",
            token=self.staff,
            regulator="GMC",
            rows=[register_row(person, status) for person in people],
        )
        ids = [answer["member_id"] for answer in self.as_staff("membership.apply", people)]
        self.as_staff("membership.verify_registration", ({"member_id": id} for id in ids))
        return ids

    def admit(self, people: Sequence[Applicant]) -> list[str]:
        """Members whom programmes knows already; their ids."""
        ids = self.apply(people)
        self.as_staff("membership.admit", ({"member_id": id} for id in ids))
        wait(lambda: self._all_current(ids), "programmes knows the members")
        return ids

    def known(self, people: Iterable[Applicant]) -> list[dict[str, Any]]:
        """Which of these people membership knows, by registration number."""
        numbers = [{"registration_number": person["registration_number"]} for person in people]
        pages = self.as_staff("membership.find_members", ({"filters": each} for each in numbers))
        return [member for page in pages for member in page["items"]]

    def programme(self, **changes: Any) -> str:
        """A programme on offer that is open to anybody; its id."""
        arguments: dict[str, Any] = {
            "name": "Invented scheme",
            "kind": "regional_scheme",
            "description": "Invented.",
            "sustainability_outcome": "Every fellow leads one project that lowers a footprint.",
            "domains": ["self", "system"],
        }
        made = self.call(
            "programmes.create_programme", token=self.staff, **{**arguments, **changes}
        )
        programme_id = str(made["programme_id"])
        self.call("programmes.publish_programme", token=self.staff, programme_id=programme_id)
        return programme_id

    def open_cohort(self, programme_id: str | None = None, **changes: Any) -> str:
        """A cohort that takes applications now, with one question; its id."""
        now = datetime.now(UTC)
        arguments = {
            "programme_id": programme_id or self.programme(),
            "title": "Invented round",
            "opens_at": now - timedelta(minutes=1),
            "closes_at": now + timedelta(days=1),
            "starts_on": (now + timedelta(days=300)).date(),
            "posts": [{"id": "post", "title": "Invented post", "capacity": 5}],
            "questions": [{"id": "why", "prompt": "Why?", "required": True, "max_words": 50}],
        }
        cohort = self.call("programmes.open_cohort", token=self.staff, **{**arguments, **changes})
        return str(cohort["cohort_id"])

    def application(self, cohort_id: str, member_id: str) -> Call:
        """A member's own application to the cohort."""
        arguments = {"cohort_id": cohort_id, "member_id": member_id, "answers": {"why": "Because."}}
        return Call("programmes.submit_application", arguments, token=self.member(member_id))

    def pseudonyms(self, ids: Iterable[str]) -> list[str]:
        """What each member learns of their own pseudonym."""
        method = "membership.get_equality_pseudonym"
        answers = self.calls([Call(method, {"member_id": id}, token=self.member(id)) for id in ids])
        return [answer["pseudonym"] for answer in answers]

    def _all_current(self, ids: Sequence[str]) -> bool:
        method = "programmes.get_member_standing"
        return all(a["current"] for a in self.as_staff(method, ({"member_id": id} for id in ids)))


def wait(condition: Callable[[], bool], what: str) -> None:
    """Return once the condition holds; fail when it does not in time."""
    wait_until(condition, seconds=SECONDS, what=what)
