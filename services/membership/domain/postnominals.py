"""The letters a member may put after their name."""

from __future__ import annotations

from datetime import date

from services.membership.domain.member import LIVE, Member
from services.membership.domain.policies.book import PolicyBook


def post_nominals(member: Member, book: PolicyBook, day: date) -> tuple[str, ...]:
    """Of fellowship if it is held, else of the grade; none for who is not a member on that day."""
    if member.standing_on(book, day).status not in LIVE:
        return ()
    held = [award.post_nominals for award in member.awards if award.held_on(day)]
    if held:
        return (held[-1],)
    grade = book.grades.on(day).policy.find(member.grade or "")
    return (grade.post_nominals,) if grade and grade.post_nominals else ()
