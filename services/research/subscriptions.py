"""What research reads of other services' events: only the fields it uses."""

from dataclasses import dataclass
from datetime import date

from shared.events import reads


@reads("membership", "stage.reached", private=True)
@dataclass(frozen=True)
class StageReached:
    """A person, known here by a pseudonym only, reached a stage of a selection."""

    pseudonym: str
    cohort_id: str
    stage: str
    reached_on: date


@reads("membership", "stage.retracted", private=True)
@dataclass(frozen=True)
class StageRetracted:
    """That a person reached a stage was a mistake."""

    pseudonym: str
    cohort_id: str
    stage: str


@reads("membership", "selection.proposed", private=True)
@dataclass(frozen=True)
class SelectionProposed:
    """Whom a round would make offers to, and who all was shortlisted, by pseudonym."""

    round_id: str
    cohort_id: str
    pseudonyms: tuple[str, ...]
    shortlisted_pseudonyms: tuple[str, ...]


@reads("programmes", "cohort.opened")
@dataclass(frozen=True)
class CohortOpened:
    """A round of applications is set."""

    cohort_id: str
    title: str


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
