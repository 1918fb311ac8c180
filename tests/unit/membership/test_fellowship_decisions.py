"""What the trustees decide about fellowship, and appeals."""

from datetime import date, timedelta

import pytest

from services.membership.errors import (
    AppealClosed,
    AwardHeld,
    FellowshipOutOfOrder,
    FellowshipRunning,
    NotRecommended,
)
from services.membership.events import (
    FellowshipAppealed,
    FellowshipAwarded,
    FellowshipDeclined,
)
from shared.errors import Invalid
from tests.unit.membership.fellowships import (
    DOMAINS,
    MINUTE,
    award,
    barred,
    in_state,
    member_of,
    own,
    panel,
    ratify,
    start,
    view,
)
from tests.unit.membership.world import World, cut_at_every_write


@pytest.mark.parametrize("level", DOMAINS)
def test_what_the_trustees_award_is_held_from_that_day(level: str) -> None:
    """The member has the post-nominals and pays a fellow's fee; it is told with the next date."""
    world = World()
    fellowship_id = in_state(world, "panel_decided", level)
    member_id = member_of(world, fellowship_id)
    assert world.call("get_member", member_id=member_id).post_nominals == ("MFMLM",)
    world.go_to(date(2026, 12, 20))
    shown = ratify(world, fellowship_id, ratified_on=date(2026, 12, 18))
    letters = {"associate_fellow": "AFFMLM", "fellow": "FFMLM", "senior_fellow": "SFFMLM"}[level]
    member = world.call("get_member", member_id=member_id)
    assert (shown.state, member.post_nominals) == ("awarded", (letters,))
    (held,) = member.awards
    assert (held.fellowship_id, held.level, held.awarded_on) == (
        fellowship_id,
        level,
        date(2026, 12, 18),
    )
    assert (held.revalidate_by, held.notice_on) == (date(2031, 12, 18), date(2031, 6, 18))
    assert world.events(fellowship_id)[-1] == FellowshipAwarded(
        fellowship_id, member_id, level, letters, date(2026, 12, 18), date(2031, 12, 18)
    )
    quote = world.call("quote", member_id=member_id, what="renewal")
    assert quote.lines[0].code == "fellow"


def test_what_the_trustees_decline_is_not_held() -> None:
    """It is told with the last day for an appeal."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    shown = ratify(world, fellowship_id, "decline")
    member = world.call("get_member", member_id=shown.member_id)
    assert (shown.state, member.awards, member.post_nominals) == ("declined", (), ("MFMLM",))
    assert world.events(fellowship_id)[-1] == FellowshipDeclined(
        fellowship_id, shown.member_id, "fellow", date(2026, 11, 23), date(2026, 12, 21)
    )
    assert shown.appeal_by == date(2026, 12, 21)


def test_the_trustees_award_nothing_that_was_not_recommended() -> None:
    """They may decline what was, and must send back what was not."""
    world = World()
    fellowship_id = in_state(world, "panel_decided", recommended="decline")
    with pytest.raises(NotRecommended):
        ratify(world, fellowship_id)
    assert view(world, fellowship_id).state == "panel_decided"
    assert ratify(world, fellowship_id, "decline").state == "declined"


@pytest.mark.parametrize("days", [-1, 1])
def test_ratification_lies_between_the_panel_and_today(days: int) -> None:
    """The trustees decide after the panel, and not in the future."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    with pytest.raises(Invalid) as refused:
        ratify(world, fellowship_id, ratified_on=world.today + timedelta(days=days))
    assert list(refused.value.fields) == ["ratified_on"]


