"""Events that count: each says of how many in which run it is one.

Publisher and handler are processes of their own. Both read the same monotonic clock, which on Linux
counts from the machine's start for all processes, so the time from the first publish to the last
handled event is a difference of two readings and costs the services nothing while they work.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

FOLDER_VARIABLE = "BENCHMARKS_FOLDER"
COUNTED, STORED, KEPT = "tick.counted", "tick.stored", "tick.kept"
"""Routing keys: to a handler that only counts, to one that writes, to a queue nobody reads."""
BATCH = 100


class Tally:
    """Counts handled events by run and notes when the last of a run came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: Counter[str] = Counter()

    @classmethod
    def from_environment(cls) -> Tally:
        return cls(Path(os.environ[FOLDER_VARIABLE]))

    def count(self, run: str, of: int) -> None:
        """One more; the last one writes the time into a file named after the run."""
        self._seen[run] += 1
        if self._seen[run] == of:
            unfinished = self._folder / f".{run}"
            unfinished.write_text(repr(time.monotonic()))
            unfinished.rename(self._folder / run)


def shares(count: int, workers: int) -> list[range]:
    """The numbers from 0 to ``count``, divided among so many workers."""
    return [range(worker, count, workers) for worker in range(workers)]
