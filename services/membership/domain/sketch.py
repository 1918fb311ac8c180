"""What little is needed of a member to say where they stand and what a policy makes of them."""

from __future__ import annotations

from typing import NamedTuple

from services.membership.domain.terms import Status

GONE = frozenset({Status.WITHDRAWN, Status.REMOVED, Status.DECEASED, Status.MERGED, Status.ERASED})
# A merge can be undone, and then the application goes on.
_CAME_TO_NOTHING = GONE - {Status.MERGED} | {Status.DECLINED}


def came_to_nothing(status: Status, *, admitted: bool) -> bool:
    """Whether an application has ended without admission, for good."""
    return not admitted and status in _CAME_TO_NOTHING


class Sketch(NamedTuple):
    """A few fields of a member, as they were when they were last settled."""

    id: str
    profession: str
    career_stage: str
    nation: str
    status: Status
    grade: str | None
    admitted: bool
