"""The words with a fixed list of values, and what is said of texts everywhere."""

from collections.abc import Hashable, Iterable
from enum import StrEnum

from shared.events import Pattern

SNAKE_CASE = Pattern(
    r"^[a-z][a-z0-9_]*$",
    "lower-case letters, digits and underscores, beginning with a letter, such as early_career",
)


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
    """How far an application has come; a workflow says which may follow which."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LONGLISTED = "longlisted"
    SHORTLISTED = "shortlisted"
    RESERVE = "reserve"
    INTERVIEWED = "interviewed"
    RANKED = "ranked"
    OFFERED = "offered"
    HELD = "held"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    PLACED = "placed"
    COMPLETED = "completed"
    LEFT_EARLY = "left_early"
    UNSUCCESSFUL = "unsuccessful"
    WITHDRAWN = "withdrawn"


OUT = frozenset({ApplicationStatus.UNSUCCESSFUL, ApplicationStatus.WITHDRAWN})
"""Who is considered no more."""


FELLOWS = (ApplicationStatus.ACCEPTED, ApplicationStatus.PLACED, ApplicationStatus.COMPLETED)
"""Who has a place and did not give it up."""


class SessionMode(StrEnum):
    """Where a session is held."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


Faults = dict[str, list[str]]


def blank_faults(texts: dict[str, str]) -> Faults:
    """A reason for each field whose text is nothing but white space."""
    return {field: ["Must not be blank."] for field, text in texts.items() if not text.strip()}


def repeated_faults(path: str, field: str, values: Iterable[Hashable]) -> Faults:
    """A reason for each value of a list that came before, by ``<path>.<position>.<field>``."""
    seen: set[Hashable] = set()
    faults: Faults = {}
    for position, value in enumerate(values):
        if value in seen:
            faults[f"{path}.{position}.{field}"] = ["Used before."]
        seen.add(value)
    return faults
