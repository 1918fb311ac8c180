"""Marks that were given elsewhere: looked at before they are kept, and kept whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.marks import SheetOfMarks
from services.programmes.domain.ranking import Ranked
from services.programmes.domain.sheet import (
    Alarm,
    AlarmCode,
    Sheet,
    SheetState,
    Suspicion,
    alarms_of,
)
from services.programmes.errors import LooksLikeRanks, SheetNotMatched
from services.programmes.handlers.desk import Round
from services.programmes.handlers.forecasting import Forecast, forecast
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.suspecting import evidence
from services.programmes.schemas import selection as schemas
from services.programmes.schemas.pages import PAGE_LIMIT
from shared import telemetry
from shared.errors import Conflict, Duplicate, Invalid
from shared.events import new_id


def import_scores(command: commands.ImportScores, *, selecting: Selecting) -> schemas.SheetReport:
    """Keep a sheet as the next version of its name, or, dry, say what would become of it.

    What is odd holds it back until somebody else confirms it. What is said to hold scores but looks
    like ranks is kept as evidence alone: the call is refused, and nothing counts.
    """
    sheet_id, here = new_id(), selecting.desk.round(command.cohort_id)
    kept = selecting.sheets.first({"_id": sheet_id})
    if faults := command.sheet.faults():
        raise Invalid("The sheet is not valid.", fields=faults)
    matching = _Matching(command.sheet, here, selecting)
    if kept is None:
        found = evidence(here, selecting).look(command.sheet)
        if command.dry_run:
            return _report(command, matching, found, None, selecting)
        matching.require_sound()
        kept = _add(_new(sheet_id, command, found, selecting), selecting)
    if kept.state is SheetState.REFUSED:
        _refuse(kept)
    return _report(command, matching, kept.alarms, kept, selecting)


def _add(sheet: Sheet, selecting: Selecting) -> Sheet:
    try:
        return selecting.sheets.add(sheet)
    except Duplicate:  # by another call at the same time
        raise Conflict("Another version was imported; try again.", id=sheet.id) from None


class _Matching:
    """Which rows are of which application."""

    def __init__(self, marks: SheetOfMarks, here: Round, selecting: Selecting) -> None:
        ids = list(dict.fromkeys(row.application_id for row in marks.rows))
        found: list[Application] = list(selecting.desk.applications.scan({"_id": {"$in": ids}}))
        mine = {each.id for each in found if each.cohort_id == here.cohort.id}
        known = {each.id for each in found}
        self.marks = marks
        self.range_faults = marks.out_of_range()
        self.repeated = marks.repeated()
        self.unknown = [id for id in ids if id not in known]
        self.elsewhere = [id for id in ids if id in known - mine]
        self.matched = len(mine)
        running = (each.id for each in selecting.shortlisted(here))
        self.without = sorted(id for id in running if id not in mine)

    @property
    def problems(self) -> list[str]:
        """What stands in the way of the import."""
        unmatched = self.unknown or self.elsewhere or self.repeated
        found = {"out_of_range": self.range_faults, "not_matched": unmatched}
        return [name for name, faults in found.items() if faults]

    def require_sound(self) -> None:
        """Raises Invalid by field, and SheetNotMatched."""
        if self.range_faults:
            raise Invalid("The sheet is not valid.", fields=self.range_faults)
        if self.unknown or self.elsewhere or self.repeated:
            raise SheetNotMatched(
                unknown=self.unknown, elsewhere=self.elsewhere, repeated=self.repeated
            )


def _new(
    sheet_id: str,
    command: commands.ImportScores,
    found: Sequence[Suspicion],
    selecting: Selecting,
) -> Sheet:
    versions = selecting.sheets.versions(command.cohort_id, command.sheet.name)
    sheet = Sheet(
        sheet_id,
        command.cohort_id,
        versions[-1].number + 1 if versions else 1,
        command.sheet,
        selecting.version,
        SheetState.ACCEPTED,
        telemetry.current().actor,
        selecting.desk.clock(),
    )
    sheet.look(found)
    return sheet


def _refuse(sheet: Sheet) -> None:
    evidence = [a.detail for a in sheet.alarms if a.code is AlarmCode.LOOKS_LIKE_RANKS]
    raise LooksLikeRanks(sheet_id=sheet.id, name=sheet.name, evidence=evidence)


def _report(
    command: commands.ImportScores,
    matching: _Matching,
    alarms: Sequence[Suspicion],
    kept: Sheet | None,
    selecting: Selecting,
) -> schemas.SheetReport:
    refused = any(each.code is AlarmCode.LOOKS_LIKE_RANKS for each in alarms)
    problems = [*matching.problems, *(["looks_like_ranks"] if refused and kept is None else [])]
    made = forecast(command.cohort_id, command.sheet, selecting)
    return schemas.SheetReport(
        cohort_id=command.cohort_id,
        dry_run=command.dry_run,
        sheet_id=kept.id if kept else None,
        number=kept.number if kept else None,
        state=kept.state if kept else None,
        problems=tuple(problems),
        unknown=tuple(matching.unknown),
        elsewhere=tuple(matching.elsewhere),
        repeated=tuple(matching.repeated),
        out_of_range=tuple(matching.range_faults),
        matched=matching.matched,
        without_mark=tuple(matching.without[:PAGE_LIMIT]),
        alarms=tuple(alarms),
        distribution=schemas.counts_of(command.sheet.distribution()),
        compared_with=made.compared_with,
        moves=tuple(_moves(made)[:PAGE_LIMIT]),
    )


def _moves(made: Forecast) -> list[schemas.Move]:
    before, after = _ranks(made.before), _ranks(made.after)
    ids = dict.fromkeys((*after, *before))
    return [
        schemas.Move(id, before.get(id), after.get(id))
        for id in ids
        if before.get(id) != after.get(id)
    ]


def _ranks(entries: Sequence[Ranked]) -> dict[str, int]:
    return {each.application_id: each.rank for each in entries}


def confirm_scores(
    command: commands.ConfirmScores, *, selecting: Selecting
) -> schemas.SheetSummary:
    """Let a sheet count that is held, as a second person."""
    by, now = telemetry.current().actor, selecting.desk.clock()
    confirmed = selecting.sheets.change(
        command.sheet_id, lambda sheet: sheet.confirm(by, command.reason, now)
    )
    return schemas.SheetSummary.of(confirmed)


def override_refusal(
    command: commands.OverrideRefusal, *, selecting: Selecting
) -> schemas.SheetSummary:
    """Say as a second person that what looks like ranks are scores."""
    by, now = telemetry.current().actor, selecting.desk.clock()
    overridden = selecting.sheets.change(
        command.sheet_id, lambda sheet: sheet.override(by, command.reason, now)
    )
    return schemas.SheetSummary.of(overridden)


def discard_scores(
    command: commands.DiscardScores, *, selecting: Selecting
) -> schemas.SheetSummary:
    """Give up a version of a sheet that nothing was made from."""
    gone = selecting.sheets.change(command.sheet_id, lambda sheet: sheet.discard())
    return schemas.SheetSummary.of(gone)


def get_sheet(request: schemas.GetSheet, *, selecting: Selecting) -> schemas.SheetView:
    """A version of a sheet, refused ones too, with all its marks."""
    return schemas.SheetView.of(selecting.sheets.get(request.sheet_id))


def find_sheets(request: schemas.FindSheets, *, selecting: Selecting) -> schemas.SheetPage:
    """All versions of the sheets of a cohort, as they came."""
    cohort_id = selecting.desk.cohorts.get(request.cohort_id).id
    page = selecting.sheets.find(
        {"cohort_id": cohort_id}, cursor=request.cursor, limit=request.limit
    )
    return schemas.SheetPage(tuple(map(schemas.SheetSummary.of, page.items)), page.next_cursor)


def score_alarms(cohort_id: str, *, selecting: Selecting) -> tuple[Alarm, ...]:
    """What is odd about the sheets in the final ranking, looked at anew, and who confirmed it."""
    ranking = selecting.final(cohort_id)
    if ranking is None or ranking.basis_id is None:
        return ()
    parts = selecting.bases.get(ranking.basis_id).parts
    sheets = [selecting.sheets.get(each.sheet_id) for each in parts if each.sheet_id is not None]
    if not sheets:
        return ()
    known = evidence(selecting.desk.round(cohort_id), selecting)
    return tuple(a for sheet in sheets for a in alarms_of(sheet, known.look(sheet.marks)))
