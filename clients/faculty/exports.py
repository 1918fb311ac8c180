"""Members as a CSV file that is safe to open in a spreadsheet, written page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from clients.faculty.client import Faculty


def export_members(
    faculty: Faculty,
    out: TextIO,
    filters: Mapping[str, str],
    columns: Sequence[str],
    advance: Callable[[int], None],
) -> int:
    """Write all members that fit; gives their number. ``advance`` is told of each page's rows."""
    cursor: str | None = None
    written = 0
    while True:
        page = faculty.call(
            "membership.export_members",
            filters=dict(filters),
            columns=list(columns),
            cursor=cursor,
        )
        out.write(page["csv"])
        rows = int(page["rows"])
        written += rows
        advance(rows)
        cursor = page["next_cursor"]
        if cursor is None:
            return written
