"""The words of membership that are fixed; professions, regulators and grades are data.

See ``services/membership/data`` and ``services/membership/reference.py`` for those.
"""

from enum import StrEnum


class Nation(StrEnum):
    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"


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


class RegistrationState(StrEnum):
    """The outcome of the last check, or that there was none."""

    UNCHECKED = "unchecked"
    VERIFIED = "verified"
    REFUSED = "refused"


class Status(StrEnum):
    """Where a person stands; always derived by ``standing.standing``."""

    AWAITING_VERIFICATION = "awaiting_verification"
    APPLICANT = "applicant"
    CURRENT = "current"
    REGISTRATION_REFUSED = "registration_refused"
