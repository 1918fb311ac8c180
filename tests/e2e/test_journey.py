"""The journey: people apply, join, are welcomed, apply to a fellowship, and the monitor sees it."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from clients.demo.evidence import Mailbox, Outsider
from clients.faculty import Call
from deploy.local import Stack
from shared.errors import FacultyError, NotFound
from tests.e2e.world import Applicant, World, invent, wait

WELCOME, ACKNOWLEDGED = "Welcome to the Faculty", "We have received your application"
# Chosen so that rounding to the nearest 5 changes nothing: reached, and all who applied.
WHITE, MINORITY, CHINESE = (20, 30), (10, 25), 3


@dataclass
class Journey:
    """What was done, and what others made of it."""

    people: dict[str, Applicant] = field(default_factory=dict)
    """Members by id."""
    suspended_id: str = ""
    suspended: Applicant = field(default_factory=dict)
    refusal: str = ""
    """The code of the refusal to admit the suspended applicant."""
    pseudonyms: list[str] = field(default_factory=list)
    cohort_id: str = ""
    shortlisted: set[str] = field(default_factory=set)
    """Members on the shortlist."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """Every public event from the beginning of the journey, other tests' among them."""

    def of_member(self, routing_key: str) -> list[str]:
        """Whom of this journey the events of a type are about, in the order of arrival."""
        known = {*self.people, self.suspended_id}
        ids = (e["body"].get("member_id") for e in self.events if e["routing_key"] == routing_key)
        return [id for id in ids if id in known]


@pytest.fixture(scope="module")
def mail(stack: Stack) -> Mailbox:
    """Where the stack's mail arrives."""
    return Mailbox(stack.mail.folder)


@pytest.fixture(scope="module")
def journey(
    stack: Stack, world: World, mail: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journey]:
    """The whole journey, gone once, with a subscriber outside who saw it."""
    file: Path = tmp_path_factory.mktemp("outsider") / "events.jsonl"
    with Outsider(stack.amqp_uri("integrator"), file) as outsider:
        gone = Journey()
        join(world, gone)
        answer_equality(world, gone)
        apply_and_shortlist(world, gone)
        addresses = {person["email"] for person in gone.people.values()}
        wait(lambda: addresses <= set(mail.recipients(WELCOME)), "welcomes")
        wait(lambda: addresses <= set(mail.recipients(ACKNOWLEDGED)), "acknowledgements")
        wait(lambda: arrived(world, outsider, gone), "events at the outsider's and the monitor's")
        yield gone


def join(world: World, journey: Journey) -> None:
    people = [invent() for _ in range(WHITE[1] + MINORITY[1])]
    journey.people = dict(zip(world.admit(people), people, strict=True))
    journey.suspended = invent()
    (journey.suspended_id,) = world.apply([journey.suspended], status="suspended")
    with pytest.raises(FacultyError) as refused:
        world.call("membership.admit", token=world.staff, member_id=journey.suspended_id)
    journey.refusal = refused.value.code


def answer_equality(world: World, journey: Journey) -> None:
    journey.pseudonyms = world.pseudonyms(journey.people)
    codes = ["A"] * WHITE[1] + ["R"] * CHINESE + ["N"] * (MINORITY[1] - CHINESE)
    world.calls(
        [
            Call(
                "research.record_equality_response",
                {"pseudonym": pseudonym, "answers": {"ethnicity": code}, "consent": True},
                token=world.member(pseudonym),
            )
            for pseudonym, code in zip(journey.pseudonyms, codes, strict=True)
        ]
    )


def apply_and_shortlist(world: World, journey: Journey) -> None:
    journey.cohort_id = world.open_cohort()
    members = list(journey.people)
    answers = world.calls([world.application(journey.cohort_id, member) for member in members])
    chosen = {*range(WHITE[0]), *range(WHITE[1], WHITE[1] + MINORITY[0])}
    journey.shortlisted = {members[index] for index in chosen}
    world.call(
        "programmes.shortlist",
        token=world.staff,
        cohort_id=journey.cohort_id,
        application_ids=[answers[index]["application_id"] for index in sorted(chosen)],
    )


def arrived(world: World, outsider: Outsider, journey: Journey) -> bool:
    journey.events = outsider.events()
    if len(journey.of_member("application.shortlisted")) < len(journey.shortlisted):
        return False
    wanted = {"submitted": len(journey.people), "shortlisted": len(journey.shortlisted)}
    try:
        cohort = world.call("research.get_cohort", token=world.staff, cohort_id=journey.cohort_id)
    except NotFound:
        return False
    return bool(cohort["stages"] == wanted)


def likelihood(world: World, journey: Journey, group: str) -> dict[str, Any]:
    answer: dict[str, Any] = world.call(
        "research.relative_likelihood",
        token=world.staff,
        cohort_id=journey.cohort_id,
        characteristic="ethnicity",
        group=group,
        reference="white",
        stage="shortlisted",
    )
    return answer


