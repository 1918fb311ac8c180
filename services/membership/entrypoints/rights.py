"""People's rights to their own data, and keeping it no longer than needed."""

from typing import Any

from services.membership.commands import rights as commands
from services.membership.errors import Merged, StillAMember
from services.membership.schemas import rights as schemas
from services.membership.subscriptions import (
    Contributed,
    ErasureAcknowledged,
    NotificationsContributed,
    NotificationsErased,
    ProgrammesContributed,
    ProgrammesErased,
    ResearchContributed,
    ResearchErased,
)
from shared.errors import Invalid, NotFound
from shared.events import Meta
from shared.export import TooMuch
from shared.messaging import subscribe
from shared.rpc import rpc
from shared.timers import regularly


class Rights:
    """People's rights to their own data."""

    app: Any

    @rpc(
        commands.RequestExport,
        returns=schemas.ExportSummary,
        scope="membership:write",
        own="member_id",
        errors=(Invalid, NotFound, Merged, TooMuch),
        writes=True,
    )
    def request_export(self, command: commands.RequestExport) -> schemas.ExportSummary:
        """Ask for all that is kept of a member, for staff or for the member."""
        return self.app.request_export(command)

    @rpc(
        schemas.GetExport,
        returns=schemas.ExportView,
        scope="membership:read",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_export(self, request: schemas.GetExport) -> schemas.ExportView:
        """An export with its content once it is ready, for staff or for the member."""
        return self.app.get_export(request)

    @rpc(
        schemas.FindExports,
        returns=schemas.ExportPage,
        scope="membership:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_exports(self, request: schemas.FindExports) -> schemas.ExportPage:
        """Requests for exports in a state or overdue, a page at a time."""
        return self.app.find_exports(request)

    @rpc(
        commands.RequestErasure,
        returns=schemas.ReceiptView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, StillAMember, Merged),
        writes=True,
    )
    def request_erasure(self, command: commands.RequestErasure) -> schemas.ReceiptView:
        """Erase a person in every service; their own token does not do, as nothing undoes it."""
        return self.app.request_erasure(command)

    @rpc(
        schemas.GetReceipt,
        returns=schemas.ReceiptView,
        scope="membership:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_receipt(self, request: schemas.GetReceipt) -> schemas.ReceiptView:
        """What each service erased and kept, and which have not said yet."""
        return self.app.get_receipt(request)

    @rpc(
        commands.SweepRetention,
        returns=schemas.RetentionView,
        scope="membership:operate",
        errors=(Invalid,),
        writes=True,
    )
    def sweep_retention(self, command: commands.SweepRetention) -> schemas.RetentionView:
        """Erase whom the policy on retention says to."""
        return self.app.sweep_retention(command)

    @subscribe(ProgrammesContributed, NotificationsContributed, ResearchContributed)
    def follow_exports(self, event: Contributed, _meta: Meta) -> None:
        """Take in what other services contribute to an export."""
        self.app.receive_contribution(event)

    @subscribe(ProgrammesErased, NotificationsErased, ResearchErased)
    def follow_erasures(self, event: ErasureAcknowledged, _meta: Meta) -> None:
        """Put on the receipt what other services have erased."""
        self.app.record_acknowledgement(event)

    @regularly("retention_seconds")
    def sweep_retention_by_the_clock(self) -> None:
        """Erase whom the policy says to, unless another instance is at it."""
        self.app.sweep_retention_now()
