"""The handlers of research over fakes, and cohorts to ask about."""

from datetime import UTC, date, datetime
from typing import Any

from services.research import commands, handlers, schemas
from services.research.domain.disclosure import Snapshot, Tally
from services.research.reference import load_code_list
from services.research.repository import Cohorts, EqualityResponses, Facts, Releases
from services.research.subscriptions import CohortOpened, StageReached
from shared.events import Meta
from shared.outbox import Outbox
from shared.testing import FakeClock, FakeDatabase

NOW = datetime(2027, 1, 20, 9, tzinfo=UTC)
CODES = load_code_list()
COHORT = "cohort-1"


class Service:
    """Calls the handlers as the entrypoints would."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.database = FakeDatabase()
        outbox = Outbox("research", self.clock)
        self.responses = EqualityResponses(self.database, outbox)
        self.facts = Facts(self.database)
        self.releases = Releases(self.database, outbox)
        self.cohorts = Cohorts(self.database)
        self._people = 0

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
            event = StageReached(pseudonym, cohort_id, stage, date(2027, 1, 18))
            handlers.record_stage(event, facts=self.facts)

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
