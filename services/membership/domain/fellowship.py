"""An application for fellowship, from its start to the award and the confirmations of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.membership.domain.candidacy import AWARDED, Candidacy, require_open
from services.membership.domain.evidence import (
    EvidenceGiven,
    EvidenceItem,
    evidence_faults,
    kinds_missing,
)
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.rounds import Revalidation, Round, Ruling
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import EvidenceUse, FellowshipOutcome, FellowshipState
from services.membership.errors import AwardNotHeld, FellowshipIncomplete
from services.membership.events import FellowshipAwarded, FellowshipStarted
from shared.errors import Invalid

RECORDED = "recorded"
"""The route of an award that was made before, or elsewhere."""


@dataclass
class Fellowship(Candidacy):
    """One application of one member for one level."""

    revalidations: tuple[Revalidation, ...] = ()

    @classmethod
    def start(
        cls, id: str, member: Member, level: str, route: str, book: PolicyBook, today: date
    ) -> Self:
        """A draft of a current member who does not hold the level yet."""
        require_open(member, level, route, book, today)
        started = cls(id=id, member_id=member.id, level=level, route=route, started_on=today)
        started.record(
            FellowshipStarted(
                fellowship_id=id,
                member_id=member.id,
                level=level,
                route=route,
                started_on=today,
            )
        )
        return started

    @classmethod
    def taken_over(cls, member: Member, award: Award, minute: str, today: date) -> Self:
        """What stands for an award that nobody applied for here."""
        assert award.revalidate_by is not None
        ruling = Ruling(FellowshipOutcome.AWARD, award.awarded_on, minute)
        made = cls(
            id=award.fellowship_id,
            member_id=member.id,
            level=award.level,
            route=RECORDED,
            started_on=today,
            state=AWARDED,
            rounds=(Round(award.awarded_on, award.awarded_on, ruling=ruling),),
        )
        made.record(
            FellowshipAwarded(
                fellowship_id=made.id,
                member_id=member.id,
                level=award.level,
                post_nominals=award.post_nominals,
                awarded_on=award.awarded_on,
                revalidate_by=award.revalidate_by,
            )
        )
        return made

    def revalidate(
        self,
        award: Award,
        evidence: Sequence[tuple[str, EvidenceGiven]],
        book: PolicyBook,
        today: date,
    ) -> None:
        """Confirm the award with evidence, each with its id; twice for the same day is once.

        The next time counts from the day on which this one was due, so being early costs nothing.
        Raises Invalid naming ``evidence.<index>.<field>``, or FellowshipIncomplete.
        """
        if self.state is not AWARDED or award.revalidate_by is None:
            raise AwardNotHeld(member_id=self.member_id, fellowship_id=self.id)
        if any(each.due_on == award.revalidate_by for each in self.revalidations):
            return
        version, standards = book.fellowship.on(today), book.standards.on(today).policy
        rules = version.policy
        faults = {
            f"evidence.{index}.{name}": reasons
            for index, (_, given) in enumerate(evidence)
            for name, reasons in evidence_faults(given, rules, standards, today).items()
        }
        if faults:
            raise Invalid("The evidence is not valid.", fields=faults)
        shown = tuple(EvidenceItem.of(given, id, today) for id, given in evidence)
        missing = [*kinds_missing(shown, rules, EvidenceUse.REVALIDATION, today)]
        if missing:
            raise FellowshipIncomplete(fellowship_id=self.id, missing=list(map(vars, missing)))
        revalidate_by, notice_on = rules.revalidation(award.revalidate_by)
        confirmed = Revalidation(
            award.revalidate_by, today, revalidate_by, notice_on, shown, version.version
        )
        self.revalidations = (*self.revalidations, confirmed)

    def forget(self) -> None:
        """Keep which level was asked for when, and what came of it; an open application ends."""
        self.evidence, self.referees, self.conflicts = (), (), ()
        self.rounds = tuple(each.without_words() for each in self.rounds)
        self.revalidations = tuple(replace(each, evidence=()) for each in self.revalidations)
        if self.running:
            self.state = FellowshipState.WITHDRAWN


def recorded_award(
    id: str,
    level: str,
    awarded_on: date,
    confirmed_on: date | None,
    rules: FellowshipRules,
    today: date,
) -> Award:
    """An award made before, or elsewhere, and last confirmed on a day.

    Raises Invalid naming ``level``, ``awarded_on`` or ``confirmed_on``.
    """
    found = rules.level(level)
    faults: dict[str, list[str]] = {}
    for name, day in (("awarded_on", awarded_on), ("confirmed_on", confirmed_on)):
        if day is not None and day > today:
            faults[name] = ["Must not be in the future."]
    if confirmed_on is not None and confirmed_on < awarded_on:
        faults["confirmed_on"] = ["Must not be before the award."]
    last = confirmed_on or awarded_on
    revalidate_by, notice_on = rules.revalidation(last)
    if revalidate_by < today:
        name = "awarded_on" if confirmed_on is None else "confirmed_on"
        faults[name] = [f"Would have had to be confirmed by {revalidate_by.isoformat()}."]
    if faults:
        raise Invalid("The award is not valid.", fields=faults)
    return Award(
        fellowship_id=id,
        level=level,
        post_nominals=found.post_nominals,
        awarded_on=awarded_on,
        revalidate_by=revalidate_by,
        notice_on=notice_on,
        revalidated_on=confirmed_on,
    )
