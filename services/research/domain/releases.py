"""The history of released tables, which refuses what could be differenced against it.

Whatever follows by subtraction from two tables must itself be fit to be shown. So for tables of the
same cohort and characteristic:

- Parts. The cells of all tables shown, with those of the new one, cut the applicants into parts.
  Each part that the new table cuts off anew has nobody or at least eight people in it. This covers
  a group and one slightly larger, groups that leave a small remainder, and neighbouring stages.
- Time. A cell that was told of before, in this table or in another, is the same or has moved by at
  least eight people since. Else the table is answered as it was when last released, and one that
  never was is answered as the data stood at an earlier release.
- Where no state of the data will do, the table is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.research.domain.disclosure import Cells, Row, Snapshot, Table, is_small, published
from services.research.errors import DisclosureRisk
from shared.events import Aggregate


@dataclass(frozen=True)
class Release:
    """A table as it was given out. The counts are exact and never leave the store."""

    table: Table
    as_of: datetime
    group: Cells
    reference: Cells
    shown: bool

    @classmethod
    def of(cls, table: Table, snapshot: Snapshot) -> Self:
        group, reference = (snapshot.cells(row) for row in table.rows)
        shown = published(group, reference) is not None
        return cls(table, snapshot.as_of, group, reference, shown)

    @property
    def rows(self) -> dict[Row, Cells]:
        return dict(zip(self.table.rows, (self.group, self.reference), strict=True))

    def agrees_with(self, snapshot: Snapshot) -> bool:
        """Whether the data still are as they were when the table was made."""
        return all(snapshot.cells(row) == cells for row, cells in self.rows.items())

    def tells_of(self, count: int) -> bool:
        """A shown table tells of all its counts, a suppressed one that some count is small."""
        return self.shown or is_small(count)

    def contradicts(self, earlier: Release) -> bool:
        """Whether both tell of a cell that moved by too few people in between."""
        if not (self.shown or earlier.shown):
            return False
        before = earlier.rows
        return any(
            is_small(abs(now - then)) and self.tells_of(now) and earlier.tells_of(then)
            for row, cells in self.rows.items()
            if row in before
            for now, then in zip(cells.counts, before[row].counts, strict=True)
        )


def history_id(cohort_id: str, characteristic: str) -> str:
    """Tables of one cohort and characteristic have one history, so that they are judged in turn."""
    return f"{cohort_id}:{characteristic}"


@dataclass
class ReleaseHistory(Aggregate):
    """Every table released of one cohort and characteristic, and the data that was shown."""

    id: str
    releases: tuple[Release, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()

    def release(self, table: Table, current: Snapshot) -> Release:
        """Release a table from the newest data that will do; raises ``DisclosureRisk``."""
        earlier = [release for release in self.releases if release.table == table]
        states = (current,) if earlier else (current, *reversed(self.snapshots))
        for snapshot in states:
            release = Release.of(table, snapshot)
            same = [one for one in earlier if one.rows == release.rows]
            if same:
                return same[-1]
            if self._permits(release, snapshot):
                self._keep(release, snapshot)
                return release
        if earlier:
            return earlier[-1]
        raise DisclosureRisk

    def _permits(self, release: Release, snapshot: Snapshot) -> bool:
        if any(release.contradicts(earlier) for earlier in self.releases):
            return False
        return not release.shown or self._leaves_no_small_part(release, snapshot)

    def _leaves_no_small_part(self, release: Release, snapshot: Snapshot) -> bool:
        rows = {row for earlier in self.releases if earlier.shown for row in earlier.table.rows}
        before = snapshot.parts(rows)
        after = snapshot.parts(rows | set(release.table.rows))
        return not any(is_small(people) for part, people in after.items() if part not in before)

    def _keep(self, release: Release, snapshot: Snapshot) -> None:
        self.releases = (*self.releases, release)
        if release.shown and snapshot not in self.snapshots:
            self.snapshots = (*self.snapshots, snapshot)
