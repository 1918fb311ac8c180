"""People who are alike in all that the policies on professions and grades look at.

>>> Group("doctor", "senior", "wales", "current", "member", admitted=True).key
'doctor|senior|wales|current|member|1'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from services.membership.domain.terms import Status

if TYPE_CHECKING:
    from services.membership.domain.member import Member

GONE = frozenset({Status.WITHDRAWN, Status.REMOVED, Status.DECEASED, Status.MERGED, Status.ERASED})
# A merge can be undone, and then the application goes on.
_CAME_TO_NOTHING = GONE - {Status.MERGED} | {Status.DECLINED}


class Group(NamedTuple):
    """What is the same of all in it; ``grade`` is empty where there is none."""

    profession: str
    career_stage: str
    nation: str
    status: str
    grade: str
    admitted: bool

    @classmethod
    def of(cls, member: Member, status: Status) -> Group:
        """The group of a member who was last told this status."""
        return cls(
            member.profession,
            member.career_stage,
            member.nation,
            status,
            member.grade or "",
            member.admitted_on is not None,
        )

    @property
    def key(self) -> str:
        """The group as the one text by which its people are counted and found."""
        return "|".join((*self[:-1], str(int(self.admitted))))

    @classmethod
    def read(cls, key: str) -> Group:
        """The group of a key."""
        *words, admitted = key.split("|")
        profession, career_stage, nation, status, grade = words
        return cls(profession, career_stage, nation, status, grade, admitted == "1")

    @property
    def gone(self) -> bool:
        """Whether they left, or are no longer on record by themselves."""
        return self.status in GONE

    @property
    def came_to_nothing(self) -> bool:
        """Whether their applications have ended without admission, for good."""
        return not self.admitted and self.status in _CAME_TO_NOTHING
