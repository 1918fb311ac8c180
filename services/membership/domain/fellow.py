"""A member who holds awards of fellowship: granted, confirmed every few years, or ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.calendar import later
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.subscriber import Award, Subscriber
from services.membership.errors import AwardHeld, AwardNotHeld, RevalidationNotDue
from services.membership.events import AwardEnded, AwardRevalidated, AwardRevalidationDue

SUPERSEDED, NOT_REVALIDATED = "superseded", "not_revalidated"


@dataclass
class Fellow(Subscriber):
    """One award is held at a time: a higher one takes the place of those before it."""

    def rank_on(self, rules: FellowshipRules, day: date) -> int:
        """How high the level held on a day is, from 0; -1 for none."""
        held = (award for award in self.awards if award.valid_on(day))
        return max((rules.rank(award.level) for award in held), default=-1)

    def require_below(self, level: str, rules: FellowshipRules, day: date) -> None:
        """Raises AwardHeld when this level or a higher one is held."""
        if self.rank_on(rules, day) >= rules.rank(level):
            raise AwardHeld(member_id=self.id, level=level)

    def award(self, fellowship_id: str) -> Award | None:
        """What an application for fellowship came to, if it was awarded."""
        return next((each for each in self.awards if each.fellowship_id == fellowship_id), None)

    def grant_award(self, award: Award) -> None:
        """Hold an award, in place of those held before; granted again it changes nothing."""
        if self.award(award.fellowship_id) is not None:
            return
        before = [each for each in self.awards if each.ended_on is None]
        for each in before:
            self.end_award(each, SUPERSEDED, max(each.awarded_on, award.awarded_on))
        self.awards = (*self.awards, award)

    def award_to_confirm(self, fellowship_id: str, today: date) -> Award:
        """The award, if it is time to confirm it; raises AwardNotHeld or RevalidationNotDue."""
        award = self.award(fellowship_id)
        if award is None or not award.valid_on(today):
            raise AwardNotHeld(member_id=self.id, fellowship_id=fellowship_id)
        if award.notice_on is None or today < award.notice_on:
            raise RevalidationNotDue(
                member_id=self.id,
                fellowship_id=fellowship_id,
                notice_on=award.notice_on.isoformat() if award.notice_on else None,
            )
        return award

    def revalidate_award(
        self,
        fellowship_id: str,
        due_on: date,
        revalidated_on: date,
        revalidate_by: date,
        notice_on: date,
    ) -> None:
        """Confirm the award that was due on a day; done again for that day it changes nothing."""
        award = self.award(fellowship_id)
        if award is None or award.revalidate_by != due_on or award.ended_on is not None:
            return
        confirmed = replace(
            award,
            revalidate_by=revalidate_by,
            notice_on=notice_on,
            told_on=None,
            revalidated_on=revalidated_on,
        )
        self._put(confirmed)
        self.record(
            AwardRevalidated(
                member_id=self.id,
                fellowship_id=fellowship_id,
                level=award.level,
                revalidated_on=revalidated_on,
                revalidate_by=revalidate_by,
            )
        )

    def end_award(self, award: Award, reason: str, on: date) -> None:
        """Let an award not be held any more from a day on; ``reason`` is a code."""
        self._put(replace(award, ended_on=on))
        self.record(
            AwardEnded(
                member_id=self.id,
                fellowship_id=award.fellowship_id,
                level=award.level,
                reason=reason,
                ended_on=on,
            )
        )

    @property
    def award_days(self) -> Iterator[date]:
        """The days on which there is something to tell of an award."""
        for award in self.awards:
            if award.ended_on is None and award.revalidate_by is not None:
                yield later(award.revalidate_by, 1)
                if award.told_on is None and award.notice_on is not None:
                    yield award.notice_on

    def settle_awards(self, day: date, *, live: bool) -> None:
        """Tell, each once, what a day brings: notice, to ``live`` members, or the end."""
        for award in self.awards:
            if award.ended_on is not None or award.revalidate_by is None:
                continue
            if award.revalidate_by < day:
                self.end_award(award, NOT_REVALIDATED, later(award.revalidate_by, 1))
            elif live and award.told_on is None and award.notice_on and award.notice_on <= day:
                self._put(replace(award, told_on=day))
                self.record(
                    AwardRevalidationDue(
                        member_id=self.id,
                        fellowship_id=award.fellowship_id,
                        level=award.level,
                        due_on=award.revalidate_by,
                    )
                )

    def _put(self, award: Award) -> None:
        self.awards = tuple(
            award if each.fellowship_id == award.fellowship_id else each for each in self.awards
        )
