"""Answers about applications."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.member import Member
from services.membership.domain.terms import Status
from shared.events import text


@dataclass(frozen=True, kw_only=True)
class GetEqualityPseudonym:
    """Ask for the pseudonym under which one's own equality answers are kept."""

    member_id: str = text(64)


@dataclass(frozen=True)
class PseudonymView:
    """A member's own pseudonym for equality monitoring."""

    pseudonym: str


@dataclass(frozen=True)
class ApplicationView:
    """The answer to an application; a dry run has no ``member_id``.

    ``pilot`` says that the profession is open in a pilot, within whose limits this application is.
    """

    member_id: str | None
    status: Status
    status_reason: str
    received_on: date
    pilot: bool
    dry_run: bool

    @classmethod
    def of(cls, member: Member, *, dry_run: bool = False) -> Self:
        assert member.settled is not None
        return cls(
            member_id=None if dry_run else member.id,
            status=member.settled.status,
            status_reason=member.settled.reason,
            received_on=member.received_on,
            pilot=member.pilot is not None,
            dry_run=dry_run,
        )
