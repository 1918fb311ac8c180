"""In which order the rules of standing are asked, and how long renewal and grace last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.membership.domain.calendar import later
from services.membership.domain.terms import RuleName
from shared.events import integer, items, text


@dataclass(frozen=True, kw_only=True)
class Statuses:
    """The first rule that matches decides.

    Renewal is due in the last ``renewal_window_days`` of cover; grace follows for ``grace_days``.
    """

    rules: tuple[RuleName, ...] = items(50, min_length=1)
    renewal_window_days: int = integer(0, 365)
    grace_days: int = integer(0, 365)
    source: str = text(300)

    def due_from(self, last_day: date) -> date:
        """The first day on which renewal is due, for cover that ends on ``last_day``."""
        return last_day - timedelta(days=self.renewal_window_days - 1)

    def lapses_on(self, last_day: date) -> date:
        """The first day after grace."""
        return later(last_day, self.grace_days + 1)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Every rule must be there once: without one of them somebody would have no status."""
        missing = [rule.value for rule in RuleName if rule not in self.rules]
        if missing:
            yield "rules", f"Must also name: {', '.join(missing)}."
        if len(set(self.rules)) < len(self.rules):
            yield "rules", "Must name each rule once."
