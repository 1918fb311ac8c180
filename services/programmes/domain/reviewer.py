"""Those who may review, and whom each of them may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.programmes.domain.terms import blank_faults
from shared.errors import Invalid
from shared.events import Aggregate

MAX_CAPACITY = 1_000


@dataclass
class Reviewer(Aggregate):
    """Somebody who reviews; ``id`` is the subject of their token.

    ``capacity`` is the most reviews they take in a cohort. ``retired_at`` is since when they are
    given none.
    """

    id: str
    capacity: int
    name: str | None = None
    host_id: str | None = None
    professions: tuple[str, ...] = ()
    retired_at: datetime | None = None

    @property
    def active(self) -> bool:
        return self.retired_at is None

    def revise(
        self,
        *,
        name: str | None,
        host_id: str | None,
        professions: tuple[str, ...],
        capacity: int,
    ) -> None:
        """Say something else of them, who is active again if they were retired; raises Invalid."""
        if name is not None and (faults := blank_faults({"name": name})):
            raise Invalid("The reviewer is not valid.", fields=faults)
        self.name = name.strip() if name else None
        self.host_id, self.capacity, self.retired_at = host_id, capacity, None
        self.professions = tuple(dict.fromkeys(professions))

    def retire(self, now: datetime) -> None:
        """Give them no more reviews; those they have scored count."""
        self.retired_at = self.retired_at or now

    def forget(self) -> None:
        """Keep that there is a reviewer, without what is known of them."""
        self.name, self.host_id, self.professions = None, None, ()


@dataclass
class Interest(Aggregate):
    """A conflict of interest: why somebody must not judge a member, in whichever cohort.

    ``lifted_at`` is since when it is none any more.
    """

    id: str
    reviewer_id: str
    member_id: str
    reason: str
    declared: bool
    """Whether the reviewer said so, and not staff."""
    recorded_at: datetime
    lifted_at: datetime | None = None

    @property
    def in_force(self) -> bool:
        return self.lifted_at is None

    def lift(self, now: datetime) -> None:
        """Let them judge the member again; done once, it stays so."""
        self.lifted_at = self.lifted_at or now

    def renew(self, made: Interest) -> None:
        """Let it be in force again, as it is recorded now; one that is stays as it was."""
        if not self.in_force:
            self.reason, self.declared = made.reason, made.declared
            self.recorded_at, self.lifted_at = made.recorded_at, None

    @property
    def pair(self) -> str:
        """What is unique about it."""
        return f"{self.reviewer_id}/{self.member_id}"

    def forget(self) -> None:
        """Keep that there is one, without what was said of it."""
        self.reason = ""
