"""What most use cases need together: a cohort with all that decides about it, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.programmes.domain.application import Application, application_key
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.persons import set_aside
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import FELLOWS, ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import MemberNotKnown, NotInCohort
from services.programmes.repository.belonging import own

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from services.programmes.repository import (
        Applications,
        Cohorts,
        Programmes,
        Standings,
        Workflows,
    )
    from shared.events import Clock


@dataclass(frozen=True)
class Round:
    """A cohort with its programme and the version of the workflow to which it is pinned."""

    programme: Programme
    cohort: Cohort
    workflow: Workflow


@dataclass(frozen=True)
class Desk:
    """The repositories that most use cases look into, with the clock."""

    programmes: Programmes
    cohorts: Cohorts
    applications: Applications
    workflows: Workflows
    standings: Standings
    clock: Clock
    today: Callable[[], date]

    def round(self, cohort_id: str) -> Round:
        """A cohort and what belongs to it; raises NotFound."""
        cohort = self.cohorts.get(cohort_id)
        workflow = self.workflows.get(cohort.workflow).workflow
        return Round(self.programmes.get(cohort.programme_id), cohort, workflow)

    def standing(self, member_id: str) -> Standing:
        """What is known of a member."""
        return Standing.of(member_id, self.standings.get(member_id))

    def people_of(self, member_ids: Iterable[str]) -> dict[str, Standing]:
        """What is known of whoever stands for each of these members now, read together."""
        roots = self.standings.followed_all(member_ids)
        told = self.standings.many(roots.values())
        return {id: Standing.of(root, told.get(root)) for id, root in roots.items()}

    def set_aside(
        self, candidates: Collection[Application], holders: Collection[Application]
    ) -> frozenset[str]:
        """The candidates that are not considered, as another application of the same person is."""
        ids = [each.member_id for each in (*candidates, *holders)]
        return set_aside(candidates, holders, self.standings.followed_all(ids))

    def require_known(self, member_ids: Iterable[str]) -> dict[str, str]:
        """Who stands for each of these members now; raises MemberNotKnown naming all others."""
        people = self.people_of(member_ids)
        unknown = [id for id, person in people.items() if not person.known]
        if unknown:
            raise MemberNotKnown(member_ids=unknown)
        return {id: person.member_id for id, person in people.items()}

    def fellows_of(self, cohort_id: str) -> set[str]:
        """The members who accepted a place of a cohort and did not give it up, as who they are."""
        found = (
            application.member_id
            for status in FELLOWS
            for application in self.applications.scan(
                {"cohort_id": cohort_id, "status": status.value}
            )
        )
        return set(self.standings.followed_all(found).values())

    def application_of(self, cohort_id: str, member_id: str) -> Application | None:
        """The application of a member to a cohort, also by those who were merged into them."""
        for id in self.standings.ids_of(member_id):
            found = self.applications.first({"application_key": application_key(cohort_id, id)})
            if found is not None:
                return found
        return None

    def own(self, application_id: str, member_id: str | None) -> Application:
        """An application; raises NotFound, to a member for somebody else's too.

        Those of others who were merged into a member are theirs.
        """
        return own(self.applications, application_id, member_id, self.standings)

    def all_of(self, cohort_id: str, application_ids: Iterable[str]) -> list[Application]:
        """These applications to a cohort, each once; raises NotInCohort naming all others."""
        ids = list(dict.fromkeys(application_ids))
        here = self.applications.scan({"_id": {"$in": ids}, "cohort_id": cohort_id})
        found = {application.id: application for application in here}
        if missing := [id for id in ids if id not in found]:
            raise NotInCohort(application_ids=missing)
        return [found[id] for id in ids]

    def move(self, application_id: str, to: ApplicationStatus, workflow: Workflow) -> Application:
        """Let an application come to a status; raises WrongStage and OnHold."""
        now: datetime = self.clock()
        return self.applications.change(
            application_id, lambda application: application.move(to, workflow, now)
        )
