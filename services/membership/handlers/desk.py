"""What most use cases need together: members, the policies that decide, and which day it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.postnominals import post_nominals
from services.membership.errors import MemberErased
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

    def member(self, member_id: str) -> Member:
        """A member of whom something may be kept; raises NotFound, for who was erased too."""
        return _not_erased(self.members.get(member_id))

    def actionable(self, member_id: str) -> Member:
        """A member who may be acted on; raises NotFound, for who was erased too, and Merged."""
        member = self.member(member_id)
        member.require_unmerged()
        return member

    def surviving(self, member_id: str) -> Member:
        """The member, or the one they were merged into in the end; raises NotFound."""
        member = self.members.get(member_id)
        passed = {member.id}
        while member.merged_into is not None and member.merged_into not in passed:
            member = self.members.get(member.merged_into)
            passed.add(member.id)
        return member

    def change(
        self,
        member_id: str,
        action: Action,
        *,
        expected: int | None = None,
        even_merged: bool = False,
    ) -> Member:
        """Do something with a member today, and tell what it changed of their status.

        What the days brought before is told first, of the member as they were. Raises NotFound,
        for who was erased too, and Merged, except for what follows from records of others.
        """
        book, today = self.policies.book(), self.today()

        def act(member: Member) -> None:
            _not_erased(member)
            if not even_merged:
                member.require_unmerged()
            member.settle(book, today)
            action(member, book, today)
            member.settle(book, today)

        return self.members.change(member_id, act, expected=expected)

    def view(self, member: Member) -> MemberView:
        """The member as of today."""
        return view_of(member, self.policies.book(), self.today())


def _not_erased(member: Member) -> Member:
    if member.erased_on is not None:
        raise MemberErased(id=member.id, erased_on=member.erased_on.isoformat())
    return member


def view_of(member: Member, book: PolicyBook, today: date) -> MemberView:
    """A member by these policies on a day."""
    return MemberView.of(
        member, member.standing_on(book, today), post_nominals(member, book, today)
    )
