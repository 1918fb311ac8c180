"""Whatever is called, cases only go forward and the policy says what was decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.decisions import Decision, Step
from shared.errors import FacultyError, Invalid
from tests.unit.membership.opening import (
    CODES,
    DAY,
    MANAGER,
    activated,
    by_hand,
    open_to_all,
    policy,
)


@dataclass
class Model:
    """What the policy must say, from what was decided."""

    hands: list[tuple[date, str, dict[str, str], frozenset[str]]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def in_force(self, day: date) -> frozenset[str]:
        return frozenset(each.id for each in self.decisions if each.effective_from <= day)

    def says(self, day: date) -> tuple[str, dict[str, str]]:
        """The marker of the version by hand, and the admission of each profession."""
        _, marker, entries, knows = max(
            (hand for hand in self.hands if hand[0] <= day), key=lambda hand: hand[0]
        )
        entries = dict(entries)
        for code in CODES:
            made = [d for d in self.decisions if d.profession == code and d.effective_from <= day]
            if made and made[-1].id not in knows:
                entries[code] = made[-1].entry.admission
        return marker, entries


class Widening:
    """Any sequence of calls, days and versions by hand."""

    def __init__(self) -> None:
        self.world = open_to_all()
        self.first = self.world.today
        seed = policy(self.world).policy
        self.titles = {each.code: each.title for each in seed.professions}
        self.model = Model([(date(2026, 1, 1), "Doctor", {MANAGER: "closed"}, frozenset())])
        self.states: dict[str, str] = {}
        self.heard: dict[str, int] = {}
        self.closed: dict[str, bool] = {}
        self.numbers = count(1)
        self.waiting: list[tuple[date, str, dict[str, str], frozenset[str]]] = []

    def attempt(self, possible: bool, step: str, code: str, **arguments: Any) -> bool:
        """Call; it works exactly where the model says so."""
        try:
            view = self.world.call(step, code=code, **arguments)
        except FacultyError:
            assert not possible
            return False
        assert possible
        self.states[code] = view.state
        return True

    def propose(self, code: str) -> None:
        possible = self.states.get(code, "refused") == "refused"
        # One that a version by hand has admitted is refused before there is a case.
        _, entries = self.model.says(self.world.today)
        possible = possible and (code in self.states or entries.get(code) != "admitted")
        if self.attempt(possible, "propose_profession", code, title="T", rationale="R"):
            self.heard[code], self.closed[code] = 0, False

    def consult(self, code: str, over: bool) -> None:
        closes_on = self.world.today + (-DAY if over else timedelta(0))
        possible = self.states.get(code) == "proposed"
        if self.attempt(
            possible,
            "open_consultation",
            code,
            opened_on=self.world.today - DAY,
            closes_on=closes_on,
        ):
            self.closed[code] = over

    def hear(self, code: str) -> None:
        possible = self.states.get(code) in ("consulting", "pilot")
        if self.attempt(
            possible,
            "record_body_position",
            code,
            body="Invented Institute",
            position="supports",
            recognises_membership=True,
        ):
            self.heard[code] = 1

    def make_ready(self, code: str) -> None:
        """The usual way, so that decisions are met often."""
        self.propose(code)
        self.consult(code, over=True)
        self.hear(code)

    def decided(self, step: Step, code: str, effective_from: date) -> None:
        number = 1 + sum(
            (made.profession, made.step) == (code, step) for made in self.model.decisions
        )
        id = Decision.name(code, step, number)
        self.model.decisions.append(Decision(id, code, "T", step, effective_from, self.world.today))

    def start(self, code: str, days: int) -> None:
        begins = self.world.today + days * DAY
        possible = (
            self.states.get(code) == "consulting"
            and self.closed.get(code, False)
            and self.heard.get(code, 0) > 0
        )
        limits = {"until": begins + 30 * DAY, "places": 1}
        if self.attempt(possible, "start_pilot", code, limits=limits, effective_from=begins):
            self.decided(Step.PILOT, code, begins)

    def admit(self, code: str, days: int) -> None:
        begins = self.world.today + days * DAY
        possible = (
            self.states.get(code) in ("consulting", "pilot")
            and self.closed.get(code, False)
            and self.heard.get(code, 0) > 0
        )
        if self.attempt(possible, "admit_profession", code, effective_from=begins):
            self.decided(Step.ADMITTED, code, begins)

    def refuse(self, code: str) -> None:
        was = self.states.get(code)
        possible = was in ("proposed", "consulting", "pilot")
        if self.attempt(possible, "refuse_profession", code, reason="R") and was == "pilot":
            self.decided(Step.REFUSED, code, self.world.today)

    def propose_by_hand(self, days: int, code: str, change: str | None) -> None:
        day = self.world.today + days * DAY
        marker = f"hand.{next(self.numbers)}"
        _, entries = self.model.says(day)
        changes: dict[str, Any] = {}
        if change is not None:
            changes = {code: {"admission": change}}
            entries = {**entries, code: change}
        knows = self.model.in_force(day)
        by_hand(self.world, marker, day, activate=False, **changes)
        self.waiting.append((day, marker, entries, knows))

    def activate(self) -> None:
        if not self.waiting:
            return
        day, marker, entries, knows = self.waiting.pop(0)
        taken = {version.effective_from for version in self.world.book.professions.all}
        possible = day >= self.world.today and day not in taken
        try:
            activated(self.world, marker)
        except Invalid:
            assert not possible
            return
        assert possible
        self.model.hands.append((day, marker, entries, knows))

    def pass_days(self, days: int) -> None:
        self.world.go_to(self.world.today + days * DAY)
        self.closed = {
            code: closed or self.states.get(code) in ("consulting", "pilot")
            for code, closed in self.closed.items()
        }

    def the_policy_says_what_was_decided(self) -> None:
        versions = self.world.book.professions
        for number in range(30):
            day = self.world.today + number * DAY
            now = versions.on(day).policy
            marker, entries = self.model.says(day)
            found = {each.code: each.admission for each in now.professions}
            assert now.find("doctor").title == marker
            assert {code: found.get(code) for code in CODES if code in found} == entries
            assert self.titles.keys() <= found.keys()
            assert not list(now.faults())

    def cases_only_go_forward(self) -> None:
        after = {
            "proposed": {"consulting", "refused"},
            "consulting": {"pilot", "admitted", "refused"},
            "pilot": {"admitted", "refused"},
            "refused": {"proposed"},
            "admitted": set(),
        }
        for case in self.world.pages("find_professions"):
            turns = self.world.call("get_profession", code=case.code).history
            assert turns[0].state == "proposed"
            assert all(b.state in after[a.state] for a, b in pairwise(turns))
            assert case.state == turns[-1].state == self.states[case.code]


codes, days = st.sampled_from(CODES), st.integers(0, 12)
steps = st.one_of(
    *(
        st.builds(lambda *given, name=name: (name, given), *arguments)
        for name, *arguments in (
            ("propose", codes),
            ("consult", codes, st.booleans()),
            ("hear", codes),
            *[("make_ready", codes)] * 2,
            *[("start", codes, days)] * 3,
            *[("admit", codes, days)] * 2,
            ("refuse", codes),
            *[("propose_by_hand", days, codes, st.sampled_from([None, "closed", "admitted"]))] * 3,
            *[("activate",)] * 3,
            ("pass_days", st.integers(1, 5)),
        )
    )
)


@settings(max_examples=50, deadline=None)
@given(st.sets(codes, min_size=1), st.lists(steps, min_size=10, max_size=20))
def test_any_sequence_of_calls_keeps_the_policy_true_to_what_was_decided(
    ready: set[str], sequence: list[tuple[str, tuple[Any, ...]]]
) -> None:
    """Steps work exactly where they may, and on every day to come the policy says what it must."""
    widening = Widening()
    for code in sorted(ready):
        widening.make_ready(code)
    for name, arguments in sequence:
        getattr(widening, name)(*arguments)
        widening.the_policy_says_what_was_decided()
    widening.cases_only_go_forward()
