"""Closes the scoring of a cohort, and ranks its applications by what was scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from services.programmes.commands import reviews as commands
from services.programmes.domain.panel import Panel
from services.programmes.domain.ranking import Ranked, Ranking, RankingStage, rank
from services.programmes.domain.scoring import Assessment
from services.programmes.errors import ScoringIncomplete
from services.programmes.handlers.review_desk import ReviewDesk, Reviewing
from services.programmes.schemas import scoring as schemas
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.errors import Invalid
from shared.paging import decode_cursor, encode_cursor

if TYPE_CHECKING:
    from services.programmes.repository import Rankings


def close_scoring(
    command: commands.CloseScoring, *, review_desk: ReviewDesk
) -> schemas.ScoringView:
    """Let no score change any more; with something missing, only for a reason that is recorded."""
    here, panels = review_desk.round(command.cohort_id), review_desk.panels
    panel, now = panels.get(here.cohort.id), review_desk.desk.clock()
    if panel.closed_at is None and not (command.reason or "").strip():
        _require_complete(here, review_desk)
    closed = panels.change(panel.id, lambda found: found.close(now))
    return schemas.ScoringView(closed.id, closed.closed_at)


def _require_complete(here: Reviewing, review_desk: ReviewDesk) -> None:
    """Raises ScoringIncomplete naming the first 200 applications that lack something."""
    found = [a for a in review_desk.assessments(here) if a.application.paused_at is None]
    reviews = [each.application.id for each in found if each.reviews_missing]
    moderations = [each.application.id for each in found if each.moderation_missing]
    if reviews or moderations:
        raise ScoringIncomplete(
            reviews=reviews[:PAGE_LIMIT],
            reviews_number=len(reviews),
            moderations=moderations[:PAGE_LIMIT],
            moderations_number=len(moderations),
        )


def reopen_scoring(
    command: commands.ReopenScoring, *, review_desk: ReviewDesk
) -> schemas.ScoringView:
    """Let scores be given and changed again; a ranking that was made stays until the next."""
    opened = review_desk.panels.change(command.cohort_id, lambda panel: panel.reopen())
    return schemas.ScoringView(opened.id, opened.closed_at)


def rank_reviews(
    command: commands.RankReviews, *, review_desk: ReviewDesk, rankings: Rankings
) -> schemas.RankingMade:
    """Rank everybody who is in the running by reviews or what the panel agreed on."""
    here = review_desk.round(command.cohort_id)
    panel = review_desk.panels.get(here.cohort.id)
    panel.require_closed()
    assessments = review_desk.assessments(here)
    running = [each for each in assessments if each.application.paused_at is None]
    made = _ranking(running, here, panel, review_desk.desk.clock())
    before = rankings.first({"_id": made.id})
    if not command.dry_run:
        rankings.keep(made)
    placed = {*made.order}
    return schemas.RankingMade(
        cohort_id=panel.id,
        dry_run=command.dry_run,
        changed=before is None or before.entries != made.entries,
        ranked=len(made.entries),
        paused=_ids(each for each in assessments if each.application.paused_at is not None),
        unscored=_ids(each for each in running if each.application.id not in placed),
        best=_views(made.entries[:PAGE_LIMIT]),
    )


def _ranking(
    running: Iterable[Assessment], here: Reviewing, panel: Panel, now: datetime
) -> Ranking:
    scored = filter(None, (each.scored() for each in running))
    entries = rank(scored, here.rubric.tie_breaks, panel.lot)
    stage = RankingStage.REVIEW
    return Ranking(Ranking.key(panel.id, stage), panel.id, stage, panel.lot, now, entries)


def _ids(assessments: Iterable[Assessment]) -> tuple[str, ...]:
    return tuple(each.application.id for each in islice(assessments, PAGE_LIMIT))


def _views(entries: Sequence[Ranked]) -> tuple[schemas.RankedView, ...]:
    return tuple(map(schemas.RankedView.of, entries))


def get_ranking(request: schemas.GetRanking, *, rankings: Rankings) -> schemas.RankingPage:
    """A ranking, some places at a time."""
    key = Ranking.key(request.cohort_id, request.stage)
    ranking = rankings.numbered(key, request.number)
    after = _rank_in(request.cursor) if request.cursor else 0
    page = ranking.entries[after : after + request.limit]
    last = after + len(page)
    return schemas.RankingPage(
        cohort_id=ranking.cohort_id,
        stage=ranking.stage,
        number=ranking.number,
        seed=ranking.seed,
        made_at=ranking.made_at,
        items=_views(page),
        next_cursor=encode_cursor(str(last)) if last < len(ranking.entries) else None,
    )


def _rank_in(cursor: str) -> int:
    number = decode_cursor(cursor)
    if not number.isascii() or not number.isdecimal():
        raise Invalid("The cursor is not valid.", fields={"cursor": ["Not a cursor."]})
    return int(number)
