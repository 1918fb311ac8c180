"""Makes rankings again, and says where they are not what they should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from services.programmes.domain.application import Application
from services.programmes.domain.basis import Basis, Difference, differences
from services.programmes.domain.parts import Part
from services.programmes.domain.ranking import Ranked, Ranking, RankingStage, Scored, rank
from services.programmes.domain.sheet import SheetState
from services.programmes.domain.terms import OUT, ApplicationStatus
from services.programmes.handlers.desk import Round
from services.programmes.handlers.material import Material, basis_of, lacking, material
from services.programmes.handlers.selecting import Selecting
from services.programmes.schemas import selection as schemas
from services.programmes.schemas.pages import PAGE_LIMIT

_AWAY = OUT | {ApplicationStatus.RETURNED}


def verify_ranking(
    request: schemas.VerifyRanking, *, selecting: Selecting
) -> schemas.VerificationView:
    """Make a ranking again, from what it was made from and from the scores as they are now.

    Those who dropped out since, or correct what they wrote, are passed over, and the ranks of the
    others closed up.
    """
    here = selecting.desk.round(request.cohort_id)
    key = Ranking.key(here.cohort.id, request.stage)
    ranking = selecting.rankings.numbered(key, request.number)
    basis = _basis_of(ranking, selecting)
    again = selecting.offload(basis.entries) if basis else ranking.entries
    found, gone = _compare(ranking, basis, here, selecting)
    return schemas.VerificationView(
        cohort_id=here.cohort.id,
        stage=ranking.stage,
        number=ranking.number,
        made_at=ranking.made_at,
        basis_id=ranking.basis_id,
        reproduced=again == ranking.entries,
        equal=again == ranking.entries and not found,
        differing=len(found),
        differences=found[:PAGE_LIMIT],
        gone=gone[:PAGE_LIMIT],
    )


def changes(ranking: Ranking, here: Round, selecting: Selecting) -> tuple[str, ...]:
    """Who stands elsewhere in a ranking than by the scores as they are now."""
    found, _ = _compare(ranking, _basis_of(ranking, selecting), here, selecting)
    return tuple(each.application_id for each in found)


def changed_places(cohort_id: str, *, selecting: Selecting) -> tuple[str, ...]:
    """The same of the ranking by which a cohort's offers are made."""
    here, final = selecting.desk.round(cohort_id), selecting.final(cohort_id)
    if final is not None:
        return changes(final, here, selecting) if final.basis_id else ()
    review = selecting.rankings.first({"_id": Ranking.key(cohort_id, RankingStage.REVIEW)})
    return changes(review, here, selecting) if review else ()


def _basis_of(ranking: Ranking, selecting: Selecting) -> Basis | None:
    return selecting.bases.get(ranking.basis_id) if ranking.basis_id else None


def _compare(
    ranking: Ranking, basis: Basis | None, here: Round, selecting: Selecting
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Where a ranking is not what the scores give now, and who is away since."""
    scored = (
        _final_now(basis, here, selecting) if basis else selecting.review_scores(here.cohort.id)
    )
    known = selecting.desk.all_of(here.cohort.id, {**dict.fromkeys(ranking.order), **scored})
    running = {each.id for each in known if each.status not in _AWAY}
    able = _able(known, ranking, scored, basis.pass_mark if basis else 0)
    rules = basis.tie_breaks if basis else selecting.rubric(here).tie_breaks
    now = rank(able, rules, ranking.seed)
    found = differences(_closed_up(ranking.entries, running), now)
    return found, tuple(id for id in ranking.order if id not in running)


def _able(
    applications: Iterable[Application],
    ranking: Ranking,
    scored: Mapping[str, Scored],
    pass_mark: int,
) -> list[Scored]:
    """The scores of those in the ranking, and of those who would come into it now."""
    before = set(ranking.order)
    return [
        scored[each.id]
        for each in applications
        if each.id in scored
        and each.status not in _AWAY
        and (each.id in before or (each.paused_at is None and scored[each.id].score >= pass_mark))
    ]


def _closed_up(entries: Sequence[Ranked], running: set[str]) -> list[Ranked]:
    left = [each for each in entries if each.application_id in running]
    return [replace(each, rank=place) for place, each in enumerate(left, start=1)]


def _final_now(basis: Basis, here: Round, selecting: Selecting) -> Mapping[str, Scored]:
    """The scores as they are now of all who have every part of a ranking."""
    found = _in_use(basis, material(here, selecting), selecting)
    parts = [Part(name=each.name, weight=each.weight) for each in basis.parts]
    rubric, running = selecting.rubric(here), list(selecting.shortlisted(here))
    short = {id for ids in lacking(running, parts, found, rubric).values() for id in ids}
    whole = [each for each in running if each.id not in short]
    return basis_of(whole, parts, basis.parts, found, rubric).scored()


def _in_use(basis: Basis, found: Material, selecting: Selecting) -> Material:
    """Of a sheet whose correction is held, the version that the ranking was made from counts."""
    sheets = dict(found.sheets)
    for part in basis.parts:
        name = Part(name=part.name, weight=part.weight).sheet
        if name is not None and part.sheet_id is not None:
            latest = sheets.get(name)
            if latest is None or latest.state is SheetState.HELD:
                sheets[name] = selecting.sheets.get(part.sheet_id)
    return replace(found, sheets=sheets)
