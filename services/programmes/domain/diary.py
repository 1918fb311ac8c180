"""Diaries of panel members, so that nobody sits on two panels at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.programmes.domain.slot import Slot, SlotState
from services.programmes.errors import PanelBusy
from shared.events import Aggregate

_SETTLED = timedelta(hours=1)
_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Entry:
    """A time at which somebody sits on a panel, and since when that is so."""

    slot_id: str
    starts_at: datetime
    ends_at: datetime
    entered_at: datetime

    def overlaps(self, other: Entry) -> bool:
        """Whether both have some time in common; one may begin when the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass
class Diary(Aggregate):
    """When a panel member is taken, in whichever cohort; ``id`` is theirs."""

    id: str
    entries: tuple[Entry, ...] = ()

    def overlapping(self, entry: Entry) -> list[Entry]:
        """The other entries that an entry has some time in common with."""
        return [e for e in self.entries if e.slot_id != entry.slot_id and e.overlaps(entry)]

    def enter(self, entry: Entry, void: Iterable[str]) -> None:
        """Take the time; those of ``void`` slots and of long ago go. Raises PanelBusy."""
        gone = set(void)
        self.entries = tuple(
            e
            for e in self.entries
            if e.slot_id not in gone and e.ends_at > entry.entered_at - _KEPT
        )
        if found := self.overlapping(entry):
            raise PanelBusy(reviewer_id=self.id, slot_ids=[each.slot_id for each in found])
        if all(each.slot_id != entry.slot_id for each in self.entries):
            self.entries = (*self.entries, entry)

    def strike(self, slot_id: str) -> None:
        """Give the time back."""
        self.entries = tuple(each for each in self.entries if each.slot_id != slot_id)


def void(entry: Entry, slot: Slot | None, now: datetime) -> bool:
    """Whether an entry no longer counts: its slot was withdrawn, or after an hour never made."""
    if slot is None:
        return now - entry.entered_at >= _SETTLED
    return slot.state is SlotState.WITHDRAWN


def entry_of(slot: Slot, now: datetime) -> Entry:
    """What stands in the diaries of a slot's panel."""
    return Entry(slot.id, slot.starts_at, slot.ends_at, now)
