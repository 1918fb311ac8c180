"""What programmes reads of other services' events: only the fields it uses."""

from dataclasses import dataclass

from shared.events import reads


@reads("membership", "application.received")
@dataclass(frozen=True)
class ApplicationReceived:
    """A person applied for membership."""

    member_id: str
    profession: str
    nation: str


@reads("membership", "registration.verified")
@dataclass(frozen=True)
class RegistrationVerified:
    """The regulator's register confirms the registration."""

    member_id: str


@reads("membership", "registration.refused")
@dataclass(frozen=True)
class RegistrationRefused:
    """The regulator's register does not confirm the registration."""

    member_id: str


@reads("membership", "member.admitted")
@dataclass(frozen=True)
class MemberAdmitted:
    """An applicant has become a member."""

    member_id: str
    profession: str
    nation: str


@reads("membership", "standing.changed")
@dataclass(frozen=True)
class StandingChanged:
    """A member's status is another one."""

    member_id: str
    status: str


MembershipEvent = (
    ApplicationReceived
    | RegistrationVerified
    | RegistrationRefused
    | MemberAdmitted
    | StandingChanged
)
