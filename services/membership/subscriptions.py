"""What membership reads of other services' events: only the fields it uses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shared.events import Source, integer, items, reads, text
from shared.export import MOST_PORTIONS, PORTION


@dataclass(frozen=True)
class Advanced:
    """A member's application came to a stage that research knows; subclasses say when."""

    source: ClassVar[Source]
    stage: ClassVar[str]
    application_id: str
    cohort_id: str
    member_id: str

    @property
    def cause(self) -> str:
        """What it would be taken back with; empty where nothing takes it back."""
        return ""


@reads("programmes", "application.submitted")
@dataclass(frozen=True)
class ApplicationSubmitted(Advanced):
    """A member applied to a cohort."""

    stage = "submitted"
    submitted_at: datetime

    @property
    def reached_on(self) -> date:
        return self.submitted_at.date()


@reads("programmes", "application.longlisted")
@dataclass(frozen=True)
class ApplicationLonglisted(Advanced):
    """A member's application was longlisted."""

    stage = "longlisted"
    longlisted_at: datetime

    @property
    def reached_on(self) -> date:
        return self.longlisted_at.date()


@reads("programmes", "application.shortlisted")
@dataclass(frozen=True)
class ApplicationShortlisted(Advanced):
    """A member's application was shortlisted."""

    stage = "shortlisted"
    shortlisted_at: datetime

    @property
    def reached_on(self) -> date:
        return self.shortlisted_at.date()


@reads("programmes", "application.interviewed")
@dataclass(frozen=True)
class ApplicationInterviewed(Advanced):
    """A member was interviewed."""

    stage = "interviewed"
    interviewed_at: datetime

    @property
    def reached_on(self) -> date:
        return self.interviewed_at.date()


@reads("programmes", "application.ranked")
@dataclass(frozen=True)
class ApplicationRanked(Advanced):
    """A member's application was ranked."""

    stage = "ranked"
    ranked_at: datetime

    @property
    def reached_on(self) -> date:
        return self.ranked_at.date()


@reads("programmes", "offer.made")
@dataclass(frozen=True)
class OfferMade(Advanced):
    """A member was offered a post."""

    stage = "offered"
    offer_id: str
    made_at: datetime

    @property
    def cause(self) -> str:
        return self.offer_id

    @property
    def reached_on(self) -> date:
        return self.made_at.date()


@reads("programmes", "offer.accepted")
@dataclass(frozen=True)
class OfferAccepted(Advanced):
    """A member accepted an offer."""

    stage = "accepted"
    offer_id: str
    accepted_at: datetime

    @property
    def cause(self) -> str:
        return self.offer_id

    @property
    def reached_on(self) -> date:
        return self.accepted_at.date()


@reads("programmes", "placement.started")
@dataclass(frozen=True)
class PlacementStarted(Advanced):
    """A member's placement began."""

    stage = "placed"
    started_on: date

    @property
    def reached_on(self) -> date:
        return self.started_on


@reads("programmes", "offer.reversed")
@dataclass(frozen=True)
class OfferReversed:
    """An offer was a mistake and was taken back, accepted or not."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str

    @property
    def cause(self) -> str:
        return self.offer_id


@reads("programmes", "round.proposed", private=True)
@dataclass(frozen=True)
class RoundProposed:
    """To whom a round would make offers, and who all was shortlisted, by member id."""

    round_id: str
    cohort_id: str
    member_ids: tuple[str, ...]
    shortlisted_ids: tuple[str, ...]


@reads("programmes", "session.attended")
@dataclass(frozen=True)
class SessionAttended:
    """A member attended a session of a programme; corrected, it has the next ``turn``."""

    session_id: str
    member_id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    domains: tuple[str, ...]
    turn: int = 1


@reads("programmes", "attendance.retracted")
@dataclass(frozen=True)
class AttendanceRetracted:
    """That a member attended a session was a mistake; ``turn`` is that of what was said."""

    session_id: str
    member_id: str
    turn: int


@reads("programmes", "certificate.issued")
@dataclass(frozen=True)
class CertificateIssued:
    """A member was given a certificate of a programme."""

    certificate_id: str
    member_id: str
    programme_id: str
    title: str
    domains: tuple[str, ...]
    issued_on: date


@reads("programmes", "certificate.revoked")
@dataclass(frozen=True)
class CertificateRevoked:
    """A member's certificate no longer counts."""

    certificate_id: str
    member_id: str
    revoked_on: date


@reads("programmes", "alumni.joined")
@dataclass(frozen=True)
class AlumniJoined:
    """A member completed a programme; ``title`` is the programme's name."""

    member_id: str
    programme_id: str
    cohort_id: str
    title: str
    completed_on: date
    turn: int = 1

    stage: ClassVar[str] = "completed"

    @property
    def reached_on(self) -> date:
        return self.completed_on

    @property
    def application_id(self) -> str:
        """What stands for it: a member applies to a cohort once."""
        return self.cohort_id

    @property
    def cause(self) -> str:
        return f"{self.cohort_id}:{self.turn}"


@reads("programmes", "alumni.removed")
@dataclass(frozen=True)
class AlumniRemoved:
    """That a member completed a programme was a mistake; ``turn`` is that of what was said."""

    member_id: str
    cohort_id: str
    turn: int
    removed_on: date

    @property
    def application_id(self) -> str:
        return self.cohort_id

    @property
    def cause(self) -> str:
        return f"{self.cohort_id}:{self.turn}"


AlumniEvent = AlumniJoined | AlumniRemoved
StageEvent = (
    ApplicationSubmitted
    | ApplicationLonglisted
    | ApplicationShortlisted
    | ApplicationInterviewed
    | ApplicationRanked
    | OfferMade
    | OfferAccepted
    | PlacementStarted
    | AlumniJoined
)
Retraction = OfferReversed | AlumniRemoved
LearningEvent = (
    SessionAttended | AttendanceRetracted | CertificateIssued | CertificateRevoked | AlumniEvent
)


@dataclass(frozen=True)
class Contributed:
    """A part of what a service keeps of a member, as JSON text; parts are counted from 1."""

    source: ClassVar[Source]
    request_id: str
    member_id: str
    part: int = integer(1, MOST_PORTIONS)
    parts: int = integer(1, MOST_PORTIONS)
    data: str = text(PORTION)


@reads("programmes", "export.contributed", private=True)
@dataclass(frozen=True)
class ProgrammesContributed(Contributed):
    """What programmes keeps of a member."""


@reads("notifications", "export.contributed", private=True)
@dataclass(frozen=True)
class NotificationsContributed(Contributed):
    """What notifications keeps of a member."""


@reads("research", "export.contributed", private=True)
@dataclass(frozen=True)
class ResearchContributed(Contributed):
    """What research keeps of a member: nothing under the member's id."""


@dataclass(frozen=True)
class ErasureAcknowledged:
    """A service has forgotten a person: what it erased by kind, and as codes what it keeps."""

    source: ClassVar[Source]
    request_id: str
    member_id: str
    erased: dict[str, int]
    kept: tuple[str, ...] = items(50)


@reads("programmes", "erasure.acknowledged")
@dataclass(frozen=True)
class ProgrammesErased(ErasureAcknowledged):
    """Programmes has forgotten a person."""


@reads("notifications", "erasure.acknowledged")
@dataclass(frozen=True)
class NotificationsErased(ErasureAcknowledged):
    """Notifications has forgotten a person."""


@reads("research", "erasure.acknowledged")
@dataclass(frozen=True)
class ResearchErased(ErasureAcknowledged):
    """Research has forgotten a person."""
