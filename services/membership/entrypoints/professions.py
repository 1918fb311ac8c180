"""Professions on their way into the membership, and what a version of a policy would do."""

from typing import Any

from services.membership.commands import professions as commands
from services.membership.errors import (
    ConsultationNotClosed,
    GradeMissing,
    PositionsMissing,
    ProfessionOutOfOrder,
)
from services.membership.schemas import eligibility
from services.membership.schemas import professions as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc
from shared.timers import regularly


class Professions:
    """Professions on their way into the membership."""

    app: Any

    @rpc(
        commands.ProposeProfession,
        returns=schemas.ProfessionView,
        scope="membership:write",
        sensitive=("rationale",),
        errors=(Invalid, ProfessionOutOfOrder),
        writes=True,
    )
    def propose_profession(self, command: commands.ProposeProfession) -> schemas.ProfessionView:
        """Propose to open membership to a profession."""
        return self.app.propose_profession(command)

    @rpc(
        commands.OpenConsultation,
        returns=schemas.ProfessionView,
        scope="membership:write",
        errors=(Invalid, NotFound, ProfessionOutOfOrder),
        writes=True,
    )
    def open_consultation(self, command: commands.OpenConsultation) -> schemas.ProfessionView:
        """Ask professional bodies for their position."""
        return self.app.open_consultation(command)

    @rpc(
        commands.RecordBodyPosition,
        returns=schemas.ProfessionView,
        scope="membership:write",
        sensitive=("statement",),
        errors=(Invalid, NotFound, ProfessionOutOfOrder),
        writes=True,
    )
    def record_body_position(self, command: commands.RecordBodyPosition) -> schemas.ProfessionView:
        """Put on record what a professional body says."""
        return self.app.record_body_position(command)

    @rpc(
        commands.StartPilot,
        returns=schemas.ProfessionView,
        scope="membership:write",
        errors=(
            Invalid,
            NotFound,
            ProfessionOutOfOrder,
            ConsultationNotClosed,
            PositionsMissing,
            GradeMissing,
        ),
        writes=True,
    )
    def start_pilot(self, command: commands.StartPilot) -> schemas.ProfessionView:
        """Let people of a profession join within limits."""
        return self.app.start_pilot(command)

    @rpc(
        commands.AdmitProfession,
        returns=schemas.ProfessionView,
        scope="membership:write",
        errors=(
            Invalid,
            NotFound,
            ProfessionOutOfOrder,
            ConsultationNotClosed,
            PositionsMissing,
            GradeMissing,
        ),
        writes=True,
    )
    def admit_profession(self, command: commands.AdmitProfession) -> schemas.ProfessionView:
        """Open membership to a profession."""
        return self.app.admit_profession(command)

    @rpc(
        commands.RefuseProfession,
        returns=schemas.ProfessionView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(NotFound, ProfessionOutOfOrder),
        writes=True,
    )
    def refuse_profession(self, command: commands.RefuseProfession) -> schemas.ProfessionView:
        """Keep membership closed to a profession."""
        return self.app.refuse_profession(command)

    @rpc(
        schemas.GetProfession,
        returns=schemas.ProfessionView,
        scope="membership:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_profession(self, request: schemas.GetProfession) -> schemas.ProfessionView:
        """The case of a profession with its history and all positions."""
        return self.app.get_profession(request)

    @rpc(
        schemas.FindProfessions,
        returns=schemas.ProfessionPage,
        scope="membership:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_professions(self, request: schemas.FindProfessions) -> schemas.ProfessionPage:
        """The cases of professions, a page at a time."""
        return self.app.find_professions(request)

    @rpc(
        eligibility.SimulateEligibility,
        returns=eligibility.EligibilityPage,
        scope="membership:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def simulate_eligibility(
        self, request: eligibility.SimulateEligibility
    ) -> eligibility.EligibilityPage:
        """Who would be affected if a version of a policy were in force today."""
        return self.app.simulate_eligibility(request)

    @regularly("tick_seconds")
    def enact_by_the_clock(self) -> None:
        """Complete what was decided and not put into the policy yet."""
        self.app.enact_now()
