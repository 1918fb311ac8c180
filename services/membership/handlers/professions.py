"""Professions on their way into the membership: proposed, consulted about, opened or refused.

Where the policy changes, the decision is kept first, in the profession's case, and the versions of
the policy follow from it; a call that was cut off in between is completed when it is repeated, or
by the clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.membership.commands import professions as commands
from services.membership.domain.eligibility import stages_without_grade
from services.membership.domain.policies.grades import Grades
from services.membership.domain.policies.professions import PilotLimits
from services.membership.domain.policies.versions import Version
from services.membership.domain.positions import CaseState, DualMembership
from services.membership.domain.professions import ProfessionCase
from services.membership.domain.regulators import Regulators
from services.membership.errors import GradeMissing, ProfessionOutOfOrder
from services.membership.handlers.desk import Desk
from services.membership.handlers.enacting import enact
from services.membership.handlers.places import Places
from services.membership.schemas import professions as schemas
from shared import telemetry
from shared.errors import Duplicate, FacultyError, Invalid, NotFound

if TYPE_CHECKING:
    from services.membership.repository import ProfessionCases

log = telemetry.logger(__name__)


def propose_profession(
    command: commands.ProposeProfession,
    *,
    desk: Desk,
    cases: ProfessionCases,
    places: Places,
    regulators: Regulators,
) -> schemas.ProfessionView:
    """Begin, or begin again after a refusal."""
    today = desk.today()
    regulator = regulators.get(command.regulator).code if command.regulator else None
    given = (command.title, command.rationale, regulator, today)
    try:
        places.case(command.code)
    except NotFound:
        _require_closed(command.code, desk)
        try:
            case = cases.add(ProfessionCase.propose(command.code, *given))
            return _view(case, desk, regulators)
        except Duplicate:
            pass  # another call was quicker
    case = cases.change(command.code, lambda found: found.propose_again(*given))
    return _view(case, desk, regulators)


def _require_closed(code: str, desk: Desk) -> None:
    entry = desk.policies.book().professions.on(desk.today()).policy.find(code)
    if entry is not None and entry.admission == "admitted":
        raise ProfessionOutOfOrder(
            profession=code, state=CaseState.ADMITTED.value, possible_in=[CaseState.REFUSED.value]
        )


def open_consultation(
    command: commands.OpenConsultation,
    *,
    desk: Desk,
    cases: ProfessionCases,
    places: Places,
    regulators: Regulators,
) -> schemas.ProfessionView:
    """Ask professional bodies for their position."""
    today = desk.today()
    case = cases.change(
        places.case(command.code).id,
        lambda found: found.open_consultation(command.closes_on, command.opened_on or today, today),
    )
    return _view(case, desk, regulators)


def record_body_position(
    command: commands.RecordBodyPosition,
    *,
    desk: Desk,
    cases: ProfessionCases,
    places: Places,
    regulators: Regulators,
) -> schemas.ProfessionView:
    """Put on record what a professional body says."""
    today = desk.today()
    if command.dual_membership is not None:
        _require_in_price_table(command.dual_membership, desk)
    case = cases.change(
        places.case(command.code).id,
        lambda found: found.record_position(
            command.body,
            command.position,
            recognises_membership=command.recognises_membership,
            dual_membership=command.dual_membership,
            statement=command.statement,
            recorded_on=command.recorded_on or today,
            today=today,
        ),
    )
    return _view(case, desk, regulators)


def _require_in_price_table(terms: DualMembership, desk: Desk) -> None:
    if terms.reduction is None:
        return
    prices = desk.policies.book().prices.on(desk.today()).policy
    percents = {reduction.code: reduction.percent for reduction in prices.reductions}
    field = "dual_membership.reduction"
    if terms.reduction not in percents:
        reason = f"Must be among: {', '.join(sorted(percents))}."
        raise Invalid("There is no such reduction.", fields={field: [reason]})
    if percents[terms.reduction] != terms.percent:
        reason = f"Takes off {percents[terms.reduction]} per cent in the price table."
        raise Invalid("Another percentage was agreed.", fields={field: [reason]})


def start_pilot(
    command: commands.StartPilot,
    *,
    desk: Desk,
    cases: ProfessionCases,
    places: Places,
    regulators: Regulators,
) -> schemas.ProfessionView:
    """Let people of a profession join within limits."""
    book, today = desk.policies.book(), desk.today()
    required = book.professions.on(today).policy.required_positions
    effective_from = command.effective_from or today

    def start(found: ProfessionCase) -> None:
        found.start_pilot(command.limits, effective_from, required, today)
        _require_grades(command.code, command.limits, book.grades.on(effective_from), regulators)

    case = cases.change(places.case(command.code).id, start)
    enact(desk, cases)
    return _view(case, desk, regulators)


def admit_profession(
    command: commands.AdmitProfession,
    *,
    desk: Desk,
    cases: ProfessionCases,
    places: Places,
    regulators: Regulators,
) -> schemas.ProfessionView:
    """Open membership to a profession."""
    book, today = desk.policies.book(), desk.today()
    required = book.professions.on(today).policy.required_positions

    def admit(found: ProfessionCase) -> None:
        found.admit(command.effective_from, required, today)
        grades = book.grades.on(command.effective_from)
        _require_grades(command.code, None, grades, regulators)

    case = cases.change(places.case(command.code).id, admit)
    enact(desk, cases)
    return _view(case, desk, regulators)


def _require_grades(
    code: str, limits: PilotLimits | None, grades: Version[Grades], regulators: Regulators
) -> None:
    if code in regulators.professions:
        return
    stages = stages_without_grade(grades.policy, code, limits)
    if stages:
        raise GradeMissing(profession=code, career_stages=list(stages), policy=grades.version)


def refuse_profession(
    command: commands.RefuseProfession,
    *,
    desk: Desk,
    cases: ProfessionCases,
    places: Places,
    regulators: Regulators,
) -> schemas.ProfessionView:
    """Keep membership closed to a profession."""
    today = desk.today()
    case = cases.change(
        places.case(command.code).id, lambda found: found.refuse(command.reason, today)
    )
    enact(desk, cases)
    return _view(case, desk, regulators)


def enact_now(*, desk: Desk, cases: ProfessionCases) -> None:
    """By the clock: complete what was cut off; a store that is away is met again at the next."""
    try:
        enact(desk, cases)
    except FacultyError as error:
        log.warning("policy on professions not brought in line yet", error=error.code)


def get_profession(
    request: schemas.GetProfession, *, desk: Desk, cases: ProfessionCases, regulators: Regulators
) -> schemas.ProfessionView:
    """The case of a profession with its history and all positions."""
    try:
        return _view(cases.get(request.code), desk, regulators)
    except NotFound:
        raise NotFound("There is no case of this profession.", code=request.code) from None


def find_professions(
    request: schemas.FindProfessions, *, cases: ProfessionCases
) -> schemas.ProfessionPage:
    """Cases by code."""
    criteria = {} if request.state is None else {"state": request.state.value}
    page = cases.find(criteria, cursor=request.cursor, limit=request.limit)
    return schemas.ProfessionPage(
        tuple(map(schemas.ProfessionSummary.of, page.items)), page.next_cursor
    )


def _view(case: ProfessionCase, desk: Desk, regulators: Regulators) -> schemas.ProfessionView:
    regulated = case.id in regulators.professions
    return schemas.ProfessionView.of(case, desk.policies.book(), desk.today(), regulated=regulated)
