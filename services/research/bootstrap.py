"""The one place where handlers meet the store, the code list and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.research import handlers
from services.research.reference import load_code_list, load_comparisons
from services.research.repository import (
    Answers,
    Cohorts,
    EqualityResponses,
    Facts,
    Fairness,
    Releases,
)
from shared.service import wire

if TYPE_CHECKING:
    from services.research.settings import Settings
    from shared.events import Clock


def bootstrap(
    settings: Settings,  # noqa: ARG001 - the same signature in every service
    *,
    database: Any,
    outbox: Any,
    clock: Clock,
) -> Any:
    """The handlers with everything they need."""
    responses = EqualityResponses(database, outbox)
    facts = Facts(database)
    releases = Releases(database, outbox)
    cohorts = Cohorts(database)
    answers = Answers(database, outbox)
    fairness = Fairness(database, outbox)
    codes = load_code_list()
    return wire(
        handlers,
        repositories=(responses, facts, releases, fairness, cohorts, answers),
        responses=responses,
        facts=facts,
        releases=releases,
        cohorts=cohorts,
        answers=answers,
        fairness=fairness,
        codes=codes,
        comparisons=load_comparisons(codes),
        clock=clock,
    )
