"""The pool of reviewers, the panels of cohorts, and conflicts of interest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from services.programmes.commands import reviews as commands
from services.programmes.domain.panel import Panel
from services.programmes.domain.reviewer import Reviewer
from services.programmes.errors import ReviewerNotActive
from services.programmes.handlers.review_desk import ReviewDesk
from services.programmes.schemas import reviewers as schemas
from shared.errors import Duplicate, NotFound
from shared.events import Clock

if TYPE_CHECKING:
    from services.programmes.repository import Interests, Panels, Reviewers


def add_reviewer(command: commands.AddReviewer, *, reviewers: Reviewers) -> schemas.ReviewerView:
    """Take somebody into the pool; raises Duplicate for who is in it, retired or not."""
    new = Reviewer(command.reviewer_id, command.capacity)
    _revise(new, command)
    return schemas.ReviewerView.of(reviewers.add(new))


def revise_reviewer(
    command: commands.ReviseReviewer, *, reviewers: Reviewers
) -> schemas.ReviewerView:
    """Say something else of a reviewer."""
    revised = reviewers.change(command.reviewer_id, lambda reviewer: _revise(reviewer, command))
    return schemas.ReviewerView.of(revised)


def _revise(reviewer: Reviewer, command: commands.AddReviewer | commands.ReviseReviewer) -> None:
    reviewer.revise(
        name=command.name,
        host_id=command.host_id,
        professions=command.professions,
        capacity=command.capacity,
    )


def retire_reviewer(
    command: commands.RetireReviewer, *, reviewers: Reviewers, clock: Clock
) -> schemas.ReviewerView:
    """Give a reviewer nothing more; the next allocation gives their open reviews to others."""
    now = clock()
    retired = reviewers.change(command.reviewer_id, lambda reviewer: reviewer.retire(now))
    return schemas.ReviewerView.of(retired)


def find_reviewers(request: schemas.FindReviewers, *, reviewers: Reviewers) -> schemas.ReviewerPage:
    """Reviewers by id."""
    page = reviewers.find({}, cursor=request.cursor, limit=request.limit)
    return schemas.ReviewerPage(tuple(map(schemas.ReviewerView.of, page.items)), page.next_cursor)


def appoint_reviewers(
    command: commands.AppointReviewers, *, review_desk: ReviewDesk, make_seed: Callable[[], str]
) -> schemas.PanelView:
    """Choose the panel of a cohort; its seed is drawn once."""
    here, panels = review_desk.round(command.cohort_id), review_desk.panels
    _require_active(command.reviewer_ids, review_desk.reviewers)
    new = Panel(here.cohort.id, here.cohort.programme_id, make_seed())
    new.appoint(command.reviewer_ids)
    try:
        return schemas.PanelView.of(panels.add(new))
    except Duplicate:
        appointed = panels.change(new.id, lambda panel: panel.appoint(command.reviewer_ids))
        return schemas.PanelView.of(appointed)


def _require_active(reviewer_ids: tuple[str, ...], reviewers: Reviewers) -> None:
    found = reviewers.scan({"_id": {"$in": list(reviewer_ids)}})
    active = {each.id for each in found if each.active}
    if missing := [id for id in dict.fromkeys(reviewer_ids) if id not in active]:
        raise ReviewerNotActive(reviewer_ids=missing)


def get_panel(request: schemas.GetPanel, *, panels: Panels) -> schemas.PanelView:
    """The panel of a cohort."""
    return schemas.PanelView.of(panels.get(request.cohort_id))


def record_conflict(
    command: commands.RecordConflict, *, review_desk: ReviewDesk
) -> schemas.ConflictView:
    """Record a conflict of interest, then let no review that it concerns count."""
    reviewer = review_desk.reviewers.get(command.reviewer_id)
    review_desk.desk.require_known([command.member_id])
    kept = review_desk.keep_interest(reviewer.id, command.member_id, command.reason, declared=False)
    found = list(review_desk.reviews.scan({"reviewer_id": reviewer.id}))
    person = review_desk.persons([command.member_id, *(each.member_id for each in found)])
    for review in found:
        if review.live and person[review.member_id] == person[command.member_id]:
            review_desk.reviews.change(review.id, lambda found: found.set_aside())
    return schemas.ConflictView.of(kept)


def lift_conflict(command: commands.LiftConflict, *, review_desk: ReviewDesk) -> schemas.LiftedView:
    """Let a reviewer judge a member again, whichever of the member's ids was recorded.

    What was set aside does not count again by itself: the next allocation may give it to them anew.
    """
    now, desk = review_desk.desk.clock(), review_desk
    ids = desk.desk.standings.ids_of(desk.person(command.member_id))
    mine = desk.interests.scan({"reviewer_id": command.reviewer_id})
    found = [each for each in mine if each.member_id in ids]
    if not found:
        raise NotFound(
            "There is no such conflict.",
            reviewer_id=command.reviewer_id,
            member_id=command.member_id,
        )
    lifted = [desk.interests.change(each.id, lambda kept: kept.lift(now)) for each in found]
    for review in desk.reviews.scan({"reviewer_id": command.reviewer_id}):
        if review.member_id in ids:
            desk.reviews.change(review.id, lambda kept: kept.readmit())
    return schemas.LiftedView(tuple(map(schemas.ConflictView.of, lifted)))


def find_conflicts(request: schemas.FindConflicts, *, interests: Interests) -> schemas.ConflictPage:
    """Conflicts of interest as they were recorded."""
    asked = {"reviewer_id": request.reviewer_id, "member_id": request.member_id}
    criteria = {name: value for name, value in asked.items() if value is not None}
    page = interests.find(criteria, cursor=request.cursor, limit=request.limit)
    return schemas.ConflictPage(tuple(map(schemas.ConflictView.of, page.items)), page.next_cursor)
