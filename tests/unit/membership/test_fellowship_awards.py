"""Awards of fellowship: confirmed every few years, and ended when they are not."""

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.membership.domain.calendar import corresponding_date
from services.membership.domain.member import Member
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import EntitlementKind
from services.membership.errors import (
    AwardNotHeld,
    FellowshipIncomplete,
    NotCurrent,
    RevalidationNotDue,
)
from services.membership.events import (
    AwardEnded,
    AwardRevalidated,
    AwardRevalidationDue,
)
from shared.errors import Invalid, NotFound
from tests.unit.membership.builders import BOOK, TODAY, applicant, entry
from tests.unit.membership.fellowships import (
    confirmation,
    cover,
    given,
    in_state,
    member_of,
    merge,
    revalidate,
    tick,
    told,
    view,
)
from tests.unit.membership.world import World, cut_at_every_write

NOTICE, DUE, END = date(2031, 5, 23), date(2031, 11, 23), date(2031, 11, 24)


def fellow(world: World) -> tuple[str, str]:
    """A new fellow covered for life, and what they applied with."""
    fellowship_id = in_state(world, "awarded")
    member_id = member_of(world, fellowship_id)
    cover(world, member_id)
    return member_id, fellowship_id


def test_revalidation_is_announced_once_by_the_tick() -> None:
    """On the day of notice, not before and not again."""
    world = World()
    member_id, fellowship_id = fellow(world)
    tick(world, NOTICE - timedelta(days=1))
    assert told(world, member_id) == []
    assert tick(world, NOTICE).told == {"award.revalidation_due": 1}
    for day in (NOTICE, NOTICE + timedelta(days=1), DUE):
        tick(world, day)
    due = AwardRevalidationDue(member_id, fellowship_id, "fellow", DUE)
    assert told(world, member_id) == [due]
    assert world.members.get(member_id).awards[0].told_on == NOTICE


def test_an_award_that_is_not_confirmed_ends_by_the_tick() -> None:
    """It is held on the last day and not on the next; letters and fee go with it."""
    world = World()
    member_id, fellowship_id = fellow(world)
    tick(world, NOTICE)
    tick(world, DUE)
    assert world.call("get_member", member_id=member_id).post_nominals == ("FFMLM",)
    assert tick(world, END).told == {"award.ended": 1}
    member = world.call("get_member", member_id=member_id)
    assert (member.post_nominals, member.awards[0].ended_on) == (("MFMLM",), END)
    assert told(world, member_id)[-1] == AwardEnded(
        member_id, fellowship_id, "fellow", "not_revalidated", END
    )
    assert tick(world, END + timedelta(days=400)).told == {}


def test_a_late_tick_tells_both_in_order() -> None:
    """Each with the day it happened."""
    world = World()
    member_id, fellowship_id = fellow(world)
    tick(world, date(2040, 1, 1))
    assert told(world, member_id) == [
        AwardRevalidationDue(member_id, fellowship_id, "fellow", DUE),
        AwardEnded(member_id, fellowship_id, "fellow", "not_revalidated", END),
    ]
    assert [each.told_on for each in world.members.get(member_id).awards] == [NOTICE]


def test_a_dry_run_counts_what_would_be_told() -> None:
    """And tells nothing."""
    world = World()
    member_id, _ = fellow(world)
    dry = world.call("tick", on=NOTICE, dry_run=True)
    assert dry.told["award.revalidation_due"] == 1
    assert told(world, member_id) == []


def test_the_tick_finds_awards_by_their_days() -> None:
    """The key by which the tick goes is the next day of the award, where nothing comes before."""
    world = World()
    member_id, fellowship_id = fellow(world)

    def key() -> str:
        document = world.document("members", member_id)
        assert document is not None
        return str(document.get("tick_key", "")).partition("|")[0]

    assert key() == "20310523"
    tick(world, NOTICE)
    assert key() == "20311124"
    revalidate(world, fellowship_id)
    assert key() == "20360523"
    tick(world, date(2036, 11, 24))
    assert key() == ""


