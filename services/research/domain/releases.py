"""The history of released tables, which refuses what could be differenced against it.

Whatever follows by subtraction from two tables must itself be fit to be shown. So for tables of the
same cohort and characteristic:

- Parts. The cells of all tables shown, with those of the new one, cut the applicants into parts.
  Each part that the new table cuts off anew has nobody or at least eight people in it. This covers
  a group and one slightly larger, groups that leave a small remainder, and neighbouring stages.
- Time. A count that was told of before, in this table or in another, is the same or has moved by at
  least eight people since: who reached a stage, from whichever base, who did not, and how many
  there were at the base. Else the table is answered as it was when last released, and one that
  never was is answered as the data stood at an earlier release.
- Proposals. What is known of a round's proposal is a stage like others here. Data from before a
  proposal that was shown, or that is asked for, are not used for a table beside it.
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

    @property
    def told(self) -> dict[tuple[tuple[str, ...], str, str], int]:
        """Its counts by whom they are of: a group's codes, a stage, and one not reached from it.

        Bases come before stages, so who reached a stage is the same people from any base.
        """
        counts: dict[tuple[tuple[str, ...], str, str], int] = {}
        for row, cells in self.rows.items():
            counts[row.members, row.base, ""] = cells.total
            counts[row.members, row.base, row.stage] = cells.not_reached
            counts[row.members, row.stage, ""] = cells.reached
        return counts

    def contradicts(self, earlier: Release) -> bool:
        """Whether both tell of a count that moved by too few people in between."""
        if not (self.shown or earlier.shown):
            return False
        before = earlier.told
        return any(
            is_small(abs(now - before[whose]))
            and self.tells_of(now)
            and earlier.tells_of(before[whose])
            for whose, now in self.told.items()
            if whose in before
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
        beside = self._shown | set(table.rows)
        for snapshot in filter(lambda state: state.knows(beside), states):
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

    @property
    def _shown(self) -> set[Row]:
        return {row for release in self.releases if release.shown for row in release.table.rows}

    def _permits(self, release: Release, snapshot: Snapshot) -> bool:
        if any(release.contradicts(earlier) for earlier in self.releases):
            return False
        return not release.shown or self._leaves_no_small_part(release, snapshot)

    def _leaves_no_small_part(self, release: Release, snapshot: Snapshot) -> bool:
        before = snapshot.parts(self._shown)
        after = snapshot.parts(self._shown | set(release.table.rows))
        return not any(is_small(people) for part, people in after.items() if part not in before)

    def _keep(self, release: Release, snapshot: Snapshot) -> None:
        self.releases = (*self.releases, release)
        if release.shown and snapshot not in self.snapshots:
            self.snapshots = (*self.snapshots, snapshot)
