"""What the use cases of reviewing need together: who reviews what, and who must not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from services.programmes.domain.cohort import Cohort
from services.programmes.domain.panel import reviewed, under_review
from services.programmes.domain.reviewer import Interest
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.scoring import Assessment
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import NotReviewed
from services.programmes.handlers.desk import Desk
from shared.errors import Duplicate
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.domain.application import Application
    from services.programmes.domain.review import Review
    from services.programmes.repository import Interests, Moderations, Panels, Reviewers, Reviews


@dataclass(frozen=True)
class Reviewing:
    """A cohort whose applications are reviewed, and how."""

    cohort: Cohort
    rubric: Rubric
    workflow: Workflow

    @property
    def statuses(self) -> tuple[ApplicationStatus, ...]:
        """In which of them applications are reviewed."""
        return under_review(self.workflow)


@dataclass(frozen=True)
class ReviewDesk:
    """The repositories of reviewing, beside those of the desk."""

    desk: Desk
    reviewers: Reviewers
    interests: Interests
    panels: Panels
    reviews: Reviews
    moderations: Moderations
    offload: Callable[..., Any]

    def round(self, cohort_id: str) -> Reviewing:
        """A cohort that is reviewed; raises NotFound and NotReviewed."""
        here = self.desk.round(cohort_id)
        if here.cohort.rubric is None or not under_review(here.workflow):
            raise NotReviewed(cohort_id=cohort_id)
        return Reviewing(here.cohort, here.cohort.rubric, here.workflow)

    def person(self, id: str) -> str:
        """Who somebody is, whatever they were merged into."""
        return self.desk.standings.followed(id)

    def conflicts(self, reviewer_id: str) -> frozenset[str]:
        """Whom a reviewer must not judge, themself first."""
        named = (each.member_id for each in self.interests.scan({"reviewer_id": reviewer_id}))
        return frozenset(self.person(id) for id in (reviewer_id, *named))

    def in_conflict(self, reviewer_id: str, member_id: str) -> bool:
        """Whether a reviewer must not judge a member."""
        return self.person(member_id) in self.conflicts(reviewer_id)

    def keep_interest(
        self, reviewer_id: str, member_id: str, reason: str, *, declared: bool
    ) -> Interest:
        """Keep a conflict of interest; one that is known already stays as it is."""
        new = Interest(new_id(), reviewer_id, member_id, reason, declared, self.desk.clock())
        try:
            return self.interests.add(new)
        except Duplicate:
            known = self.interests.first({"pair": new.pair})
            assert known is not None, "nothing removes a conflict"
            return known

    def applications(
        self, cohort_id: str, statuses: Iterable[ApplicationStatus]
    ) -> Iterator[Application]:
        """Those of a cohort in these statuses."""
        for status in statuses:
            wanted = {"cohort_id": cohort_id, "status": status.value}
            yield from self.desk.applications.scan(wanted)

    def assessments(self, here: Reviewing) -> list[Assessment]:
        """Every application that is reviewed or was and is in the running, as it is assessed."""
        cohort_id = here.cohort.id
        reviews: dict[str, list[Review]] = defaultdict(list)
        for review in self._proper(self.reviews.scan({"cohort_id": cohort_id})):
            reviews[review.application_id].append(review)
        agreed = {each.id: each for each in self.moderations.scan({"cohort_id": cohort_id})}
        found = (
            Assessment.of(each, reviews[each.id], agreed.get(each.id), here.rubric)
            for each in self.applications(cohort_id, reviewed(here.workflow))
        )
        return sorted(found, key=lambda each: each.application.id)

    def assessment(self, here: Reviewing, application: Application) -> Assessment:
        """One application, as it is assessed."""
        reviews = self._proper(self.reviews.scan({"application_id": application.id}))
        agreed = self.moderations.first({"_id": application.id})
        return Assessment.of(application, reviews, agreed, here.rubric)

    def _proper(self, reviews: Iterable[Review]) -> Iterator[Review]:
        """Those whose reviewers may judge the applicant, as far as is known today."""
        person, conflicts = cache(self.person), cache(self.conflicts)
        for each in reviews:
            if person(each.member_id) not in conflicts(each.reviewer_id):
                yield each
