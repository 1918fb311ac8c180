"""Short lists, interviews, adjustments, sheets of marks, and what final rankings came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.programmes.domain.adjustments import Adjustments, AdjustmentState
from services.programmes.domain.basis import Basis
from services.programmes.domain.diary import Diary
from services.programmes.domain.interview import Interview, PanelMark
from services.programmes.domain.selection import Shortlist
from services.programmes.domain.sheet import Sheet
from services.programmes.domain.slot import Slot
from services.programmes.repository.applications import Applications
from services.programmes.repository.keys import TURN, turn_key
from shared.errors import Duplicate
from shared.repository import Index, Repository

_HOLDER = "holder"


class Shortlists(Repository[Shortlist]):
    """Short lists by cohort."""

    collection = "shortlists"
    aggregate = Shortlist
    audited = True
    absence = "The cohort has no short list by rank; shortlist with take comes first."


class Slots(Repository[Slot]):
    """Interview slots; the unique holder lets an application have one at a time.

    Those whose application is changing to them have a turn: the clock completes what broke off.
    Who had a slot before is nobody's business but staff's.
    """

    collection = "interview_slots"
    aggregate = Slot
    audited = True
    untracked = frozenset({_HOLDER, "when", TURN})
    withheld = frozenset({"panel", "application_id", "member_id"})
    unnamed = True
    indexes = (
        Index(_HOLDER, unique=True, sparse=True),
        Index(TURN, unique=True, sparse=True),
        Index("when", unique=True),
        Index(("cohort_id", "when")),
        Index(("member_id", "id")),
    )

    def _state(self, aggregate: Slot) -> dict[str, Any]:
        state = super()._state(aggregate)
        state["when"] = turn_key(aggregate.starts_at, aggregate.id)
        if aggregate.holder is not None:
            state[_HOLDER] = aggregate.holder
        if aggregate.moving and aggregate.claimed_at is not None:
            state[TURN] = turn_key(aggregate.claimed_at, aggregate.id)
        return state

    def of(self, application_id: str) -> Slot | None:
        """The slot that an application has."""
        return self.first({_HOLDER: application_id})

    def moving_to(self, application_id: str) -> Slot | None:
        """The slot that an application is changing to."""
        return self.first({_HOLDER: f"{application_id}:moving"})


class Diaries(Repository[Diary]):
    """When panel members are taken, by their id."""

    collection = "panel_diaries"
    aggregate = Diary

    def of(self, reviewer_id: str) -> Diary:
        """A panel member's diary, an empty one where there is none yet."""
        return self.first({"_id": reviewer_id}) or self._new(reviewer_id)

    def _new(self, reviewer_id: str) -> Diary:
        try:
            return self.add(Diary(reviewer_id))
        except Duplicate:
            return self.get(reviewer_id)


class Interviews(Repository[Interview]):
    """What interviews came to, by application."""

    collection = "interviews"
    aggregate = Interview
    audited = True
    withheld = frozenset({"agreed_by", "absent"})
    unnamed = True
    indexes = (Index(("cohort_id", "id")), Index(("member_id", "id")))


class PanelMarks(Repository[PanelMark]):
    """What panel members gave; whose they are is withheld even from who they are about."""

    collection = "panel_marks"
    aggregate = PanelMark
    audited = True
    withheld = frozenset({"id", "reviewer_id"})
    unnamed = True
    indexes = (
        Index(("cohort_id", "id")),
        Index(("application_id", "id")),
        Index(("member_id", "id")),
    )


class AdjustmentRequests(Repository[Adjustments]):
    """Requests for adjustments; until erased they have a turn.

    There is no trail, which would repeat what is to stand nowhere else: who decided stands in them.
    """

    collection = "adjustments"
    aggregate = Adjustments
    absence = "No adjustments were asked for; request_adjustments comes first."
    untracked = frozenset({TURN})
    withheld = frozenset({"decisions"})
    indexes = (
        Index(TURN, unique=True, sparse=True),
        Index(("cohort_id", "id")),
        Index(("member_id", "id")),
    )

    def _state(self, aggregate: Adjustments) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.state is not AdjustmentState.ERASED:
            state[TURN] = turn_key(aggregate.erase_at, aggregate.id)
        return state


class Sheets(Repository[Sheet]):
    """Versions of sheets of marks; the unique key gives each its number once."""

    collection = "score_sheets"
    aggregate = Sheet
    audited = True
    untracked = frozenset({"name", "place"})
    indexes = (Index("place", unique=True), Index(("cohort_id", "name", "id")))

    def _state(self, aggregate: Sheet) -> dict[str, Any]:
        name = f"{aggregate.cohort_id}/{aggregate.name}"
        state = {**super()._state(aggregate), "name": aggregate.name}
        return {**state, "place": f"{name}/{aggregate.number}"}

    def versions(self, cohort_id: str, name: str) -> list[Sheet]:
        """All versions of a sheet, the oldest first."""
        found = self.scan({"cohort_id": cohort_id, "name": name})
        return sorted(found, key=lambda each: each.number)

    def latest(self, cohort_id: str, name: str) -> Sheet | None:
        """The latest version that was neither refused nor given up."""
        standing = [each for each in self.versions(cohort_id, name) if each.standing]
        return standing[-1] if standing else None

    def all_latest(self, cohort_id: str) -> Iterator[Sheet]:
        """The latest version of every sheet of a cohort."""
        latest: dict[str, Sheet] = {}
        for each in self.scan({"cohort_id": cohort_id}):
            known = latest.get(each.name)
            if each.standing and (known is None or known.number < each.number):
                latest[each.name] = each
        yield from latest.values()


class Bases(Repository[Basis]):
    """What final rankings were made from, each named after its content."""

    collection = "ranking_bases"
    aggregate = Basis
    indexes = (Index(("cohort_id", "id")),)

    def keep(self, basis: Basis) -> None:
        """Keep it; the same one may be there."""
        if self.first({"_id": basis.id}) is None:
            try:
                self.add(basis)
            except Duplicate:  # by another call at the same time
                return


def marks_of(
    applications: Applications, sheets: Sheets, member_id: str
) -> Iterator[dict[str, Any]]:
    """The marks of a member in sheets that count or did, as they may read them."""
    for application in applications.scan({"member_id": member_id}):
        for sheet in sheets.scan({"cohort_id": application.cohort_id}):
            if mark := sheet.shown(application.id):
                yield {"record": "Mark", "id": sheet.id, "data": mark}
