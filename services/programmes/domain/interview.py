"""Interviews: what each of the panel gave, what the panel agreed on, and who did not come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from services.programmes.domain.application import Application
from services.programmes.domain.ranking import Scored
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.slot import Slot
from services.programmes.errors import InterviewMissed, PanelHasAgreed, PanelIncomplete
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass
class PanelMark(Aggregate):
    """What somebody of the panel gave an applicant."""

    id: str
    cohort_id: str
    application_id: str
    member_id: str
    slot_id: str
    reviewer_id: str
    scores: dict[str, int]
    comment: str
    scored_at: datetime

    @staticmethod
    def key(application_id: str, reviewer_id: str) -> str:
        """The id of what a reviewer gave an applicant."""
        return f"{application_id}:{reviewer_id}"

    def revise(self, scores: Mapping[str, int], comment: str, slot_id: str, now: datetime) -> None:
        """Give something else."""
        self.scores, self.comment = dict(scores), comment
        self.slot_id, self.scored_at = slot_id, now

    def forget(self) -> None:
        """Keep what was given, without what was written."""
        self.comment = ""


@dataclass(frozen=True)
class Absence:
    """Somebody of the panel who was not at the interview of a slot; the trail says why."""

    slot_id: str
    reviewer_id: str


@dataclass
class Interview(Aggregate):
    """What an interview came to, by application.

    ``missed`` are the slots to which the applicant did not come, ``absent`` those of a panel.
    """

    id: str
    cohort_id: str
    member_id: str
    missed: tuple[str, ...] = ()
    agreed: dict[str, int] | None = None
    agreed_by: tuple[str, ...] = ()
    agreed_at: datetime | None = None
    absent: tuple[Absence, ...] = ()

    def agree(self, scores: Mapping[str, int], by: Sequence[str], now: datetime) -> None:
        """What the panel agreed on stands in place of the mean of what each gave."""
        self.agreed, self.agreed_by, self.agreed_at = dict(scores), tuple(dict.fromkeys(by)), now

    def miss(self, slot_id: str) -> None:
        """The applicant did not come to a slot."""
        if slot_id not in self.missed:
            self.missed = (*self.missed, slot_id)

    def excuse(self, slot_id: str, reviewer_id: str) -> None:
        """Somebody of the panel was not there, so nobody waits for their scores."""
        if (away := Absence(slot_id, reviewer_id)) not in self.absent:
            self.absent = (*self.absent, away)

    def absent_from(self, slot_id: str) -> frozenset[str]:
        """Who of the panel was not there."""
        return frozenset(each.reviewer_id for each in self.absent if each.slot_id == slot_id)

    def forget(self) -> None:
        """Keep what it came to, which is all that stands here; reasons are in its trail."""

    def require_scorable(self, slot_id: str) -> None:
        """Raises InterviewMissed, and PanelHasAgreed."""
        if slot_id in self.missed:
            raise InterviewMissed(application_id=self.id, slot_id=slot_id)
        if self.agreed is not None:
            raise PanelHasAgreed(application_id=self.id)


def checked_scores(rubric: Rubric, scores: Mapping[str, int]) -> dict[str, int]:
    """The scores of an interview; raises Invalid by criterion."""
    if faults := rubric.score_faults(scores):
        raise Invalid("The scores are not valid.", fields=faults)
    return dict(scores)


@dataclass(frozen=True)
class Hearing:
    """An application with its slot and all that its panel gave, as far as it counts.

    Marks of the ``barred``, who are in conflict with the applicant, do not count; those of who was
    absent are not ``awaited``.
    """

    application: Application
    rubric: Rubric
    slot: Slot | None
    outcome: Interview | None
    marks: tuple[PanelMark, ...] = field(default_factory=tuple)
    awaited: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        application: Application,
        rubric: Rubric,
        slot: Slot | None,
        outcome: Interview | None,
        marks: Iterable[PanelMark],
        barred: Collection[str],
    ) -> Hearing:
        """Of the panel's marks those that count, and whose are awaited."""
        panel = [id for id in (slot.panel if slot else ()) if id not in barred]
        given = {each.reviewer_id: each for each in marks if slot and each.slot_id == slot.id}
        absent = outcome.absent_from(slot.id) if outcome and slot else frozenset[str]()
        return cls(
            application,
            rubric,
            slot,
            outcome,
            tuple(given[id] for id in panel if id in given),
            tuple(id for id in panel if id not in given and id not in absent),
        )

    @property
    def agreed(self) -> Mapping[str, int] | None:
        """What the panel agreed on."""
        return self.outcome.agreed if self.outcome else None

    @property
    def gap(self) -> Fraction:
        """How far the weighted means of the panel are from one another at most."""
        means = [self.rubric.weighted_mean(each.scores) for each in self.marks]
        return max(means) - min(means) if means else Fraction(0)

    def require_agreement(self, agreed_by: Collection[str], least: int) -> None:
        """Raises PanelIncomplete unless all have scored and enough of them agree.

        Who was recorded as absent need not have scored; ``least`` of the others agree, or all of
        them where they are fewer.
        """
        scored = {each.reviewer_id for each in self.marks}
        needed = max(1, min(least, len(scored)))
        if self.awaited or len(scored.intersection(agreed_by)) < needed:
            raise PanelIncomplete(
                application_id=self.application.id, awaited=list(self.awaited), needed=needed
            )

    @property
    def agreement_missing(self) -> bool:
        """Whether the panel is further apart than the rubric lets pass and has not agreed."""
        return self.agreed is None and self.gap > self.rubric.moderation_gap

    @property
    def complete(self) -> bool:
        """Whether there is a score: agreed on, or given by all of the panel and close enough."""
        if self.agreed is not None:
            return True
        return bool(self.marks) and not self.awaited and not self.agreement_missing

    @property
    def pending(self) -> bool:
        """Whether it is booked or scored in part, so that there is still a score to come."""
        missed = self.outcome.missed if self.outcome else ()
        return not self.complete and self.slot is not None and self.slot.id not in missed

    def scored(self) -> Scored | None:
        """What it is ranked by; None while it is not complete."""
        submitted_at = self.application.submitted_at
        if not self.complete or submitted_at is None:
            return None
        criteria = {each.id: self._mean(each.id) for each in self.rubric.criteria}
        overall = self.rubric.weighted_mean(criteria)
        agreed = self.agreed is not None
        return Scored(self.application.id, overall, criteria, submitted_at, agreed)

    def _mean(self, criterion: str) -> Fraction:
        if self.agreed is not None:
            return Fraction(self.agreed[criterion])
        return Fraction(sum(each.scores[criterion] for each in self.marks), len(self.marks))
