"""What is measured of a round of offers before its release, and told as figures of groups.

Measured are those to whom the round would make offers, among all who were shortlisted, as in
indicator 2 of the NHS Workforce Race Equality Standard (appointed from shortlisting).

Whoever plans rounds knows who is in them. Were two rounds measured that differ in few people, the
figures would tell of those few. So, whatever they answered:

- A proposal of fewer than eight people is not measured.
- One that a few people were added to or taken from, or nobody, has the figures of the earlier one.
- One that differs otherwise, but from an earlier one by a few on either side, has none.

What passes is under the same control as every table, and beside them in one history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.research.domain.disclosure import SMALLEST_SHOWN, Table, is_small, proposal
from services.research.domain.indicator import Indicator, Reason
from services.research.events import FairnessMeasured, Figure
from shared.events import Aggregate

BASE = "shortlisted"


@dataclass(frozen=True)
class Comparison:
    """Two groups that are compared before every release, by name and by their codes."""

    characteristic: str
    group: str
    reference: str
    members: tuple[str, ...]
    others: tuple[str, ...]

    def table(self, round_id: str) -> Table:
        """Both groups, proposed in a round or not, of those who were shortlisted."""
        return Table(self.members, self.others, proposal(round_id), BASE)

    def figure(self, found: Indicator) -> Figure:
        """What is told of an indicator.

        Where some of the group are proposed and none of the reference there is no ratio, but it is
        outside any range.
        """
        reason = found.reasons.get("relative_likelihood")
        reached = found.group.cells is not None and found.group.cells.reached > 0
        unbounded = reason is Reason.NONE_IN_REFERENCE and reached
        return Figure(
            characteristic=self.characteristic,
            group=self.group,
            reference=self.reference,
            relative_likelihood=found.ratio.value if found.ratio else None,
            outside_range=True if unbounded else found.outside_range,
            reason=reason.value if reason else None,
        )

    def nothing(self, reason: Reason) -> Figure:
        """That there is no figure, and why."""
        return Figure(self.characteristic, self.group, self.reference, None, None, reason.value)


@dataclass(frozen=True)
class Proposed:
    """A round that was proposed; ``measured`` is the one whose proposal its figures are of.

    Null with the ``refusal`` where there are none. ``told_on`` is when it was told.
    """

    round_id: str
    measured: str | None
    refusal: Reason | None = None
    told_on: date | None = None


@dataclass
class CohortFairness(Aggregate):
    """What became of every proposal of a cohort; ``id`` is the cohort's."""

    id: str
    rounds: tuple[Proposed, ...] = ()

    def of(self, round_id: str) -> Proposed | None:
        """What was decided about a round."""
        return next((each for each in self.rounds if each.round_id == round_id), None)

    def decide(self, round_id: str, people: Mapping[str, frozenset[str]]) -> None:
        """Decide for good whose figures a round has; ``people`` are those proposed, by round."""
        if self.of(round_id) is None:
            self.rounds = (*self.rounds, self._decided(round_id, people))

    def tell(self, round_id: str, figures: Iterable[Figure], today: date) -> None:
        """Tell the figures of a round, once."""
        found = self.of(round_id)
        if found is None or found.told_on is not None:
            return
        told = replace(found, told_on=today)
        self.rounds = tuple(told if each is found else each for each in self.rounds)
        self.record(
            FairnessMeasured(
                round_id=round_id,
                cohort_id=self.id,
                measured_round_id=found.measured or round_id,
                figures=tuple(figures),
                measured_on=today,
            )
        )

    def _decided(self, round_id: str, people: Mapping[str, frozenset[str]]) -> Proposed:
        mine = people.get(round_id, frozenset())
        if len(mine) < SMALLEST_SHOWN:
            return Proposed(round_id, None, Reason.SUPPRESSED)
        apart = {
            each.round_id: (
                len(mine - people[each.round_id]),
                len(people[each.round_id] - mine),
            )
            for each in self.rounds
            if each.measured == each.round_id
        }
        for earlier, differences in reversed(apart.items()):
            if max(differences) < SMALLEST_SHOWN:
                return Proposed(round_id, earlier)
        if any(is_small(number) for differences in apart.values() for number in differences):
            return Proposed(round_id, None, Reason.DISCLOSURE)
        return Proposed(round_id, round_id)
