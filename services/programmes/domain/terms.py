"""The words with a fixed list of values, and what is said of texts everywhere."""

from enum import StrEnum

# ``$`` alone would let a line break through at the end.
SNAKE_CASE = r"^[a-z][a-z0-9_]*$(?!\n)"


class ProgrammeKind(StrEnum):
    """What a programme is."""

    NATIONAL_SCHEME = "national_scheme"
    REGIONAL_SCHEME = "regional_scheme"
    COURSE = "course"
    EVENT = "event"


class Nation(StrEnum):
    """The four nations."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"


class ApplicationStatus(StrEnum):
    """How far an application has come."""

    SUBMITTED = "submitted"
    SHORTLISTED = "shortlisted"
    COMPLETED = "completed"


class SessionMode(StrEnum):
    """Where a session is held."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


def blank_faults(texts: dict[str, str]) -> dict[str, list[str]]:
    """A reason for each field whose text is nothing but white space."""
    return {field: ["Must not be blank."] for field, text in texts.items() if not text.strip()}
