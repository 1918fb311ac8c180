"""The leadership passport as people print it: Markdown in plain words.

What people wrote is put in as text: no character of theirs is taken for a mark of Markdown or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from services.membership.domain.leadership import DomainRecord, Evidence, LeadershipRecord
from services.membership.domain.subscriber import Award

_MARKS = re.compile(r"([\\`*_\[\]<>|~&])")
_HOUR = 60


def print_passport(
    name: str,
    post_nominals: Sequence[str],
    awards: Sequence[Award],
    record: LeadershipRecord,
    today: date,
) -> str:
    """The whole passport of a person, with the awards they hold."""
    lines = [
        "# Leadership passport",
        "",
        f"**{', '.join([plain(name), *map(plain, post_nominals)])}**",
        "",
        f"As of {day(today)}, by the Leadership and Management Standards,"
        f" {plain(record.edition)} (version {plain(record.standards)}).",
        *_section("Awards", map(_award, awards)),
    ]
    for domain in record.domains:
        lines += _domain(domain)
    shown = {item for domain in record.domains for item in domain.evidence}
    if other := [item for item in record.evidence if item not in shown]:
        lines += _section("Other evidence", map(_evidence, other))
    lines += _section(
        f"Sessions attended: {len(record.sessions)}, {duration(record.minutes)}",
        (
            f"{day(each.held_on)}: {plain(each.title)}, {duration(each.minutes)}"
            f"{_of(each.domains, record)}"
            for each in record.sessions
        ),
    )
    lines += _section(
        f"Certificates held: {len(record.certificates)}",
        (
            f"{day(each.issued_on)}: {plain(each.title)}{_of(each.domains, record)}"
            for each in record.certificates
        ),
    )
    lines += _section(
        f"Programmes completed: {len(record.completions)}",
        (f"{day(each.completed_on)}: {plain(each.title)}" for each in record.completions),
    )
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Text on one line that means itself in Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def day(on: date) -> str:
    """A date in words, e.g. 23 November 2026."""
    return f"{on.day} {on:%B %Y}"


def duration(minutes: int) -> str:
    """Hours and minutes, e.g. 1 h 30 min."""
    hours, rest = divmod(minutes, _HOUR)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not parts else parts)


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    lines = [f"- {item}" for item in items]
    yield from lines or ["None on record."]


def _award(award: Award) -> str:
    level = award.level.replace("_", " ").capitalize()
    until = f", to be confirmed by {day(award.revalidate_by)}" if award.revalidate_by else ""
    nominals = plain(award.post_nominals)
    return f"{plain(level)} ({nominals}), awarded on {day(award.awarded_on)}{until}"


def _of(domains: Iterable[str], record: LeadershipRecord) -> str:
    titles = [plain(each.title) for each in record.domains if each.domain in domains]
    return f" ({', '.join(titles)})" if titles else ""


def _domain(domain: DomainRecord) -> Iterator[str]:
    newest = "Nothing yet." if domain.newest_on is None else f"Newest: {day(domain.newest_on)}."
    yield from (
        "",
        f"## {plain(domain.title)}",
        "",
        f"{newest} Evidence: {len(domain.evidence)}. Sessions: {domain.sessions},"
        f" {duration(domain.minutes)}. Certificates: {domain.certificates}. Behaviours assessed:"
        f" {domain.assessed} of {len(domain.behaviours)}.",
        "",
        "| Behaviour | Own assessment | On | Note |",
        "|---|---|---|---|",
    )
    for each in domain.behaviours:
        level = "" if each.level is None else f"{each.level}: {plain(each.level_title or '')}"
        on = "" if each.recorded_on is None else day(each.recorded_on)
        what = f"{plain(each.behaviour)} {plain(each.text)}"
        yield f"| {what} | {level} | {on} | {plain(each.note or '')} |"
    if domain.evidence:
        yield ""
    for item in domain.evidence:
        yield f"- {_evidence(item)} ({', '.join(map(plain, item.behaviours))})"


def _evidence(item: Evidence) -> str:
    kind = plain(item.kind.replace("_", " "))
    return f"{day(item.dated_on)}: {plain(item.title)}, {kind}"
