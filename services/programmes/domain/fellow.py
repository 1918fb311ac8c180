"""The calendar of a member who has placements."""

from __future__ import annotations

from dataclasses import dataclass

from services.programmes.domain.stay import Register, Stay
from services.programmes.errors import PlacementsOverlap


@dataclass
class Fellow(Register):
    """The days on which a member is placed; ``id`` is the member's, also after a merge."""

    id: str
    member_id: str
    stays: tuple[Stay, ...] = ()

    def place(self, stay: Stay) -> None:
        """Hold days; raises PlacementsOverlap, however little of a week either takes."""
        self.require_free(stay)
        self.hold(stay)

    def require_free(self, stay: Stay) -> None:
        """Raises PlacementsOverlap if the days of another application are among these."""
        for other in self.others(stay):
            raise PlacementsOverlap(
                member_id=self.member_id,
                application_id=other.application_id,
                starts_on=other.starts_on.isoformat(),
                ends_on=other.ends_on.isoformat(),
            )
