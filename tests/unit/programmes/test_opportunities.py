"""The board of opportunities: a teaser for all, details for members, and an end to the second."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.programmes.errors import MemberNotCurrent, OpportunityOver
from services.programmes.events import (
    OpportunityClosed,
    OpportunityPublished,
    OpportunityRevised,
    OpportunityWithdrawn,
)
from services.programmes.subscriptions import StandingChanged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.world import World, cut_at_every_write

CLOSES = "2026-12-10T17:00:00+00:00"
NOTICE = {
    "title": "Clinical lead for sustainable theatres",
    "organisation": "Invented Health Agency",
    "kind": "secondment",
    "nation": "scotland",
    "summary": "One day a week for a year.",
    "details": "Write to jobs@agency.example.org by the closing day.",
    "closes_at": CLOSES,
}


def drafted(world: World, **changes: Any) -> str:
    view = world.call("draft_opportunity", **{**NOTICE, **changes})
    return str(view.teaser.opportunity_id)


def published(world: World, **changes: Any) -> str:
    id = drafted(world, **changes)
    world.call("publish_opportunity", opportunity_id=id)
    return id


def board(world: World, **wanted: Any) -> list[str]:
    found = world.pages("find_opportunities", limit=1, **wanted)
    return [each.opportunity_id for each in found]


def test_a_draft_is_seen_by_staff_alone(world: World) -> None:
    """Neither on the board nor by its id."""
    id, member_id = drafted(world), world.member()
    assert board(world) == []
    with pytest.raises(NotFound):
        world.call("get_opportunity", opportunity_id=id)
    with pytest.raises(NotFound):
        world.call("get_opportunity_details", opportunity_id=id, member_id=member_id)
    [listed] = world.call("list_opportunities", state="draft").items
    assert listed.details == NOTICE["details"]
    assert world.events() == [event for event in world.events() if "Opp" not in str(type(event))]


def test_everybody_reads_the_teaser_and_members_the_details(world: World) -> None:
    """What is for members stands neither in the teaser nor in what is told."""
    id, member_id = published(world), world.member()
    teaser = world.call("get_opportunity", opportunity_id=id)
    assert (teaser.title, teaser.state) == (NOTICE["title"], "published")
    assert "jobs@" not in str(teaser)
    assert "jobs@" not in str(world.call("find_opportunities"))
    whole = world.call("get_opportunity_details", opportunity_id=id, member_id=member_id)
    assert (whole.teaser, whole.details) == (teaser, NOTICE["details"])
    [told] = world.events(OpportunityPublished)
    assert "jobs@" not in str(told)
    assert told.closes_at == datetime(2026, 12, 10, 17, tzinfo=UTC)


def test_who_is_no_current_member_is_told_why(world: World) -> None:
    """With the reason that membership gave."""
    id, member_id = published(world), world.member()
    world.tell(StandingChanged(member_id, "lapsed"))
    for who, reason in ((member_id, "lapsed"), ("nobody", "not_known")):
        with pytest.raises(MemberNotCurrent) as refused:
            world.call("get_opportunity_details", opportunity_id=id, member_id=who)
        assert refused.value.details["reason"] == reason


def test_it_is_on_the_board_until_just_before_it_closes(world: World) -> None:
    """To the second, and whether or not the clock has told of it."""
    id = published(world)
    world.clock.now = datetime(2026, 12, 10, 16, 59, 59, 999_000, tzinfo=UTC)
    assert board(world) == [id]
    world.clock.now = datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
    assert board(world) == []
    assert world.call("get_opportunity", opportunity_id=id).state == "closed"
    assert world.events(OpportunityClosed) == []
    for _ in range(2):
        world.pass_time(seconds=0)
    closed = OpportunityClosed(id, datetime(2026, 12, 10, 17, tzinfo=UTC))
    assert world.events(OpportunityClosed) == [closed]
    assert world.call("get_opportunity", opportunity_id=id).state == "closed"


def test_the_clock_closes_nothing_before_its_time(world: World) -> None:
    """And what was put off by a revision, at the later time."""
    id = published(world)
    later = {**NOTICE, "closes_at": "2026-12-20T17:00:00+00:00"}
    world.call("revise_opportunity", opportunity_id=id, **later)
    world.pass_time(days=10)
    assert (board(world), world.events(OpportunityClosed)) == ([id], [])
    world.pass_time(days=10)
    assert (board(world), len(world.events(OpportunityClosed))) == ([], 1)


def test_the_board_is_sorted_and_can_be_narrowed(world: World) -> None:
    """The next to close first; by nation, by kind, or both; each page once."""
    late = published(world, closes_at="2026-12-30T17:00:00+00:00")
    soon = published(world, closes_at="2026-12-05T17:00:00+00:00", nation="wales")
    post = published(world, kind="post")
    drafted(world)
    assert board(world) == [soon, post, late]
    assert board(world, nation="wales") == [soon]
    assert board(world, kind="post") == [post]
    assert board(world, nation="scotland", kind="secondment") == [late]
    first = world.call("find_opportunities", limit=1)
    world.clock.advance(days=10)
    rest = world.call("find_opportunities", cursor=first.next_cursor)
    assert [each.opportunity_id for each in rest.items] == [late]


def test_what_is_on_the_board_is_revised_and_told_of(world: World) -> None:
    """A draft is revised in silence, and the same again says nothing."""
    id = drafted(world)
    world.call("revise_opportunity", opportunity_id=id, **{**NOTICE, "title": "Another"})
    world.call("publish_opportunity", opportunity_id=id)
    for _ in range(2):
        world.call("revise_opportunity", opportunity_id=id, **{**NOTICE, "nation": "wales"})
    assert [event.title for event in world.events(OpportunityPublished)] == ["Another"]
    assert [event.nation for event in world.events(OpportunityRevised)] == ["wales"]
    assert board(world, nation="wales") == [id]
    assert board(world, nation="scotland") == []


def test_what_was_withdrawn_is_gone(world: World) -> None:
    """Told of once if it was on the board; the reason stands in the trail alone."""
    id, draft = published(world), drafted(world)
    for _ in range(2):
        world.call("withdraw_opportunity", opportunity_id=id, reason="Planted reason.")
    world.call("withdraw_opportunity", opportunity_id=draft, reason="Invented.")
    assert world.events(OpportunityWithdrawn) == [OpportunityWithdrawn(id)]
    assert board(world) == []
    with pytest.raises(NotFound):
        world.call("get_opportunity", opportunity_id=id)
    assert world.trails()[f"opportunities:{id}"][-1].reason == "Planted reason."
    with pytest.raises(OpportunityOver) as refused:
        world.call("publish_opportunity", opportunity_id=id)
    assert refused.value.details["state"] == "withdrawn"


def test_what_is_over_stays_over(world: World) -> None:
    """Whether or not the clock has told of it yet."""
    id = published(world)
    world.clock.advance(days=10)
    for method, arguments in (
        ("publish_opportunity", {}),
        ("revise_opportunity", {**NOTICE, "closes_at": "2027-12-10T17:00:00+00:00"}),
        ("withdraw_opportunity", {"reason": "Invented."}),
    ):
        with pytest.raises(OpportunityOver) as refused:
            world.call(method, opportunity_id=id, **arguments)
        assert refused.value.details["state"] == "closed"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"details": " "}, "details"),
        ({"summary": "Ask someone@example.org."}, "summary"),
        ({"title": "Call +44 20 7946 0000"}, "title"),
        ({"organisation": "Ring 020 7946 0000"}, "organisation"),
        ({"kind": "gift"}, "kind"),
        ({"nation": "france"}, "nation"),
        ({"closes_at": "2026-12-10T17:00:00"}, "closes_at"),
    ],
)
def test_what_is_not_sound_is_refused_by_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    """What everybody may read names nobody's address or number."""
    with pytest.raises(Invalid) as refused:
        drafted(world, **changes)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("summary", ["From 1 April 2027 to 31 March 2028.", "0.5 WTE, 2 x 4 hours"])
def test_dates_and_hours_are_no_telephone_numbers(world: World, summary: str) -> None:
    """A teaser may say when and how much."""
    assert drafted(world, summary=summary)


def test_nothing_goes_on_the_board_that_is_over(world: World) -> None:
    """Neither by publishing nor by revising."""
    id = drafted(world, closes_at="2026-12-03T12:00:00+00:00")
    with pytest.raises(Invalid) as refused:
        world.call("publish_opportunity", opportunity_id=id)
    assert refused.value.code == "invalid"
    other = published(world)
    with pytest.raises(Invalid) as refused:
        arguments = {**NOTICE, "closes_at": "2026-12-03T12:00:00+00:00"}
        world.call("revise_opportunity", opportunity_id=other, **arguments)
    assert list(refused.value.fields) == ["closes_at"]


def test_the_clock_tells_of_each_closing_once_wherever_it_breaks_off() -> None:
    """Cut off at any write, the next tick tells of the rest."""

    def prepare() -> World:
        world = World()
        for _ in range(2):
            published(world)
        world.clock.advance(days=10)
        return world

    for world in cut_at_every_write(lambda world: world.let_the_clock("tick"), prepare):
        world.pass_time(minutes=5)
        assert len(world.events(OpportunityClosed)) == 2
