"""Reviewers, their conflicts of interest, the panels of cohorts, reviews and moderations.

Who reviewed whom is withheld even from those whom a review is about.
"""

from collections import Counter
from typing import Any

from services.programmes.domain.panel import Panel
from services.programmes.domain.review import Review
from services.programmes.domain.reviewer import Interest, Reviewer
from services.programmes.domain.scoring import Moderation
from shared.repository import Index, Repository

_LOAD = "load_key"


class Reviewers(Repository[Reviewer]):
    """The pool of reviewers; one who is a member is found as such."""

    collection = "reviewers"
    aggregate = Reviewer
    audited = True
    untracked = frozenset({"member_id"})
    indexes = (Index(("member_id", "id")),)

    def _state(self, aggregate: Reviewer) -> dict[str, Any]:
        return {**super()._state(aggregate), "member_id": aggregate.id}


class Interests(Repository[Interest]):
    """Conflicts of interest; of a reviewer and a member there is one."""

    collection = "interests"
    aggregate = Interest
    audited = True
    untracked = frozenset({"pair"})
    withheld = frozenset({"reviewer_id", "reason"})
    unnamed = True
    indexes = (
        Index("pair", unique=True),
        Index(("reviewer_id", "id")),
        Index(("member_id", "id")),
    )

    def _state(self, aggregate: Interest) -> dict[str, Any]:
        return {**super()._state(aggregate), "pair": aggregate.pair}


class Panels(Repository[Panel]):
    """The reviewers of cohorts, by cohort."""

    collection = "panels"
    aggregate = Panel
    audited = True
    absence = "The cohort has no reviewers; appoint_reviewers comes first."


class Reviews(Repository[Review]):
    """Reviews; the unique key keeps an application from having more than it should."""

    collection = "reviews"
    aggregate = Review
    audited = True
    untracked = frozenset({"place", _LOAD})
    withheld = frozenset({"reviewer_id", "slot", "reason"})
    unnamed = True
    indexes = (
        Index("place", unique=True, sparse=True),
        Index(("cohort_id", "id")),
        Index(("application_id", "id")),
        Index(("reviewer_id", "id")),
        Index(("member_id", "id")),
        Index(_LOAD, sparse=True),
    )

    def loads(self, cohort_id: str) -> Counter[str]:
        """How many reviews of a cohort each reviewer has that count or will."""
        prefix = f"{cohort_id}|"
        found = self.tally(_LOAD, beginning=prefix)
        return Counter({key.removeprefix(prefix): number for key, number in found.items()})

    def _state(self, aggregate: Review) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.live:
            state["place"] = f"{aggregate.application_id}/{aggregate.slot}"
            state[_LOAD] = f"{aggregate.cohort_id}|{aggregate.reviewer_id}"
        return state


class Moderations(Repository[Moderation]):
    """What panels agreed on, by application."""

    collection = "moderations"
    aggregate = Moderation
    audited = True
    withheld = frozenset({"moderators"})
    unnamed = True
    indexes = (Index(("cohort_id", "id")), Index(("member_id", "id")))
