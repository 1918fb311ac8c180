"""What the use cases of selection need together: scores of reviews and interviews, and sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.programmes.domain.application import Application
from services.programmes.domain.interview import Hearing, Interview, PanelMark
from services.programmes.domain.ranking import Ranking, RankingStage, Scored
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.selection_rules import SelectionRules
from services.programmes.domain.slot import Slot
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import NotReviewed
from services.programmes.handlers.desk import Desk, Round
from services.programmes.handlers.review_desk import ReviewDesk

if TYPE_CHECKING:
    from services.programmes.repository import Rankings
    from services.programmes.repository.selection import (
        AdjustmentRequests,
        Bases,
        Diaries,
        Interviews,
        PanelMarks,
        Sheets,
        Shortlists,
        Slots,
    )
    from shared.repository import Repository

_BEFORE_INTERVIEW = frozenset(
    {
        ApplicationStatus.DRAFT,
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.RETURNED,
        ApplicationStatus.LONGLISTED,
        ApplicationStatus.RESERVE,
        ApplicationStatus.UNSUCCESSFUL,
        ApplicationStatus.WITHDRAWN,
    }
)


def heard(workflow: Workflow) -> bool:
    """Whether there are interviews."""
    return workflow.has(ApplicationStatus.INTERVIEWED)


@dataclass(frozen=True)
class Selecting:
    """The repositories of selection, beside those of the desk and of reviewing.

    ``rules`` are by version, the latest last.
    """

    desk: Desk
    review_desk: ReviewDesk
    rankings: Rankings
    shortlists: Shortlists
    slots: Slots
    diaries: Diaries
    interviews: Interviews
    marks: PanelMarks
    adjustments: AdjustmentRequests
    sheets: Sheets
    bases: Bases
    versions: Mapping[str, SelectionRules]
    offload: Callable[..., Any]

    @property
    def repositories(self) -> tuple[Repository[Any], ...]:
        """What is kept of selection alone."""
        return (
            self.shortlists,
            self.slots,
            self.diaries,
            self.interviews,
            self.marks,
            self.adjustments,
            self.sheets,
            self.bases,
        )

    @property
    def version(self) -> str:
        """Which version of the rules is in force."""
        return list(self.versions)[-1]

    @property
    def rules(self) -> SelectionRules:
        """The rules in force."""
        return self.versions[self.version]

    def final(self, cohort_id: str) -> Ranking | None:
        """The final ranking, if it was made."""
        return self.rankings.first({"_id": Ranking.key(cohort_id, RankingStage.FINAL)})

    def review_scores(self, cohort_id: str) -> dict[str, Scored]:
        """What reviews amount to, by application; nothing where there are none."""
        try:
            here = self.review_desk.round(cohort_id)
        except NotReviewed:
            return {}
        found = (each.scored() for each in self.review_desk.assessments(here))
        return {each.application_id: each for each in found if each is not None}

    def require_scored(self, cohort_id: str) -> None:
        """Raises ScoringStillOpen while a panel may still change its scores."""
        panel = self.review_desk.panels.first({"_id": cohort_id})
        if panel is not None:
            panel.require_closed()

    def rubric(self, here: Round) -> Rubric:
        """By what a cohort is ranked; raises NotReviewed where it has none, or nobody is ranked."""
        if here.cohort.rubric is None or not here.workflow.has(ApplicationStatus.RANKED):
            raise NotReviewed(cohort_id=here.cohort.id)
        return here.cohort.rubric

    def for_interviews(self, here: Round) -> Rubric:
        """By what interviews of a cohort are scored; raises NotReviewed where they are not."""
        rubric = here.cohort.for_interviews
        if rubric is None or not heard(here.workflow):
            raise NotReviewed(cohort_id=here.cohort.id)
        return rubric

    def shortlisted(self, here: Round) -> Iterator[Application]:
        """All that came on the short list and have not dropped out, whatever came after."""
        for step in here.workflow.steps:
            if step.status not in _BEFORE_INTERVIEW:
                wanted = {"cohort_id": here.cohort.id, "status": step.status.value}
                yield from self.desk.applications.scan(wanted)

    def barred(self, panel: Iterable[str], member_id: str) -> frozenset[str]:
        """Those of a panel who are in conflict with a member."""
        return self.review_desk.barred(member_id).intersection(panel)

    def hearing(self, application: Application, here: Round) -> Hearing:
        """The interview of an application."""
        slot = self.slots.of(application.id)
        return Hearing.of(
            application,
            self.for_interviews(here),
            slot,
            self.interviews.first({"_id": application.id}),
            self.marks.scan({"application_id": application.id}),
            self.barred(slot.panel if slot else (), application.member_id),
        )

    def hearings(self, here: Round) -> dict[str, Hearing]:
        """The interviews of all that are in the running; none where nobody is interviewed."""
        if not heard(here.workflow) or here.cohort.for_interviews is None:
            return {}
        mine = {"cohort_id": here.cohort.id}
        slots: dict[str, Slot] = {
            each.application_id: each
            for each in self.slots.scan(mine, by="when")
            if each.application_id is not None and not each.moving
        }
        outcomes: dict[str, Interview] = {each.id: each for each in self.interviews.scan(mine)}
        marks: dict[str, list[PanelMark]] = defaultdict(list)
        for each in self.marks.scan(mine):
            marks[each.application_id].append(each)
        shortlisted = list(self.shortlisted(here))
        person = self.review_desk.persons(each.member_id for each in shortlisted)
        conflicts = self.review_desk.conflicts(id for slot in slots.values() for id in slot.panel)
        found = {}
        for application in shortlisted:
            slot, who = slots.get(application.id), person[application.member_id]
            barred = {id for id in (slot.panel if slot else ()) if who in conflicts[id]}
            found[application.id] = Hearing.of(
                application,
                here.cohort.for_interviews,
                slot,
                outcomes.get(application.id),
                marks[application.id],
                barred,
            )
        return found
