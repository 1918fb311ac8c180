"""How long what applicants wrote is kept, as versioned data."""

from __future__ import annotations

from dataclasses import dataclass

from shared.events import integer


@dataclass(frozen=True, kw_only=True)
class ApplicationRules:
    """Days after which the content of an application goes, and minutes for an upload to finish."""

    unsuccessful_days: int = integer(1, 3_650)
    draft_days: int = integer(1, 3_650)
    upload_minutes: int = integer(1, 1_440)
