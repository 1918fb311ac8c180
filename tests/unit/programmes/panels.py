"""A cohort with applications and reviewers, so that tests can review."""

from __future__ import annotations

from typing import Any

from tests.unit.programmes.builders import RUBRIC
from tests.unit.programmes.world import World

QUESTIONS: list[dict[str, Any]] = [
    {"id": "motivation", "prompt": "Why do you apply?", "max_words": 500},
    {"id": "example", "prompt": "What have you led?", "max_words": 500, "required": False},
    {"id": "band", "prompt": "Your band?", "kind": "number", "required": False},
    {"id": "born", "prompt": "Born on?", "kind": "date", "required": False},
    {
        "id": "referee",
        "prompt": "Who knows you?",
        "required": False,
        "shown_to_reviewers": False,
    },
]
LOW, MIDDLE, HIGH = 1, 3, 5


class Panelled(World):
    """A world in which a cohort is reviewed."""

    cohort_id = ""
    applications: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        applications: int = 4,
        reviewers: int = 4,
        *,
        kind: str = "national_scheme",
        capacity: int = 50,
        database: Any = None,
        **rubric: Any,
    ) -> Panelled:
        """So many longlisted applications and appointed reviewers, nothing allocated yet."""
        world = cls(database=database)
        programme = world.programme(kind=kind)
        world.cohort_id = world.cohort(programme, questions=QUESTIONS, rubric={**RUBRIC, **rubric})
        for _ in range(applications):
            world.longlisted()
        for number in range(reviewers):
            world.reviewer(f"reviewer-{number}", capacity)
        if world.reviewers:
            world.appoint(*world.reviewers)
        return world

    def longlisted(self, member_id: str | None = None, **answers: str) -> str:
        """The id of one more application that waits for reviews."""
        given = {"motivation": "To lead.", **answers}
        id = self.submitted(self.cohort_id, member_id, answers=given)
        self.bring(id, "longlisted")
        self.applications = (*self.applications, id)
        return id

    def reviewer(self, reviewer_id: str, capacity: int = 50) -> str:
        """One more reviewer in the pool."""
        self.call("add_reviewer", reviewer_id=reviewer_id, capacity=capacity)
        self.reviewers = (*self.reviewers, reviewer_id)
        return reviewer_id

    def appoint(self, *reviewer_ids: str) -> Any:
        return self.call(
            "appoint_reviewers", cohort_id=self.cohort_id, reviewer_ids=list(reviewer_ids)
        )

    def allocate(self, **arguments: Any) -> Any:
        return self.call("allocate_reviews", cohort_id=self.cohort_id, **arguments)

    def all_reviews(self) -> list[Any]:
        """Every review of the cohort, as it is stored."""
        return list(self.repository("reviews").scan({"cohort_id": self.cohort_id}))

    def live(self, application_id: str | None = None) -> list[Any]:
        """Those that count or will."""
        found = [each for each in self.all_reviews() if each.live]
        return [each for each in found if application_id in (None, each.application_id)]

    def score(self, review: Any, points: int = MIDDLE, **arguments: Any) -> Any:
        """Let the reviewer of a review give it so many points in every criterion."""
        return self.call(
            "score_review",
            by=review.reviewer_id,
            review_id=review.id,
            **{
                "edition": self.application(review.application_id).edition,
                "scores": {"leadership": points, "motivation": points},
                **arguments,
            },
        )

    def score_all(self, points: int = MIDDLE) -> None:
        for review in self.live():
            self.score(review, points)

    def close(self, **arguments: Any) -> Any:
        return self.call("close_scoring", cohort_id=self.cohort_id, **arguments)

    def rank(self, **arguments: Any) -> Any:
        return self.call("rank_reviews", cohort_id=self.cohort_id, **arguments)
