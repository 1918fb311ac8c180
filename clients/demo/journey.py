"""The journey: people join, are verified, welcomed, apply to a fellowship, and the monitor sees it.

Each step asks the services through the broker, as staff or as the members themselves, and returns
what the account at the end is made of. Nothing here looks into a service or its store.
"""

from __future__ import annotations

import csv
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from clients.demo import scheme_year
from clients.demo.comparisons import COMPARISONS, Comparison
from clients.demo.evidence import Mailbox, Outsider
from clients.demo.office import Office
from clients.demo.sample import DATA
from clients.demo.year import Year, pass_a_year
from clients.faculty import Call, Faculty, bulk, members, registers, takeovers
from deploy.local import Stack, wait_until
from shared import errors

ARRIVAL_SECONDS = 90.0
STAFF_SECONDS = 3600
POSTS = 17
WELCOME = "Welcome to the Faculty"
ACKNOWLEDGED = "We have received your application"


@dataclass
class Account:
    """What happened, for printing and for checking."""

    register_entries: dict[str, int] = field(default_factory=dict)
    imported: dict[int, str] = field(default_factory=dict)
    """Member id by row of ``applicants.csv``."""
    admitted: int = 0
    reviewed: int = 0
    year: Year = field(default_factory=Year)
    schemes: scheme_year.SchemeYear = field(default_factory=scheme_year.SchemeYear)
    taken_over: dict[str, str] = field(default_factory=dict)
    """Member id by reference of ``members.csv``."""
    other_people: dict[str, dict[str, str]] = field(default_factory=dict)
    """The rows of ``members.csv`` by reference."""
    not_admitted: dict[str, str] = field(default_factory=dict)
    """Reason by member id."""
    answered: int = 0
    silent: int = 0
    refused_application: str = ""
    applied: list[int] = field(default_factory=list)
    """Rows of those who applied to the fellowship."""
    shortlisted: int = 0
    indicators: list[tuple[Comparison, dict[str, Any]]] = field(default_factory=list)
    """What was asked of the monitor, and what it answered."""
    people: dict[int, dict[str, str]] = field(default_factory=dict)
    """The rows of ``applicants.csv``."""

    @property
    def submitted(self) -> int:
        """How many applied to the fellowship."""
        return len(self.applied)

    @property
    def reasons(self) -> Counter[str]:
        """How many registrations were refused for what."""
        return Counter(self.not_admitted.values())

    @property
    def members(self) -> dict[int, str]:
        """Member id by row of those who were admitted."""
        return {row: id for row, id in self.imported.items() if id not in self.not_admitted}


