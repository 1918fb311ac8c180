"""An application: one member's answers to one cohort's questions, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from services.programmes.domain.attachment import Attachment
from services.programmes.domain.cohort import Cohort, to_the_millisecond
from services.programmes.domain.programme import Programme
from services.programmes.domain.question import missing_files
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import AlreadyCompleted, OnHold, OutsideWindow, WrongStage
from services.programmes.events import (
    ApplicationInterviewed,
    ApplicationLonglisted,
    ApplicationNotSelected,
    ApplicationPaused,
    ApplicationRanked,
    ApplicationReserved,
    ApplicationResumed,
    ApplicationReturned,
    ApplicationShortlisted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from shared.errors import Invalid
from shared.events import Aggregate

# What is told of a status by the application itself; of the others offers and placements tell.
_TOLD: dict[ApplicationStatus, type[Any]] = {
    ApplicationStatus.SUBMITTED: ApplicationSubmitted,
    ApplicationStatus.RETURNED: ApplicationReturned,
    ApplicationStatus.LONGLISTED: ApplicationLonglisted,
    ApplicationStatus.SHORTLISTED: ApplicationShortlisted,
    ApplicationStatus.RESERVE: ApplicationReserved,
    ApplicationStatus.INTERVIEWED: ApplicationInterviewed,
    ApplicationStatus.RANKED: ApplicationRanked,
    ApplicationStatus.UNSUCCESSFUL: ApplicationNotSelected,
    ApplicationStatus.WITHDRAWN: ApplicationWithdrawn,
}

# Nothing follows on these any more.
OVER = frozenset(
    {
        ApplicationStatus.DECLINED,
        ApplicationStatus.EXPIRED,
        ApplicationStatus.COMPLETED,
        ApplicationStatus.LEFT_EARLY,
        ApplicationStatus.UNSUCCESSFUL,
        ApplicationStatus.WITHDRAWN,
    }
)
# These have an offer, and with it a place or a chance of one.
HOLDING = frozenset({ApplicationStatus.OFFERED, ApplicationStatus.HELD, ApplicationStatus.ACCEPTED})
PLACED = frozenset(
    {ApplicationStatus.PLACED, ApplicationStatus.COMPLETED, ApplicationStatus.LEFT_EARLY}
)
# Whoever is suspended can still go.
_ON_HOLD_TOO = (ApplicationStatus.WITHDRAWN, ApplicationStatus.LEFT_EARLY)


def application_key(cohort_id: str, member_id: str) -> str:
    """What is unique about an application: a member applies to a cohort once."""
    return f"{cohort_id}/{member_id}"


@dataclass(frozen=True)
class Draft:
    """Answers and dates that were not handed in yet."""

    answers: dict[str, str]
    dates: dict[str, date]


@dataclass
class Application(Aggregate):
    """One member's application to one cohort; ``status_at`` is when the status was reached."""

    id: str
    application_key: str
    cohort_id: str
    programme_id: str
    member_id: str
    status: ApplicationStatus
    status_at: datetime
    started_at: datetime
    answers: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    submitted_at: datetime | None = None
    edition: int = 0
    """Counts how often what reviewers read was handed in anew."""
    shortlisted_at: datetime | None = None
    completed_on: date | None = None
    completed_from: ApplicationStatus | None = None
    attachments: tuple[Attachment, ...] = ()
    drafted: Draft | None = None
    """What is written and not handed in yet."""
    draft_until: datetime | None = None
    """Of a draft when its window closes; of one that was returned until when it is corrected."""
    return_reason: str | None = None
    stood_with: tuple[Attachment, ...] = ()
    """With which files it was handed in, while it is being corrected."""
    returned_from: ApplicationStatus | None = None
    """Where it was when it was given back to be corrected."""
    starts_on: date | None = None
    """When the cohort starts, by which time it is decided about all."""
    paused_at: datetime | None = None
    """Since when a suspended registration stops it from going on."""
    releasing_at: datetime | None = None
    """Since when it is withdrawn and what it held is being given back."""
    offer_mark: str = ""
    """The offer, and which version of it, that the status has followed."""

    @classmethod
    def start(cls, id: str, *, cohort: Cohort, member_id: str, now: datetime) -> Application:
        """An empty draft, while the window is open."""
        cohort.require_open(now)
        return cls(
            id=id,
            application_key=application_key(cohort.id, member_id),
            cohort_id=cohort.id,
            programme_id=cohort.programme_id,
            member_id=member_id,
            status=ApplicationStatus.DRAFT,
            status_at=now,
            started_at=now,
            draft_until=cohort.closes_at,
            starts_on=cohort.starts_on,
        )

    def submit(
        self,
        *,
        programme: Programme,
        cohort: Cohort,
        workflow: Workflow,
        standing: Standing,
        answers: Mapping[str, str],
        dates: Mapping[str, date],
        now: datetime,
    ) -> None:
        """Hand it in; rules in order: standing, eligibility, window, answers, files.

        A correction of what reviewers do not read puts it back where it was, and their scores
        stand. One of what they do read is submitted anew: it comes after what was scored.
        """
        standing.require_current()
        standing.require_unsuspended()
        programme.eligibility.require(standing, dates, cohort.starts_on)
        self.require_writable(cohort, now)
        programme.eligibility.require_asked(dates)
        checked = cohort.checked_answers(answers, complete=True)
        attached = {each.question_id for each in self.attachments}
        if faults := missing_files(cohort.questions, attached):
            raise Invalid("Files are missing.", fields=faults)
        anew = self.submitted_at is None or cohort.read(checked) != cohort.read(self.answers)
        self.answers, self.dates, self.drafted = checked, dict(dates), None
        self.return_reason, self.stood_with = None, ()
        if anew:
            self.submitted_at, self.returned_from = now, None
            self.edition += 1
            self.move(ApplicationStatus.SUBMITTED, workflow, now)
        else:
            if self.returned_from is not ApplicationStatus.SUBMITTED:
                self._tell(ApplicationSubmitted, now)
            self._come_back(now)

    def move(self, to: ApplicationStatus, workflow: Workflow, now: datetime) -> None:
        """Come to a status and tell of it; where it is there already, nothing happens.

        Raises WrongStage unless the workflow lets it go there from where it is, and
        OnHold while a suspension lasts; to withdraw or to leave is possible even then.
        """
        if self.status is to:
            return
        if to not in workflow.after(self.status):
            raise WrongStage(
                application_id=self.id,
                status=self.status.value,
                wanted=to.value,
                needed=[each.value for each in workflow.before(to)],
            )
        self._come_to(to, now)

    def _come_to(self, to: ApplicationStatus, now: datetime) -> None:
        if self.paused_at is not None and to not in _ON_HOLD_TOO:
            raise OnHold(application_id=self.id)
        self.status, self.status_at = to, now
        if to is ApplicationStatus.SHORTLISTED:
            self.shortlisted_at = now
        if to is ApplicationStatus.WITHDRAWN:
            self.releasing_at = now
        told = _TOLD.get(to)
        if told is not None:
            self._tell(told, now)

    def require_writable(self, cohort: Cohort, now: datetime) -> None:
        """Raises WrongStage once it was handed in, and OutsideWindow when it is too late.

        One that was returned has a time of its own, which the window does not end.
        """
        if self.status is ApplicationStatus.RETURNED and self.draft_until is not None:
            if now >= self.draft_until:
                raise OutsideWindow(
                    "The time to correct it is over.",
                    opens_at=self.status_at.isoformat(),
                    closes_at=self.draft_until.isoformat(),
                    now=now.isoformat(),
                )
        elif self.status is ApplicationStatus.DRAFT:
            cohort.require_open(now)
        else:
            raise WrongStage(
                application_id=self.id,
                status=self.status.value,
                wanted=ApplicationStatus.DRAFT.value,
                needed=[ApplicationStatus.DRAFT.value, ApplicationStatus.RETURNED.value],
            )

    def write(
        self,
        programme: Programme,
        cohort: Cohort,
        answers: Mapping[str, str],
        dates: Mapping[str, date],
        now: datetime,
    ) -> None:
        """Keep a draft in place of the last: what is given must fit, what is missing may follow."""
        self.require_writable(cohort, now)
        programme.eligibility.require_asked(dates)
        checked = cohort.checked_answers(answers, complete=False)
        self.drafted = Draft(checked, dict(dates))
        self.await_closing(cohort)

    def await_closing(self, cohort: Cohort) -> None:
        """A draft is written as long as its window is open, which may have been extended."""
        if self.status is ApplicationStatus.DRAFT:
            self.draft_until = cohort.closes_at

    def attach(self, attachment: Attachment, cohort: Cohort, now: datetime) -> None:
        """Add a file to what is written."""
        self.require_writable(cohort, now)
        question = cohort.question(attachment.question_id)
        most = question.max_files if question else 0
        if [each.question_id for each in self.attachments].count(attachment.question_id) >= most:
            reason = f"At most {most} files answer this question; take one away first."
            raise Invalid("There are too many files.", fields={"question_id": [reason]})
        self.attachments = (*self.attachments, attachment)

    def detach(self, attachment_id: str, cohort: Cohort, now: datetime) -> None:
        """Take a file away again; one that is not there is gone already."""
        self.require_writable(cohort, now)
        self.attachments = tuple(each for each in self.attachments if each.id != attachment_id)

    def give_back(self, until: datetime, reason: str, workflow: Workflow, now: datetime) -> None:
        """Return it to be corrected until an instant; raises Invalid naming ``until``.

        Where that was done before, what was corrected since stays.
        """
        until = to_the_millisecond(until)
        if until <= now or (self.starts_on and until.date() >= self.starts_on):
            why = "Must be in the future and before the cohort starts."
            raise Invalid("It cannot be corrected then.", fields={"until": [why]})
        if self.status is not ApplicationStatus.RETURNED:
            before = self.status
            self.move(ApplicationStatus.RETURNED, workflow, now)
            self.returned_from = before
            self.drafted = Draft(dict(self.answers), dict(self.dates))
            self.stood_with = self.attachments
        self.draft_until, self.return_reason = until, reason

    def stand(self, now: datetime) -> None:
        """Where the time to correct it is over, it stands as it was handed in before."""
        over = self.draft_until is not None and now >= self.draft_until
        if self.status is ApplicationStatus.RETURNED and over and self.paused_at is None:
            self.attachments, self.drafted, self.stood_with = self.stood_with, None, ()
            self._come_back(now)

    def _come_back(self, now: datetime) -> None:
        """Be where it was before it was given back, which no workflow needs to allow."""
        shortlisted_at = self.shortlisted_at
        self._come_to(self.returned_from or ApplicationStatus.SUBMITTED, now)
        self.returned_from, self.shortlisted_at = None, shortlisted_at

    def follow(
        self, mark: str, to: ApplicationStatus | None, workflow: Workflow, now: datetime
    ) -> None:
        """Come to the status that an offer gives it; what an earlier mark says is out of date.

        Where the workflow has no way there, as once it was withdrawn or placed, it stays as it is.
        Raises OnHold, also while it is being corrected: the offer waits until it is back.
        """
        if mark <= self.offer_mark:
            return
        if self.status is ApplicationStatus.RETURNED and to is not None:
            raise OnHold(application_id=self.id)
        for step in self._way(to, workflow) if to is not None else ():
            self.move(step, workflow, now)
        self.offer_mark = mark

    def _way(self, to: ApplicationStatus, workflow: Workflow) -> tuple[ApplicationStatus, ...]:
        offered = ApplicationStatus.OFFERED
        if to in workflow.after(self.status):
            return (to,)
        if offered in workflow.after(self.status) and to in workflow.after(offered):
            return (offered, to)
        return ()

    def pause(self, now: datetime) -> None:
        """Stop it from going on; the clock of an offer stops with it."""
        if self.paused_at is None and self.status not in OVER:
            self.paused_at = now
            self._tell(ApplicationPaused, now)

    def resume(self, now: datetime) -> None:
        """Let it go on."""
        if self.paused_at is not None:
            self.paused_at = None
            self._tell(ApplicationResumed, now)

    def let_go(self) -> None:
        """It was withdrawn, and holds nothing any more."""
        self.releasing_at = None

    def complete(self, completed_on: date, workflow: Workflow, now: datetime, today: date) -> None:
        """The member has completed the programme; the same day again is fine.

        Raises AlreadyCompleted for another day, Invalid naming ``completed_on``, and what ``move``
        raises.
        """
        if self.completed_on == completed_on:
            return
        if self.completed_on is not None:
            before = self.completed_on.isoformat()
            raise AlreadyCompleted(application_id=self.id, completed_on=before)
        self.require_completable(completed_on, today)
        before_that = self.status
        self.move(ApplicationStatus.COMPLETED, workflow, now)
        self.completed_on, self.completed_from = completed_on, before_that

    def require_completable(self, completed_on: date, today: date) -> None:
        """Raises Invalid for a day before the application or to come."""
        started = (self.submitted_at or self.started_at).date()
        if not started <= completed_on <= today:
            reason = "Must be neither before the application nor in the future."
            raise Invalid("The day cannot be.", fields={"completed_on": [reason]})

    def take_back_completion(self, now: datetime) -> None:
        """It was a mistake: it is again where it was before, which no workflow needs to allow."""
        if self.status is ApplicationStatus.COMPLETED and self.completed_from is not None:
            self.status, self.status_at = self.completed_from, now
            self.completed_on = self.completed_from = None

    @property
    def writable(self) -> bool:
        """Whether it is the applicant's turn to write."""
        return self.status in (ApplicationStatus.DRAFT, ApplicationStatus.RETURNED)

    @property
    def undecided_until(self) -> datetime | None:
        """When it is plain that nothing comes of it any more: the cohort starts without it."""
        return None if self.starts_on is None else datetime.combine(self.starts_on, time(), UTC)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """All files that it names, each once."""
        return tuple({each.id: each for each in (*self.stood_with, *self.attachments)}.values())

    @property
    def has_content(self) -> bool:
        """Whether there is anything that the applicant wrote."""
        return bool(self.answers or self.dates or self.files or self.drafted or self.return_reason)

    def forget(self) -> None:
        """Keep that there was an application and how far it got, without what was written in it."""
        self.answers, self.dates, self.drafted = {}, {}, None
        self.attachments, self.stood_with, self.return_reason = (), (), None

    def _tell(self, kind: type[Any], at: datetime) -> None:
        self.record(kind(self.id, self.cohort_id, self.member_id, self.programme_id, at))
