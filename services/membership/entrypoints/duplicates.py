"""Records that look like one person's, and what becomes of them."""

from typing import Any

from services.membership.commands import duplicates as commands
from services.membership.commands import merging
from services.membership.errors import EmailTaken, Merged, NotMergeable, NotMerged
from services.membership.schemas import duplicates as schemas
from services.membership.schemas.members import MemberView
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Duplicates:
    """Records that look like one person's, and what becomes of them."""

    app: Any

    @rpc(
        schemas.FindDuplicates,
        returns=schemas.DuplicatePage,
        scope="membership:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_duplicates(self, request: schemas.FindDuplicates) -> schemas.DuplicatePage:
        """Pairs of records that may be one person's, with the reasons and what they weigh."""
        return self.app.find_duplicates(request)

    @rpc(
        commands.DismissDuplicate,
        returns=schemas.DismissalView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, Merged),
        writes=True,
    )
    def dismiss_duplicate(self, command: commands.DismissDuplicate) -> schemas.DismissalView:
        """Remember that two records are of two people, so that they are not proposed again."""
        return self.app.dismiss_duplicate(command)

    @rpc(
        merging.Merge,
        returns=MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, Merged, NotMergeable, EmailTaken, Duplicate),
        writes=True,
    )
    def merge(self, command: merging.Merge) -> MemberView:
        """Let one record stand for another one, and take over some of it."""
        return self.app.merge(command)

    @rpc(
        merging.Unmerge,
        returns=MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(NotFound, Merged, NotMerged, EmailTaken, Duplicate),
        writes=True,
    )
    def unmerge(self, command: merging.Unmerge) -> MemberView:
        """Let a merged record stand for itself again, as it was."""
        return self.app.unmerge(command)
