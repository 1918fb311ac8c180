"""Who comes on the short list, and which reserve takes the place of who drops out."""

from __future__ import annotations

from collections.abc import Iterable

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.ranking import Ranking, RankingStage
from services.programmes.domain.selection import (
    Choice,
    Shortlist,
    choose,
    in_running,
    require_movable,
)
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import NotRankedByReview, RankingStale
from services.programmes.handlers.desk import Desk, Round
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.verifying import changes
from services.programmes.schemas import selection as schemas
from services.programmes.schemas.pages import PAGE_LIMIT
from shared import telemetry
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import new_id

_SHORTLISTED = ApplicationStatus.SHORTLISTED
_RESERVE = ApplicationStatus.RESERVE
_UNSUCCESSFUL = ApplicationStatus.UNSUCCESSFUL
_RANKED_ONLY = ("reserves", "reject_rest")
_BY_RANK = "Comes with take, from the ranking."


def shortlist(
    command: commands.ShortlistApplications, *, selecting: Selecting
) -> schemas.ShortlistView:
    """Put applications on the short list, by their ids or the best by the ranking after review.

    All are looked at before anything is written. Then each is written on its own, so a crash may
    leave some done and some not: calling again does the rest.
    """
    here = selecting.desk.round(command.cohort_id)
    if (command.application_ids is None) == (command.take is None):
        raise Invalid("Who?", fields={"take": ["Either this or application_ids is needed."]})
    if command.application_ids is not None:
        if faults := {name: [_BY_RANK] for name in _RANKED_ONLY if getattr(command, name)}:
            raise Invalid("Who?", fields=faults)
        return _by_ids(command, here, selecting.desk)
    return _by_ranking(command, here, selecting)


def _by_ids(
    command: commands.ShortlistApplications, here: Round, desk: Desk
) -> schemas.ShortlistView:
    found = desk.all_of(here.cohort.id, command.application_ids or ())
    waiting = [each for each in found if not in_running(each)]
    require_movable(waiting, _SHORTLISTED, here.workflow)
    ids = tuple(each.id for each in waiting)
    for id in ids if not command.dry_run else ():
        desk.move(id, _SHORTLISTED, here.workflow)
    return schemas.ShortlistView(
        cohort_id=here.cohort.id,
        dry_run=command.dry_run,
        shortlisted=ids,
        unchanged=tuple(each.id for each in found if each.id not in ids),
    )


def _by_ranking(
    command: commands.ShortlistApplications, here: Round, selecting: Selecting
) -> schemas.ShortlistView:
    order, found = _ranked(here, selecting)
    passed = _passed(here, selecting)
    able = [id for id in order if id in found and _may_come(found[id], here)]
    paused = [id for id in able if found[id].paused_at is not None and not in_running(found[id])]
    fit = [id for id in able if id in passed and id not in paused]
    choice = choose(order, fit, command.take or 0, command.reserves)
    chosen = {*choice.taken, *choice.reserves, *paused}
    left = [id for id in able if id not in chosen and _may_be_rejected(found[id], here)]
    rejected = tuple(left if command.reject_rest else ())
    if not command.dry_run:
        _write(choice, command.take or 0, here, selecting)
        for id in rejected:
            selecting.desk.move(id, _UNSUCCESSFUL, here.workflow)
    on_it = {id for id in choice.taken if in_running(found[id])}
    return schemas.ShortlistView(
        cohort_id=here.cohort.id,
        dry_run=command.dry_run,
        shortlisted=tuple(id for id in choice.taken if id not in on_it),
        unchanged=tuple(id for id in choice.taken if id in on_it),
        reserves=choice.reserves,
        below_pass_mark=tuple(id for id in able if id not in passed),
        paused=tuple(paused),
        rejected=rejected,
    )


