"""A small journey as it would have gone: what happened, what the outsider saw, what was mailed."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from clients.demo.comparisons import COMPARISONS
from clients.demo.evidence import Mailbox, Outsider
from clients.demo.extracts import REFUSALS
from clients.demo.journey import ACKNOWLEDGED, WELCOME, Account
from clients.demo.scheme_year import SchemeYear
from clients.demo.schemes import SCHEMES, Entry
from clients.demo.season import Season
from clients.demo.year import Year

LETTER = (
    "Dear Nia Mockford,\n\n"
    "Welcome to the Faculty. This line of the letter is longer than the account has room for.\n"
    "It goes on here.\n\n"
    "Grade:          Member\n"
    "Member number:  id-1\n"
)


def journey() -> Account:
    """Two members, one of whom was shortlisted, and as many refusals as the sample data have."""
    refused = [reason for reason, count in REFUSALS.items() for _ in range(count)]
    rows = range(3, 3 + len(refused))
    people = {row: {"email": f"p{row}@mail.example.org"} for row in (1, 2, *rows)}
    for row, person in people.items():
        names = ("given_name", "family_name", "date_of_birth", "registration_number")
        person.update({name: f"{name} of {row}" for name in names})
    return Account(
        register_entries=dict.fromkeys(("GMC", "GDC", "GPhC", "NMC", "HCPC", "GOsC"), 100000),
        imported={row: f"id-{row}" for row in people},
        people=people,
        admitted=2,
        not_admitted={f"id-{row}": reason for row, reason in zip(rows, refused, strict=True)},
        answered=1,
        silent=1,
        refused_application="programmes.member_not_current",
        applied=[1, 2],
        shortlisted=1,
        reviewed=1,
        year=Year(
            due=2,
            renewed=1,
            paid_pence=116_000,
            lapsed=1,
            example={
                "status": "lapsed",
                "as_of": "2027-12-30",
                "explanation": "Cover ended on 2027-11-24 and was not renewed in time.",
                "rule": "lapsed",
                "policy": "2026.1",
            },
        ),
        schemes=schemes(),
        other_people={"OLD-1": {"email": "old.1@mail.example.org"}},
        indicators=list(zip(COMPARISONS, [shown(), shown(), hidden(), hidden()], strict=True)),
    )


def schemes() -> SchemeYear:
    """A year in which one member applied to each scheme and got what they wanted."""
    whose = ("a:1", "a:2", "m:OLD-1")
    return SchemeYear(
        [_season(*each) for each in zip(SCHEMES, whose, strict=True)],
        {"before": "on the board", "after": "gone"},
    )


def _season(scheme: Any, who: str) -> Season:
    season = Season(scheme, f"programme {scheme.key}", f"cohort {scheme.key}")
    season.entries = {who: Entry(who, scheme.key, 60, scheme.posts[:2])}
    done = ("applied", "shortlisted", "ranked", "offers_accepted", "placed", "completed")
    season.counts.update(dict.fromkeys(done, 1))
    season.notes.update(
        late="programmes.outside_window",
        ranks_as_scores="programmes.looks_like_ranks",
        findings="none",
        first_findings="fairness_flagged",
        reproduced="yes",
        verified="valid",
        code="ABCD-EFGH-JKMN",
    )
    return season


def shown() -> dict[str, Any]:
    """The monitor's answer for large groups, as far as it is read."""
    return {
        "characteristic": "ethnicity",
        "group": {"name": "bme", "reached": 10, "total": 60, "rate": 1 / 6},
        "reference": {"name": "white", "reached": 30, "total": 75, "rate": 0.4},
        "n": 135,
        "relative_likelihood": 0.4167,
        "ci_low": 0.2226,
        "ci_high": 0.78,
        "range_low": 0.8,
        "range_high": 1.25,
        "outside_range": True,
        "suppressed": False,
        "reasons": {},
        "notes": ["Counted are applicants " * 6],
    }


def hidden() -> dict[str, Any]:
    """The monitor's answer for small groups: no figure, and a reason."""
    share = {"reached": None, "total": None, "rate": None}
    figures = ("n", "relative_likelihood", "ci_low", "ci_high", "outside_range")
    return {
        **shown(),
        **dict.fromkeys(figures),
        "group": {"name": "chinese", **share},
        "reference": {"name": "white", **share},
        "suppressed": True,
        "reasons": dict.fromkeys(("n", "group.reached"), "small_numbers"),
    }


_OF_SCHEMES = ("id-of-national", "id-of-sustainability", "id-of-regional")


def outsider(folder: Path, account: Account) -> Outsider:
    """An outsider who has seen everything that happened, and one event twice."""
    admitted, everybody = account.members.values(), account.imported.values()
    applied = [account.imported[row] for row in account.applied]
    seen = {
        "application.received": [*everybody],
        "registration.verified": [*admitted],
        "registration.refused": [*account.not_admitted],
        "member.admitted": [*admitted],
        "application.submitted": [*applied, *_OF_SCHEMES],
        "application.shortlisted": [*applied[: account.shortlisted], *_OF_SCHEMES],
        "alumni.joined": [*_OF_SCHEMES],
    }
    events = [event(name, member_id) for name, ids in seen.items() for member_id in ids]
    file = folder / "outsider.jsonl"
    lines = [json.dumps(each) + "\n" for each in (*events, events[0])]
    file.write_text("".join(lines), encoding="utf-8")
    return Outsider("amqp://", file)


def event(routing_key: str, member_id: str, **more: str) -> dict[str, Any]:
    """An event as the outside subscriber writes it down."""
    return {
        "exchange": "membership.events",
        "routing_key": routing_key,
        "content_type": "application/json",
        "headers": {"ce-id": f"{routing_key} {member_id}", "traceparent": "0" * 100},
        "body": {"member_id": member_id, **more},
    }


def mailbox(folder: Path, account: Account) -> Mailbox:
    """A welcome to every member and an acknowledgement to everybody who applied."""
    box = folder / "mail"
    box.mkdir()
    address = {row: person["email"] for row, person in account.people.items()}
    wanted = [(WELCOME, address[row]) for row in account.members]
    wanted += [(ACKNOWLEDGED, address[row]) for row in account.applied]
    wanted += [(ACKNOWLEDGED, to) for to in (address[1], address[2], "old.1@mail.example.org")]
    lines = []
    for number, (subject, to) in enumerate(wanted):
        letter = EmailMessage()
        letter["From"], letter["To"] = "faculty@example.org", to
        letter["Subject"], letter["Date"] = subject, "Tue, 24 Nov 2026 16:02:52 +0000"
        letter.set_content(LETTER)
        (box / f"{number}.eml").write_bytes(bytes(letter))
        lines.append({"to": letter["To"], "subject": subject, "file": f"{number}.eml"})
    index = "".join(json.dumps(line) + "\n" for line in lines)
    (box / "index.jsonl").write_text(index, encoding="utf-8")
    return Mailbox(box)
