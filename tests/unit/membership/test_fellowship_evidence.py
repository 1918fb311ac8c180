"""What counts as evidence for fellowship, how old it may be, and what is said to be missing."""

import calendar
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.membership.domain.evidence import (
    EvidenceGiven,
    EvidenceItem,
    Shortfall,
    evidence_faults,
    experience_months,
    kinds_missing,
    level_missing,
    too_old,
)
from services.membership.domain.terms import EvidenceUse
from tests.unit.membership.builders import BOOK

ON = date(2026, 11, 23)
RULES = BOOK.fellowship.on(ON).policy
STANDARDS = BOOK.standards.on(ON).policy
DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))
LEAP_DAY = date(2028, 2, 29)


def item(kind: str, dated: date = ON, **changes: Any) -> EvidenceItem:
    values = {"title": "Invented", "evidence_id": "e-1", "added_on": ON, **changes}
    return EvidenceItem(kind=kind, dated=dated, **values)


def served(first: date, last: date | None = None) -> EvidenceItem:
    return item("board_experience", from_on=first, until_on=last)


def last_of_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


@pytest.mark.parametrize(
    ("dated", "months", "on", "old"),
    [
        (date(2025, 11, 23), 12, ON, False),
        (date(2025, 11, 22), 12, ON, True),
        (date(2023, 11, 23), 36, ON, False),
        (date(2023, 11, 22), 36, ON, True),
        (date(2027, 2, 28), 12, LEAP_DAY, False),
        (date(2027, 2, 27), 12, LEAP_DAY, True),
        (LEAP_DAY, 12, date(2029, 2, 28), False),
        (LEAP_DAY, 12, date(2029, 3, 1), True),
        (date(2025, 2, 28), 36, LEAP_DAY, False),
        (LEAP_DAY, 48, date(2032, 2, 29), False),
        (date(2028, 2, 28), 48, date(2032, 2, 29), True),
        (date(2027, 1, 31), 1, date(2027, 2, 28), False),
        (date(2027, 2, 28), 1, date(2027, 3, 31), False),
        (date(2027, 2, 27), 1, date(2027, 3, 31), True),
        (date(1900, 1, 1), None, ON, False),
    ],
)
def test_the_last_day_counts_and_the_day_before_does_not(
    dated: date, months: int | None, on: date, old: bool
) -> None:
    """Exactly so many months ago is still good, a day more is not; ends of months are met."""
    assert too_old(dated, months, on) is old


@given(DATES, DATES, st.integers(1, 60))
@example(LEAP_DAY, date(2029, 2, 28), 12)
@example(date(2027, 2, 28), LEAP_DAY, 12)
def test_age_goes_by_calendar_months(dated: date, on: date, months: int) -> None:
    """It is good when fewer months lie between, or as many and the day of the month has not passed.

    The last day of a month stands for the days that the month does not have.
    """
    between = (on.year - dated.year) * 12 + on.month - dated.month
    good = between < months or (between == months and (dated.day >= on.day or last_of_month(dated)))
    assert too_old(dated, months, on) is not good


@given(DATES, st.integers(1, 60))
def test_what_is_good_stays_so_for_younger_evidence(on: date, months: int) -> None:
    """Among all days there is one boundary: nothing younger than what counts is too old."""
    days = [on - timedelta(days=each) for each in range(0, months * 31 + 3)]
    ages = [too_old(day, months, on) for day in days]
    assert ages == sorted(ages)
    assert (ages[0], ages[-1]) == (False, True)


def test_age_counts_on_the_day_of_submission() -> None:
    """The same appraisal is good on one day and too old on the next."""
    appraisal = (
        item("appraisal", date(2025, 11, 23), signed_off_by="Dr Invented"),
        item("feedback_360"),
    )
    use = EvidenceUse.SUBMISSION
    assert list(kinds_missing(appraisal, RULES, use, ON)) == []
    assert list(kinds_missing(appraisal, RULES, use, ON + timedelta(days=1))) == [
        Shortfall("evidence", "appraisal", "too_old")
    ]


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ((), "missing"),
        ((item("appraisal"),), "not_signed_off"),
        ((item("appraisal", date(2020, 1, 1), signed_off_by="Dr Invented"),), "too_old"),
    ],
)
def test_why_a_kind_is_missing_is_said(evidence: tuple[EvidenceItem, ...], reason: str) -> None:
    """Not there, not signed off and too old are told apart."""
    found = list(
        kinds_missing((*evidence, item("feedback_360")), RULES, EvidenceUse.SUBMISSION, ON)
    )
    assert found == [Shortfall("evidence", "appraisal", reason)]


@given(st.lists(st.sampled_from(sorted(STANDARDS.codes)), max_size=8), st.sampled_from([0, 1, 2]))
def test_every_domain_of_the_level_has_to_be_shown(behaviours: list[str], rank: int) -> None:
    """Missing are exactly the level's domains that no behaviour belongs to, in their order."""
    level = RULES.levels[rank]
    evidence = (item("project", behaviours=tuple(behaviours)), served(date(2020, 1, 1)))
    shown = {code.partition(".")[0] for code in behaviours}
    assert list(level_missing(evidence, level, RULES, STANDARDS, ON)) == [
        Shortfall("domain", domain, "not_evidenced")
        for domain in level.domains
        if domain not in shown
    ]


