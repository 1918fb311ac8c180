"""Whether a member is current, as far as membership's events have told.

Events come in any order and more than once. Each says something of one facet of a member, and of
two that speak of the same facet the one with the higher sequence counts. The facets together give
the same standing whatever the order was.

    >>> Standing.of("0193", {"admission": {"sequence": 4, "profession": "doctor"}}).current
    True
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from services.programmes.errors import MemberNotCurrent

# Membership's statuses of those who may do what members do.
_LIVE = ("current", "due", "grace")

Facets = Mapping[str, Mapping[str, Any]]


class Facet(StrEnum):
    """What an event can speak of; verified and refused registrations are one facet."""

    APPLICATION = "application"
    REGISTRATION = "registration"
    ADMISSION = "admission"
    STANDING = "standing"
    MERGE = "merge"
    DETAILS = "details"
    CAREER = "career"
    GRADE = "grade"


# Followed by the regulator's code: a member may hold several registrations.
REGISTER = "register:"
# Registers say so of those who may not practise for a time.
_RESTING = "suspended"


class Lack(StrEnum):
    """Why a member is not current."""

    NOT_KNOWN = "not_known"
    NOT_ADMITTED = "not_admitted"
    REGISTRATION_REFUSED = "registration_refused"
    NOT_CURRENT = "not_current"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    DECEASED = "deceased"
    MERGED = "merged"


@dataclass(frozen=True)
class Standing:
    """A member as programmes judges one: what eligibility needs, and nothing that identifies.

    ``merged_into`` is who stands for them, if they were merged into somebody.
    """

    member_id: str
    profession: str | None
    nation: str | None
    lack: Lack | None
    merged_into: str | None = None
    career_stage: str | None = None
    grade: str | None = None
    registrations: Mapping[str, str] = field(default_factory=dict)
    """What each register says, by regulator."""

    @classmethod
    def of(cls, member_id: str, facets: Facets | None) -> Self:
        """The standing that the facets received so far amount to."""
        facets = facets or {}
        told = (facets.get(f) for f in (Facet.DETAILS, Facet.ADMISSION, Facet.APPLICATION))
        person = max(filter(None, told), key=lambda facet: int(facet["sequence"]), default={})
        into = merged_into(facets)
        lack = Lack.MERGED if into else _lack(facets)
        return cls(
            member_id,
            person.get("profession"),
            person.get("nation"),
            lack,
            into,
            facets.get(Facet.CAREER, {}).get("career_stage"),
            facets.get(Facet.GRADE, {}).get("grade"),
            {
                name.removeprefix(REGISTER): values["status"]
                for name, values in sorted(facets.items())
                if name.startswith(REGISTER)
            },
        )

    @property
    def current(self) -> bool:
        return self.lack is None

    @property
    def suspended(self) -> bool:
        """Whether membership rests, or a register says that the registration does."""
        return self.lack is Lack.SUSPENDED or _RESTING in self.registrations.values()

    @property
    def known(self) -> bool:
        """Whether membership ever told of this member."""
        return self.lack is not Lack.NOT_KNOWN

    def require_unsuspended(self) -> None:
        """Raises MemberNotCurrent where a register says so before membership does."""
        if self.suspended:
            raise MemberNotCurrent(member_id=self.member_id, reason=Lack.SUSPENDED.value)

    def require_current(self) -> None:
        """Raises MemberNotCurrent with the reason, and ``into`` whom a member was merged."""
        if self.lack is not None:
            into = {"into": self.merged_into} if self.merged_into else {}
            raise MemberNotCurrent(member_id=self.member_id, reason=self.lack.value, **into)


def merged_into(facets: Facets | None) -> str | None:
    """Who stands for a member, if somebody does."""
    into: str | None = (facets or {}).get(Facet.MERGE, {}).get("into")
    return into


def _lack(facets: Facets) -> Lack | None:
    if not facets:
        return Lack.NOT_KNOWN
    standing = facets.get(Facet.STANDING)
    if standing is not None:
        return _lack_of(standing["status"])
    admission = facets.get(Facet.ADMISSION)
    registration = facets.get(Facet.REGISTRATION)
    # Nobody is admitted unverified: a refusal from before the admission has been overtaken, even
    # when the verification in between has not arrived yet.
    admitted_at = admission["sequence"] if admission else 0
    if registration and registration["refused"] and registration["sequence"] > admitted_at:
        return Lack.REGISTRATION_REFUSED
    return None if admission else Lack.NOT_ADMITTED


def _lack_of(status: str) -> Lack | None:
    """What membership's own word for a member's status means here; it is told once admitted."""
    if status in _LIVE:
        return None
    return Lack(status) if status in set(Lack) else Lack.NOT_CURRENT
