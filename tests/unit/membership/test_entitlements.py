"""Cover from elsewhere: granted, given other dates, ended; what was known before stays known."""

from datetime import date, timedelta

import pytest

from services.membership.domain.facts import Entitlement
from services.membership.domain.member import Member
from services.membership.domain.terms import EntitlementKind
from services.membership.events import EntitlementChanged
from shared.errors import NotFound
from tests.unit.membership.builders import BOOK, TODAY, applicant, entry

SEAT, ALUMNI = EntitlementKind.SEAT, EntitlementKind.ALUMNI
ONE_DAY = timedelta(days=1)
LATER, END = TODAY + timedelta(days=100), date(2027, 6, 30)


def seated(until_on: date | None = END) -> Member:
    """A member by an organisation's seat alone, with what was told so far forgotten."""
    member = applicant()
    member.check("GMC:0712345", entry(), "r", TODAY)
    member.entitle(SEAT, "org-1", TODAY, until_on, TODAY)
    member.admit(BOOK, TODAY)
    member.settle(BOOK, TODAY)
    member.forget_recorded()
    return member


def statuses(member: Member, *days: date) -> list[str]:
    return [member.standing_on(BOOK, day).status.value for day in days]


def told(member: Member, until_on: date | None) -> EntitlementChanged:
    return EntitlementChanged("m-1", "seat", "org-1", TODAY, until_on)


def test_a_grant_is_told_and_repeated_changes_nothing() -> None:
    """The same source from the same day to the same end is the same grant."""
    member = seated()
    member.entitle(SEAT, "org-1", TODAY, END, LATER)
    assert member.recorded == ()
    assert member.entitled == (Entitlement(SEAT, "org-1", TODAY, TODAY, END),)
    member.entitle(ALUMNI, "org-1", TODAY, END, TODAY)
    member.entitle(SEAT, "org-2", TODAY, END, TODAY)
    member.entitle(SEAT, "org-1", TODAY + ONE_DAY, END, TODAY)
    assert len(member.entitled) == 4
    assert [type(event) for event in member.recorded] == [EntitlementChanged] * 3


@pytest.mark.parametrize("until_on", [date(2027, 12, 31), None])
def test_a_grant_again_takes_the_new_end(until_on: date | None) -> None:
    """Told with it; nothing changes for the days before."""
    member = seated(TODAY + timedelta(days=50))
    before = statuses(member, *(TODAY + n * ONE_DAY for n in range(100)))
    member.entitle(SEAT, "org-1", TODAY, until_on, LATER)
    assert member.recorded == (told(member, until_on),)
    assert [e.until_on for e in member.entitled] == [until_on]
    assert statuses(member, *(TODAY + n * ONE_DAY for n in range(100))) == before
    assert statuses(member, LATER - ONE_DAY, LATER) == ["lapsed", "current"]


def test_an_end_that_is_known_late_does_not_change_what_was_told() -> None:
    """The seat was thought to go on until then."""
    member = seated(None)
    member.entitle(SEAT, "org-1", TODAY, TODAY + timedelta(days=10), LATER)
    assert member.recorded == (told(member, TODAY + timedelta(days=10)),)
    assert statuses(member, TODAY, LATER - ONE_DAY, LATER) == ["current", "current", "lapsed"]
    assert len(member.entitlements) == 2
    [now] = member.entitled
    assert (now.recorded_on, now.until_on) == (LATER, TODAY + timedelta(days=10))


def test_a_change_on_the_day_of_the_grant_leaves_one() -> None:
    """Nobody has acted upon it yet."""
    member = seated()
    member.entitle(SEAT, "org-1", TODAY, TODAY, TODAY)
    member.entitle(SEAT, "org-1", TODAY, END, TODAY)
    assert member.entitlements == (Entitlement(SEAT, "org-1", TODAY, TODAY, END),)


def test_only_what_runs_is_ended() -> None:
    """Nothing of another source, and nothing that is over by then."""
    member = seated()
    for kind, source, day in (
        (ALUMNI, "org-1", TODAY),
        (SEAT, "org-2", TODAY),
        (SEAT, "org-1", END),
        (SEAT, "org-1", END + ONE_DAY),
    ):
        with pytest.raises(NotFound):
            member.end_entitlement(kind, source, day, TODAY)
    member.end_entitlement(SEAT, "org-1", END - ONE_DAY, LATER)
    assert statuses(member, END) == ["grace"]
    with pytest.raises(NotFound):
        member.end_entitlement(SEAT, "org-1", END - ONE_DAY, LATER)


def test_a_seat_that_is_given_up_before_it_begins_never_covers() -> None:
    """Its end lies before its beginning."""
    member = seated()
    begins = END + timedelta(days=60)
    member.entitle(SEAT, "org-2", begins, None, TODAY)
    assert statuses(member, begins) == ["current"]
    member.entitle(SEAT, "org-2", begins, TODAY, LATER)
    assert statuses(member, END, begins) == ["due", "lapsed"]
    assert member.standing_on(BOOK, begins).covered_to == END
