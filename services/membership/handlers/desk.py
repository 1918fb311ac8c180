"""What most use cases need together: members, the policies that decide, and which day it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.postnominals import post_nominals
from services.membership.schemas.members import MemberView

if TYPE_CHECKING:
    from services.membership.repository import Members, PolicyVersions

Action = Callable[[Member, PolicyBook, date], object]


@dataclass(frozen=True)
class Desk:
    """Members with the policies in force."""

    members: Members
    policies: PolicyVersions
    today: Callable[[], date]

    def change(self, member_id: str, action: Action, *, expected: int | None = None) -> Member:
        """Do something with a member today, and tell what it changed of their status."""
        book, today = self.policies.book(), self.today()

        def act(member: Member) -> None:
            action(member, book, today)
            member.settle(book, today)

        return self.members.change(member_id, act, expected=expected)

    def view(self, member: Member) -> MemberView:
        """The member as of today."""
        return view_of(member, self.policies.book(), self.today())


def view_of(member: Member, book: PolicyBook, today: date) -> MemberView:
    """A member by these policies on a day."""
    return MemberView.of(
        member, member.standing_on(book, today), post_nominals(member, book, today)
    )
