"""The words of membership that are fixed; professions, regulators and grades are data.

See ``services/membership/data`` and ``services/membership/reference.py`` for those.
"""

from enum import StrEnum

from shared.events import Pattern

CODE = Pattern(r"[a-z][a-z_]*", "lower-case letters and underscores, such as early_career")
VERSION = Pattern(
    r"[0-9A-Za-z][0-9A-Za-z._-]*", "letters, digits, dots, hyphens and underscores, such as 2026.1"
)


class Nation(StrEnum):
    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"
    OUTSIDE_UK = "outside_uk"


class CareerStage(StrEnum):
    STUDENT = "student"
    TRAINEE = "trainee"
    EARLY_CAREER = "early_career"
    ESTABLISHED = "established"
    SENIOR = "senior"
    RETIRED = "retired"


class RegisterStatus(StrEnum):
    """How a regulator's register describes a registrant."""

    REGISTERED = "registered"
    REGISTERED_WITHOUT_LICENCE = "registered_without_licence"
    PROVISIONAL = "provisional"
    CONDITIONS = "conditions"
    UNDERTAKINGS = "undertakings"
    WARNING = "warning"
    SUSPENDED = "suspended"
    RELINQUISHED = "relinquished"
    ERASED = "erased"


class RefusalReason(StrEnum):
    """Why a registration could not be verified."""

    NOT_ON_REGISTER = "not_on_register"
    NAME_DIFFERS = "name_differs"
    SUSPENDED = "suspended"
    RELINQUISHED = "relinquished"
    ERASED = "erased"


class Outcome(StrEnum):
    """What a registration check concluded."""

    VERIFIED = "verified"
    REFUSED = "refused"


class ApplicationState(StrEnum):
    """How far an application to become a member got."""

    RECEIVED = "received"
    ADMITTED = "admitted"
    DECLINED = "declined"


class RuleName(StrEnum):
    """The rules of standing; the policy puts them in order."""

    MERGED = "merged"
    ERASED = "erased"
    DECEASED = "deceased"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    SUSPENDED = "suspended"
    NOT_CHECKED = "not_checked"
    REGISTRATION_REFUSED = "registration_refused"
    NOT_ADMITTED = "not_admitted"
    COVERED = "covered"
    DUE = "due"
    GRACE = "grace"
    LAPSED = "lapsed"


class Status(StrEnum):
    """Where a person stands; always derived by ``standing.standing``."""

    APPLICANT = "applicant"
    AWAITING_VERIFICATION = "awaiting_verification"
    REGISTRATION_REFUSED = "registration_refused"
    DECLINED = "declined"
    CURRENT = "current"
    DUE = "due"
    GRACE = "grace"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    DECEASED = "deceased"
    MERGED = "merged"
    ERASED = "erased"


class EndingKind(StrEnum):
    """How a membership, or an application, came to an end."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    DECEASED = "deceased"


class EntitlementKind(StrEnum):
    """Where cover other than one's own subscription comes from."""

    SEAT = "seat"
    ALUMNI = "alumni"
    HONORARY = "honorary"


class OrganisationKind(StrEnum):
    """What an organisation is to the body."""

    CORPORATE = "corporate"
    PARTNER = "partner"
    HOST = "host"
    PROFESSIONAL_BODY = "professional_body"


class ReviewOutcome(StrEnum):
    """What the committee decided of a declared sanction."""

    CLEARED = "cleared"
    CONDITIONS = "conditions"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class FellowshipState(StrEnum):
    """How far an application for fellowship got."""

    DRAFT = "draft"
    AWAITING_REFERENCES = "awaiting_references"
    IN_ASSESSMENT = "in_assessment"
    PANEL_DECIDED = "panel_decided"
    AWARDED = "awarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class FellowshipOutcome(StrEnum):
    """What a panel recommends, and what the trustees decide."""

    AWARD = "award"
    DECLINE = "decline"


class EvidenceUse(StrEnum):
    """When a kind of evidence cannot be done without."""

    SUBMISSION = "submission"
    REVALIDATION = "revalidation"
