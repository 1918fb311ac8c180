"""A review: one reviewer's scores of one application."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.programmes.domain.application import Application
from services.programmes.domain.rubric import Rubric
from shared.errors import Invalid
from shared.events import Aggregate


class ReviewState(StrEnum):
    """What became of a review; one that was released may be given to the same reviewer again."""

    OPEN = "open"
    SCORED = "scored"
    ABSTAINED = "abstained"
    CONFLICTED = "conflicted"
    RELEASED = "released"


LIVE = (ReviewState.OPEN, ReviewState.SCORED)


@dataclass
class Review(Aggregate):
    """What a reviewer was given and made of it.

    ``slot`` counts from 0 to one less than the reviews that each application gets; no two live
    reviews of an application have the same. ``reason`` says why it ended without counting.
    """

    id: str
    cohort_id: str
    application_id: str
    member_id: str
    reviewer_id: str
    slot: int
    allocated_at: datetime
    state: ReviewState = ReviewState.OPEN
    scores: dict[str, int] = field(default_factory=dict)
    comment: str = ""
    scored_at: datetime | None = None
    reason: str = ""
    edition: int = 0
    """Of the application, as it was read by who scored it."""

    @staticmethod
    def key(seed: str, application_id: str, reviewer_id: str) -> str:
        """The id of the review of an application by a reviewer.

        It says nothing of either to who has not got the seed, and its order nothing of theirs.
        """
        pair = f"{seed}:{application_id}:{reviewer_id}"
        return hashlib.sha256(pair.encode()).hexdigest()[:32]

    @property
    def live(self) -> bool:
        """Whether it counts, or will once it is scored."""
        return self.state in LIVE

    def scored_for(self, application: Application) -> bool:
        """Whether it has scores of the application as it was submitted last."""
        return self.state is ReviewState.SCORED and self.edition == application.edition

    def give_again(self, slot: int, now: datetime) -> None:
        """Give it to the reviewer once more after it was released; otherwise nothing happens."""
        if self.state is ReviewState.RELEASED:
            self.state, self.slot, self.allocated_at = ReviewState.OPEN, slot, now
            self.reason = ""

    def score(
        self,
        scores: Mapping[str, int],
        comment: str,
        *,
        edition: int,
        rubric: Rubric,
        now: datetime,
    ) -> None:
        """Score every criterion, for the first time or anew; raises Invalid by criterion."""
        if faults := rubric.score_faults(scores):
            raise Invalid("The scores are not valid.", fields=faults)
        self.state, self.scored_at, self.edition = ReviewState.SCORED, now, edition
        self.scores, self.comment = dict(scores), comment.strip()

    def end(self, state: ReviewState, reason: str) -> None:
        """Let it not count; what has ended stays as it is."""
        if self.live:
            self.state, self.reason = state, reason

    def set_aside(self) -> None:
        """Let it not count, as its reviewer must not judge the applicant."""
        self.end(ReviewState.CONFLICTED, "")

    def readmit(self) -> None:
        """Let it be given to its reviewer again, of whom it turned out that they may judge."""
        if self.state is ReviewState.CONFLICTED:
            self.state, self.reason = ReviewState.RELEASED, ""

    def release(self) -> None:
        """Take it back unscored, so that somebody else is given the application."""
        if self.state is ReviewState.OPEN:
            self.end(ReviewState.RELEASED, "")

    def forget(self) -> None:
        """Keep who scored what, without anything written."""
        self.comment, self.reason = "", ""
