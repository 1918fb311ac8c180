"""The events this service owns. Public ones say nothing that identifies or reaches a person."""

from typing import Any

from services.membership.events.applications import (
    ApplicationDeclined,
    ApplicationReceived,
    ContactChanged,
    MemberAdmitted,
    StageReached,
)
from services.membership.events.membership import (
    CareerStageChanged,
    EntitlementChanged,
    MemberDeceased,
    MemberEnteredGrace,
    MemberGradeChanged,
    MemberLapsed,
    MemberReinstated,
    MemberRemoved,
    MemberRenewed,
    MemberSuspended,
    MemberWithdrawn,
    RenewalDue,
    StandingChanged,
)
from services.membership.events.policies import PolicyActivated
from services.membership.events.registrations import (
    DeclarationReviewed,
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
)

EVENTS: tuple[type[Any], ...] = (
    ApplicationReceived,
    ApplicationDeclined,
    RegistrationVerified,
    RegistrationRefused,
    RegistrationStatusChanged,
    DeclarationReviewed,
    MemberAdmitted,
    MemberRenewed,
    RenewalDue,
    MemberEnteredGrace,
    MemberLapsed,
    MemberSuspended,
    MemberReinstated,
    MemberWithdrawn,
    MemberRemoved,
    MemberDeceased,
    MemberGradeChanged,
    CareerStageChanged,
    EntitlementChanged,
    StandingChanged,
    PolicyActivated,
    ContactChanged,
    StageReached,
)

__all__ = [
    "EVENTS",
    "ApplicationDeclined",
    "ApplicationReceived",
    "CareerStageChanged",
    "ContactChanged",
    "DeclarationReviewed",
    "EntitlementChanged",
    "MemberAdmitted",
    "MemberDeceased",
    "MemberEnteredGrace",
    "MemberGradeChanged",
    "MemberLapsed",
    "MemberReinstated",
    "MemberRemoved",
    "MemberRenewed",
    "MemberSuspended",
    "MemberWithdrawn",
    "PolicyActivated",
    "RegistrationRefused",
    "RegistrationStatusChanged",
    "RegistrationVerified",
    "RenewalDue",
    "StageReached",
    "StandingChanged",
]
