"""Prints what happened so that somebody who has never seen the system understands it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from clients.demo.evidence import Mailbox, Outsider
from clients.demo.journey import ACKNOWLEDGED, WELCOME, Account


def print_account(
    console: Console, account: Account, outsider: Outsider, mail: Mailbox, seconds: float
) -> None:
    """The people, the events, the mail and the indicator."""
    console.rule("What happened")
    _facts(
        console,
        {
            "Register entries imported": sum(account.register_entries.values()),
            "Registers": ", ".join(f"{k} {n}" for k, n in account.register_entries.items()),
            "Applicants": len(account.imported),
            "Admitted": account.admitted,
            "Registration refused": len(account.not_admitted),
            "Answered the equality questions": f"{account.answered} ({account.silent} did not)",
            "Applied to the fellowship": account.submitted,
            "Shortlisted": account.shortlisted,
            "Somebody who is no member applied": f"refused: {account.refused_application}",
        },
    )
    _counts(console, "Refused registrations by reason", account.reasons)
    _counts(console, "Public events seen by the outside subscriber", outsider.counts())
    _letters(console, mail)
    _indicators(console, account.indicators)
    console.print(f"\nThe journey took {seconds:.1f} s.", highlight=False)


def _facts(console: Console, facts: Mapping[str, object]) -> None:
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(name, Text(f"{value:,}" if isinstance(value, int) else str(value)))
    console.print(table)


def _counts(console: Console, title: str, counts: Mapping[str, int]) -> None:
    table = Table("", "count", title=f"{title}: {sum(counts.values()):,}", title_justify="left")
    table.columns[1].justify = "right"
    for name in sorted(counts):
        table.add_row(name, f"{counts[name]:,}")
    console.print(table)


def _letters(console: Console, mail: Mailbox) -> None:
    welcomes, acknowledgements = (len(mail.recipients(s)) for s in (WELCOME, ACKNOWLEDGED))
    console.rule("E-mail received")
    _facts(console, {"Welcomes": welcomes, "Acknowledgements": acknowledgements})
    letter = mail.first(WELCOME)
    body = letter.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    title = f"{letter['Subject']}, to {letter['To']}"
    console.print(Panel(Text(text.strip()), title=Text(title), width=88))


def _indicators(console: Console, indicators: list[dict[str, Any]]) -> None:
    console.rule("How likely to be shortlisted, relative to another group")
    table = Table(
        "characteristic", "group", "reference", "ratio", "95% interval", "n", "read as", width=100
    )
    for answer in indicators:
        ratio, n = answer["relative_likelihood"], answer["n"]
        interval = f"{answer['ci_low']:.2f} to {answer['ci_high']:.2f}" if answer["ci_low"] else "-"
        table.add_row(
            answer["characteristic"],
            _share(answer["group"]),
            _share(answer["reference"]),
            "-" if ratio is None else f"{ratio:.2f}",
            interval,
            "-" if n is None else str(n),
            _reading(answer),
        )
    console.print(table)
    for note in indicators[0]["notes"]:
        console.print(Text(f"  {note}", style="dim"))


def _share(share: dict[str, Any]) -> str:
    if share["total"] is None:
        return f"{share['name']}: not shown"
    return f"{share['name']}: {share['reached']} of {share['total']}"


def _reading(answer: dict[str, Any]) -> str:
    if answer["suppressed"]:
        return "suppressed: " + ", ".join(sorted(set(answer["reasons"].values())))
    low, high = answer["range_low"], answer["range_high"]
    word = "outside" if answer["outside_range"] else "within"
    return f"{word} {low:.2f} to {high:.2f}"