def test_one_who_has_lapsed_is_told_when_they_come_back() -> None:
    """Notice goes to current members; it is made up for, and once."""
    world = World()
    fellowship_id = in_state(world, "awarded")
    member_id = member_of(world, fellowship_id)
    tick(world, date(2031, 6, 1))
    assert world.status(member_id) == "lapsed"
    assert told(world, member_id) == []
    world.pay(member_id, 500_000)
    world.call("reinstate", member_id=member_id, reason="Invented.")
    due = AwardRevalidationDue(member_id, fellowship_id, "fellow", DUE)
    assert told(world, member_id) == [due]
    tick(world, date(2031, 6, 2))
    assert told(world, member_id) == [due]


def test_nothing_is_told_of_the_awards_of_the_dead() -> None:
    """They keep them."""
    world = World()
    member_id, _ = fellow(world)
    world.call("record_death", member_id=member_id, died_on=world.today)
    tick(world, date(2040, 1, 1))
    assert told(world, member_id) == []
    assert world.members.get(member_id).awards[0].ended_on is None


@pytest.mark.parametrize("day", [NOTICE, NOTICE + timedelta(days=1), DUE - timedelta(days=1), DUE])
def test_an_award_is_confirmed_from_notice_to_the_last_day(day: date) -> None:
    """The next five years begin where these end, however early it is."""
    world = World()
    member_id, fellowship_id = fellow(world)
    tick(world, day)
    shown = revalidate(world, fellowship_id)
    (confirmed,) = shown.revalidations
    assert (confirmed.due_on, confirmed.revalidated_on) == (DUE, day)
    assert [each.kind for each in confirmed.evidence] == ["appraisal", "feedback_360"]
    (held,) = world.members.get(member_id).awards
    assert (held.revalidate_by, held.notice_on, held.told_on, held.revalidated_on) == (
        date(2036, 11, 23),
        date(2036, 5, 23),
        None,
        day,
    )
    assert told(world, member_id)[-1] == AwardRevalidated(
        member_id, fellowship_id, "fellow", day, date(2036, 11, 23)
    )
    assert tick(world, END).told == {}
    assert tick(world, date(2036, 5, 23)).told == {"award.revalidation_due": 1}


def test_an_award_is_not_confirmed_before_notice() -> None:
    """The refusal says from when."""
    world = World()
    _, fellowship_id = fellow(world)
    world.go_to(NOTICE - timedelta(days=1))
    with pytest.raises(RevalidationNotDue) as refused:
        revalidate(world, fellowship_id)
    assert refused.value.details["notice_on"] == NOTICE.isoformat()
    world.go_to(NOTICE)
    revalidate(world, fellowship_id)
    with pytest.raises(RevalidationNotDue) as refused:
        revalidate(world, fellowship_id)
    assert refused.value.details["notice_on"] == "2036-05-23"


@pytest.mark.parametrize("noticed", [False, True])
def test_an_award_is_not_confirmed_too_late(noticed: bool) -> None:
    """Whether or not the tick has noticed that it has ended."""
    world = World()
    _, fellowship_id = fellow(world)
    world.go_to(END)
    if noticed:
        world.call("tick")
    with pytest.raises(AwardNotHeld):
        revalidate(world, fellowship_id)
    assert view(world, fellowship_id).revalidations == ()


def test_only_current_members_confirm_an_award() -> None:
    """One who has lapsed comes back first."""
    world = World()
    fellowship_id = in_state(world, "awarded")
    world.go_to(NOTICE)
    with pytest.raises(NotCurrent) as refused:
        revalidate(world, fellowship_id)
    assert refused.value.details["status"] == "lapsed"


def test_what_was_never_awarded_is_not_confirmed() -> None:
    """Nor what there is not."""
    world = World()
    with pytest.raises(AwardNotHeld):
        revalidate(world, in_state(world, "declined"))
    with pytest.raises(NotFound):
        revalidate(world, "nothing")


@pytest.mark.parametrize(
    ("index", "reason"), [(0, "missing"), (0, "too_old"), (1, "missing"), (1, "too_old")]
)
def test_confirmation_needs_recent_evidence(index: int, reason: str) -> None:
    """Of every kind that the policy asks for, none older than it allows on that day."""
    world = World()
    _, fellowship_id = fellow(world)
    world.go_to(NOTICE)
    items = confirmation(world)
    kind = items[index]["kind"]
    months = {"appraisal": 12, "feedback_360": 36}[kind]
    if reason == "missing":
        items[index] = given("project", world.today)
    else:
        oldest = corresponding_date(world.today, -months)
        items[index]["dated"] = oldest - timedelta(days=1)
    with pytest.raises(FellowshipIncomplete) as refused:
        revalidate(world, fellowship_id, evidence=items)
    assert refused.value.details["missing"] == [{"what": "evidence", "of": kind, "reason": reason}]


