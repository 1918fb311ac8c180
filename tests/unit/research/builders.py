"""The handlers of research over fakes, and cohorts to ask about."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from services.research import commands, handlers, schemas
from services.research.domain.disclosure import Snapshot, Tally
from services.research.events import FairnessMeasured
from services.research.reference import load_code_list, load_comparisons
from services.research.repository import Cohorts, EqualityResponses, Facts, Fairness, Releases
from services.research.subscriptions import (
    CohortOpened,
    SelectionProposed,
    StageReached,
    StageRetracted,
)
from shared import telemetry
from shared.events import Meta, load
from shared.outbox import Outbox
from shared.testing import FakeClock
from tests.unit.world import MortalDatabase

NOW = datetime(2027, 1, 20, 9, tzinfo=UTC)
CODES = load_code_list()
COMPARISONS = load_comparisons(CODES)
COHORT = "cohort-1"


class Service:
    """Calls the handlers as the entrypoints would."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.database = MortalDatabase()
        outbox = Outbox("research", self.clock)
        self.responses = EqualityResponses(self.database, outbox)
        self.facts = Facts(self.database)
        self.releases = Releases(self.database, outbox)
        self.fairness = Fairness(self.database, outbox)
        self.cohorts = Cohorts(self.database)
        self._people = 0
        self._told: Counter[str] = Counter()

    def answer(self, pseudonym: str, consent: bool = True, **answers: str) -> schemas.RecordedView:
        return handlers.record_equality_response(
            commands.RecordEqualityResponse(pseudonym=pseudonym, answers=answers, consent=consent),
            responses=self.responses,
            codes=CODES,
            clock=self.clock,
        )

    def withdraw(self, pseudonym: str) -> schemas.WithdrawnView:
        return handlers.withdraw_equality_response(
            commands.WithdrawEqualityResponse(pseudonym=pseudonym),
            responses=self.responses,
            clock=self.clock,
        )

    def reach(self, pseudonym: str, *stages: str, cohort_id: str = COHORT) -> None:
        for stage in stages:
            self.tell(StageReached(pseudonym, cohort_id, stage, date(2027, 1, 18)))

    def retract(self, pseudonym: str, stage: str) -> None:
        self.tell(StageRetracted(pseudonym, COHORT, stage))

    def tell(self, event: StageReached | StageRetracted, sequence: int | None = None) -> None:
        """Let membership tell of a stage; by default as the next event of the pseudonym."""
        self._told[event.pseudonym] += 1
        number = self._told[event.pseudonym] if sequence is None else sequence
        type = event.source.ce_type  # type: ignore[union-attr]
        meta = Meta("e", type, "/faculty/membership", event.pseudonym, number, NOW, "c")
        handlers.record_stage(event, meta, facts=self.facts)

    def open_cohort(self, title: str = "2027/28", sequence: int = 1) -> None:
        meta = Meta("e1", "faculty.programmes.cohort.opened", "", COHORT, sequence, NOW, "c1")
        handlers.record_cohort(CohortOpened(COHORT, title), meta, cohorts=self.cohorts)

    def people(self, number: int, code: str, *more_stages: str) -> list[str]:
        """Applicants of one ethnicity who went as far as ``more_stages``; their pseudonyms."""
        names = [f"p{self._people + i}" for i in range(number)]
        self._people += number
        for name in names:
            self.answer(name, ethnicity=code)
            self.reach(name, "submitted", *more_stages)
        return names

    def ask(self, **changes: str) -> schemas.RelativeLikelihoodView:
        asked = {
            "cohort_id": COHORT,
            "characteristic": "ethnicity",
            "group": "white",
            "reference": "bme",
            "stage": "shortlisted",
        }
        return handlers.relative_likelihood(
            schemas.RelativeLikelihood(**(asked | changes)),
            responses=self.responses,
            facts=self.facts,
            releases=self.releases,
            cohorts=self.cohorts,
            codes=CODES,
            clock=self.clock,
        )

    def propose(
        self,
        round_id: str,
        proposed: Iterable[str],
        shortlisted: Iterable[str],
        message: str | None = None,
    ) -> None:
        """Let membership tell of a round's proposal."""
        event = SelectionProposed(round_id, COHORT, tuple(proposed), tuple(shortlisted))
        context = telemetry.Context.start(message_id=message or f"event:{round_id}:on_proposal")
        with telemetry.activate(context):
            handlers.measure_fairness(
                event,
                responses=self.responses,
                facts=self.facts,
                releases=self.releases,
                fairness=self.fairness,
                comparisons=COMPARISONS,
                codes=CODES,
                clock=self.clock,
            )

    def measured(self) -> list[FairnessMeasured]:
        """Every event of a measurement, in order."""
        entries = [entry for document in self.stored("fairness") for entry in document["outbox"]]
        return [load(FairnessMeasured, json.loads(entry["data"])) for entry in entries]

    def cohort(self) -> schemas.CohortView:
        return handlers.get_cohort(
            schemas.GetCohort(cohort_id=COHORT), cohorts=self.cohorts, facts=self.facts
        )

    def stored(self, collection: str) -> list[dict[str, Any]]:
        return list(self.database[collection].find())


def snapshot(counts: dict[str, tuple[int, int]], stage: str = "shortlisted") -> Snapshot:
    """Reached and not reached by code, at one stage beside the application."""
    tallies = [
        Tally(code, stages, people)
        for code, (reached, not_reached) in sorted(counts.items())
        for stages, people in ((("submitted",), not_reached), ((stage, "submitted"), reached))
        if people
    ]
    return Snapshot(NOW, tuple(tallies))