def _ranked(here: Round, selecting: Selecting) -> tuple[list[str], dict[str, Application]]:
    try:
        ranking = selecting.rankings.get(Ranking.key(here.cohort.id, RankingStage.REVIEW))
    except NotFound:
        raise NotRankedByReview(cohort_id=here.cohort.id) from None
    selecting.require_scored(here.cohort.id)
    if stale := changes(ranking, here, selecting):
        raise RankingStale(application_ids=list(stale[:PAGE_LIMIT]), number=len(stale))
    everybody = selecting.desk.applications.scan({"cohort_id": here.cohort.id})
    return [*ranking.order], {each.id: each for each in everybody}


def _passed(here: Round, selecting: Selecting) -> set[str]:
    mark = selecting.rubric(here).pass_mark
    scores = selecting.review_scores(here.cohort.id)
    return {id for id, each in scores.items() if each.score >= mark}


def _may_come(application: Application, here: Round) -> bool:
    return in_running(application) or _SHORTLISTED in here.workflow.after(application.status)


def _may_be_rejected(application: Application, here: Round) -> bool:
    ends = _UNSUCCESSFUL in here.workflow.after(application.status)
    return ends and not in_running(application)


def _write(choice: Choice, take: int, here: Round, selecting: Selecting) -> None:
    desk = selecting.desk
    made = Shortlist(here.cohort.id, take, choice.reserves)
    with telemetry.apart():
        try:
            selecting.shortlists.add(made)
        except Duplicate:
            selecting.shortlists.change(made.id, lambda known: known.decide(take, choice.reserves))
    for id in choice.taken:
        if not in_running(desk.applications.get(id)):
            desk.move(id, _SHORTLISTED, here.workflow)
    for id in choice.reserves:
        if not in_running(desk.applications.get(id)):
            desk.move(id, _RESERVE, here.workflow)


def promote_reserve(
    command: commands.PromoteReserve, *, selecting: Selecting
) -> schemas.ReserveView:
    """Let the next reserve come on the short list.

    Who it is stands in the short list first, so the same call never promotes a second one.
    """
    call, here, desk = new_id(), selecting.desk.round(command.cohort_id), selecting.desk
    _complete(here, selecting)
    waiting = _waiting(here, desk)
    running = sum(1 for _ in selecting.shortlisted(here))
    kept = selecting.shortlists.change(
        here.cohort.id, lambda found: found.promote(call, running, waiting)
    )
    promoted = kept.promoted_by(call)
    desk.move(promoted, _SHORTLISTED, here.workflow)
    left = [id for id in kept.reserves if id in waiting and id != promoted]
    return schemas.ReserveView(here.cohort.id, promoted, len(left))


def _complete(here: Round, selecting: Selecting) -> None:
    """Bring those on the short list whom an earlier call promoted and did not get to."""
    waiting = _waiting(here, selecting.desk)
    for each in selecting.shortlists.get(here.cohort.id).promotions:
        if each.application_id in waiting:
            with telemetry.apart():
                selecting.desk.move(each.application_id, _SHORTLISTED, here.workflow)


def _waiting(here: Round, desk: Desk) -> set[str]:
    wanted = {"cohort_id": here.cohort.id, "status": _RESERVE.value}
    return _ids(each for each in desk.applications.scan(wanted) if each.paused_at is None)


def _ids(applications: Iterable[Application]) -> set[str]:
    return {each.id for each in applications}


def get_shortlist(request: schemas.GetShortlist, *, selecting: Selecting) -> schemas.ShortlistState:
    """The short list as it stands, with the reserves that are left in their order."""
    here = selecting.desk.round(request.cohort_id)
    made = selecting.shortlists.first({"_id": here.cohort.id}) or Shortlist(here.cohort.id)
    waiting = _waiting(here, selecting.desk)
    return schemas.ShortlistState(
        cohort_id=here.cohort.id,
        take=made.take,
        running=sum(1 for _ in selecting.shortlisted(here)),
        reserves=tuple(id for id in made.reserves if id in waiting),
        promoted=tuple(each.application_id for each in made.promotions),
    )
