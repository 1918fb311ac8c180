"""What the use cases of placements need together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.programmes.domain.cohort import Cohort
from services.programmes.domain.placement import Placement, PlacementState
from services.programmes.domain.placement_rules import PlacementRules, ReportKind
from services.programmes.domain.placement_terms import Terms
from services.programmes.domain.report import Report
from services.programmes.domain.stay import Stay
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.stays import Spot, Stays
from services.programmes.repository.belonging import own
from services.programmes.schemas import placements as schemas
from shared.errors import Refused

if TYPE_CHECKING:
    from services.programmes.repository import Placements, Reports

Change = Callable[[Placement, str], object]


@dataclass(frozen=True)
class Placing:
    """The desk of placements; ``rules`` are all versions by name, the one in force last."""

    desk: Desk
    placements: Placements
    reports: Reports
    stays: Stays
    rules: Mapping[str, PlacementRules]

    @property
    def version(self) -> str:
        """The version of the rules to which a placement is pinned now."""
        return list(self.rules)[-1]

    def own(self, placement_id: str, member_id: str | None) -> Placement:
        """A placement; raises NotFound, to a member for somebody else's too."""
        return own(self.placements, placement_id, member_id, self.desk.standings)

    def not_before(self, application_id: str) -> date:
        """The day of an application, before which nobody is placed."""
        application = self.desk.applications.get(application_id)
        return (application.submitted_at or application.started_at).date()

    def spot(self, placement: Placement, cohort: Cohort) -> Spot:
        """Where a placement has its stays."""
        post = cohort.post(placement.post_id)
        return Spot(placement.member_id, placement.host_id, post.capacity if post else 1)

    def stay(self, id: str, placement: Placement, terms: Terms) -> Stay:
        """A stay of other days for a placement."""
        return Stay(
            id,
            placement.application_id,
            placement.cohort_id,
            placement.post_id,
            terms.starts_on,
            terms.ends_on,
            self.desk.clock(),
        )

    def rebook(self, placement: Placement, stay: Stay, change: Change) -> Placement:
        """Let a placement stand on another stay, and free the one on which it stood.

        Repeated after a crash it does what is left; what was cut off at the end the clock does.
        """
        spot = self.spot(placement, self.desk.cohorts.get(placement.cohort_id))
        if placement.stay_id != stay.id:
            self.stays.hold(stay, spot)
        try:
            changed, before = self.change(placement.id, lambda found: change(found, stay.id))
        except Refused:
            self.stays.drop(stay.id, spot)
            raise
        if before is not None:
            self.stays.swap(before, stay.id, spot)
        return changed

    def change(
        self, placement_id: str, action: Callable[[Placement], object]
    ) -> tuple[Placement, str | None]:
        """The changed placement and the stay it stood on; None where it was changed before."""
        before: str | None = None

        def act(found: Placement) -> None:
            nonlocal before
            before = found.stay_id
            action(found)

        return self.placements.change(placement_id, act), before

    def required(self, placement: Placement) -> tuple[ReportKind, ...]:
        """The reports that are needed, by the rules to which the placement is pinned."""
        programme = self.desk.programmes.get(placement.programme_id)
        return self.rules[placement.rules].required(programme.prospectus.kind)

    def written(self, placement: Placement) -> dict[ReportKind, Report]:
        """The reports there are."""
        keys = [Report.key(placement.id, kind) for kind in ReportKind]
        return {report.kind: report for report in self.reports.scan({"_id": {"$in": keys}})}

    def view(self, placement: Placement) -> schemas.PlacementView:
        """A placement with its reports, and what has to be thought of."""
        required, written = self.required(placement), self.written(placement)
        return schemas.PlacementView(
            placement=schemas.PlacementSummary.of(placement),
            out_of_programme=self._notice(placement),
            reports=tuple(
                schemas.ReportState.of(kind, kind in required, written.get(kind))
                for kind in ReportKind
                if kind in required or kind in written
            ),
        )

    def _notice(self, placement: Placement) -> schemas.Notice | None:
        member_id = self.desk.standings.followed(placement.member_id)
        stage = self.desk.standing(member_id).career_stage
        apply_by = self.rules[placement.rules].apply_by(stage, placement.starts_on)
        if apply_by is None or placement.state is not PlacementState.ARRANGED:
            return None
        return schemas.Notice(apply_by, passed=self.desk.today() > apply_by)