class Journey:
    """The steps, to be taken in the order in which they stand here."""

    def __init__(
        self, stack: Stack, outsider: Outsider, mail: Mailbox, progress: members.Progress
    ) -> None:
        self.account = Account()
        self._stack = stack
        self._outsider = outsider
        self._mail = mail
        self._progress = progress
        self._cohort_id = ""
        self._applications: dict[int, str] = {}

    @cached_property
    def _staff(self) -> Faculty:
        token = self._stack.token("staff", ttl_seconds=STAFF_SECONDS)
        return Faculty(self._stack.amqp_uri("apps"), token)

    def _token(self, role: str, subject: str) -> str:
        return self._stack.token(role, subject, ttl_seconds=STAFF_SECONDS)

    def close(self) -> None:
        """Close the connection to the broker."""
        self._staff.close()

    def import_registers(self) -> None:
        """Every regulator's register is imported."""
        for path in sorted((DATA / "registers").glob("*.csv")):
            outcome = registers.import_register(self._staff, path.stem, path, self._progress)
            _refuse_refusals(path, outcome.refused)
            self.account.register_entries[path.stem] = outcome.counts["accepted"]

    def import_applicants(self) -> None:
        """People apply, are checked against the registers, and admitted or not."""
        path = DATA / "applicants.csv"
        outcome = members.import_members(self._staff, path, self._progress, admit=True)
        _refuse_refusals(path, outcome.refused)
        self.account.imported = {line - 1: member_id for line, member_id in outcome.imported}
        self.account.people = dict(enumerate(_rows("applicants.csv"), start=1))
        self.account.admitted = outcome.admitted
        self.account.not_admitted = {
            person.member_id: person.reason for person in outcome.not_admitted
        }

    def review_sanctions(self) -> None:
        """The committee clears the sanctions found on registers, and those people are admitted."""
        decisions, admissions = [], []
        for review in self._open_reviews():
            member_id = review["member_id"]
            decision = {
                "member_id": member_id,
                "review_id": review["review_id"],
                "outcome": "cleared",
                "reason": "No risk to leadership; invented for the demonstration.",
                "decided_by": "Sample committee",
            }
            method = "membership.record_review_decision"
            decisions.append(Call(method, decision, str(uuid.uuid4())))
            if self.account.not_admitted.pop(member_id, None) is not None:
                admit = Call("membership.admit", {"member_id": member_id}, str(uuid.uuid4()))
                admissions.append(admit)
        self._each("Deciding about sanctions", decisions)
        self._each("Admitting", admissions)
        self.account.reviewed = len(decisions)
        self.account.admitted += len(admissions)

    def _open_reviews(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self._staff.call("membership.find_reviews", cursor=cursor)
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def answer_equality(self) -> None:
        """Members answer the equality questions, each under a pseudonym."""
        answers = {int(row["row"]): row for row in _rows("equality.csv")}
        asking = {
            row: id for row, id in self.account.members.items() if answers[row]["consent"] == "yes"
        }
        self.account.silent = len(self.account.members) - len(asking)
        pseudonyms = self._each(
            "Asking for pseudonyms",
            (
                Call(
                    "membership.get_equality_pseudonym",
                    {"member_id": member_id},
                    token=self._stack.token("member", member_id),
                )
                for member_id in asking.values()
            ),
        )
        calls = []
        for row, reply in zip(asking, pseudonyms, strict=True):
            given = {k: v for k, v in answers[row].items() if k not in ("row", "consent") and v}
            arguments = {"pseudonym": reply["pseudonym"], "answers": given, "consent": True}
            token = self._stack.token("member", reply["pseudonym"])
            calls.append(
                Call("research.record_equality_response", arguments, str(uuid.uuid4()), token)
            )
        self._each("Answering equality questions", calls)
        self.account.answered = len(calls)

    def open_fellowship(self) -> None:
        """Staff create a programme and open a cohort of it."""
        programme = self._staff.call(
            "programmes.create_programme",
            name="Sample Regional Clinical Fellow Scheme",
            kind="regional_scheme",
            domains=["self", "team", "organisation"],
            description="A year of leadership development beside the clinical role.",
            sustainability_outcome="Every fellow leads one project that lowers a footprint.",
        )
        self._staff.call("programmes.publish_programme", programme_id=programme["programme_id"])
        now = datetime.now(UTC)
        cohort = self._staff.call(
            "programmes.open_cohort",
            programme_id=programme["programme_id"],
            title="Sample round",
            opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(weeks=4),
            starts_on=(now + timedelta(weeks=40)).date(),
            posts=[{"id": "fellow", "title": "Clinical fellow", "capacity": POSTS}],
            questions=[
                {
                    "id": "statement",
                    "prompt": "Why do you apply?",
                    "required": True,
                    "max_words": 300,
                }
            ],
        )
        self._cohort_id = cohort["cohort_id"]

    def apply(self) -> None:
        """Members apply to it; somebody who is no member tries to."""
        rows = {int(row["row"]): row for row in _rows("fellowship.csv")}
        self._await_standings([self.account.imported[row] for row in rows])
        calls = [
            self._application(self.account.imported[row], entry["statement"])
            for row, entry in rows.items()
        ]
        answers = self._each("Applying to the fellowship", calls)
        self._applications = {
            row: answer["application_id"] for row, answer in zip(rows, answers, strict=True)
        }
        self.account.applied = list(rows)
        outsider_id = next(iter(self.account.not_admitted))
        ((_, refusal),) = self._staff.call_many([self._application(outsider_id, "Let me in.")])
        self.account.refused_application = getattr(refusal, "code", "")

    def shortlist(self) -> None:
        """Staff shortlist about three applications for each post."""
        chosen = [
            self._applications[int(row["row"])]
            for row in _rows("fellowship.csv")
            if row["shortlisted"] == "yes"
        ]
        answer = self._staff.call(
            "programmes.shortlist",
            cohort_id=self._cohort_id,
            application_ids=chosen,
            idempotency_key=str(uuid.uuid4()),
        )
        self.account.shortlisted = len(answer["shortlisted"])

    def await_arrivals(self) -> None:
        """The outside subscriber, the mailboxes and the monitor have it all."""
        account = self.account
        expected = {
            "application.received": len(account.imported),
            "registration.verified": account.admitted,
            "registration.refused": len(account.not_admitted),
            "member.admitted": account.admitted,
            "application.submitted": account.submitted,
            "application.shortlisted": account.shortlisted,
        }
        self._await(lambda: _at_least(self._outsider.counts(), expected), "public events")
        self._await(lambda: len(self._mail.recipients(WELCOME)) >= account.admitted, "welcomes")
        self._await(
            lambda: len(self._mail.recipients(ACKNOWLEDGED)) >= account.submitted,
            "acknowledgements",
        )
        stages = {"submitted": account.submitted, "shortlisted": account.shortlisted}
        self._await(lambda: _at_least(self._stages(), stages), "the monitor has all stages")

    def compare(self) -> None:
        """Staff ask the monitor how likely some groups were to be shortlisted."""
        for comparison in COMPARISONS:
            answer = self._staff.call(
                "research.relative_likelihood",
                cohort_id=self._cohort_id,
                characteristic=comparison.characteristic,
                group=comparison.group,
                reference=comparison.reference,
                stage="shortlisted",
            )
            self.account.indicators.append((comparison, answer))

    def take_over_members(self) -> None:
        """Members of another system are taken over; nobody welcomes them again."""
        outcome = takeovers.take_over(self._staff, DATA / "members.csv", self._progress)
        _refuse_refusals(DATA / "members.csv", outcome.refused)
        rows = _rows("members.csv")
        self.account.other_people = {row["reference"]: row for row in rows}
        self.account.taken_over = {
            rows[line - 2]["reference"]: member_id for line, member_id in outcome.imported
        }

    def run_schemes(self) -> None:
        """A year of three fellow schemes and 1,000 applicants, with the clock put forward."""
        members = {f"a:{row}": id for row, id in self.account.members.items()}
        members |= {f"m:{reference}": id for reference, id in self.account.taken_over.items()}
        entries = scheme_year.entries()
        self._await_standings([members[entry.who] for entry in entries])
        applying = {entry.who for entry in entries}
        outsider = next(id for who, id in members.items() if who not in applying)
        self._await_standings([outsider])
        office = Office(self._staff, self._token, self._progress, self._await)
        self.account.schemes = scheme_year.run(office, members, outsider)
        completed = sum(season.counts["completed"] for season in self.account.schemes.seasons)
        expected = {"alumni.joined": completed}
        self._await(lambda: _at_least(self._outsider.counts(), expected), "the alumni")
        sent = self.account.submitted + self.account.schemes.applicants
        self._await(
            lambda: len(self._mail.recipients(ACKNOWLEDGED)) >= sent, "acknowledgements of schemes"
        )

    def pass_a_year(self) -> None:
        """A year passes: renewal falls due, every other member renews, the others lapse."""
        members = list(self.account.members.values())
        token = self._stack.token("ops")
        self.account.year = pass_a_year(self._staff, token, members, self._each)
        expected = {
            "renewal.due": self.account.year.due,
            "member.renewed": self.account.year.renewed,
            "member.lapsed": self.account.year.lapsed,
        }
        self._await(lambda: _at_least(self._outsider.counts(), expected), "the year's events")

    def _stages(self) -> dict[str, int]:
        """How many of the cohort the monitor knows at each stage."""
        call = Call("research.get_cohort", {"cohort_id": self._cohort_id})
        ((_, answer),) = self._staff.call_many([call])
        if isinstance(answer, errors.NotFound):
            return {}
        if isinstance(answer, errors.FacultyError):
            raise answer
        stages: dict[str, int] = answer["stages"]
        return stages

    def _application(self, member_id: str, statement: str) -> Call:
        return Call(
            "programmes.submit_application",
            {
                "cohort_id": self._cohort_id,
                "member_id": member_id,
                "answers": {"statement": statement},
            },
            str(uuid.uuid4()),
            self._stack.token("member", member_id),
        )

    def _await_standings(self, member_ids: list[str]) -> None:
        """Programmes learns of members from events, so it may be a moment behind."""
        unknown = list(member_ids)

        def all_known() -> bool:
            calls = [Call("programmes.get_member_standing", {"member_id": id}) for id in unknown]
            answers = bulk.answers(self._staff, calls, lambda: None)
            unknown[:] = [
                id for id, answer in zip(unknown, answers, strict=True) if not _is_current(answer)
            ]
            return not unknown

        self._await(all_known, "programmes knows the members")

    def _each(self, title: str, calls: Iterable[Call]) -> list[dict[str, Any]]:
        """The answers to the calls; any refusal ends the journey."""
        wanted = list(calls)
        answers = bulk.answers(self._staff, wanted, self._progress(title, len(wanted)))
        results = []
        for answer in answers:
            if isinstance(answer, errors.FacultyError):
                raise answer
            results.append(answer)
        return results

    def _await(self, condition: Callable[[], bool], what: str) -> None:
        wait_until(condition, seconds=ARRIVAL_SECONDS, what=what)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _refuse_refusals(path: Path, refused: list[Any]) -> None:
    if refused:
        raise errors.Refused(f"{path.name}: {len(refused)} rows refused, the first: {refused[0]}")


def _at_least(counts: Mapping[str, int], expected: Mapping[str, int]) -> bool:
    return all(counts.get(name, 0) >= number for name, number in expected.items())


def _is_current(answer: object) -> bool:
    return isinstance(answer, dict) and bool(answer.get("current"))
