"""Adjustments for interviews: asked for by applicants, decided by staff, erased afterwards."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from services.programmes.commands import selection as commands
from services.programmes.domain.adjustments import Adjustments
from services.programmes.domain.cohort import Cohort, to_the_millisecond
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.turns import Due
from services.programmes.schemas import interviews as schemas
from shared import telemetry
from shared.errors import Invalid


def request_adjustments(
    command: commands.RequestAdjustments, *, selecting: Selecting
) -> schemas.AdjustmentsView:
    """Keep what an applicant needs, in place of what was asked for before."""
    desk, now = selecting.desk, selecting.desk.clock()
    application = desk.own(command.application_id, command.member_id)
    here, wanted = desk.round(application.cohort_id), command.text.strip()
    selecting.for_interviews(here)
    if not wanted:
        raise Invalid("What is needed?", fields={"text": ["Must not be blank."]})
    new = Adjustments(
        application.id,
        here.cohort.id,
        application.member_id,
        wanted,
        now,
        _erase_at(here.cohort, selecting.rules.adjustments_kept_days),
    )
    kept = selecting.adjustments.put(new, lambda found: found.request(wanted, now))
    return schemas.AdjustmentsView.of(kept)


def _erase_at(cohort: Cohort, days: int) -> datetime:
    """The midnight with which a day begins by the clock of the cohort."""
    day = cohort.starts_on + timedelta(days=days)
    return to_the_millisecond(datetime.combine(day, time(), tzinfo=cohort.zone))


def agree_adjustments(
    command: commands.AgreeAdjustments, *, selecting: Selecting
) -> schemas.AdjustmentsView:
    """Decide what the panel does, of which it is told no reason."""
    by, now = telemetry.current().actor, selecting.desk.clock()
    decided = selecting.adjustments.change(
        command.application_id,
        lambda found: found.decide(command.arrangements.strip(), by, now),
    )
    return schemas.AdjustmentsView.of(decided)


def get_adjustments(
    request: schemas.GetAdjustments, *, selecting: Selecting
) -> schemas.AdjustmentsView:
    """What was asked for and agreed; to a member, their own."""
    application = selecting.desk.own(request.application_id, request.member_id)
    return schemas.AdjustmentsView.of(selecting.adjustments.get(application.id))


def erase_adjustments(selecting: Selecting) -> Due[Adjustments]:
    """Erase what was said of adjustments once the time to keep it is over."""
    return Due(
        selecting.adjustments,
        selecting.desk.clock(),
        lambda kept: selecting.adjustments.change(
            kept.id, lambda found: found.forget(), forget=True
        ),
    )
