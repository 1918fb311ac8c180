"""What was done to things, as staff read it: their trails together, the newest first.

newest_first([("member", member_id, entry), ...], cursor=request.cursor, limit=request.limit)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from shared.paging import decode_cursor, encode_cursor
from shared.trail import Change, TrailEntry


@dataclass(frozen=True)
class HistoryEntry:
    """One write: who did what when and why, and each field's value before and after as JSON.

    ``record`` and ``record_id`` say to what.
    """

    record: str
    record_id: str
    version: int
    at: datetime
    by: str
    action: str
    reason: str
    correlation_id: str
    erased: bool
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, record: str, record_id: str, entry: TrailEntry) -> Self:
        names = cls.__dataclass_fields__.keys() - {"record", "record_id"}
        return cls(record, record_id, **{name: getattr(entry, name) for name in names})


@dataclass(frozen=True)
class HistoryPage:
    """Some of a history; ``next_cursor`` is null on the last page."""

    items: tuple[HistoryEntry, ...]
    next_cursor: str | None


def newest_first(
    written: Iterable[tuple[str, str, TrailEntry]], *, cursor: str | None, limit: int
) -> HistoryPage:
    """A page of what was written, each with its record and the record's id; raises ``Invalid``."""
    entries = [
        (f"{entry.at.isoformat()}|{record}|{id}|{entry.version:09d}", record, id, entry)
        for record, id, entry in written
    ]
    entries.sort(key=lambda each: each[0], reverse=True)
    if cursor is not None:
        before = decode_cursor(cursor)
        entries = [each for each in entries if each[0] < before]
    page = entries[:limit]
    more = encode_cursor(page[-1][0]) if len(entries) > len(page) else None
    return HistoryPage(
        tuple(HistoryEntry.of(record, id, entry) for _, record, id, entry in page), more
    )
