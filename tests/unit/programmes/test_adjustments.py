"""What applicants need for an interview stays with staff, and is erased afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.programmes.errors import AdjustmentsErased
from shared.errors import Invalid, NotFound
from tests.unit.programmes.contest import PANEL, Contest
from tests.unit.programmes.world import cut_at_every_write

NEED = "Invented condition that makes long sittings hard"
DONE = "A break of ten minutes after the first half"


@pytest.fixture
def world() -> Contest:
    return asked()


def asked() -> Contest:
    """An applicant with a slot who asked for an adjustment."""
    world = Contest.at_interviews([5, 4])
    [slot_id] = world.add()
    world.book(slot_id, world.applications[0])
    world.call("request_adjustments", **own(world), text=f" {NEED} ")
    return world


def own(world: Contest) -> dict[str, str]:
    first = world.applications[0]
    return {"application_id": first, "member_id": world.member_of(first)}


def agree(world: Contest, arrangements: str = DONE) -> object:
    return world.call(
        "agree_adjustments", application_id=world.applications[0], arrangements=arrangements
    )


def everywhere(world: Contest) -> str:
    """All that is stored but the request itself."""
    kept = {name: list(c.find({})) for name, c in world.database.items() if name != "adjustments"}
    return str((kept, world.events(), world.trails()))


def test_the_panel_learns_what_to_do_and_nothing_else(world: Contest) -> None:
    """Once it is agreed on."""

    def seen() -> object:
        return world.call("find_panel_slots", by=PANEL[0], cohort_id=world.cohort_id).items[0]

    assert seen().arrangements == ""
    agree(world)
    assert seen().arrangements == DONE
    assert NEED not in str(seen())


def test_what_was_said_is_in_no_event_no_trail_and_no_other_document(world: Contest) -> None:
    """Nor is what was agreed; that it was, and by whom, is kept."""
    agree(world)
    assert NEED not in everywhere(world)
    assert DONE not in everywhere(world)
    [decided] = world.repository("adjustments").get(world.applications[0]).decisions
    assert (decided.by, decided.state, decided.at) == ("staff", "agreed", world.clock())


def test_the_applicant_reads_what_was_agreed(world: Contest) -> None:
    """Somebody else's does not exist."""
    agree(world)
    mine = world.call("get_adjustments", **own(world))
    assert (mine.state, mine.requested, mine.arrangements) == ("agreed", NEED, DONE)
    for member_id in ("somebody", world.member_of(world.applications[1])):
        with pytest.raises(NotFound):
            world.call("get_adjustments", application_id=world.applications[0], member_id=member_id)
    with pytest.raises(NotFound):
        world.call("get_adjustments", application_id=world.applications[1])


def test_another_request_is_decided_anew(world: Contest) -> None:
    """The same again changes nothing."""
    agree(world)
    world.call("request_adjustments", **own(world), text=NEED)
    assert world.call("get_adjustments", **own(world)).state == "agreed"
    world.call("request_adjustments", **own(world), text="Something else")
    view = world.call("get_adjustments", **own(world))
    assert (view.state, view.arrangements) == ("requested", "")
    assert agree(world, "").state == "declined"


def test_a_request_says_something(world: Contest) -> None:
    """White space is none."""
    with pytest.raises(Invalid) as refused:
        world.call("request_adjustments", **own(world), text="  ")
    assert list(refused.value.fields) == ["text"]


def test_all_of_it_is_erased_when_the_cohort_starts() -> None:
    """At midnight by the clock of the cohort; that there was a request stays."""

    def prepare() -> Contest:
        world = asked()
        agree(world)
        world.clock.now = datetime(2027, 8, 31, 22, 59, tzinfo=UTC)
        world.let_the_clock("tick")
        assert world.call("get_adjustments", **own(world)).requested == NEED
        return world

    def act(world: Contest) -> None:
        world.clock.now = datetime(2027, 8, 31, 23, 0, tzinfo=UTC)
        world.let_the_clock("tick")

    for world in cut_at_every_write(act, prepare):
        # Whoever was cut off in the tick holds the lease for a while.
        world.pass_time(minutes=30)
        document = str(world.document("adjustments", world.applications[0]))
        assert NEED not in document
        assert DONE not in document
        assert world.call("get_adjustments", **own(world)).state == "erased"
        with pytest.raises(AdjustmentsErased):
            agree(world)
        with pytest.raises(AdjustmentsErased):
            world.call("request_adjustments", **own(world), text="Again")


def test_an_erased_member_leaves_nothing_of_it(world: Contest) -> None:
    """At once."""
    agree(world)
    holdings = world.app.forget_member.keywords["holdings"]
    member_id = world.member_of(world.applications[0])
    assert NEED in str(list(holdings.disclosed(member_id)))
    holdings.forget(member_id)
    assert NEED not in str(world.document("adjustments", world.applications[0]))