def test_nothing_is_awarded_that_is_held_meanwhile() -> None:
    """An award recorded since the application was begun stands in the way."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    arguments = {"level": "senior_fellow", "awarded_on": world.today, "minute": MINUTE}
    world.call("record_award", member_id=member_of(world, fellowship_id), **arguments)
    with pytest.raises(AwardHeld):
        ratify(world, fellowship_id)
    assert view(world, fellowship_id).state == "panel_decided"


def test_ratifying_twice_is_harmless() -> None:
    """The same decision changes nothing; another one is refused."""
    world = World()
    fellowship_id = in_state(world, "awarded")
    member_id = member_of(world, fellowship_id)
    before = (
        world.document("fellowships", fellowship_id),
        world.document("members", member_id),
    )
    ratify(world, fellowship_id)
    assert before == (
        world.document("fellowships", fellowship_id),
        world.document("members", member_id),
    )
    with pytest.raises(FellowshipOutOfOrder) as refused:
        ratify(world, fellowship_id, "decline")
    assert refused.value.details["state"] == "awarded"


@pytest.mark.parametrize("message", ["r", None])
def test_a_ratification_that_was_cut_off_is_completed(message: str | None) -> None:
    """By the same call delivered again, and by another one: one award, told once."""
    ids: dict[int, str] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = in_state(world, "panel_decided")
        return world

    def act(world: World) -> None:
        ratify(world, ids[id(world)], message=message)

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 3  # the application, the member, and none cut off
    for world in worlds:
        fellowship_id = ids[id(world)]
        member = world.members.get(member_of(world, fellowship_id))
        assert view(world, fellowship_id).state == "awarded"
        assert [each.fellowship_id for each in member.awards] == [fellowship_id]
        assert world.told(fellowship_id).count(FellowshipAwarded) == 1


def test_a_higher_award_takes_the_place_of_a_lower_one() -> None:
    """One set of letters at a time; the old award has ended for a reason that is a code."""
    world = World()
    member_id = award(world, "fellow")
    in_state(world, "awarded", "senior_fellow", member_id)
    member = world.call("get_member", member_id=member_id)
    assert member.post_nominals == ("SFFMLM",)
    assert [(each.level, each.ended_on) for each in member.awards] == [
        ("fellow", world.today),
        ("senior_fellow", None),
    ]
    ended = [e for e in world.events(member_id) if e.event_type.name == "award.ended"]
    assert [(each.level, each.reason) for each in ended] == [("fellow", "superseded")]


@pytest.mark.parametrize(("days", "open_"), [(0, True), (28, True), (29, False)])
def test_an_appeal_comes_within_the_window(days: int, open_: bool) -> None:
    """The last of its days counts; the day after is too late."""
    world = World()
    fellowship_id = in_state(world, "declined")
    world.go_to(date(2026, 11, 23) + timedelta(days=days))
    if open_:
        shown = own(world, "appeal", fellowship_id, grounds="Invented.")
        assert shown.state == "in_assessment"
    else:
        with pytest.raises(AppealClosed) as refused:
            own(world, "appeal", fellowship_id, grounds="Invented.")
        assert refused.value.details["reason"] == "window_closed"
        assert refused.value.details["appeal_by"] == "2026-12-21"


def test_an_appeal_begins_a_round_with_a_clock_of_its_own() -> None:
    """The first round stays on record; the new one is told with its target."""
    world = World()
    fellowship_id = in_state(world, "declined")
    world.go_to(date(2026, 12, 1))
    shown = own(world, "appeal", fellowship_id, grounds="Planted grounds.")
    assert [(each.begun_on, each.grounds, each.outcome) for each in shown.rounds] == [
        (date(2026, 11, 23), "", "decline"),
        (date(2026, 12, 1), "Planted grounds.", None),
    ]
    assert (shown.clock.started_on, shown.clock.stopped_on) == (date(2026, 12, 1), None)
    assert world.events(fellowship_id)[-1] == FellowshipAppealed(
        fellowship_id, shown.member_id, date(2026, 12, 1), date(2027, 3, 9)
    )
    world.go_to(date(2027, 3, 10))
    (late,) = world.pages("find_fellowships", overdue=True)
    assert late.fellowship_id == fellowship_id


def test_nobody_of_the_first_panel_hears_the_appeal() -> None:
    """Each of them is barred; a panel of others may award."""
    world = World()
    fellowship_id = in_state(world, "declined")
    first = view(world, fellowship_id).rounds[0].panel.assessors
    own(world, "appeal", fellowship_id, grounds="Invented.")
    assert barred(world, fellowship_id, *first) == dict.fromkeys(first, "first_panel")
    assert barred(world, fellowship_id, first[0], award(world)) == {first[0]: "first_panel"}
    panel(world, fellowship_id)
    assert ratify(world, fellowship_id).state == "awarded"


def test_an_application_is_appealed_once() -> None:
    """Declined again, it is told that there is no further appeal."""
    world = World()
    fellowship_id = in_state(world, "declined")
    own(world, "appeal", fellowship_id, grounds="Invented.")
    with pytest.raises(FellowshipOutOfOrder):
        own(world, "appeal", fellowship_id, grounds="Invented.")
    panel(world, fellowship_id, outcome="decline")
    shown = ratify(world, fellowship_id, "decline")
    assert (shown.state, shown.appeal_by) == ("declined", None)
    told = world.events(fellowship_id)[-1]
    assert (type(told), told.appeal_by) == (FellowshipDeclined, None)
    with pytest.raises(AppealClosed) as refused:
        own(world, "appeal", fellowship_id, grounds="Invented.")
    assert refused.value.details["reason"] == "appealed_before"


def test_an_appeal_and_a_new_application_do_not_run_together() -> None:
    """Whichever came first has to end before the other."""
    world = World()
    fellowship_id = in_state(world, "declined")
    member_id = member_of(world, fellowship_id)
    draft = start(world, member_id)
    with pytest.raises(FellowshipRunning):
        own(world, "appeal", fellowship_id, grounds="Invented.")
    own(world, "withdraw_fellowship", draft.fellowship_id)
    own(world, "appeal", fellowship_id, grounds="Invented.")
    with pytest.raises(FellowshipRunning):
        start(world, member_id)
