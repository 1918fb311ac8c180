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
        *_schemes(account, events),
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
    schemes = account.schemes.seasons
    shortlisted = sum(season.counts["shortlisted"] for season in schemes)
    for name, number in (
        ("application.submitted", account.submitted + account.schemes.applicants),
        ("application.shortlisted", account.shortlisted + shortlisted),
    ):
        if len(members_of(name)) != number:
            yield f"{len(members_of(name))} events {name}, expected {number}."


def _mail(account: Account, mail: Mailbox) -> Iterator[str]:
    welcomed = [account.people[row]["email"] for row in account.members]
    yield from _once_each("a welcome", mail.recipients(WELCOME), welcomed)
    acknowledged = Counter(mail.recipients(ACKNOWLEDGED))
    if acknowledged != Counter(_applied(account)):
        yield f"{acknowledged.total()} acknowledgements are not one for each application."


def _applied(account: Account) -> Iterator[str]:
    """The address of whoever applied, as often as they did."""
    for row in account.applied:
        yield account.people[row]["email"]
    for season in account.schemes.seasons:
        for who in season.entries:
            kind, _, key = who.partition(":")
            person = account.people[int(key)] if kind == "a" else account.other_people[key]
            yield person["email"]


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


def _schemes(account: Account, events: list[dict[str, Any]]) -> Iterator[str]:
    """Posts are never exceeded, mistakes are refused, and whoever completes is an alumnus."""
    year = account.schemes
    wanted = sum(len(season.entries) for season in year.seasons)
    if year.applicants != wanted:
        yield f"{year.applicants} applied to the schemes, expected {wanted}."
    for season in year.seasons:
        name, counts = season.scheme.key, season.counts
        if not 0 < counts["offers_accepted"] <= season.places:
            yield f"{name}: {counts['offers_accepted']} accepted for {season.places} posts."
        if counts["blocking"] or season.notes["reproduced"] != "yes":
            yield f"{name}: the match or the ranking does not stand up to its proof."
        if not counts["offers_accepted"] == counts["placed"] == counts["completed"]:
            yield f"{name}: not everybody who accepted was placed and completed."
        if season.notes["verified"] != "valid":
            yield f"{name}: the certificate is {season.notes['verified']}."
        if "fairness_missing" in season.notes["findings"]:
            yield f"{name}: the monitor's figures did not come before the release."
    joined = sum(event["routing_key"] == "alumni.joined" for event in events)
    if joined != sum(season.counts["completed"] for season in year.seasons):
        yield f"{joined} alumni were told of."
    if year.seasons[-1].notes["late"] != "programmes.outside_window":
        yield "An application that came too late was taken."
    if year.seasons[1].notes["ranks_as_scores"] != "programmes.looks_like_ranks":
        yield "A column of ranks was taken for scores."
    if (year.board["before"], year.board["after"]) != ("on the board", "gone"):
        yield f"The vacancy was {year.board}."


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
