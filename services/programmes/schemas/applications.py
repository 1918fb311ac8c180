"""Reads of applications, and their answers."""

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.application import Application, Draft
from services.programmes.domain.attachment import Attachment
from services.programmes.domain.question import MediaType
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetApplication:
    """Ask for one application; with ``member_id``, only if it is that member's."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class FindApplications:
    """Ask for a cohort's applications, a member's, or a member's to a cohort, as they came."""

    cohort_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None)
    status: ApplicationStatus | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class CountApplications:
    """Ask how many applications of a cohort are in each status."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetAttachment:
    """Ask for a file that goes with an application."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    attachment_id: str = text(64)


@dataclass(frozen=True)
class AttachmentView:
    """A file by reference: size in bytes, and SHA-256 of its content in hexadecimal."""

    attachment_id: str
    question_id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    attached_at: datetime

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        return cls(
            attachment.id,
            attachment.question_id,
            attachment.name,
            attachment.media_type,
            attachment.size,
            attachment.sha256,
            attachment.attached_at,
        )


@dataclass(frozen=True)
class AttachedView:
    """A file that was attached, and the version of the application with it, for ``save_draft``."""

    attachment_id: str
    question_id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    attached_at: datetime
    version: int

    @classmethod
    def to(cls, application: Application, attachment: Attachment) -> Self:
        view = AttachmentView.of(attachment)
        return cls(**vars(view), version=application.version)


@dataclass(frozen=True)
class AttachmentContent:
    """A file with its bytes in base64."""

    attachment: AttachmentView
    content: str

    @classmethod
    def of(cls, attachment: Attachment, content: bytes) -> Self:
        return cls(AttachmentView.of(attachment), base64.b64encode(content).decode())


@dataclass(frozen=True)
class StageCounts:
    """How many applications of a cohort are in each status; those of none are left out."""

    cohort_id: str
    total: int
    by_status: dict[str, int]


@dataclass(frozen=True)
class ApplicationSummary:
    """An application without its answers."""

    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    status: ApplicationStatus
    status_at: datetime
    paused: bool
    submitted_at: datetime | None
    shortlisted_at: datetime | None
    completed_on: date | None

    @classmethod
    def of(cls, application: Application) -> Self:
        return cls(
            application_id=application.id,
            cohort_id=application.cohort_id,
            programme_id=application.programme_id,
            member_id=application.member_id,
            status=application.status,
            status_at=application.status_at,
            paused=application.paused_at is not None,
            submitted_at=application.submitted_at,
            shortlisted_at=application.shortlisted_at,
            completed_on=application.completed_on,
        )


@dataclass(frozen=True)
class ApplicationView:
    """An application with its answers by question id; a question left out has none.

    ``draft`` is what is written and not handed in; it can be until ``draft_until``.
    """

    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    status: ApplicationStatus
    status_at: datetime
    paused: bool
    submitted_at: datetime | None
    shortlisted_at: datetime | None
    completed_on: date | None
    answers: dict[str, str]
    dates: dict[str, date]
    attachments: tuple[AttachmentView, ...]
    draft: Draft | None
    draft_until: datetime | None
    return_reason: str | None
    version: int

    @classmethod
    def of(cls, application: Application) -> Self:
        return cls(
            application_id=application.id,
            cohort_id=application.cohort_id,
            programme_id=application.programme_id,
            member_id=application.member_id,
            status=application.status,
            status_at=application.status_at,
            paused=application.paused_at is not None,
            submitted_at=application.submitted_at,
            shortlisted_at=application.shortlisted_at,
            completed_on=application.completed_on,
            answers=application.answers,
            dates=application.dates,
            attachments=tuple(map(AttachmentView.of, application.attachments)),
            draft=application.drafted,
            draft_until=application.draft_until if application.writable else None,
            return_reason=application.return_reason,
            version=application.version,
        )


@dataclass(frozen=True)
class ApplicationPage:
    """Some applications; ``next_cursor`` asks for those after them and is empty at the end."""

    items: tuple[ApplicationSummary, ...]
    next_cursor: str | None
