"""Drafts, corrections, withdrawals, and the files that go with applications."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import applications as commands
from services.programmes.schemas import applications as schemas
from shared.errors import ChangedMeanwhile, Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Writing:
    """Drafts, corrections, withdrawals, and the files that go with applications."""

    app: Any

    @rpc(
        commands.StartApplication,
        returns=schemas.ApplicationView,
        scope="programmes:write",
        own="member_id",
        errors=(
            NotFound,
            errors.MemberNotCurrent,
            errors.CohortCalledOff,
            errors.OutsideWindow,
            Duplicate,
        ),
        writes=True,
    )
    def start_application(self, command: commands.StartApplication) -> schemas.ApplicationView:
        """Begin a draft."""
        return self.app.start_application(command)

    @rpc(
        commands.SaveDraft,
        returns=schemas.ApplicationView,
        scope="programmes:write",
        own="member_id",
        sensitive=("answers", "dates"),
        errors=(
            Invalid,
            NotFound,
            errors.CohortCalledOff,
            errors.OutsideWindow,
            errors.WrongStage,
            ChangedMeanwhile,
        ),
        writes=True,
    )
    def save_draft(self, command: commands.SaveDraft) -> schemas.ApplicationView:
        """Keep what is written so far."""
        return self.app.save_draft(command)

    @rpc(
        commands.ReturnApplication,
        returns=schemas.ApplicationView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.WrongStage, errors.OnHold),
        writes=True,
    )
    def return_application(self, command: commands.ReturnApplication) -> schemas.ApplicationView:
        """Give an application back to be corrected."""
        return self.app.return_application(command)

    @rpc(
        commands.WithdrawApplication,
        returns=schemas.ApplicationSummary,
        scope="programmes:write",
        own="member_id",
        sensitive=("reason",),
        errors=(NotFound, errors.WrongStage),
        writes=True,
    )
    def withdraw_application(
        self, command: commands.WithdrawApplication
    ) -> schemas.ApplicationSummary:
        """Let an application be considered no more."""
        return self.app.withdraw_application(command)

    @rpc(
        commands.AttachFile,
        returns=schemas.AttachedView,
        scope="programmes:write",
        own="member_id",
        sensitive=("name", "content"),
        errors=(
            Invalid,
            NotFound,
            errors.CohortCalledOff,
            errors.OutsideWindow,
            errors.WrongStage,
        ),
        writes=True,
    )
    def attach_file(self, command: commands.AttachFile) -> schemas.AttachedView:
        """Answer a question by a file."""
        return self.app.attach_file(command)

    @rpc(
        commands.RemoveAttachment,
        returns=schemas.ApplicationView,
        scope="programmes:write",
        own="member_id",
        errors=(NotFound, errors.CohortCalledOff, errors.OutsideWindow, errors.WrongStage),
        writes=True,
    )
    def remove_attachment(self, command: commands.RemoveAttachment) -> schemas.ApplicationView:
        """Take a file away from a draft."""
        return self.app.remove_attachment(command)

    @rpc(
        schemas.GetAttachment,
        returns=schemas.AttachmentContent,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_attachment(self, request: schemas.GetAttachment) -> schemas.AttachmentContent:
        """A file with its content."""
        return self.app.get_attachment(request)

    @rpc(
        schemas.CountApplications,
        returns=schemas.StageCounts,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def count_applications(self, request: schemas.CountApplications) -> schemas.StageCounts:
        """How many applications of a cohort are in each status."""
        return self.app.count_applications(request)
