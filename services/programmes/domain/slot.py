"""Interview slots, each of which is the claim of whoever has booked it.

An application holds one slot. While it changes to another, the new one is ``moving``: claimed, but
not yet the application's only one. Both are kept apart by the slot's ``holder``, which is unique.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.programmes.domain.terms import SessionMode
from services.programmes.errors import (
    NotBooked,
    SlotClosed,
    SlotTaken,
)
from services.programmes.events import InterviewBooked, InterviewCancelled
from shared.events import Aggregate

MAX_PANEL = 12
MAX_MINUTES = 480


class SlotState(StrEnum):
    """Whether a slot is on offer."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


@dataclass
class Slot(Aggregate):
    """A time for one interview, with those who hold it; ``place`` is a room or how to connect."""

    id: str
    cohort_id: str
    starts_at: datetime
    minutes: int
    mode: SessionMode
    place: str
    panel: tuple[str, ...]
    state: SlotState = SlotState.OPEN
    application_id: str | None = None
    member_id: str | None = None
    moving: bool = False
    claimed_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def holder(self) -> str | None:
        """What is unique about it while somebody has it."""
        if self.application_id is None:
            return None
        return f"{self.application_id}:moving" if self.moving else self.application_id

    def has(self, application_id: str) -> bool:
        """Whether it is an application's."""
        return self.application_id == application_id

    def begun(self, now: datetime) -> bool:
        """Whether the interview has begun, by the instant, whatever the clocks say."""
        return now >= self.starts_at

    def closed(self, now: datetime, hours: int) -> bool:
        """Whether it was withdrawn, or begins in less than so many hours."""
        closes_at = self.starts_at - timedelta(hours=hours)
        return self.state is SlotState.WITHDRAWN or now >= closes_at

    def require_open(self, now: datetime, hours: int) -> None:
        """Raises SlotClosed once it is withdrawn, or later than so many hours before it."""
        closes_at = self.starts_at - timedelta(hours=hours)
        if self.closed(now, hours):
            raise SlotClosed(slot_id=self.id, closed_at=closes_at.isoformat(), now=now.isoformat())

    def require_booked(self) -> str:
        """Whose it is; raises NotBooked."""
        if self.application_id is None:
            raise NotBooked(slot_id=self.id)
        return self.application_id

    def claim(self, application_id: str, member_id: str, moving: bool, now: datetime) -> None:
        """Take it for an application; raises SlotTaken, and SlotClosed for a withdrawn one."""
        if self.application_id == application_id:
            return
        if self.application_id is not None:
            raise SlotTaken(slot_id=self.id)
        if self.state is SlotState.WITHDRAWN:
            self.require_open(now, 0)
        self.application_id, self.member_id = application_id, member_id
        self.moving, self.claimed_at = moving, now
        if not moving:
            self._tell_booked()

    def settle(self, application_id: str) -> None:
        """Let it be the application's only slot, which it moved to."""
        if self.application_id == application_id and self.moving:
            self.moving = False
            self._tell_booked()

    def release(self, application_id: str) -> None:
        """Let others have it, if the application still does."""
        if self.application_id == application_id and self.member_id is not None:
            told = InterviewCancelled(self.id, self.cohort_id, application_id, self.member_id)
            if not self.moving:
                self.record(told)
            self.application_id = self.member_id = self.claimed_at = None
            self.moving = False

    def forget(self) -> None:
        """Keep that it was somebody's; how they came to it stands in the trail alone."""

    def withdraw(self) -> None:
        """Take it off offer, and from whoever has it."""
        if self.state is SlotState.OPEN:
            self.state = SlotState.WITHDRAWN
            if self.application_id is not None:
                self.release(self.application_id)

    def _tell_booked(self) -> None:
        assert self.application_id is not None
        assert self.member_id is not None
        self.record(
            InterviewBooked(
                self.id,
                self.cohort_id,
                self.application_id,
                self.member_id,
                self.starts_at,
                self.minutes,
                self.mode.value,
            )
        )
