"""From a completed placement to cover as one of the alumni, over the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.contract.federation import Federation
from tests.unit.programmes.fellowship import accepted, complete, placed, reported, scheme

WINDOW = {
    "opens_at": "2026-11-01T09:00:00+00:00",
    "closes_at": "2026-12-29T17:00:00+00:00",
}


def alumni_cover(faculty: Federation, member_id: str) -> list[tuple[date, date | None]]:
    member = faculty.membership.members.get(member_id)
    return [(e.from_on, e.until_on) for e in member.entitled if e.kind == "alumni"]


def graduate(faculty: Federation) -> Any:
    """The placement of a new member who completed a scheme; it is noon of that day."""
    member_id = faculty.membership.member(profession="doctor", nation="wales")
    faculty.deliver()
    programmes = faculty.programmes
    placement = placed(programmes, accepted(programmes, scheme(programmes, **WINDOW), member_id))
    programmes.go_to(placement.starts_on)
    programmes.let_the_clock("tick")
    reported(programmes, placement)
    programmes.go_to(placement.ends_on)
    complete(programmes, placement)
    faculty.deliver()
    return placement


def test_who_completes_a_placement_is_covered_as_an_alumnus() -> None:
    """From the day of completion, for as long as the terms of that day say."""
    faculty = Federation()
    placement = graduate(faculty)
    assert alumni_cover(faculty, placement.member_id) == [(placement.ends_on, date(2029, 8, 30))]
    passport = faculty.membership.call("get_leadership_passport", member_id=placement.member_id)
    assert [each.cohort_id for each in passport.completions] == [placement.cohort_id]


def test_a_completion_that_is_taken_back_ends_the_cover() -> None:
    """And completed after all, it begins anew."""
    faculty = Federation()
    placement = graduate(faculty)
    programmes = faculty.programmes
    later = placement.ends_on + timedelta(days=10)
    programmes.go_to(later)
    programmes.call(
        "withdraw_completion",
        cohort_id=placement.cohort_id,
        member_id=placement.member_id,
        reason="Invented.",
    )
    faculty.deliver()
    assert alumni_cover(faculty, placement.member_id) == [(placement.ends_on, later)]
    complete(programmes, placement, later)
    faculty.deliver()
    assert (later, date(2029, 9, 9)) in alumni_cover(faculty, placement.member_id)
