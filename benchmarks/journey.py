"""The journey: people apply, are checked against a register and are admitted, on the whole system.

There is no plain Nameko to compare with: the base is the same three calls a person, one at a time,
against twenty in flight. Each side waits for the last welcome mail, which is not counted, so that
what follows an admission in the other services falls into no one else's time.
"""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Iterable
from typing import Any

from benchmarks.bed import RUN_SECONDS, Bed
from benchmarks.pairs import Measure, Pair, Sample, Side
from clients.faculty.client import Call, Faculty
from deploy.local import wait_until
from deploy.local.mail import INDEX
from shared.errors import FacultyError

IN_FLIGHT = 20
_FIRST_COUNT = 5
_numbers = itertools.count(4_100_000)
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def pairs(bed: Bed) -> list[Pair]:
    """One at a time against several in flight."""
    bed.need_services()
    return [
        Pair(
            "journey",
            f"{IN_FLIGHT} in flight to one",
            "members/s",
            Side("one at a time", _measure(bed, 1)),
            Side("in flight", _measure(bed, IN_FLIGHT)),
        )
    ]


def _measure(bed: Bed, in_flight: int) -> Measure:
    rate = 0.0

    def measure(seconds: float) -> Sample:
        nonlocal rate
        people = [_invent() for _ in range(max(_FIRST_COUNT, int(rate * seconds)))]
        rows = [{**_named(person), "status": "registered"} for person in people]
        bed.faculty.call("membership.import_register", regulator="GMC", rows=rows)
        began = time.perf_counter()
        applied = _answers(bed.faculty, "membership.apply", people, in_flight)
        members = [{"member_id": answer["member_id"]} for answer in applied]
        checked = _answers(bed.faculty, "membership.verify_registration", members, in_flight)
        if any(answer["outcome"] != "verified" for answer in checked):
            raise RuntimeError("A registration was not verified.")
        _answers(bed.faculty, "membership.admit", members, in_flight)
        rate = len(people) / (time.perf_counter() - began)
        _await_mail(bed, {person["email"] for person in people})
        return Sample(rate)

    return measure


def _answers(
    client: Faculty, method: str, arguments: Iterable[dict[str, Any]], in_flight: int
) -> list[dict[str, Any]]:
    calls = (Call(method, each, key=uuid.uuid4().hex) for each in arguments)
    answers = dict(client.call_many(calls, in_flight))
    for answer in answers.values():
        if isinstance(answer, FacultyError):
            raise answer
    return [answers[index] for index in range(len(answers))]


def _await_mail(bed: Bed, addresses: set[str]) -> None:
    index = bed.stack.mail.folder / INDEX

    def arrived() -> bool:
        lines = index.read_text().splitlines() if index.exists() else []
        return addresses <= {json.loads(line)["to"] for line in lines}

    wait_until(arrived, seconds=RUN_SECONDS, what="The welcome of every new member")


def _named(person: dict[str, str]) -> dict[str, str]:
    names = ("registration_number", "given_name", "family_name")
    return {name: person[name] for name in names}


def _invent() -> dict[str, str]:
    name = uuid.uuid4().hex[:12].translate(_LETTERS)
    return {
        "given_name": f"Nia{name}",
        "family_name": f"Mock{name}",
        "email": f"{name}@mail.example.org",
        "date_of_birth": "1970-03-04",
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "established",
        "regulator": "GMC",
        "registration_number": str(next(_numbers)),
    }
