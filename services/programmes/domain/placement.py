"""A placement: one fellow's time in a post, from the day it is arranged until it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort, Post
from services.programmes.domain.period import ONE_DAY, Period
from services.programmes.domain.placement_terms import Terms
from services.programmes.domain.terms import Faults
from services.programmes.errors import OnHold, WrongPlacementState
from services.programmes.events import (
    PlacementArranged,
    PlacementChanged,
    PlacementDeferred,
    PlacementEnded,
    PlacementPaused,
    PlacementReopened,
    PlacementResumed,
    PlacementStarted,
)
from shared.errors import Invalid
from shared.events import Aggregate


class PlacementState(StrEnum):
    """Where a placement is."""

    ARRANGED = "arranged"
    UNDER_WAY = "under_way"
    ENDED = "ended"


class EndReason(StrEnum):
    """How a placement ended; why somebody left is not told in events."""

    COMPLETED = "completed"
    LEFT_EARLY = "left_early"


@dataclass
class Placement(Aggregate):
    """One for each application; ``stay_id`` is the stay on which it stands, if it has days.

    ``rules`` is the version of the body's rules to which it is pinned.
    """

    id: str
    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    post_id: str
    time_zone: str
    starts_on: date
    ends_on: date
    wte_percent: int
    rules: str
    arranged_at: datetime
    host_id: str | None = None
    stay_id: str | None = None
    state: PlacementState = PlacementState.ARRANGED
    started_on: date | None = None
    paused_on: date | None = None
    """Since when a suspension stops it; one that is arranged does not start meanwhile."""
    resumed_on: date | None = None
    days_paused: int = 0
    ended_on: date | None = None
    end_reason: EndReason | None = None
    reason_code: str | None = None
    note: str | None = None

    @classmethod
    def arrange(
        cls,
        id: str,
        *,
        application: Application,
        cohort: Cohort,
        post: Post,
        terms: Terms,
        stay_id: str,
        rules: str,
        now: datetime,
    ) -> Placement:
        """The placement of an application in a post."""
        placement = cls(
            id=id,
            application_id=application.id,
            cohort_id=cohort.id,
            programme_id=cohort.programme_id,
            member_id=application.member_id,
            post_id=post.id,
            host_id=post.host_id,
            time_zone=cohort.time_zone,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            wte_percent=terms.wte_percent,
            stay_id=stay_id,
            rules=rules,
            arranged_at=now,
        )
        placement._tell_terms(PlacementArranged)
        return placement

    @property
    def terms(self) -> Terms:
        return Terms(self.starts_on, self.ends_on, self.wte_percent)

    @property
    def starts_at(self) -> datetime:
        """The first instant of its first day."""
        return datetime.combine(self.starts_on, time(), ZoneInfo(self.time_zone))

    @property
    def waits(self) -> bool:
        """Whether it starts by the clock once its day has come."""
        return self.state is PlacementState.ARRANGED and self.paused_on is None

    def require(self, *states: PlacementState) -> None:
        """Raises WrongPlacementState unless it is in one of these states."""
        if self.state not in states:
            raise WrongPlacementState(
                placement_id=self.id, state=self.state.value, needed=[each.value for each in states]
            )

    def require_deferrable(self, terms: Terms) -> None:
        """Raises WrongPlacementState once it has started, and Invalid naming ``starts_on``."""
        self.require(PlacementState.ARRANGED)
        if terms.starts_on <= self.starts_on:
            reason = f"Must be after {self.starts_on.isoformat()}."
            raise Invalid("That is no deferral.", fields={"starts_on": [reason]})

    def defer(self, terms: Terms, stay_id: str) -> None:
        """Let it start later."""
        self.require_deferrable(terms)
        self._take(terms, stay_id)
        self._tell_terms(PlacementDeferred)

    def require_changeable(self, terms: Terms) -> None:
        """Raises WrongPlacementState once it has ended, or for another start once it started."""
        self.require(PlacementState.ARRANGED, PlacementState.UNDER_WAY)
        if terms.starts_on != self.starts_on:
            self.require(PlacementState.ARRANGED)

    def change(self, terms: Terms, stay_id: str) -> None:
        """Correct its days or its whole-time equivalent."""
        self.require_changeable(terms)
        if terms != self.terms:
            self._tell_terms(PlacementChanged, terms)
        self._take(terms, stay_id)

    def start(self, now: datetime) -> None:
        """Tell, once, that it has begun: on its first day, or when a pause is over."""
        if not self.waits or now < self.starts_at:
            return
        self.state = PlacementState.UNDER_WAY
        self.started_on = max(self.starts_on, self.resumed_on or self.starts_on)
        self._tell(PlacementStarted, host_id=self.host_id, started_on=self.started_on)

    def pause(self, now: datetime) -> None:
        """Stop it; the days are counted, and the last day stays until staff decide otherwise."""
        if self.state is not PlacementState.ENDED and self.paused_on is None:
            self.paused_on = self.day_of(now)
            self._tell(PlacementPaused, paused_on=self.paused_on)

    def resume(self, now: datetime) -> None:
        """Let it go on."""
        if self.state is not PlacementState.ENDED and self.paused_on is not None:
            self._count_pause(self.day_of(now))
            self.resumed_on = self.day_of(now)
            self._tell(PlacementResumed, resumed_on=self.resumed_on, days_paused=self.days_paused)

    def day_of(self, now: datetime) -> date:
        """Which day it is where the placement is."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def served_until(self, ended_on: date, today: date) -> Period | None:
        """The days there were if it ends early so; none if it had not started.

        Raises WrongPlacementState once it has ended, and Invalid naming ``ended_on``.
        """
        self.require(PlacementState.ARRANGED, PlacementState.UNDER_WAY)
        faults: Faults = {}
        if ended_on > today:
            faults["ended_on"] = ["Must not be in the future."]
        elif self.started_on is not None and not self.started_on <= ended_on <= self.ends_on:
            faults["ended_on"] = ["Must be one of its days."]
        if faults:
            raise Invalid("It cannot have ended so.", fields=faults)
        return None if self.started_on is None else Period(self.starts_on, ended_on)

    def left_so(self, ended_on: date, reason_code: str) -> bool:
        """Whether it was ended early just so before."""
        left = (EndReason.LEFT_EARLY, ended_on, reason_code)
        return (self.end_reason, self.ended_on, self.reason_code) == left

    def end_early(
        self, ended_on: date, reason_code: str, note: str | None, stay_id: str | None, today: date
    ) -> None:
        """Let it end before its last day, for a reason by code; the note stays here."""
        served = self.served_until(ended_on, today)
        self.reason_code, self.note = reason_code, note
        self.stay_id = stay_id if served else None
        self._end(ended_on, EndReason.LEFT_EARLY)

    def require_over(self, completed_on: date) -> None:
        """Raises OnHold while it is paused, WrongPlacementState and Invalid: it is to be complete.

        It has started, was not left, and its last day is the day of completion or before it.
        """
        if self.end_reason is EndReason.COMPLETED and self.ended_on is not None:
            return
        if self.paused_on is not None:
            raise OnHold(application_id=self.application_id)
        self.require(PlacementState.UNDER_WAY)
        if self.ends_on > completed_on:
            reason = f"Must not be before the placement ends on {self.ends_on.isoformat()}."
            raise Invalid("The placement goes on.", fields={"completed_on": [reason]})

    def complete(self, completed_on: date) -> None:
        """Let it end as it was meant to; done before, nothing happens."""
        if self.end_reason is not EndReason.COMPLETED:
            self.require_over(completed_on)
            self._end(self.ends_on, EndReason.COMPLETED)

    def reopen(self) -> None:
        """Take back that it was completed, because that was a mistake."""
        if self.end_reason is EndReason.COMPLETED:
            self.state, self.ended_on, self.end_reason = PlacementState.UNDER_WAY, None, None
            self._tell(PlacementReopened)

    def forget(self) -> None:
        """Keep who was where and when, and that it was left, without why."""
        self.reason_code = self.note = None

    def _take(self, terms: Terms, stay_id: str) -> None:
        self.starts_on, self.ends_on = terms.starts_on, terms.ends_on
        self.wte_percent, self.stay_id = terms.wte_percent, stay_id

    def _end(self, ended_on: date, reason: EndReason) -> None:
        if self.paused_on is not None:
            self._count_pause(ended_on + ONE_DAY)
        self.state, self.ended_on, self.end_reason = PlacementState.ENDED, ended_on, reason
        self._tell(PlacementEnded, reason=reason.value, ended_on=ended_on)

    def _count_pause(self, until: date) -> None:
        """Add the days of a pause, the day ``until`` not included, that are among its own."""
        assert self.paused_on is not None
        first = max(self.paused_on, self.starts_on)
        self.days_paused += max(0, (min(until, self.ends_on + ONE_DAY) - first).days)
        self.paused_on = None

    def _tell_terms(self, kind: type[Any], terms: Terms | None = None) -> None:
        told = terms or self.terms
        self._tell(
            kind,
            programme_id=self.programme_id,
            host_id=self.host_id,
            starts_on=told.starts_on,
            ends_on=told.ends_on,
            wte_percent=told.wte_percent,
        )

    def _tell(self, kind: type[Any], **more: Any) -> None:
        self.record(
            kind(
                placement_id=self.id,
                application_id=self.application_id,
                cohort_id=self.cohort_id,
                member_id=self.member_id,
                post_id=self.post_id,
                **more,
            )
        )
