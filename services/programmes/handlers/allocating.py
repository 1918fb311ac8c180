"""Gives applications to reviewers, and fills the gaps that withdrawals and conflicts leave."""

from __future__ import annotations

from collections import Counter

from services.programmes.commands import reviews as commands
from services.programmes.domain.allocation import Allocation, allocate
from services.programmes.handlers.review_desk import ReviewDesk
from services.programmes.handlers.review_gaps import Table, give, read_table, take_back
from services.programmes.schemas import reviewers as schemas
from services.programmes.schemas.pages import PAGE_LIMIT


def allocate_reviews(
    command: commands.AllocateReviews, *, review_desk: ReviewDesk
) -> schemas.AllocationView:
    """Fill every gap; what there is stays, unless its reviewer has left or must not judge.

    Each review is written on its own. Cut off, the same call does the rest; two at once give no
    application more reviews than it should have.
    """
    here, panel = review_desk.round(command.cohort_id), review_desk.panels.get(command.cohort_id)
    panel.require_open()
    table = read_table(here, panel, review_desk)
    allocation = review_desk.offload(allocate, table.gaps(table.applications.values()))
    if not command.dry_run:
        take_back(table.released, table, review_desk)
        give(table, allocation, review_desk)
    return _view(table, allocation, command)


def _view(
    table: Table, allocation: Allocation, command: commands.AllocateReviews
) -> schemas.AllocationView:
    loads = table.loads + Counter(reviewer_id for _, reviewer_id in allocation.pairs)
    short = [
        schemas.ShortView(each.application_id, each.missing, each.reason)
        for each in allocation.short
    ]
    return schemas.AllocationView(
        cohort_id=command.cohort_id,
        dry_run=command.dry_run,
        given=len(allocation.pairs),
        kept=len(table.kept),
        released=len(table.released),
        loads={id: loads[id] for id in table.capacity},
        short=tuple(short[:PAGE_LIMIT]),
        short_number=len(short),
    )
