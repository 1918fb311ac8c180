"""One person, one place: who was merged may have applied to a cohort under each of their records.

One application of a person is considered for a post. Where one has a place or an offer that stands,
that is the one; else it is the one that was submitted last, which says best what they want now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from services.programmes.domain.application import HOLDING, PLACED, Application

ASIDE = "other_application"
"""Why an application is not considered."""

HAVING = HOLDING | PLACED
"""Who is there has had an offer and not given it back."""


def set_aside(
    candidates: Collection[Application],
    holders: Iterable[Application],
    persons: Mapping[str, str],
) -> frozenset[str]:
    """The candidates that are not considered, as another application of the same person is.

    ``holders`` have a place or an offer that stands; ``persons`` says by member id who somebody is.
    Of who has two of them neither is considered for another one.
    """
    held: defaultdict[str, set[str]] = defaultdict(set)
    for each in holders:
        held[persons[each.member_id]].add(each.id)
    last = {persons[each.member_id]: each.id for each in sorted(candidates, key=_submitted)}
    return frozenset(
        each.id
        for each in candidates
        if held[persons[each.member_id]] - {each.id}
        or (not held[persons[each.member_id]] and last[persons[each.member_id]] != each.id)
    )


def _submitted(application: Application) -> tuple[float, str]:
    return (application.submitted_at or application.started_at).timestamp(), application.id
