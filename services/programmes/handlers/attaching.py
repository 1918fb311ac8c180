"""The files that go with applications, and what keeps both alike when something breaks off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.programmes.commands import applications as commands
from services.programmes.domain.application import Application
from services.programmes.domain.application_rules import ApplicationRules
from services.programmes.domain.attachment import attachment
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.turns import Due
from services.programmes.schemas import applications as schemas
from shared import telemetry
from shared.errors import Invalid, NotFound
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.repository.applications import Files, Upload, Uploads


@dataclass(frozen=True)
class Attached:
    """The files that go with applications."""

    desk: Desk
    files: Files
    uploads: Uploads
    rules: ApplicationRules

    def note(self, attachment_id: str, application_id: str, now: datetime) -> None:
        """Say that a file is on its way, or on its way out."""
        minutes = timedelta(minutes=self.rules.upload_minutes)
        self.uploads.note(attachment_id, application_id, now + minutes)

    def drop(self, attachment_id: str) -> None:
        """Let go of a file that no application names any more."""
        self.files.remove(attachment_id)
        self.uploads.strike_off(attachment_id)

    def loosen(self, member_id: str) -> list[str]:
        """Say of all files of a member that they are on their way out; their ids."""
        found = list(self.desk.applications.scan({"member_id": member_id}))
        for application in found:
            self._note_all(application)
        return [known.id for application in found for known in application.files]

    def change(
        self, application: Application, action: Callable[[Application], object]
    ) -> Application:
        """Change an application, then let go of the files that it names no more.

        All are noted first: what a crash leaves behind is found by the clock.
        """
        self._note_all(application)
        changed = self.desk.applications.change(application.id, action)
        self._drop_unnamed(application, changed)
        return changed

    def forget(self, application: Application) -> None:
        """Keep the facts of an application alone; raises ChangedMeanwhile if it has gone on."""
        self._note_all(application)
        changed = self.desk.applications.change(
            application.id,
            lambda found: found.forget(),
            expected=application.version,
            forget=True,
        )
        self._drop_unnamed(application, changed)

    def _note_all(self, application: Application) -> None:
        now = self.desk.clock()
        for known in application.files:
            self.note(known.id, application.id, now)

    def _drop_unnamed(self, before: Application, after: Application) -> None:
        named = {known.id for known in after.files}
        for known in before.files:
            if known.id not in named:
                self.drop(known.id)


def attach_file(
    command: commands.AttachFile, *, desk: Desk, attached: Attached
) -> schemas.AttachedView:
    """Add a file to a draft: noted first, then its content, then the reference to it."""
    attachment_id, now = new_id(), desk.clock()
    application = desk.own(command.application_id, command.member_id)
    cohort = desk.cohorts.get(application.cohort_id)
    kept = next((known for known in application.files if known.id == attachment_id), None)
    if kept is not None:
        return schemas.AttachedView.to(application, kept)
    question = cohort.question(command.question_id)
    if question is None:
        reason = "The cohort has no such question."
        raise Invalid("The file cannot be attached.", fields={"question_id": [reason]})
    content = command.decoded()
    made = attachment(attachment_id, question, command.name, command.media_type, content, now)
    application.require_writable(cohort, now)
    attached.note(made.id, application.id, now)
    attached.files.put(made.id, content)
    changed = desk.applications.change(
        application.id, lambda found: found.attach(made, cohort, now)
    )
    attached.uploads.strike_off(made.id)
    return schemas.AttachedView.to(changed, made)


def remove_attachment(
    command: commands.RemoveAttachment, *, desk: Desk, attached: Attached
) -> schemas.ApplicationView:
    """Take a file away from a draft; one that is not there is gone already."""
    application, now = desk.own(command.application_id, command.member_id), desk.clock()
    cohort = desk.cohorts.get(application.cohort_id)
    if not any(known.id == command.attachment_id for known in application.attachments):
        return schemas.ApplicationView.of(application)
    application.require_writable(cohort, now)
    changed = attached.change(
        application, lambda found: found.detach(command.attachment_id, cohort, now)
    )
    return schemas.ApplicationView.of(changed)


def get_attachment(
    request: schemas.GetAttachment, *, desk: Desk, attached: Attached
) -> schemas.AttachmentContent:
    """A file with its content."""
    application = desk.own(request.application_id, request.member_id)
    known = next((a for a in application.files if a.id == request.attachment_id), None)
    if known is None:
        raise NotFound("The application has no such file.", id=request.attachment_id)
    return schemas.AttachmentContent.of(known, attached.files.get(known.id))


def clear_uploads(attached: Attached) -> Due[Upload]:
    """Let go of files that were left behind by what broke off."""

    def clear(upload: Upload) -> None:
        with telemetry.apart():
            application = attached.desk.applications.first({"_id": upload.application_id})
            named = application.files if application is not None else ()
            if any(known.id == upload.attachment_id for known in named):
                attached.uploads.strike_off(upload.attachment_id)
            else:
                attached.drop(upload.attachment_id)

    return Due(attached.uploads, attached.desk.clock(), clear)