def test_a_confirmed_registration_leads_to_membership(world: World, journey: Journey) -> None:
    """Whoever the register confirms is a current member with a grade."""
    answers = world.as_staff("membership.get_member", ({"member_id": id} for id in journey.people))
    assert {answer["status"] for answer in answers} == {"current"}
    assert all(answer["grade"] for answer in answers)


def test_a_suspended_registration_does_not(world: World, journey: Journey) -> None:
    """Whoever the register does not confirm is not admitted, and the reason is on record."""
    answer = world.call("membership.get_member", token=world.staff, member_id=journey.suspended_id)
    assert journey.refusal == "membership.not_verified"
    check = answer["registrations"][0]["checks"][-1]
    assert (answer["admitted_on"], check["reason"]) == (None, "suspended")


@pytest.mark.parametrize("subject", [WELCOME, ACKNOWLEDGED])
def test_each_member_gets_each_message_once(journey: Journey, mail: Mailbox, subject: str) -> None:
    """Nobody is forgotten or written to twice, and whoever was not admitted is not written to."""
    counts = Counter(mail.recipients(subject))
    assert {counts[person["email"]] for person in journey.people.values()} == {1}
    assert journey.suspended["email"] not in counts


def test_the_welcome_is_to_the_member_by_name(journey: Journey, mail: Mailbox) -> None:
    """A welcome says who is welcomed and under which number."""
    member_id, person = next(iter(journey.people.items()))
    (text,) = mail.texts(person["email"], WELCOME)
    assert f"Dear {person['given_name']} {person['family_name']}," in text
    assert member_id in text


@pytest.mark.parametrize(
    "routing_key",
    ["application.received", "registration.verified", "member.admitted", "application.submitted"],
)
def test_the_outsider_sees_one_event_for_each_member(journey: Journey, routing_key: str) -> None:
    """Nothing that happened to a member is missing or told twice under another id."""
    counts = Counter(journey.of_member(routing_key))
    assert {member_id: counts[member_id] for member_id in journey.people} == dict.fromkeys(
        journey.people, 1
    )


def test_the_outsider_sees_who_was_shortlisted_and_who_was_refused(journey: Journey) -> None:
    """Shortlisting and refusal are told of exactly those whom they befell."""
    assert Counter(journey.of_member("application.shortlisted")) == Counter(journey.shortlisted)
    assert journey.of_member("registration.refused") == [journey.suspended_id]


def test_events_of_one_subject_arrive_in_their_order(journey: Journey) -> None:
    """Sequence numbers of a subject only grow."""
    sequences: dict[tuple[str, str], list[int]] = {}
    for event in journey.events:
        subject = (event["headers"]["ce-source"], event["headers"]["ce-subject"])
        sequences.setdefault(subject, []).append(int(event["headers"]["ce-sequence"]))
    assert all(a < b for numbers in sequences.values() for a, b in pairwise(numbers))


def test_headers_say_what_the_event_is(journey: Journey) -> None:
    """An event is a CloudEvent whose type follows from its exchange and routing key."""
    for event in journey.events:
        service, headers = event["exchange"].partition(".")[0], event["headers"]
        assert headers["ce-specversion"] == "1.0"
        assert headers["ce-type"] == f"faculty.{service}.{event['routing_key']}"
        assert {"ce-id", "ce-time", "ce-correlationid", "traceparent"} <= headers.keys()


def test_public_events_say_nothing_personal(journey: Journey) -> None:
    """No name, address, birth date, registration number or pseudonym is in any of them."""
    text = json.dumps(journey.events, ensure_ascii=False)
    people = [*journey.people.values(), journey.suspended]
    names = ("given_name", "family_name", "email", "date_of_birth")
    assert all(person[name] not in text for person in people for name in names)
    assert all(pseudonym not in text for pseudonym in journey.pseudonyms)
    # The digits of a registration number may well be among those of an id.
    words = set(re.findall(r"\w+", text))
    assert words.isdisjoint(person["registration_number"] for person in people)
    assert "@" not in text


def test_the_monitor_finds_the_disparity(world: World, journey: Journey) -> None:
    """Ratio, interval and flag are those of 10 of 25 against 20 of 30."""
    answer = likelihood(world, journey, "bme")
    (b, n2), (a, n1) = WHITE, MINORITY
    ratio = (a / n1) / (b / n2)
    width = 1.96 * math.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n2)
    assert answer["relative_likelihood"] == pytest.approx(ratio)
    assert answer["ci_low"] == pytest.approx(ratio * math.exp(-width), rel=1e-4)
    assert answer["ci_high"] == pytest.approx(ratio * math.exp(width), rel=1e-4)
    assert (answer["n"], answer["outside_range"], answer["suppressed"]) == (n1 + n2, True, False)


def test_the_monitor_does_not_show_few_people(world: World, journey: Journey) -> None:
    """A group of three is suppressed with a reason, never shown as 0."""
    answer = likelihood(world, journey, "chinese")
    assert answer["suppressed"] is True
    assert {answer["group"][name] for name in ("reached", "total", "rate")} == {None}
    assert (answer["n"], answer["relative_likelihood"]) == (None, None)
    assert answer["reasons"]["relative_likelihood"] == "small_numbers"
