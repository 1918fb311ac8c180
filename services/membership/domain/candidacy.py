"""The assessment of an application for fellowship: submitted, decided by a panel, ratified.

Every application is judged by the policy in force on the day it was submitted. The trustees decide
in rounds: the first begins with submission, and an appeal begins a second with another panel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.membership.domain.assessors import Assessor, require_assessors
from services.membership.domain.calendar import later
from services.membership.domain.dossier import (
    AWAITING_REFERENCES,
    DRAFT,
    IN_ASSESSMENT,
    Dossier,
    is_referee,
    require_between,
)
from services.membership.domain.evidence import Shortfall, kinds_missing, level_missing
from services.membership.domain.member import LIVE, Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.rounds import Clock, Conflict, Panel, Round, Ruling
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import EvidenceUse, FellowshipOutcome, FellowshipState, Status
from services.membership.errors import (
    AppealClosed,
    FellowshipIncomplete,
    NotAMember,
    NotCurrent,
    NotRecommended,
    RouteNotOpen,
)
from services.membership.events import (
    FellowshipAppealed,
    FellowshipAwarded,
    FellowshipDecided,
    FellowshipDeclined,
    FellowshipSubmitted,
    FellowshipWithdrawn,
)
from shared.errors import Invalid

PANEL_DECIDED = FellowshipState.PANEL_DECIDED
AWARDED, DECLINED = FellowshipState.AWARDED, FellowshipState.DECLINED
RUNNING = (DRAFT, AWAITING_REFERENCES, IN_ASSESSMENT, PANEL_DECIDED)


@dataclass
class Candidacy(Dossier):
    """An application with its rounds; the last is the one that counts."""

    conflicts: tuple[Conflict, ...] = ()
    rounds: tuple[Round, ...] = ()
    withdrawn_on: date | None = None

    @property
    def running(self) -> bool:
        """Whether nothing is decided yet."""
        return self.state in RUNNING

    def clock(self, today: date) -> Clock:
        """How long a decision takes; there is none of one that ended on no known day."""
        if self.submitted_on is None:
            return Clock()
        latest = self.rounds[-1]
        ratified_on = latest.ruling.ratified_on if latest.ruling else None
        stopped_on = ratified_on or self.withdrawn_on
        return Clock.of(latest, stopped_on, today) if self.running or stopped_on else Clock()

    def missing(self, member: Member, book: PolicyBook, today: date) -> Iterator[Shortfall]:
        """What an application that was submitted today would lack."""
        rules, standards = book.fellowship.on(today).policy, book.standards.on(today).policy
        yield from kinds_missing(self.evidence, rules, EvidenceUse.SUBMISSION, today)
        level = rules.find_level(self.level)
        if level is not None:
            yield from level_missing(self.evidence, level, rules, standards, today)
        standing = [each for each in self.referees if each.standing]
        if len(standing) < rules.referees:
            yield Shortfall("referees", str(rules.referees), "too_few")
        for each in standing:
            if is_referee((each,), (member,)):
                yield Shortfall("referee", each.referee_id, "applicant")

    def submit(self, member: Member, book: PolicyBook, today: date) -> None:
        """Hand in a complete draft; the clock starts."""
        self.require_state("submit_fellowship", DRAFT)
        rules = require_open(member, self.level, self.route, book, today)
        missing = [vars(each) for each in self.missing(member, book, today)]
        if missing:
            raise FellowshipIncomplete(fellowship_id=self.id, missing=missing)
        self.submitted_on = today
        self.policies = book.names(today, "fellowship", "standards")
        self.state = AWAITING_REFERENCES if rules.referees else IN_ASSESSMENT
        begun = self._begin_round(rules, "", today)
        self.record(
            FellowshipSubmitted(
                fellowship_id=self.id,
                member_id=self.member_id,
                level=self.level,
                route=self.route,
                submitted_on=today,
                target_on=begun.target_on,
            )
        )

    def _begin_round(self, rules: FellowshipRules, grounds: str, today: date) -> Round:
        begun = Round(today, today + timedelta(weeks=rules.target_weeks), grounds)
        self.rounds = (*self.rounds, begun)
        return begun

    def declare_conflict(self, assessor_id: str, reason: str, today: date) -> None:
        """Keep somebody from assessing; declared again it changes nothing."""
        self.require_state("declare_conflict", *RUNNING, DECLINED)
        if all(each.assessor_id != assessor_id for each in self.conflicts):
            self.conflicts = (*self.conflicts, Conflict(assessor_id, reason, today))

    def decide(
        self, panel: Panel, assessors: Sequence[Assessor], book: PolicyBook, today: date
    ) -> None:
        """Enter what a panel recommends; an award needs every domain of the level."""
        self.require_state("record_panel_decision", IN_ASSESSMENT)
        rules = self.rules(book, today)
        require_between("decided_on", panel.decided_on, self.rounds[-1].begun_on, today)
        require_assessors(self, assessors, book, rules, panel.decided_on)
        _check_domains(panel, rules.level(self.level).domains)
        self._put(replace(self.rounds[-1], panel=panel))
        self.state = PANEL_DECIDED
        self.record(
            FellowshipDecided(
                fellowship_id=self.id,
                member_id=self.member_id,
                level=self.level,
                decided_on=panel.decided_on,
            )
        )

    def ratify(self, ruling: Ruling, member: Member, book: PolicyBook, today: date) -> None:
        """Enter what the trustees decided; the same decision entered again changes nothing."""
        if self.rounds and self.rounds[-1].ruling == ruling:
            return
        self.require_state("ratify", PANEL_DECIDED)
        panel, rules = self.rounds[-1].panel, self.rules(book, today)
        assert panel is not None
        require_between("ratified_on", ruling.ratified_on, panel.decided_on, today)
        awarded = ruling.outcome is FellowshipOutcome.AWARD
        if awarded:
            if panel.outcome is not FellowshipOutcome.AWARD:
                raise NotRecommended(fellowship_id=self.id)
            status = member.standing_on(book, today).status
            if status in (Status.MERGED, Status.ERASED):
                raise NotAMember(member_id=member.id, status=status.value)
            member.require_below(self.level, rules, today)
        self._put(replace(self.rounds[-1], ruling=ruling))
        self.state = AWARDED if awarded else DECLINED
        self.record(self._awarded(book) if awarded else self._declined(book))

    def award(self, book: PolicyBook) -> Award | None:
        """What the trustees awarded, as it was on that day; None where they did not."""
        ruling = self.rounds[-1].ruling if self.rounds else None
        if ruling is None or ruling.outcome is not FellowshipOutcome.AWARD:
            return None
        rules = self.rules(book, ruling.ratified_on)
        revalidate_by, notice_on = rules.revalidation(ruling.ratified_on)
        return Award(
            fellowship_id=self.id,
            level=self.level,
            post_nominals=rules.level(self.level).post_nominals,
            awarded_on=ruling.ratified_on,
            revalidate_by=revalidate_by,
            notice_on=notice_on,
        )

    def _awarded(self, book: PolicyBook) -> FellowshipAwarded:
        award = self.award(book)
        assert award is not None
        assert award.revalidate_by is not None
        return FellowshipAwarded(
            fellowship_id=self.id,
            member_id=self.member_id,
            level=self.level,
            post_nominals=award.post_nominals,
            awarded_on=award.awarded_on,
            revalidate_by=award.revalidate_by,
        )

    def _declined(self, book: PolicyBook) -> FellowshipDeclined:
        ruling = self.rounds[-1].ruling
        assert ruling is not None
        return FellowshipDeclined(
            fellowship_id=self.id,
            member_id=self.member_id,
            level=self.level,
            declined_on=ruling.ratified_on,
            appeal_by=self.appeal_by(book),
        )

    def appeal_by(self, book: PolicyBook) -> date | None:
        """The last day for an appeal; None where there cannot be one, or not any more."""
        if self.state is not DECLINED or len(self.rounds) > 1:
            return None
        ruling = self.rounds[-1].ruling
        assert ruling is not None
        return later(ruling.ratified_on, self.rules(book, ruling.ratified_on).appeal_days)

    def appeal(self, grounds: str, book: PolicyBook, today: date) -> None:
        """Have another panel look at a declined application, once and within the time for it."""
        self.require_state("appeal", DECLINED)
        last = self.appeal_by(book)
        if last is None:
            raise AppealClosed(fellowship_id=self.id, reason="appealed_before")
        if today > last:
            raise AppealClosed(
                fellowship_id=self.id, reason="window_closed", appeal_by=last.isoformat()
            )
        begun = self._begin_round(self.rules(book, today), grounds, today)
        self.state = IN_ASSESSMENT
        self.record(
            FellowshipAppealed(
                fellowship_id=self.id,
                member_id=self.member_id,
                appealed_on=today,
                target_on=begun.target_on,
            )
        )

    def withdraw(self, today: date) -> None:
        """Take the application back before the trustees have decided."""
        self.require_state("withdraw_fellowship", *RUNNING)
        self.state, self.withdrawn_on = FellowshipState.WITHDRAWN, today
        self.record(
            FellowshipWithdrawn(fellowship_id=self.id, member_id=self.member_id, withdrawn_on=today)
        )

    def _put(self, latest: Round) -> None:
        self.rounds = (*self.rounds[:-1], latest)


def require_current(member: Member, book: PolicyBook, today: date) -> None:
    """Raises NotCurrent unless the membership is current, due or in grace."""
    now = member.standing_on(book, today)
    if now.status not in LIVE:
        raise NotCurrent(member_id=member.id, status=now.status.value, reason=now.reason)


def require_open(
    member: Member, level: str, route: str, book: PolicyBook, today: date
) -> FellowshipRules:
    """The rules of today, by which a current member may go this way to a level not held yet.

    Raises Invalid naming ``level`` or ``route``, NotCurrent, RouteNotOpen or AwardHeld.
    """
    rules = book.fellowship.on(today).policy
    rules.level(level)
    way = rules.route(route)
    require_current(member, book, today)
    refusal = way.refusal(level, member.profession, member.nation)
    if refusal is not None:
        raise RouteNotOpen(member_id=member.id, level=level, route=route, reason=refusal)
    member.require_below(level, rules, today)
    return rules


def _check_domains(panel: Panel, domains: tuple[str, ...]) -> None:
    known = f"Must be one of: {', '.join(domains)}."
    faults = {
        f"domains_met.{i}": [known] for i, d in enumerate(panel.domains_met) if d not in domains
    }
    lacking = [domain for domain in domains if domain not in panel.domains_met]
    if panel.outcome is FellowshipOutcome.AWARD and lacking:
        faults["domains_met"] = [f"An award also needs: {', '.join(lacking)}."]
    if faults:
        raise Invalid("The panel's decision is not valid.", fields=faults)
