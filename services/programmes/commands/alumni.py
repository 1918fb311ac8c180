"""What may be asked about alumni: what they do later, and the talent pool."""

from dataclasses import dataclass
from datetime import date

from services.programmes.domain.eligibility import Word
from services.programmes.domain.terms import SNAKE_CASE, Nation
from shared.events import items, text


@dataclass(frozen=True, kw_only=True)
class RecordOutcome:
    """Keep where an alumnus was on a day, by code; of the same day the last one counts."""

    member_id: str = text(64)
    cohort_id: str = text(64)
    recorded_on: date
    role_level: str = text(60, pattern=SNAKE_CASE)
    sector: str = text(60, pattern=SNAKE_CASE)
    source: str = text(60, pattern=SNAKE_CASE)


@dataclass(frozen=True, kw_only=True)
class JoinTalentPool:
    """Agree to be found by staff, by what is said here and by one's profession."""

    member_id: str = text(64)
    interests: tuple[Word, ...] = items(20, min_length=1)
    nations: tuple[Nation, ...] = items(4, default=(), description="Empty: all four.")
    available_from: date
    wording_version: str = text(20, description="The wording that was shown.")


@dataclass(frozen=True, kw_only=True)
class LeaveTalentPool:
    """Be found no more; what was said is removed at once."""

    member_id: str = text(64)
