"""Records that look like one person's."""

from dataclasses import dataclass

from shared.events import text


@dataclass(frozen=True, kw_only=True)
class DismissDuplicate:
    """Remember that two records are of two people, with the reason."""

    member_id: str = text(64)
    other_id: str = text(64)
    reason: str = text(500)
