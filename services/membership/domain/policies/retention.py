"""How long what is known of people is kept once it is no longer needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Months after membership ended, and after an application came to nothing.

    What was gathered for an export is kept for ``export_days`` after it was ready, or was due.
    """

    member_months: int = integer(1, 1_200)
    applicant_months: int = integer(1, 1_200)
    export_days: int = integer(1, 365)
    source: str = text(300)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Nothing beyond the schema."""
        return iter(())
