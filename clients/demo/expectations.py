"""What must hold at the end of the journey; each expectation that does not is a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clients.demo.evidence import Mailbox, Outsider
from clients.demo.extracts import REFUSALS
from clients.demo.journey import ACKNOWLEDGED, WELCOME, Account

_NOT_CURRENT = "programmes.member_not_current"
_PERSONAL = ("given_name", "family_name", "email", "date_of_birth", "registration_number")


def disappointments(account: Account, outsider: Outsider, mail: Mailbox) -> list[str]:
    """Every expectation that was not met; empty after a good run."""
    events = outsider.events()
    return [
        *_people(account),
        *_events(account, events),
        *_mail(account, mail),
        *_privacy(account, events),
        *_indicators([answer for _, answer in account.indicators]),
    ]


def _people(account: Account) -> Iterator[str]:
    year, members = account.year, len(account.members)
    if (year.due, year.renewed + year.lapsed) != (members, members):
        yield f"{year.due} due, {year.renewed} renewed, {year.lapsed} lapsed of {members} members."
    if dict(account.reasons) != REFUSALS:
        yield f"Refused registrations: {dict(account.reasons)}, expected {REFUSALS}."
    if account.admitted != len(account.members):
        yield f"{account.admitted} admitted of {len(account.members)} whose registration holds."
    if account.refused_application != _NOT_CURRENT:
        answer = account.refused_application or "taken"
        yield f"Somebody who is no member applied, and was answered: {answer}."


def _events(account: Account, events: list[dict[str, Any]]) -> Iterator[str]:
    def members_of(routing_key: str) -> list[str]:
        return [e["body"]["member_id"] for e in events if e["routing_key"] == routing_key]

    everybody, admitted = account.imported.values(), account.members.values()
    expected: Mapping[str, Iterable[str]] = {
        "application.received": everybody,
        "member.admitted": admitted,
        "registration.verified": admitted,
        "registration.refused": account.not_admitted,
    }
    for name, members in expected.items():
        yield from _once_each(name, members_of(name), members)
    for name, number in (
        ("application.submitted", account.submitted),
        ("application.shortlisted", account.shortlisted),
    ):
        if len(members_of(name)) != number:
            yield f"{len(members_of(name))} events {name}, expected {number}."


def _mail(account: Account, mail: Mailbox) -> Iterator[str]:
    welcomed = [account.people[row]["email"] for row in account.members]
    yield from _once_each("a welcome", mail.recipients(WELCOME), welcomed)
    applied = [account.people[row]["email"] for row in account.applied]
    yield from _once_each("an acknowledgement", mail.recipients(ACKNOWLEDGED), applied)


def _once_each(what: str, found: Iterable[str], expected: Iterable[str]) -> Iterator[str]:
    counts, wanted = Counter(found), set(expected)
    for title, number in (
        ("without", len(wanted - counts.keys())),
        ("too many with", len(counts.keys() - wanted)),
        ("more than once with", sum(count > 1 for count in counts.values())),
    ):
        if number:
            yield f"{number} {title} {what}."


def _privacy(account: Account, events: list[dict[str, Any]]) -> Iterator[str]:
    personal = {person[name] for person in account.people.values() for name in _PERSONAL}
    telling = [e for e in events if "@" in str(e) or personal.intersection(_texts(e))]
    if telling:
        yield f"{len(telling)} public events say who or where a person is."


def _texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _indicators(indicators: list[dict[str, Any]]) -> Iterator[str]:
    ethnicity, *others = indicators
    if ethnicity["suppressed"] or not ethnicity["outside_range"]:
        yield "The monitor did not flag the disparity that the sample data have."
    suppressed = [answer for answer in others if answer["suppressed"]]
    if not suppressed:
        yield "No indicator was suppressed, though the sample data have groups that small."
    if any(answer["relative_likelihood"] is not None for answer in suppressed):
        yield "A suppressed indicator shows a figure."
