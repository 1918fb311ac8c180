"""The board of opportunities: posts and vacancies, with a teaser for all and details for members.

It is on the board until just before ``closes_at``, to the second, whether or not the clock has told
of its closing yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.programmes.domain.cohort import to_the_millisecond
from services.programmes.domain.terms import Faults, Nation, blank_faults
from services.programmes.errors import OpportunityOver
from services.programmes.events import (
    OpportunityClosed,
    OpportunityPublished,
    OpportunityRevised,
    OpportunityWithdrawn,
)
from shared.errors import Invalid
from shared.events import Aggregate

# Whoever is to be reached is named in the details: members see those, everybody the rest.
_ADDRESS = re.compile(r"\S@\S")
_NUMBER = re.compile(r"(?<!\d)(?:\+|00|0)[\d\s()-]{8,}\d")


class OpportunityKind(StrEnum):
    """What is on offer."""

    POST = "post"
    VACANCY = "vacancy"
    SECONDMENT = "secondment"
    FELLOWSHIP = "fellowship"


class OpportunityState(StrEnum):
    """Whether it is on the board."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """All that an opportunity says; ``details`` are for members, the rest is for everybody."""

    title: str
    organisation: str
    kind: OpportunityKind
    nation: Nation
    summary: str
    details: str
    closes_at: datetime

    def faults(self) -> Faults:
        """What is wrong, by field."""
        public = {"title": self.title, "organisation": self.organisation, "summary": self.summary}
        faults = blank_faults({**public, "details": self.details})
        for name, said in public.items():
            if _ADDRESS.search(said) or _NUMBER.search(said):
                faults[name] = ["Addresses and telephone numbers belong in the details."]
        return faults


@dataclass
class Opportunity(Aggregate):
    """A post or vacancy at an organisation."""

    id: str
    notice: Notice
    state: OpportunityState = OpportunityState.DRAFT

    @classmethod
    def draft(cls, id: str, notice: Notice) -> Opportunity:
        """The draft, or Invalid naming every fault."""
        return cls(id, _sound(notice))

    def state_at(self, now: datetime) -> OpportunityState:
        """Where it stands, also where the clock has not told of it yet."""
        if self.state is OpportunityState.PUBLISHED and now >= self.notice.closes_at:
            return OpportunityState.CLOSED
        return self.state

    @property
    def told(self) -> bool:
        """Whether it was ever on the board."""
        return self.state in (OpportunityState.PUBLISHED, OpportunityState.CLOSED)

    def publish(self, now: datetime) -> None:
        """Put it on the board; raises OpportunityOver, and Invalid if it closes before now."""
        if self.state_at(now) is OpportunityState.PUBLISHED:
            return
        self._require_going_on(now)
        _require_to_come(self.notice, now)
        self.state = OpportunityState.PUBLISHED
        self._tell(OpportunityPublished)

    def revise(self, notice: Notice, now: datetime) -> None:
        """Let it say something else; raises OpportunityOver and Invalid."""
        self._require_going_on(now)
        notice = _sound(notice)
        if notice == self.notice:
            return
        published = self.state is OpportunityState.PUBLISHED
        if published:
            _require_to_come(notice, now)
        self.notice = notice
        if published:
            self._tell(OpportunityRevised)

    def withdraw(self, now: datetime) -> None:
        """Take it off the board for good, or a draft off the desk; the reason stands in the trail.

        Raises OpportunityOver once it has closed.
        """
        if self.state is OpportunityState.WITHDRAWN:
            return
        self._require_going_on(now)
        was_told, self.state = self.told, OpportunityState.WITHDRAWN
        if was_told:
            self.record(OpportunityWithdrawn(opportunity_id=self.id))

    def close(self, now: datetime) -> None:
        """Tell, once, that its time is over."""
        over = self.state_at(now) is OpportunityState.CLOSED
        if over and self.state is OpportunityState.PUBLISHED:
            self.state = OpportunityState.CLOSED
            self.record(OpportunityClosed(opportunity_id=self.id, closed_at=self.notice.closes_at))

    def _require_going_on(self, now: datetime) -> None:
        state = self.state_at(now)
        if state in (OpportunityState.CLOSED, OpportunityState.WITHDRAWN):
            raise OpportunityOver(opportunity_id=self.id, state=state.value)

    def _tell(self, kind: type[OpportunityPublished] | type[OpportunityRevised]) -> None:
        notice = self.notice
        self.record(
            kind(
                opportunity_id=self.id,
                title=notice.title,
                organisation=notice.organisation,
                kind=notice.kind.value,
                nation=notice.nation.value,
                closes_at=notice.closes_at,
            )
        )


def notice_of(
    *,
    title: str,
    organisation: str,
    kind: OpportunityKind,
    nation: Nation,
    summary: str,
    details: str,
    closes_at: datetime,
) -> Notice:
    """A notice without white space around its texts, its closing to the millisecond."""
    return Notice(
        title=title.strip(),
        organisation=organisation.strip(),
        kind=kind,
        nation=nation,
        summary=summary.strip(),
        details=details.strip(),
        closes_at=to_the_millisecond(closes_at),
    )


def _sound(notice: Notice) -> Notice:
    if faults := notice.faults():
        raise Invalid("The opportunity is not valid.", fields=faults)
    return notice


def _require_to_come(notice: Notice, now: datetime) -> None:
    if notice.closes_at <= now:
        reasons = {"closes_at": ["Must be in the future."]}
        raise Invalid("The opportunity would be over at once.", fields=reasons)
