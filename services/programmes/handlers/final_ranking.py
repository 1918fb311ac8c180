"""The final ranking: made from declared parts, kept with all it was made from, and made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.basis import Basis
from services.programmes.domain.parts import INTERVIEW, REVIEW, Part
from services.programmes.domain.ranking import Ranked, Ranking, RankingStage
from services.programmes.domain.sheet import Sheet, Suspicion
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import InterviewsIncomplete, SheetsHeld
from services.programmes.handlers.desk import Round
from services.programmes.handlers.material import (
    Material,
    basis_of,
    declared,
    material,
    require_usable,
)
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.suspecting import Evidence
from services.programmes.schemas import selection as schemas
from services.programmes.schemas.pages import PAGE_LIMIT
from shared import telemetry

_SHORTLISTED = ApplicationStatus.SHORTLISTED
_INTERVIEWED = ApplicationStatus.INTERVIEWED
_RANKED = ApplicationStatus.RANKED
_UNSUCCESSFUL = ApplicationStatus.UNSUCCESSFUL


@dataclass(frozen=True)
class _Field:
    """Those who can be ranked; ``waiting`` are paused, ``unheard`` have no interview to score."""

    able: tuple[Application, ...]
    waiting: tuple[str, ...]
    unheard: tuple[str, ...]


def rank_final(command: commands.RankFinal, *, selecting: Selecting) -> schemas.FinalView:
    """Make the final ranking and let applications follow it, or, dry, say what it would be.

    The order of writes lets the same call complete what a crash has left: what the ranking is made
    from, which sheets it used, the ranking, then each application by the ranking that is kept.
    """
    here = selecting.desk.round(command.cohort_id)
    found = material(here, selecting)
    parts = declared(here, command.weights)
    if any(part.name == REVIEW for part in parts):
        selecting.require_scored(here.cohort.id)
    alarms = _look_again(parts, found, command.dry_run, selecting)
    used = require_usable(parts, found)
    field = _field(parts, here, found, selecting)
    basis = basis_of(field.able, parts, used, found, selecting.rubric(here))
    before = selecting.final(here.cohort.id)
    entries = selecting.offload(basis.entries)
    if not command.dry_run:
        entries = _keep(basis, entries, selecting).entries
        _follow(entries, here, selecting)
    below = _below(field, entries)
    rest = [*below, *field.unheard, *_reserves(here, selecting)] if command.reject_rest else []
    rejected = _rejectable(rest, here, selecting)
    for application_id in rejected if not command.dry_run else ():
        selecting.desk.move(application_id, _UNSUCCESSFUL, here.workflow)
    return schemas.FinalView(
        cohort_id=here.cohort.id,
        dry_run=command.dry_run,
        changed=before is None or before.entries != entries,
        parts=used,
        ranked=len(entries),
        entries=entries[: commands.APPLICATIONS_A_CALL],
        below_pass_mark=tuple(below),
        not_interviewed=field.unheard,
        waiting=field.waiting,
        rejected=tuple(rejected),
        alarms=alarms,
        unused=tuple(sorted(found.sheets.keys() - {part.sheet for part in parts})),
        basis_id=basis.id,
    )


def _below(field: _Field, entries: Sequence[Ranked]) -> list[str]:
    ranked = {each.application_id for each in entries}
    return [each.id for each in field.able if each.id not in ranked]


def _reserves(here: Round, selecting: Selecting) -> list[str]:
    """Who waited for a place on the short list until now."""
    wanted = {"cohort_id": here.cohort.id, "status": ApplicationStatus.RESERVE.value}
    return [each.id for each in selecting.desk.applications.scan(wanted)]


def _look_again(
    parts: Sequence[Part], found: Material, dry_run: bool, selecting: Selecting
) -> tuple[Suspicion, ...]:
    """Look at the sheets anew, for scores beside which one is odd may have come since.

    What nobody has confirmed holds its sheet back: raises SheetsHeld.
    """
    names = [part.sheet for part in parts if part.sheet is not None]
    named = [found.sheets[name] for name in names if name in found.sheets]
    every = Evidence.of(found.reviews, found.hearings, found.sheets.values(), selecting.rules)
    odd = {sheet.id: every.look(sheet.marks) for sheet in named}
    fresh = [sheet for sheet in named if _unconfirmed(sheet, odd[sheet.id])]
    if fresh and not dry_run:
        for sheet in fresh:
            _hold(sheet, odd[sheet.id], selecting)
        raise SheetsHeld(sheet_ids=[sheet.id for sheet in fresh])
    return tuple(each for alarms in odd.values() for each in alarms)


def _hold(sheet: Sheet, odd: Sequence[Suspicion], selecting: Selecting) -> None:
    with telemetry.apart():
        selecting.sheets.change(sheet.id, lambda kept: kept.look(odd))


def _unconfirmed(sheet: Sheet, odd: Sequence[Suspicion]) -> bool:
    known = {each.kind for each in sheet.alarms}
    return any(each.kind not in known for each in odd)


def _field(parts: Sequence[Part], here: Round, found: Material, selecting: Selecting) -> _Field:
    """Who is ranked: without an interview only where it neither counts nor comes in between.

    Raises InterviewsIncomplete where one is booked and has no score yet.
    """
    counts = any(part.name == INTERVIEW for part in parts)
    directly = _RANKED in here.workflow.after(_SHORTLISTED)
    able, waiting, unheard, pending = [], [], [], []
    for each in selecting.shortlisted(here):
        early = each.status in (_SHORTLISTED, _INTERVIEWED)
        hearing = found.hearings.get(each.id)
        heard = hearing is not None and hearing.complete
        spared = not counts and (directly or each.status is not _SHORTLISTED)
        if early and each.paused_at is not None:
            waiting.append(each.id)
        elif heard or spared:
            able.append(each)
        elif hearing is not None and hearing.pending:
            pending.append(each.id)
        else:
            unheard.append(each.id)
    if pending:
        raise InterviewsIncomplete(
            application_ids=sorted(pending)[:PAGE_LIMIT], number=len(pending)
        )
    return _Field(tuple(able), tuple(sorted(waiting)), tuple(sorted(unheard)))


def _keep(basis: Basis, entries: tuple[Ranked, ...], selecting: Selecting) -> Ranking:
    selecting.bases.keep(basis)
    for part in basis.parts:
        if part.sheet_id is not None:
            with telemetry.apart():
                selecting.sheets.change(part.sheet_id, lambda sheet: sheet.use(basis.id))
    key, now = Ranking.key(basis.cohort_id, RankingStage.FINAL), selecting.desk.clock()
    return selecting.rankings.keep(
        Ranking(
            key, basis.cohort_id, RankingStage.FINAL, basis.seed, now, entries, basis_id=basis.id
        )
    )


def _follow(entries: Sequence[Ranked], here: Round, selecting: Selecting) -> None:
    """Let everybody in the ranking be ranked, over the interview where the workflow has one."""
    found = selecting.desk.all_of(here.cohort.id, (each.application_id for each in entries))
    for application in found:
        if application.paused_at is not None:
            continue
        if application.status is _SHORTLISTED and _RANKED not in here.workflow.after(_SHORTLISTED):
            with telemetry.apart():
                selecting.desk.move(application.id, _INTERVIEWED, here.workflow)
        if application.status in (_SHORTLISTED, _INTERVIEWED):
            with telemetry.apart():
                selecting.desk.move(application.id, _RANKED, here.workflow)


def _rejectable(ids: Sequence[str], here: Round, selecting: Selecting) -> list[str]:
    """Those that the workflow lets go no further from where they are; others have an offer."""
    found = selecting.desk.all_of(here.cohort.id, ids)
    return [
        each.id
        for each in found
        if _UNSUCCESSFUL in here.workflow.after(each.status) and each.paused_at is None
    ]
