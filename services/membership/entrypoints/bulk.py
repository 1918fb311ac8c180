"""Many members at a time."""

from typing import Any

from services.membership.commands import bulk as commands
from services.membership.schemas import bulk as schemas
from shared.errors import Invalid
from shared.rpc import rpc


class Bulk:
    """Members as tables, out and in."""

    app: Any

    @rpc(
        schemas.ExportMembers,
        returns=schemas.Table,
        scope="membership:read",
        sensitive=("filters",),
        errors=(Invalid,),
        writes=False,
    )
    def export_members(self, request: schemas.ExportMembers) -> schemas.Table:
        """Members that fit every filter as CSV, a page at a time."""
        return self.app.export_members(request)

    @rpc(
        commands.ImportMembers,
        returns=schemas.ImportView,
        scope="membership:write",
        sensitive=("rows",),
        errors=(Invalid,),
        writes=True,
    )
    def import_members(self, command: commands.ImportMembers) -> schemas.ImportView:
        """Take over members from another system."""
        return self.app.import_members(command)
