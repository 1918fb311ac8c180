"""What programmes reads of other services' events: only the fields it uses."""

from dataclasses import dataclass
from datetime import date

from shared.events import reads


@reads("membership", "application.received")
@dataclass(frozen=True)
class ApplicationReceived:
    """A person applied for membership."""

    member_id: str
    profession: str
    nation: str
    career_stage: str


@reads("membership", "registration.verified")
@dataclass(frozen=True)
class RegistrationVerified:
    """The regulator's register confirms the registration."""

    member_id: str
    regulator: str
    register_status: str


@reads("membership", "registration.refused")
@dataclass(frozen=True)
class RegistrationRefused:
    """The regulator's register does not confirm the registration."""

    member_id: str


@reads("membership", "registration.status_changed")
@dataclass(frozen=True)
class RegistrationStatusChanged:
    """A register says something else of a registrant than before."""

    member_id: str
    regulator: str
    now: str


@reads("membership", "career_stage.changed")
@dataclass(frozen=True)
class CareerStageChanged:
    """A member has reached another stage of their career."""

    member_id: str
    now: str


@reads("membership", "member.grade_changed")
@dataclass(frozen=True)
class MemberGradeChanged:
    """A member is in another grade."""

    member_id: str
    now: str


@reads("membership", "member.admitted")
@dataclass(frozen=True)
class MemberAdmitted:
    """An applicant has become a member."""

    member_id: str
    profession: str
    nation: str
    grade: str
    career_stage: str


@reads("membership", "member.imported")
@dataclass(frozen=True)
class MemberImported:
    """Somebody who was a member elsewhere already was taken over."""

    member_id: str
    profession: str
    nation: str
    status: str
    grade: str
    career_stage: str


@reads("membership", "details.corrected")
@dataclass(frozen=True)
class DetailsCorrected:
    """A member's profession or nation is another one than was told before."""

    member_id: str
    profession: str
    nation: str


@reads("membership", "standing.changed")
@dataclass(frozen=True)
class StandingChanged:
    """A member's status is another one."""

    member_id: str
    status: str


@reads("membership", "member.merged")
@dataclass(frozen=True)
class MemberMerged:
    """Another member stands for this one from now on."""

    member_id: str
    into_member_id: str


@reads("membership", "member.unmerged")
@dataclass(frozen=True)
class MemberUnmerged:
    """A member stands for themself again."""

    member_id: str


MembershipEvent = (
    ApplicationReceived
    | RegistrationVerified
    | RegistrationRefused
    | RegistrationStatusChanged
    | CareerStageChanged
    | MemberGradeChanged
    | MemberAdmitted
    | MemberImported
    | DetailsCorrected
    | MemberMerged
    | MemberUnmerged
    | StandingChanged
)


@reads("membership", "contact.changed", private=True)
@dataclass(frozen=True)
class ContactChanged:
    """How a person is called; how they are reached is not read here."""

    member_id: str
    given_name: str
    family_name: str


@reads("membership", "export.requested", private=True)
@dataclass(frozen=True)
class ExportRequested:
    """A member is to be given all that is kept of them."""

    request_id: str
    member_id: str


@reads("membership", "member.erased")
@dataclass(frozen=True)
class MemberErased:
    """A person is to be forgotten."""

    request_id: str
    member_id: str


@dataclass(frozen=True)
class Figure:
    """How likely a group is to be proposed beside another; what is null has a reason."""

    characteristic: str
    group: str
    reference: str
    relative_likelihood: float | None
    outside_range: bool | None
    reason: str | None

    @property
    def shown(self) -> bool:
        """Whether research could say anything of it."""
        return self.outside_range is not None

    def __str__(self) -> str:
        """What is compared, in a line."""
        return f"{self.characteristic}: {self.group} beside {self.reference}"


@reads("research", "fairness.measured")
@dataclass(frozen=True)
class FairnessMeasured:
    """Figures of a round that was proposed, or of an earlier one that is nearly the same."""

    round_id: str
    measured_round_id: str
    figures: tuple[Figure, ...]
    measured_on: date
