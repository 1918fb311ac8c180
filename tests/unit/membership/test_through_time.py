"""Whole lives of memberships: what was told each day stays true, whoever looked and when.

A life is a list of things that happen, each some days after the one before. It is lived twice: once
looked at every day, once only when something happens.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.terms import (
    CareerStage,
    EntitlementKind,
    RegisterStatus,
    ReviewOutcome,
)
from services.membership.events import MemberAdmitted, RenewalDue, StandingChanged
from shared.errors import FacultyError
from tests.unit.membership.builders import BOOK, REGULATORS, TODAY, applicant, entry

KEY, OTHER = "GMC:0712345", "GMC:0712346"
Act = Callable[[Member, PolicyBook, date], object]


@dataclass(frozen=True)
class Happening:
    """Something that happens to a member, with whatever choice it takes."""

    name: str
    choice: Any = None

    def __call__(self, member: Member, book: PolicyBook, today: date) -> None:
        getattr(self, f"_{self.name}")(member, book, today)

    def _check(self, member: Member, book: PolicyBook, today: date) -> None:
        found = None if self.choice is None else entry(self.choice, imported_on=today)
        member.check(KEY, found, f"review {today}", today)

    def _check_other(self, member: Member, book: PolicyBook, today: date) -> None:
        found = None if self.choice is None else entry(self.choice, id=OTHER, imported_on=today)
        member.check(OTHER, found, f"other review {today}", today)

    def _add(self, member: Member, book: PolicyBook, today: date) -> None:
        number = self.choice.removeprefix("GMC:")
        member.add_registration(REGULATORS.registered("GMC", number, "wales"), today)

    def _declare(self, member: Member, book: PolicyBook, today: date) -> None:
        member.declare_sanction(KEY, "declared", f"declared {today}", today)

    def _decide(self, member: Member, book: PolicyBook, today: date) -> None:
        outcome, days = self.choice
        until = None if days is None else today + timedelta(days=days)
        waiting = next((r.id for r in member.reviews if r.outcome is None), "none")
        member.decide_review(waiting, outcome, "so", "the chair", until, today)

    def _admit(self, member: Member, book: PolicyBook, today: date) -> None:
        member.admit(book, today, grade=self.choice)

    def _decline(self, member: Member, book: PolicyBook, today: date) -> None:
        member.decline(today)

    def _renew(self, member: Member, book: PolicyBook, today: date) -> None:
        member.pay(200_000, "payment", f"payment {today}", today)
        member.renew(book, today)

    def _withdraw(self, member: Member, book: PolicyBook, today: date) -> None:
        member.withdraw(book, today + timedelta(days=self.choice), today)

    def _die(self, member: Member, book: PolicyBook, today: date) -> None:
        member.record_death(today - timedelta(days=self.choice), today)

    def _reinstate(self, member: Member, book: PolicyBook, today: date) -> None:
        member.pay(200_000, "payment", f"payment {today}", today)
        member.reinstate(book, today)

    def _grade(self, member: Member, book: PolicyBook, today: date) -> None:
        member.change_grade(book, self.choice, today)

    def _stage(self, member: Member, book: PolicyBook, today: date) -> None:
        member.change_career_stage(book, self.choice, today)

    def _entitle(self, member: Member, book: PolicyBook, today: date) -> None:
        since, length = self.choice
        first = TODAY + timedelta(days=since)
        last = None if length is None else first + timedelta(days=length)
        member.entitle(EntitlementKind.SEAT, "org", first, last, today)

    def _end(self, member: Member, book: PolicyBook, today: date) -> None:
        last = today + timedelta(days=self.choice)
        for held in member.entitled:
            member.entitle(held.kind, held.source_id, held.from_on, last, today)


REGISTER = st.one_of(st.none(), st.sampled_from(list(RegisterStatus)))
HAPPENINGS = st.one_of(
    st.builds(Happening, st.just("check"), REGISTER),
    st.builds(Happening, st.just("check"), st.just(RegisterStatus.REGISTERED)),
    st.builds(Happening, st.just("check_other"), REGISTER),
    st.builds(Happening, st.just("add"), st.sampled_from([KEY, OTHER])),
    st.builds(
        Happening,
        st.just("decide"),
        st.tuples(st.sampled_from(list(ReviewOutcome)), st.one_of(st.none(), st.integers(-1, 90))),
    ),
    st.builds(Happening, st.just("admit"), st.sampled_from([None, "student", "member"])),
    st.builds(Happening, st.just("withdraw"), st.integers(-1, 120)),
    st.builds(Happening, st.just("die"), st.integers(-1, 30)),
    st.builds(Happening, st.just("grade"), st.sampled_from(["student", "trainee", "member"])),
    st.builds(Happening, st.just("stage"), st.sampled_from(list(CareerStage))),
    st.builds(
        Happening,
        st.just("entitle"),
        st.tuples(
            st.sampled_from([0, 30, 200, 500]),
            st.one_of(st.none(), st.sampled_from([0, 90, 400])),
        ),
    ),
    st.builds(Happening, st.just("end"), st.integers(-60, 60)),
    st.sampled_from([Happening(name) for name in ("declare", "renew", "reinstate", "decline")]),
)
LIVES = st.lists(st.tuples(st.integers(0, 200), HAPPENINGS), max_size=9)
POLICIES = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 90), st.integers(0, 60)),
    max_size=2,
    unique_by=lambda each: each[0],
)
BEGINNINGS = st.sampled_from(
    [
        {},
        {"career_stage": "student", "regulator": None, "registration_number": None},
        {"career_stage": "retired"},
    ]
)


def book(policies: list[tuple[int, int, int]]) -> PolicyBook:
    first = BOOK.statuses.all[0]
    later = (
        Version(
            f"from {days}",
            TODAY + timedelta(days=days),
            replace(first.policy, renewal_window_days=window, grace_days=grace),
        )
        for days, window, grace in policies
    )
    return replace(BOOK, statuses=Versions.of("statuses", iter([first, *later])))


@dataclass
class Life:
    """A member with the policies that decide, and the status told at the end of each day."""

    member: Member
    book: PolicyBook
    told: dict[date, tuple[str, str]] = field(default_factory=dict)

    def look(self, day: date) -> None:
        self.member.settle(self.book, day)
        self._note(day)

    def live(self, act: Act, day: date) -> None:
        """As the desk does it; what is refused has not happened."""
        tried = deepcopy(self.member)
        tried.settle(self.book, day)
        try:
            act(tried, self.book, day)
        except FacultyError:
            return
        tried.settle(self.book, day)
        self.member = tried
        self._note(day)

    def _note(self, day: date) -> None:
        assert self.member.settled is not None
        self.told[day] = (self.member.settled.status.value, self.member.settled.reason)


def lived(
    beginning: dict[str, Any],
    happenings: list[tuple[int, Happening]],
    policies: list[tuple[int, int, int]],
    *,
    daily: bool,
) -> tuple[Life, date]:
    life, day = Life(applicant(**beginning), book(policies)), TODAY
    life.look(day)
    for gap, act in [*happenings, (200, None)]:
        for _ in range(gap):
            day += timedelta(days=1)
            if daily:
                life.look(day)
        if act is not None:
            life.live(act, day)
    life.look(day)
    return life, day


ADMITTED: list[tuple[int, Happening]] = [
    (0, Happening("check", RegisterStatus.REGISTERED)),
    (0, Happening("admit")),
]


@settings(deadline=None, max_examples=150)
@given(BEGINNINGS, st.booleans(), LIVES, POLICIES)
def test_a_past_day_is_told_as_it_was_told_then(
    beginning: dict[str, Any],
    admitted: bool,
    happenings: list[tuple[int, Happening]],
    policies: list[tuple[int, int, int]],
) -> None:
    """Whatever was paid, decided, granted or found out since."""
    life, _ = lived(beginning, [*ADMITTED * admitted, *happenings], policies, daily=True)
    for day, told in life.told.items():
        then = life.member.standing_on(life.book, day)
        assert (day, then.status.value, then.reason) == (day, *told)


@settings(deadline=None, max_examples=150)
@given(BEGINNINGS, st.booleans(), LIVES, POLICIES)
def test_looking_every_day_tells_the_same_as_looking_now_and_then(
    beginning: dict[str, Any],
    admitted: bool,
    happenings: list[tuple[int, Happening]],
    policies: list[tuple[int, int, int]],
) -> None:
    """The same events with the same dates in the same order, and the same is kept."""
    happenings = [*ADMITTED * admitted, *happenings]
    every_day, _ = lived(beginning, happenings, policies, daily=True)
    seldom, _ = lived(beginning, happenings, policies, daily=False)
    assert seldom.member.recorded == every_day.member.recorded
    assert seldom.member == every_day.member


@settings(deadline=None, max_examples=150)
@given(BEGINNINGS, LIVES, POLICIES)
def test_who_listens_knows_the_standing(
    beginning: dict[str, Any],
    happenings: list[tuple[int, Happening]],
    policies: list[tuple[int, int, int]],
) -> None:
    """The last of admission and changes of standing says what the status is; no change is empty."""
    life, _ = lived(beginning, [*ADMITTED, *happenings], policies, daily=False)
    heard = None
    for event in life.member.recorded:
        if isinstance(event, MemberAdmitted):
            heard = "current"
        elif isinstance(event, StandingChanged):
            assert event.status != heard
            heard = event.status
    status = life.member.standing_on(life.book, max(life.told)).status.value
    if life.member.admitted:
        live = ("current", "due", "grace")
        assert heard == status or (heard in live and status in live and heard == "current")


@settings(deadline=None, max_examples=100)
@given(LIVES, POLICIES)
def test_renewal_is_due_once_for_each_stretch_of_cover(
    happenings: list[tuple[int, Happening]], policies: list[tuple[int, int, int]]
) -> None:
    """Unless cover was changed in between and changed back."""
    seats = ("entitle", "end")
    happenings = [each for each in happenings if each[1].name not in seats]
    life, _ = lived({}, [*ADMITTED, *happenings], policies, daily=False)
    due = [event.due_on for event in life.member.recorded if isinstance(event, RenewalDue)]
    assert len(due) == len(set(due))


@settings(deadline=None, max_examples=100)
@given(BEGINNINGS, LIVES, POLICIES)
def test_the_account_is_the_sum_of_what_was_charged_and_paid(
    beginning: dict[str, Any],
    happenings: list[tuple[int, Happening]],
    policies: list[tuple[int, int, int]],
) -> None:
    """Terms are charged what they say, each after the other without overlap."""
    life, _ = lived(beginning, [*ADMITTED, *happenings], policies, daily=False)
    member = life.member
    assert member.balance_pence == sum(each.pence for each in member.account)
    charged = [
        -each.pence
        for each in member.account
        if each.what in ("admission", "renewal", "reinstatement")
    ]
    assert charged == [each.fee_pence for each in member.terms if each.fee_pence]
    for before, after in zip(member.terms, member.terms[1:], strict=False):
        assert before.ends_on is not None
        assert after.starts_on > before.ends_on
