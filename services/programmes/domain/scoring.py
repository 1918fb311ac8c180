"""What reviews of applications amount to: means, where they differ, and what the panel agreed.

All arithmetic is exact; ``shown`` gives what people read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from services.programmes.domain.application import Application
from services.programmes.domain.ranking import Scored, shown
from services.programmes.domain.review import Review
from services.programmes.domain.rubric import Rubric
from services.programmes.errors import NotAnOutlier, NotIndependent
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass
class Moderation(Aggregate):
    """The scores that a panel agreed on for an application, whose id it has.

    They stand in place of the mean of ``review_ids`` while these are the reviews that count, and of
    what was read in this ``edition``.
    """

    id: str
    cohort_id: str
    member_id: str
    scores: dict[str, int]
    moderators: tuple[str, ...]
    reason: str
    review_ids: tuple[str, ...]
    moderated_at: datetime
    edition: int = 0

    def replace(self, made: Moderation) -> None:
        """Let something else be what the panel agreed on."""
        self.scores, self.moderators, self.reason = made.scores, made.moderators, made.reason
        self.review_ids, self.moderated_at = made.review_ids, made.moderated_at
        self.edition = made.edition

    def forget(self) -> None:
        """Keep what was agreed and by whom, without what was said."""
        self.reason = ""


@dataclass(frozen=True)
class Assessment:
    """An application with the reviews that count, and what the panel may have agreed instead."""

    application: Application
    reviews: tuple[Review, ...]
    moderation: Moderation | None
    rubric: Rubric

    @classmethod
    def of(
        cls,
        application: Application,
        reviews: Iterable[Review],
        moderation: Moderation | None,
        rubric: Rubric,
    ) -> Assessment:
        """Of all reviews of an application, those count that have scores of what it says now."""
        counting = [each for each in reviews if each.scored_for(application)]
        counting.sort(key=lambda each: each.id)
        return cls(application, tuple(counting), moderation, rubric)

    @property
    def means(self) -> tuple[Fraction, ...]:
        """The weighted mean of each review."""
        return tuple(self.rubric.weighted_mean(each.scores) for each in self.reviews)

    @property
    def gap(self) -> Fraction:
        """How far the weighted means are from one another at most."""
        return max(self.means) - min(self.means) if self.reviews else Fraction(0)

    @property
    def outlying(self) -> bool:
        """Whether the reviews differ by more than the rubric lets pass."""
        return self.gap > self.rubric.moderation_gap

    @property
    def agreed(self) -> Mapping[str, int] | None:
        """What the panel agreed on, while it is of the same reviews and of the same answers."""
        made = self.moderation
        if made is None or made.edition != self.application.edition:
            return None
        return made.scores if {*made.review_ids} == {each.id for each in self.reviews} else None

    @property
    def reviews_missing(self) -> int:
        """How many reviews are still to come."""
        return max(0, self.rubric.reviews - len(self.reviews))

    @property
    def moderation_missing(self) -> bool:
        """Whether the panel has to agree on scores first."""
        return self.outlying and self.agreed is None

    def scored(self) -> Scored | None:
        """What it is ranked by: agreed scores, or the means of its reviews; None without any."""
        submitted_at = self.application.submitted_at
        if submitted_at is None or not (self.agreed or self.reviews):
            return None
        criteria = {each.id: self._mean(each.id) for each in self.rubric.criteria}
        overall = self.rubric.weighted_mean(criteria)
        agreed = self.agreed is not None
        return Scored(self.application.id, overall, criteria, submitted_at, agreed)

    def _mean(self, criterion: str) -> Fraction:
        if self.agreed is not None:
            return Fraction(self.agreed[criterion])
        total = sum(each.scores[criterion] for each in self.reviews)
        return Fraction(total, len(self.reviews))

    def moderate(
        self, scores: Mapping[str, int], moderators: Sequence[str], reason: str, now: datetime
    ) -> Moderation:
        """What the panel agreed; raises Invalid by criterion, NotAnOutlier, and NotIndependent.

        Who reviewed it may be among the moderators, but not alone.
        """
        if faults := self.rubric.score_faults(scores):
            raise Invalid("The scores are not valid.", fields=faults)
        if not self.outlying:
            raise NotAnOutlier(
                application_id=self.application.id,
                gap=shown(self.gap),
                moderation_gap=shown(Fraction(self.rubric.moderation_gap)),
            )
        people = tuple(dict.fromkeys(moderators))
        if {*people} <= {each.reviewer_id for each in self.reviews}:
            raise NotIndependent(application_id=self.application.id, moderators=list(people))
        return Moderation(
            self.application.id,
            self.application.cohort_id,
            self.application.member_id,
            dict(scores),
            people,
            reason,
            tuple(each.id for each in self.reviews),
            now,
            self.application.edition,
        )


@dataclass(frozen=True)
class Tendency:
    """How somebody scores beside others; positive differences are lenient. None: no score yet.

    ``against_cohort`` is their mean less that of all reviews, ``against_peers`` the mean of what
    they gave less what others gave to the same applications.
    """

    number: int = 0
    mean: Fraction | None = None
    against_cohort: Fraction | None = None
    against_peers: Fraction | None = None


def tendencies(assessments: Iterable[Assessment]) -> tuple[Fraction | None, dict[str, Tendency]]:
    """The mean of all reviews, and how each reviewer scores."""
    given: dict[str, list[Fraction]] = defaultdict(list)
    beside: dict[str, list[Fraction]] = defaultdict(list)
    for each in assessments:
        means, total = each.means, sum(each.means, Fraction(0))
        for review, mean in zip(each.reviews, means, strict=True):
            given[review.reviewer_id].append(mean)
            if others := len(means) - 1:
                beside[review.reviewer_id].append(mean - (total - mean) / others)
    overall = _mean([mean for means in given.values() for mean in means])
    found = {
        id: Tendency(len(means), _mean(means), _less(_mean(means), overall), _mean(beside[id]))
        for id, means in sorted(given.items())
    }
    return overall, found


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _less(value: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if value is None or other is None else value - other
