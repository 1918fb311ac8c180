"""Who goes on: the long list, the short list, and its reserves in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import OUT, ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import NoReserveLeft, ShortlistFull, WrongStage
from shared.errors import Invalid
from shared.events import Aggregate

_BEFORE = frozenset(
    {
        ApplicationStatus.DRAFT,
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.RETURNED,
        ApplicationStatus.LONGLISTED,
        ApplicationStatus.RESERVE,
    }
)


@dataclass(frozen=True)
class HeldBack:
    """An application that does not go on, and the rule that says so."""

    application_id: str
    rule: str
    detail: str = ""


def fault_of(
    application: Application, programme: Programme, cohort: Cohort, standing: Standing
) -> HeldBack | None:
    """The first rule by which a submitted application does not go on the long list."""
    if application.status is not ApplicationStatus.SUBMITTED:
        return HeldBack(application.id, "status", application.status.value)
    if application.paused_at is not None:
        return HeldBack(application.id, "on_hold")
    if standing.lack is not None:
        return HeldBack(application.id, "standing", standing.lack.value)
    for judged in programme.eligibility.judge(standing, application.dates, cohort.starts_on):
        if not judged.passed:
            return HeldBack(application.id, judged.rule, judged.value or "")
    try:
        cohort.checked_answers(application.answers, complete=True)
    except Invalid as error:
        return HeldBack(application.id, min(error.fields))
    return None


def in_running(application: Application) -> bool:
    """Whether it was on the short list and has not dropped out since."""
    return application.status not in _BEFORE | OUT


def require_movable(
    found: Iterable[Application], to: ApplicationStatus, workflow: Workflow
) -> None:
    """Raises WrongStage naming all that cannot come there, before anything is written."""
    stuck = {
        each.id: each.status.value if each.paused_at is None else "paused"
        for each in found
        if each.status is not to
        and (to not in workflow.after(each.status) or each.paused_at is not None)
    }
    if stuck:
        raise WrongStage(
            application_ids=list(stuck),
            statuses=stuck,
            wanted=to.value,
            needed=[each.value for each in workflow.before(to)],
        )


@dataclass(frozen=True)
class Choice:
    """Who is on the short list and who is a reserve, each the best first."""

    taken: tuple[str, ...]
    reserves: tuple[str, ...]


def choose(order: Sequence[str], candidates: Collection[str], take: int, reserves: int) -> Choice:
    """The best of those who may be taken, and the next as reserves."""
    here = [id for id in order if id in candidates]
    return Choice(tuple(here[:take]), tuple(here[take : take + reserves]))


@dataclass(frozen=True)
class Promotion:
    """A reserve who took the place of somebody who dropped out, by one call."""

    id: str
    application_id: str


@dataclass
class Shortlist(Aggregate):
    """How a cohort's short list was made, by cohort; ``take`` is how many it should have."""

    id: str
    take: int | None = None
    reserves: tuple[str, ...] = ()
    promotions: tuple[Promotion, ...] = ()

    def decide(self, take: int, reserves: tuple[str, ...]) -> None:
        """Let so many be on it, with these as reserves in this order."""
        self.take, self.reserves = take, reserves

    def promote(self, id: str, running: int, waiting: Collection[str]) -> None:
        """Let the first reserve that is ``waiting`` come on it, of whom so many are ``running``.

        Raises ShortlistFull where nobody dropped out, and NoReserveLeft.
        """
        if self.take is not None and running >= self.take:
            raise ShortlistFull(cohort_id=self.id, take=self.take, shortlisted=running)
        left = [each for each in self.reserves if each in waiting]
        if not left:
            raise NoReserveLeft(cohort_id=self.id)
        self.promotions = (*self.promotions, Promotion(id, left[0]))

    def promoted_by(self, id: str) -> str:
        """Whom a call promoted."""
        return next(each.application_id for each in self.promotions if each.id == id)
