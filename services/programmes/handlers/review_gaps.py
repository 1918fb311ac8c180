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
from services.programmes.domain.panel import Panel
from services.programmes.domain.review import Review, ReviewState
from services.programmes.domain.terms import OUT
from services.programmes.handlers.review_desk import ReviewDesk, Reviewing
from shared.errors import Duplicate

if TYPE_CHECKING:
    from services.programmes.repository import Reviews

_LEFT = (ReviewState.ABSTAINED, ReviewState.CONFLICTED)


@dataclass(frozen=True)
class Table:
    """What is allocated, to whom, and what stands of it; ``conflicts`` are persons by reviewer.

    Of those that are ``over`` nothing is reviewed any more. ``given`` is how many reviews of the
    cohort each reviewer has, with those that are ``released``.
    """

    panel: Panel
    wanted: int
    applications: Mapping[str, Application]
    over: frozenset[str]
    persons: Mapping[str, str]
    capacity: Mapping[str, int]
    conflicts: Mapping[str, frozenset[str]]
    reviews: tuple[Review, ...]
    given: Counter[str]

    @cached_property
    def released(self) -> tuple[Review, ...]:
        """Those that cannot stay: of who must not judge, and unscored ones that are for nothing."""
        return tuple(each for each in self.reviews if each.live and self._leaves(each))

    def _leaves(self, review: Review) -> bool:
        if self.barred(review):
            return True
        gone = review.application_id in self.over or review.reviewer_id not in self.capacity
        return gone and review.state is ReviewState.OPEN

    def barred(self, review: Review) -> bool:
        """Whether its reviewer must not judge the applicant."""
        person = self.persons.get(review.application_id)
        return person in self.conflicts.get(review.reviewer_id, ())

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
        gone = Counter(each.reviewer_id for each in self.released)
        return Counter({id: self.given[id] - gone[id] for id in self.capacity})

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
    cohort_id, capacity = here.cohort.id, _capacity(panel, review_desk)
    found = {each.id: each for each in review_desk.applications(cohort_id, here.statuses)}
    over = frozenset(each.id for each in review_desk.applications(cohort_id, OUT))
    reviews = tuple(review_desk.reviews.scan({"cohort_id": cohort_id}))
    person = review_desk.persons(each.member_id for each in found.values())
    return Table(
        panel=panel,
        wanted=here.rubric.reviews,
        applications=found,
        over=over,
        persons={id: person[each.member_id] for id, each in found.items()},
        capacity=capacity,
        conflicts=review_desk.conflicts(capacity),
        reviews=reviews,
        given=Counter(each.reviewer_id for each in reviews if each.live),
    )


def _read_row(
    application: Application, here: Reviewing, panel: Panel, review_desk: ReviewDesk
) -> Table:
    """The same with nothing but one application, of whose others only loads are known."""
    capacity, person = _capacity(panel, review_desk), review_desk.person(application.member_id)
    barred = review_desk.barred(person)
    return Table(
        panel=panel,
        wanted=here.rubric.reviews,
        applications={application.id: application},
        over=frozenset(),
        persons={application.id: person},
        capacity=capacity,
        conflicts={id: frozenset([person] if id in barred else ()) for id in capacity},
        reviews=tuple(review_desk.reviews.scan({"application_id": application.id})),
        given=review_desk.reviews.loads(here.cohort.id),
    )


def _capacity(panel: Panel, review_desk: ReviewDesk) -> dict[str, int]:
    pool = review_desk.reviewers.scan({"_id": {"$in": list(panel.reviewer_ids)}})
    return {each.id: each.capacity for each in pool if each.active}


def take_back(released: Iterable[Review], table: Table, review_desk: ReviewDesk) -> None:
    """Release what cannot stay, each by itself."""
    for review in released:
        if table.barred(review):
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
    application = review_desk.desk.applications.get(review.application_id)
    if panel.closed_at is None and application.status in here.statuses:
        table = _read_row(application, here, panel, review_desk)
        take_back(table.released, table, review_desk)
        give(table, review_desk.offload(allocate, table.gaps([application])), review_desk)


def release_reviews(review_desk: ReviewDesk, application: Application) -> None:
    """Take back what nobody needs to review any more, so that its reviewers are free for others."""
    for review in review_desk.reviews.scan({"application_id": application.id}):
        if review.state is ReviewState.OPEN:
            review_desk.reviews.change(review.id, lambda found: found.release())
