"""Corrections by staff, and cover by decision of the body."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.events import DetailsCorrected, EntitlementChanged
from shared.errors import ChangedMeanwhile, Invalid, NotFound
from tests.unit.membership.world import World

WHY = {"reason": "Invented."}


def test_a_correction_is_made_told_and_on_record() -> None:
    """Profession and nation are told to others, the birth date is not; the history has all."""
    world = World()
    member_id = world.member()
    view = world.call(
        "correct_details", member_id=member_id, nation="scotland", date_of_birth="1987-01-02", **WHY
    )
    assert (view.nation, view.date_of_birth) == ("scotland", date(1987, 1, 2))
    assert world.events(member_id)[-1] == DetailsCorrected(member_id, "doctor", "scotland")
    entry = world.call("get_history", member_id=member_id).items[0]
    assert (entry.action, entry.reason) == ("correct_details", "Invented.")
    assert {change.field for change in entry.changes} == {"date_of_birth", "nation"}


def test_a_corrected_birth_date_alone_is_nobody_elses_business() -> None:
    """No event is told of it, nor of a correction that corrects nothing."""
    world = World()
    member_id = world.member()
    told = world.told(member_id)
    world.call("correct_details", member_id=member_id, date_of_birth="1987-01-02", **WHY)
    world.call("correct_details", member_id=member_id, nation="wales", **WHY)
    assert world.told(member_id) == told


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("date_of_birth", {"date_of_birth": "2020-01-01"}),
        ("profession", {"profession": "astrologer"}),
        ("regulator", {"profession": "nurse"}),
        ("registration_number", {"profession": "physician_associate"}),
    ],
)
def test_a_wrong_correction_is_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    """Also a profession whose registration the member does not have; nothing is changed."""
    world = World()
    member_id = world.member()
    before = world.call("get_member", member_id=member_id)
    with pytest.raises(Invalid) as refused:
        world.call("correct_details", member_id=member_id, nation="scotland", **changes, **WHY)
    assert list(refused.value.fields) == [field]
    assert world.call("get_member", member_id=member_id) == before


def test_a_correction_of_what_was_changed_meanwhile_is_refused() -> None:
    """As of every change that names the version that was read."""
    world = World()
    member_id = world.member()
    version = world.call("get_member", member_id=member_id).version
    world.call("change_contact", member_id=member_id, given_name="Nia")
    with pytest.raises(ChangedMeanwhile):
        world.call(
            "correct_details", member_id=member_id, nation="scotland", version=version, **WHY
        )


def test_honorary_cover_holds_when_the_own_term_is_over() -> None:
    """It joins the member's own, and when it is ended grace begins."""
    world = World()
    member_id = world.member()
    view = world.call("grant_honorary", member_id=member_id, from_on=world.today, **WHY)
    assert (view.status, view.covered_to) == ("current", None)
    world.go_to(world.today + timedelta(days=800))
    assert world.status(member_id) == "current"
    yesterday = world.today - timedelta(days=1)
    view = world.call("end_honorary", member_id=member_id, last_day=yesterday, **WHY)
    assert (view.status, view.covered_to) == ("grace", yesterday)
    told = [e for e in world.events(member_id) if isinstance(e, EntitlementChanged)]
    assert [(each.kind, each.until_on) for each in told] == [
        ("honorary", None),
        ("honorary", yesterday),
    ]


def test_honorary_cover_has_an_order_of_days_and_must_be_there_to_end() -> None:
    """The fields are named."""
    world = World()
    member_id = world.member()
    with pytest.raises(Invalid) as refused:
        world.call(
            "grant_honorary",
            member_id=member_id,
            from_on="2026-12-02",
            until_on="2026-12-01",
            **WHY,
        )
    assert list(refused.value.fields) == ["until_on"]
    with pytest.raises(NotFound):
        world.call("end_honorary", member_id=member_id, **WHY)
