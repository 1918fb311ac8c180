"""Which reviews a cohort lacks, and how they are given to whoever can take them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from services.programmes.domain.allocation import Allocation, Gaps, allocate
from services.programmes.domain.application import Application
from services.programmes.domain.panel import OVER, Panel
from services.programmes.domain.review import Review, ReviewState
from services.programmes.handlers.review_desk import ReviewDesk, Reviewing
from shared.errors import Duplicate

if TYPE_CHECKING:
    from services.programmes.repository import Reviews

_LEFT = (ReviewState.ABSTAINED, ReviewState.CONFLICTED)


@dataclass(frozen=True)
class Table:
    """What is allocated, to whom, and what stands of it; ``conflicts`` are persons by reviewer."""

    panel: Panel
    wanted: int
    applications: Mapping[str, Application]
    persons: Mapping[str, str]
    capacity: Mapping[str, int]
    conflicts: Mapping[str, frozenset[str]]
    reviews: tuple[Review, ...]
    released: tuple[Review, ...]

    @cached_property
    def kept(self) -> tuple[Review, ...]:
        """Those that stand."""
        gone = {each.id for each in self.released}
        return tuple(each for each in self.reviews if each.live and each.id not in gone)

    @cached_property
    def known(self) -> frozenset[str]:
        """The ids of all reviews there ever were."""
        return frozenset(each.id for each in self.reviews)

    @property
    def loads(self) -> Counter[str]:
        """How many each of the reviewers has; of others nothing is said."""
        load = Counter(each.reviewer_id for each in self.kept)
        return Counter({id: load[id] for id in self.capacity})

    def free_slots(self) -> dict[str, list[int]]:
        """Which reviews each application still lacks."""
        taken = defaultdict(set)
        for each in self.kept:
            taken[each.application_id].add(each.slot)
        return {
            id: [slot for slot in range(self.wanted) if slot not in taken[id]]
            for id in self.applications
        }

    def gaps(self, applications: Iterable[Application]) -> Gaps:
        """What is to be filled of these; while one is paused it is given to nobody."""
        free = self.free_slots()
        wanted = {each.id: len(free[each.id]) for each in applications if each.paused_at is None}
        barred = frozenset(self._barred())
        return Gaps(wanted, self.capacity, self.loads, barred, self.panel.seed)

    def _barred(self) -> Iterator[tuple[str, str]]:
        for each in self.reviews:
            if each.live or each.state in _LEFT:
                yield each.application_id, each.reviewer_id
        of_person = defaultdict(list)
        for id, person in self.persons.items():
            of_person[person].append(id)
        for reviewer_id, persons in self.conflicts.items():
            for person in persons:
                yield from ((id, reviewer_id) for id in of_person[person])


def read_table(here: Reviewing, panel: Panel, review_desk: ReviewDesk) -> Table:
    """How a cohort's reviews stand now."""
    cohort_id = here.cohort.id
    found = {each.id: each for each in review_desk.applications(cohort_id, here.statuses)}
    pool = review_desk.reviewers.scan({"_id": {"$in": list(panel.reviewer_ids)}})
    capacity = {each.id: each.capacity for each in pool if each.active}
    reviews = tuple(review_desk.reviews.scan({"cohort_id": cohort_id}))
    persons = {id: review_desk.person(each.member_id) for id, each in found.items()}
    conflicts = {id: review_desk.conflicts(id) for id in capacity}
    over = {each.id for each in review_desk.applications(cohort_id, OVER)}

    def leaves(review: Review) -> bool:
        if persons.get(review.application_id) in conflicts.get(review.reviewer_id, ()):
            return True
        gone = review.application_id in over or review.reviewer_id not in capacity
        return gone and review.state is ReviewState.OPEN

    released = tuple(each for each in reviews if each.live and leaves(each))
    wanted = here.rubric.reviews
    return Table(panel, wanted, found, persons, capacity, conflicts, reviews, released)


def take_back(released: Iterable[Review], table: Table, review_desk: ReviewDesk) -> None:
    """Release what cannot stay, each by itself."""
    for review in released:
        person = table.persons.get(review.application_id)
        if person in table.conflicts.get(review.reviewer_id, ()):
            review_desk.reviews.change(review.id, lambda found: found.set_aside())
        else:
            review_desk.reviews.change(review.id, lambda found: found.release())


def give(table: Table, allocation: Allocation, review_desk: ReviewDesk) -> None:
    """Give what was allocated, each by itself."""
    free, now = table.free_slots(), review_desk.desk.clock()
    for application_id, reviewer_id in allocation.pairs:
        application, slot = table.applications[application_id], free[application_id].pop(0)
        with suppress(Duplicate):  # somebody else has filled this gap meanwhile
            _give(table, application, reviewer_id, slot, now, review_desk.reviews)


def _give(
    table: Table,
    application: Application,
    reviewer_id: str,
    slot: int,
    now: datetime,
    reviews: Reviews,
) -> None:
    id = Review.key(table.panel.seed, application.id, reviewer_id)
    if id in table.known:
        reviews.change(id, lambda review: review.give_again(slot, now))
        return
    owner, cohort_id = application.member_id, table.panel.id
    reviews.add(Review(id, cohort_id, application.id, owner, reviewer_id, slot, now))


def reallocate(review: Review, review_desk: ReviewDesk) -> None:
    """Give an application that somebody does not review to somebody else, if there is anybody."""
    here, panel = review_desk.round(review.cohort_id), review_desk.panels.get(review.cohort_id)
    table = read_table(here, panel, review_desk)
    if panel.closed_at is None and review.application_id in table.applications:
        beside = [r for r in table.released if r.application_id == review.application_id]
        take_back(beside, table, review_desk)
        gaps = table.gaps([table.applications[review.application_id]])
        give(table, review_desk.offload(allocate, gaps), review_desk)
