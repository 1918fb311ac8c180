"""The register of alumni, and what they do later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import alumni as commands
from services.programmes.domain.alumni import Alumnus, AlumnusState
from services.programmes.domain.outcome import Outcome, OutcomeCodes, Tally
from services.programmes.errors import NotAnAlumnus
from services.programmes.handlers.desk import Desk
from services.programmes.repository.belonging import page_of
from services.programmes.schemas import alumni as schemas

if TYPE_CHECKING:
    from services.programmes.repository import Alumni, Outcomes

_JOINED = {"state": AlumnusState.JOINED.value}


def find_alumni(request: schemas.FindAlumni, *, desk: Desk, alumni: Alumni) -> schemas.AlumniPage:
    """Alumni; of a member also what was completed by those who were merged into them."""
    asked = {"programme_id": request.programme_id, "cohort_id": request.cohort_id}
    page = page_of(alumni, request, desk.standings, **_JOINED, **asked)
    person = desk.standings.followed_all(each.member_id for each in page.items)
    items = (schemas.AlumnusView.of(each, person[each.member_id]) for each in page.items)
    return schemas.AlumniPage(tuple(items), page.next_cursor)


def record_outcome(
    command: commands.RecordOutcome,
    *,
    desk: Desk,
    alumni: Alumni,
    outcomes: Outcomes,
    outcome_codes: OutcomeCodes,
) -> schemas.OutcomeView:
    """Keep where an alumnus was on a day."""
    outcome_codes.require(command.role_level, command.sector, command.source)
    said = Outcome.of(
        _alumnus(command, desk, alumni),
        recorded_on=command.recorded_on,
        role_level=command.role_level,
        sector=command.sector,
        source=command.source,
        today=desk.today(),
    )
    kept = outcomes.put(said, lambda outcome: outcome.correct(said))
    return schemas.OutcomeView.of(kept)


def _alumnus(command: commands.RecordOutcome, desk: Desk, alumni: Alumni) -> Alumnus:
    for id in desk.standings.ids_of(command.member_id):
        found = alumni.first({"_id": Alumnus.key(command.cohort_id, id), **_JOINED})
        if found is not None:
            return found
    raise NotAnAlumnus(member_id=command.member_id, cohort_id=command.cohort_id)


def find_outcomes(
    request: schemas.FindOutcomes, *, desk: Desk, outcomes: Outcomes
) -> schemas.OutcomePage:
    """Where a member was, also under the ids of those who were merged into them."""
    page = page_of(outcomes, request, desk.standings)
    return schemas.OutcomePage(tuple(map(schemas.OutcomeView.of, page.items)), page.next_cursor)


def count_outcomes(
    request: schemas.CountOutcomes, *, desk: Desk, alumni: Alumni, outcomes: Outcomes
) -> schemas.OutcomeTally:
    """Where the alumni of a programme are, by the latest that is known of each."""
    programme = desk.programmes.get(request.programme_id)
    mine = {"programme_id": programme.id}
    removed = {each.id for each in alumni.scan({**mine, "state": AlumnusState.REMOVED.value})}
    counted = (each for each in outcomes.scan(mine) if each.alumnus_id not in removed)
    return schemas.OutcomeTally.of(programme.id, Tally.of(counted))
