"""What fellows and alumni may ask about their own data: all of it is shown, and facts stay."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.programmes.events import ErasureAcknowledged, ExportContributed
from services.programmes.subscriptions import ExportRequested, MemberErased
from tests.unit.programmes.fellowship import ENDS, completed, fellow, scheme
from tests.unit.programmes.world import World

MARK = "Planted"


class Life:
    """One alumnus and one who left early, of whom something was written everywhere."""

    def __init__(self) -> None:
        self.world = World()
        self.left = fellow(self.world, scheme(self.world))
        self._write(self.left)
        self.world.call(
            "end_placement_early",
            placement_id=self.left.placement_id,
            ended_on=self.left.starts_on,
            reason_code="personal",
            note=f"{MARK} note.",
        )
        self.world.go_to(self.world.clock().date().replace(year=2026, month=12, day=3))
        self.done = completed(self.world, scheme(self.world))
        self._write_alumnus()

    def _write(self, placement: Any) -> None:
        self.world.call(
            "submit_report",
            placement_id=placement.placement_id,
            member_id=placement.member_id,
            kind="start",
            text=f"{MARK} text.",
        )
        self.world.call(
            "change_placement",
            placement_id=placement.placement_id,
            wte_percent=50,
            reason=f"{MARK} reason.",
        )

    def _write_alumnus(self) -> None:
        own = {"member_id": self.done.member_id}
        self.world.call(
            "record_outcome",
            **own,
            cohort_id=self.done.cohort_id,
            recorded_on=ENDS,
            role_level="board",
            sector="other",
            source="survey",
        )
        self.world.call(
            "join_talent_pool",
            **own,
            interests=["mentoring"],
            available_from="2029-01-01",
            wording_version="2026.1",
        )

    def stored(self) -> str:
        return json.dumps(
            [list(each.find({}, {"outbox": 0})) for each in self.world.database.values()],
            default=str,
        )


@pytest.fixture
def life() -> Life:
    return Life()


def exported(life: Life, member_id: str) -> dict[str, list[dict[str, Any]]]:
    """The records that a member is given, by kind."""
    life.world.tell(ExportRequested("request", member_id))
    (told,) = life.world.events(ExportContributed)
    records: dict[str, list[dict[str, Any]]] = {}
    for record in json.loads(told.data)["records"]:
        records.setdefault(record["record"], []).append(record["data"])
    return records


def test_a_fellow_is_shown_everything(life: Life) -> None:
    """The placement with its note, the days in the calendar, and what was reported."""
    records = exported(life, life.left.member_id)
    assert records["Placement"][0]["note"] == f"{MARK} note."
    assert records["Report"][0]["text"] == f"{MARK} text."
    assert len(records["Fellow"][0]["stays"]) == 1


def test_an_alumnus_is_shown_everything(life: Life) -> None:
    """The completion, what was recorded later, and what was said for the talent pool."""
    records = exported(life, life.done.member_id)
    assert records["Alumnus"][0]["completed_on"] == ENDS.isoformat()
    assert records["Outcome"][0]["role_level"] == "board"
    assert records["Talent"][0]["interests"] == ["mentoring"]


def test_of_who_is_erased_facts_stay_without_words(life: Life) -> None:
    """Who was where and when, not what was written about it nor why it was changed."""
    assert MARK in life.stored()
    life.world.tell(MemberErased("request", life.left.member_id))
    assert MARK not in life.stored()
    found = life.world.call("get_placement", placement_id=life.left.placement_id).placement
    assert (found.ended_on, found.end_reason) == (life.left.starts_on, "left_early")
    (told,) = life.world.events(ErasureAcknowledged)
    assert (told.erased["placements"], told.erased["reports"]) == (1, 1)
    assert {"placements", "reports_without_text", "alumni", "outcomes"} <= set(told.kept)


def test_of_an_alumnus_who_is_erased_the_award_stays(life: Life) -> None:
    """And the codes of later, which count; nothing is left of the talent pool."""
    life.world.tell(MemberErased("request", life.done.member_id))
    own = {"member_id": life.done.member_id}
    assert len(life.world.pages("find_alumni", **own)) == 1
    assert len(life.world.pages("find_outcomes", **own)) == 1
    assert not life.world.call("get_talent", **own).in_pool
    assert "mentoring" not in life.stored()