def test_faulty_evidence_is_refused_by_index() -> None:
    """Nothing is kept of it."""
    world = World()
    _, fellowship_id = fellow(world)
    world.go_to(NOTICE)
    with pytest.raises(Invalid) as refused:
        revalidate(world, fellowship_id, evidence=confirmation(world, signed_off_by=None))
    assert list(refused.value.fields) == ["evidence.0.signed_off_by"]
    assert view(world, fellowship_id).revalidations == ()


@pytest.mark.parametrize("message", ["v", None])
def test_a_confirmation_that_was_cut_off_is_completed(message: str | None) -> None:
    """By the same call delivered again, or by another one where it was not complete."""
    ids: dict[int, tuple[str, str]] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = fellow(world)
        world.go_to(NOTICE)
        world.call("tick")
        return world

    def act(world: World) -> None:
        try:
            revalidate(world, ids[id(world)][1], message=message)
        except RevalidationNotDue:
            assert message is None

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 3  # the application, the member, and none cut off
    for world in worlds:
        member_id, fellowship_id = ids[id(world)]
        assert len(view(world, fellowship_id).revalidations) == 1
        assert world.told(member_id).count(AwardRevalidated) == 1
        assert world.members.get(member_id).awards[0].revalidate_by == date(2036, 11, 23)


def test_an_award_that_was_taken_over_is_confirmed_by_who_holds_it() -> None:
    """After a merge the application still names the record for which it was made."""
    world = World()
    merged_id, fellowship_id = fellow(world)
    kept_id = world.member()
    cover(world, kept_id)
    merge(world, kept_id, merged_id, take=["awards"])
    tick(world, NOTICE)
    due = AwardRevalidationDue(kept_id, fellowship_id, "fellow", DUE)
    assert [told(world, each) for each in (kept_id, merged_id)] == [[due], []]
    revalidate(world, fellowship_id)
    dates = [world.members.get(id).awards[0].revalidate_by for id in (kept_id, merged_id)]
    assert dates == [date(2036, 11, 23), DUE]
    assert tick(world, END).told == {}


def holder(awarded_on: date) -> Member:
    """A member covered for life who holds one award."""
    member = applicant()
    member.check("GMC:0712345", entry(), "r-1", TODAY)
    member.settle(BOOK, TODAY)
    member.admit(BOOK, TODAY)
    member.entitle(EntitlementKind.HONORARY, "honour", TODAY, None, TODAY)
    by, notice = BOOK.fellowship.on(TODAY).policy.revalidation(awarded_on)
    member.grant_award(Award("f-1", "fellow", "FFMLM", awarded_on, by, notice_on=notice))
    member.settle(BOOK, TODAY)
    member.forget_recorded()
    return member


@settings(max_examples=200)
@for_all(
    st.dates(date(2022, 6, 1), TODAY),
    st.lists(st.integers(0, 500), max_size=12),
)
def test_however_often_days_are_looked_at_each_is_told_once(
    awarded_on: date, steps: list[int]
) -> None:
    """Notice and end are told exactly when their day has come, whatever days the tick met."""
    member = holder(awarded_on)
    (held,) = member.awards
    assert held.notice_on is not None
    assert held.revalidate_by is not None
    day = TODAY
    for step in steps:
        day += timedelta(days=step)
        member.settle(BOOK, day)
        assert member.settled is not None
        assert member.settled.next_on is None or member.settled.next_on > day
    due = sum(isinstance(each, AwardRevalidationDue) for each in member.recorded)
    ended = [each for each in member.recorded if isinstance(each, AwardEnded)]
    assert due == (TODAY < held.notice_on <= day)
    assert [each.ended_on for each in ended] == (
        [held.revalidate_by + timedelta(days=1)] if day > held.revalidate_by else []
    )
