"""What the use cases of reviewing need together: who reviews what, and who must not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
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

    def persons(self, ids: Iterable[str]) -> dict[str, str]:
        """The same for many, read together."""
        return self.desk.standings.followed_all(ids)

    def conflicts(self, reviewer_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """Whom each of these reviewers must not judge, themselves among them."""
        named = {
            id: [id, *(each.member_id for each in self._in_force(reviewer_id=id))]
            for id in set(reviewer_ids)
        }
        person = self.persons(chain.from_iterable(named.values()))
        return {id: frozenset(person[each] for each in ids) for id, ids in named.items()}

    def barred(self, member_id: str) -> frozenset[str]:
        """Who must not judge a member: the member, and whoever is in conflict with them."""
        ids = self.desk.standings.ids_of(self.person(member_id))
        about = (each for id in ids for each in self._in_force(member_id=id))
        return frozenset([*ids, *(each.reviewer_id for each in about)])

    def in_conflict(self, reviewer_id: str, member_id: str) -> bool:
        """Whether a reviewer must not judge a member."""
        return reviewer_id in self.barred(member_id)

    def keep_interest(
        self, reviewer_id: str, member_id: str, reason: str, *, declared: bool
    ) -> Interest:
        """Keep a conflict of interest; one that is in force already stays as it is."""
        new = Interest(new_id(), reviewer_id, member_id, reason, declared, self.desk.clock())
        try:
            return self.interests.add(new)
        except Duplicate:
            known = self.interests.first({"pair": new.pair})
            assert known is not None, "nothing removes a conflict"
            return self.interests.change(known.id, lambda found: found.renew(new))

    def _in_force(self, **whose: str) -> Iterator[Interest]:
        found: Iterator[Interest] = self.interests.scan(whose)
        return (each for each in found if each.in_force)

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
        barred = self.barred(application.member_id)
        found = self.reviews.scan({"application_id": application.id})
        reviews = [each for each in found if each.reviewer_id not in barred]
        agreed = self.moderations.first({"_id": application.id})
        return Assessment.of(application, reviews, agreed, here.rubric)

    def _proper(self, reviews: Iterable[Review]) -> Iterator[Review]:
        """Those whose reviewers may judge the applicant, as far as is known today."""
        found = list(reviews)
        person = self.persons(each.member_id for each in found)
        conflicts = self.conflicts(each.reviewer_id for each in found)
        for each in found:
            if person[each.member_id] not in conflicts[each.reviewer_id]:
                yield each
