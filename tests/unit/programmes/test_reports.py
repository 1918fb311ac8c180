"""Reports on placements: who writes them, until when, and who lets them stand."""

from __future__ import annotations

from typing import Any

import pytest

from services.programmes.errors import ReportSignedOff, WrongPlacementState
from services.programmes.subscriptions import MemberMerged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.fellowship import accepted, fellow, placed, scheme
from tests.unit.programmes.world import World, cut_at_every_write


@pytest.fixture
def world() -> World:
    return World()


def write(world: World, placement: Any, kind: str, text: str = "Invented.", **more: Any) -> Any:
    arguments = {"member_id": placement.member_id, **more}
    return world.call(
        "submit_report", placement_id=placement.placement_id, kind=kind, text=text, **arguments
    )


def test_a_report_can_be_written_anew_until_it_is_signed_off(world: World) -> None:
    """Afterwards only what it says already is no fault; staff sign for the host, too."""
    placement = fellow(world, scheme(world))
    own = {"placement_id": placement.placement_id, "kind": "start"}
    write(world, placement, "start", " First. ")
    write(world, placement, "start", "Second.")
    signed = world.call("sign_off_report", by="officer", **own, signatory="host")
    assert (signed.text, signed.signed_off_by, signed.signed_off_for) == (
        "Second.",
        "officer",
        "host",
    )
    world.call("sign_off_report", by="another", **own)
    assert world.call("get_report", **own) == signed
    assert write(world, placement, "start", "Second.") == signed
    with pytest.raises(ReportSignedOff):
        write(world, placement, "start", "Third.")


def test_a_placement_shows_its_reports(world: World) -> None:
    """Those that its kind of programme needs, by the rules to which it is pinned."""
    placement = fellow(world, scheme(world))
    write(world, placement, "mid")
    view = world.call("get_placement", placement_id=placement.placement_id)
    shown = [(each.kind, each.required, each.submitted_at is not None) for each in view.reports]
    assert shown == [("start", True, False), ("mid", True, True), ("final", True, False)]
    assert world.repository("placements").get(placement.placement_id).rules == "placements@1"


def test_reports_are_written_while_a_placement_is_under_way(world: World) -> None:
    """Not before it begins, and there is something in them."""
    placement = placed(world, accepted(world, scheme(world)))
    with pytest.raises(WrongPlacementState):
        write(world, placement, "start")
    world.go_to(placement.starts_on)
    world.let_the_clock("tick")
    with pytest.raises(Invalid) as refused:
        write(world, placement, "start", "  ")
    assert list(refused.value.fields) == ["text"]
    with pytest.raises(NotFound):
        world.call("sign_off_report", placement_id=placement.placement_id, kind="start")


def test_a_report_is_its_writer_s(world: World) -> None:
    """To others it does not exist, and of a merged member it is whoever stands for them's."""
    placement, kept = fellow(world, scheme(world)), world.member()
    with pytest.raises(NotFound):
        write(world, placement, "start", member_id=kept)
    written = write(world, placement, "start")
    own = {"placement_id": placement.placement_id, "kind": "start", "member_id": kept}
    with pytest.raises(NotFound):
        world.call("get_report", **own)
    world.tell(MemberMerged(placement.member_id, kept))
    assert world.call("get_report", **own) == written
    assert write(world, placement, "start", "Second.", member_id=kept).text == "Second."


def test_a_report_that_is_cut_off_is_completed() -> None:
    """The same call again keeps it once."""

    def prepare() -> World:
        world = World()
        world.placement = fellow(world, scheme(world))  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        write(world, world.placement, "start", message="m1")  # type: ignore[attr-defined]

    for world in cut_at_every_write(act, prepare):
        (report,) = world.repository("reports").find({}).items
        assert report.text == "Invented."