def test_evidence_that_is_too_old_shows_no_domain() -> None:
    """A domain that only an old appraisal shows is not shown."""
    level = RULES.level("associate_fellow")
    old = item("appraisal", date(2020, 1, 1), behaviours=("self.1",), signed_off_by="Dr Invented")
    recent = item("project", behaviours=("team.1",))
    assert list(level_missing((old, recent), level, RULES, STANDARDS, ON)) == [
        Shortfall("domain", "self", "not_evidenced")
    ]


@pytest.mark.parametrize(
    ("spans", "months"),
    [
        ([], 0),
        (["2024-11-24/"], 24),
        (["2024-11-25/"], 23),
        (["2020-01-01/2021-12-31"], 24),
        (["2020-01-01/2021-12-30"], 23),
        (["2020-01-01/2020-06-30", "2020-07-01/2020-12-31"], 12),
        (["2020-04-01/2020-09-30", "2020-01-01/2020-06-30"], 9),
        (["2020-01-01/2020-12-31", "2020-03-01/2020-05-31"], 12),
        (["2020-01-01/2020-01-20", "2021-01-01/2021-01-20"], 0),
        (["2020-01-01/2020-01-20", "2020-01-21/2020-02-19"], 1),
        (["2020-01-01/2020-01-20", "2020-01-22/2020-02-19"], 0),
        (["2020-02-29/2021-02-28"], 12),
        (["2026-01-01/2027-12-31"], 10),
    ],
)
def test_experience_is_whole_months_counted_once(spans: list[str], months: int) -> None:
    """Work that goes on counts up to the day; times that overlap once, that touch as one."""
    ends = [span.partition("/") for span in spans]
    evidence = [
        served(date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, _, last in ends
    ]
    assert experience_months(evidence, ON) == months


SPANS = st.tuples(DATES, st.integers(0, 1_500)).map(
    lambda each: served(each[0], each[0] + timedelta(days=each[1]))
)


@given(st.lists(SPANS, max_size=5), SPANS)
def test_more_work_never_counts_less_and_twice_the_same_counts_once(
    spans: list[EvidenceItem], more: EvidenceItem
) -> None:
    """Adding a time adds months or none; adding it again adds none."""
    before = experience_months(spans, date(2060, 12, 31))
    after = experience_months([*spans, more], date(2060, 12, 31))
    assert after >= before
    assert experience_months([*spans, more, more], date(2060, 12, 31)) == after


@pytest.mark.parametrize(
    ("evidence", "reason"), [((), "missing"), ((served(date(2025, 1, 1)),), "too_short")]
)
def test_senior_fellows_have_worked_at_board_or_system_level(
    evidence: tuple[EvidenceItem, ...], reason: str
) -> None:
    """Without it, or with too little of it, the level says so."""
    behaviours = tuple(f"{domain}.1" for domain in STANDARDS.domain_codes)
    evidence = (*evidence, item("project", behaviours=behaviours))
    level = RULES.level("senior_fellow")
    assert list(level_missing(evidence, level, RULES, STANDARDS, ON)) == [
        Shortfall("experience", "board_experience", reason)
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "hearsay"}, "kind"),
        ({"dated": ON + timedelta(days=1)}, "dated"),
        ({"kind": "appraisal"}, "signed_off_by"),
        ({"kind": "appraisal", "signed_off_by": "  "}, "signed_off_by"),
        ({"kind": "board_experience"}, "from_on"),
        ({"from_on": ON}, "from_on"),
        ({"until_on": ON}, "until_on"),
        ({"kind": "board_experience", "from_on": ON + timedelta(days=1)}, "from_on"),
        (
            {"kind": "board_experience", "from_on": ON, "until_on": ON - timedelta(days=1)},
            "until_on",
        ),
        ({"behaviours": ("self.1", "self.99")}, "behaviours.1"),
        ({"behaviours": ("self.1", "self.1")}, "behaviours.1"),
    ],
)
def test_each_fault_of_evidence_is_named(changes: dict[str, Any], field: str) -> None:
    """The field at fault is named and no other."""
    sound = {"kind": "project", "title": "Invented", "dated": ON}
    assert evidence_faults(EvidenceGiven(**sound), RULES, STANDARDS, ON) == {}
    faults = evidence_faults(EvidenceGiven(**{**sound, **changes}), RULES, STANDARDS, ON)
    assert list(faults) == [field]


def test_all_faults_of_evidence_are_named_at_once() -> None:
    """Nobody has to try again for every field."""
    given_ = EvidenceGiven(
        kind="appraisal", title="Invented", dated=date(2027, 1, 1), behaviours=("x.1",)
    )
    faults = evidence_faults(given_, RULES, STANDARDS, ON)
    assert sorted(faults) == ["behaviours.0", "dated", "signed_off_by"]
