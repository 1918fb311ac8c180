"""Consent: a ledger to which is only added, and what follows from it at an instant.

What counts is what the person said last. So entries are folded in the order in which they were
given, not in that in which they became known: a form that is imported late does not undo a
withdrawal made after it was signed. As of an earlier instant only those entries count that were
known by then, so that the answer is what could be relied upon at that time; it is the same however
often and however late it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.membership.events import ConsentChanged
from shared.events import Aggregate


class ConsentSource(StrEnum):
    """Who told the body."""

    MEMBER = "member"
    STAFF = "staff"
    FORM = "form"
    IMPORT = "import"


@dataclass(frozen=True)
class ConsentEntry:
    """What a person said at ``given_at``, known since ``recorded_at``; not ``given`` withdraws."""

    purpose: str
    channel: str
    given: bool
    wording_version: str | None
    source: ConsentSource
    given_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class ConsentState:
    """Whether there is consent; ``since`` when it is so, by the same wording, without a break."""

    purpose: str
    channel: str
    given: bool
    wording_version: str | None
    since: datetime


def fold(
    entries: Iterable[ConsentEntry], as_of: datetime | None = None
) -> dict[tuple[str, str], ConsentState]:
    """The state of every purpose and channel of which something was said, as known at an instant.

    Of two entries given at the same instant the one that stands later in the ledger counts.
    """
    states: dict[tuple[str, str], ConsentState] = {}
    known = (entry for entry in entries if as_of is None or entry.recorded_at <= as_of)
    for entry in sorted(known, key=lambda entry: entry.given_at):
        key = (entry.purpose, entry.channel)
        was = states.get(key)
        said = (entry.given, entry.wording_version)
        if was is None or (was.given, was.wording_version) != said:
            states[key] = ConsentState(*key, *said, entry.given_at)
    return states


@dataclass
class ConsentLedger(Aggregate):
    """All that a member said of consent; ``id`` is the member's."""

    id: str
    entries: tuple[ConsentEntry, ...] = ()

    def enter(self, entry: ConsentEntry) -> None:
        """Add what was said, and tell when that changes where things stand now."""
        key = (entry.purpose, entry.channel)
        before = fold(self.entries).get(key)
        self.entries = (*self.entries, entry)
        now = fold(self.entries)[key]
        if now != before:
            self.record(
                ConsentChanged(
                    member_id=self.id,
                    purpose=now.purpose,
                    channel=now.channel,
                    given=now.given,
                    wording_version=now.wording_version,
                    since=now.since,
                )
            )

    def forget(self) -> None:
        """Forget what was ever said; nobody is told, as all are told that the person is erased."""
        self.entries = ()
