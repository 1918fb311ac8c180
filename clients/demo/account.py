"""Prints what happened so that somebody who has never seen the system understands it.

Nothing is wider than ``COLUMNS`` columns, on a terminal or in a file.
"""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Mapping
from typing import IO, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clients.demo.evidence import Mailbox, Outsider, plain_text
from clients.demo.indicators import print_indicators
from clients.demo.journey import ACKNOWLEDGED, POSTS, WELCOME, Account
from clients.demo.scheme_account import print_year

COLUMNS = 80
LETTER_COLUMNS = 76
SAMPLE = "member.admitted"


def console_of(file: IO[str]) -> Console:
    """A console for the account that is never wider than ``COLUMNS``."""
    if isinstance(file, io.TextIOWrapper):
        file.reconfigure(errors="replace")  # a locale without these characters shows others
    console = Console(file=file, highlight=False)
    console.width = min(console.width, COLUMNS) if console.is_terminal else COLUMNS
    return console


def print_account(
    console: Console, account: Account, outsider: Outsider, mail: Mailbox, seconds: float
) -> None:
    """The people, the events, the mail and the indicators."""
    _people(console, account)
    _events(console, outsider)
    _letters(console, mail)
    print_indicators(console, account.indicators)
    _title(console, "A year of three schemes")
    print_year(console, account.schemes)
    _year(console, account)
    console.print(f"\nThe journey took {seconds:.1f} s.")


def _people(console: Console, account: Account) -> None:
    entries = account.register_entries
    _title(console, "What happened")
    _say(
        console,
        f"The registers of {len(entries)} regulators were imported: "
        f"{sum(entries.values()):,} entries ({_listed(entries)}).",
        f"{len(account.imported):,} people applied for membership, and "
        f"{account.admitted:,} were admitted.",
        f"{account.reviewed:,} of them had a sanction on the register, which a committee cleared.",
        f"{len(account.not_admitted):,} were not admitted, as the register did not confirm them:",
    )
    _counts(console, {_plain(name): n for name, n in account.reasons.items()})
    _say(
        console,
        f"{account.answered:,} members answered the equality questions under a pseudonym; "
        f"{account.silent:,} did not.",
        f"{account.submitted:,} members applied to a fellowship of {POSTS} posts, and "
        f"{account.shortlisted:,} were shortlisted.",
        f"Somebody who is no member applied too, and was refused: {account.refused_application}",
    )


def _events(console: Console, outsider: Outsider) -> None:
    counts = outsider.counts()
    _title(console, "What an outside subscriber saw")
    _say(
        console,
        "A program in plain kombu, which knows nothing of the Faculty but an address and a "
        f"password, subscribed to the public exchanges and received {sum(counts.values()):,} "
        "events:",
    )
    _counts(console, counts)
    _say(
        console,
        "None carries a person's name, address or registration number. One of them, as it came:",
    )
    event = outsider.sample(SAMPLE)
    _pairs(console, {name: str(event[name]) for name in ("exchange", "routing_key")})
    _say(console, "  headers")
    _pairs(console, event["headers"], indent=6)
    _say(console, "  body")
    _verbatim(console, json.dumps(event["body"], indent=2, ensure_ascii=False), indent=6)


def _letters(console: Console, mail: Mailbox) -> None:
    _title(console, "E-mail received")
    subjects = (WELCOME, ACKNOWLEDGED)
    _counts(console, {f'"{subject} ..."': len(mail.recipients(subject)) for subject in subjects})
    _say(console, "One of them:")
    letter = mail.first(WELCOME)
    _pairs(console, {name: str(letter[name]) for name in ("From", "To", "Subject", "Date")})
    console.print()
    paragraphs = plain_text(letter).split("\n\n")
    _verbatim(console, "\n\n".join(map(_refilled, paragraphs)), indent=4)


def _year(console: Console, account: Account) -> None:
    year = account.year
    example = year.example
    _title(console, "A year later")
    _say(
        console,
        f"Renewal fell due for {year.due:,} members. {year.renewed:,} paid "
        f"£{year.paid_pence // 100:,} in fees and renewed; {year.lapsed:,} lapsed after grace.",
        f"Why one of them has the status {_plain(example['status'])} on {example['as_of']}: "
        f"{example['explanation']} (rule {_plain(example['rule'])}, policy {example['policy']})",
    )


def _refilled(paragraph: str) -> str:
    """The paragraph, filled anew where a line of it is too long; other lines are as they were."""
    lines = paragraph.splitlines()
    if all(len(line) <= LETTER_COLUMNS for line in lines):
        return paragraph
    return textwrap.fill(" ".join(lines), LETTER_COLUMNS)


def _title(console: Console, text: str) -> None:
    console.print()
    console.rule(text, align="left")


def _say(console: Console, *sentences: str) -> None:
    for sentence in sentences:
        _verbatim(console, sentence, indent=2)


def _verbatim(console: Console, text: str, *, indent: int) -> None:
    console.print(Padding(Text(text), (0, 0, 0, indent), expand=False))


def _counts(console: Console, counts: Mapping[str, int]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", min_width=8)
    for name in sorted(counts):
        table.add_row(f"{counts[name]:,}", Text(name))
    console.print(table)


def _pairs(console: Console, pairs: Mapping[str, Any], *, indent: int = 4) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name in pairs:
        table.add_row(_plain(name), Text(str(pairs[name]), overflow="fold"))
    console.print(Padding(table, (0, 0, 0, indent), expand=False))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _plain(code: str) -> str:
    return code.replace("_", " ")
