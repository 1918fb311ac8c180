"""Names and addresses, and changes that somebody else was quicker to make."""

from typing import Any

import pytest

from services.membership.events import (
    ContactChanged,
)
from shared.errors import ChangedMeanwhile, Duplicate, Invalid
from shared.testing import error_of
from tests.unit.membership.builders import applicant
from tests.unit.membership.world import World


def test_contact_is_changed_as_far_as_it_is_given() -> None:
    """And told complete, in private, once."""
    world = World()
    member_id = world.member(email="old@example.org")
    view = world.call("change_contact", member_id=member_id, family_name=" New  Name ")
    assert (view.given_name, view.family_name, view.email) == (
        "Siân",
        "New Name",
        "old@example.org",
    )
    assert world.events(member_id)[-1] == ContactChanged(
        member_id, "Siân", "New Name", "old@example.org"
    )
    told = len(world.events(member_id))
    world.call("change_contact", member_id=member_id, family_name="New Name")
    assert len(world.events(member_id)) == told


@pytest.mark.parametrize(
    ("field", "value"),
    [("given_name", "=1+1"), ("family_name", "1"), ("email", "nobody"), ("email", "+1@x.org")],
)
def test_a_contact_at_fault_is_named(field: str, value: str) -> None:
    """And nothing is changed."""
    world = World()
    member_id = world.member()
    before = world.members.get(member_id)
    with pytest.raises(Invalid) as refused:
        world.call("change_contact", member_id=member_id, **{field: value})
    assert list(refused.value.fields) == [field]
    assert world.members.get(member_id) == before


def test_an_empty_name_is_none() -> None:
    """It is refused, not left as it was."""
    member = applicant()
    with pytest.raises(Invalid) as refused:
        member.change_contact("", None, "")
    assert sorted(refused.value.fields) == ["email", "given_name"]


def test_an_address_belongs_to_one_person() -> None:
    """Whatever its case; one's own in another case may be taken."""
    world = World()
    world.member(email="taken@example.org")
    member_id = world.member(email="mine@example.org")
    with pytest.raises(Duplicate) as refused:
        world.call("change_contact", member_id=member_id, email="TAKEN@Example.org")
    assert list(refused.value.details["fields"]) == ["email"]
    view = world.call("change_contact", member_id=member_id, email="Mine@Example.org")
    assert view.email == "Mine@Example.org"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("change_contact", {"family_name": "Other"}),
        ("change_career_stage", {"career_stage": "senior"}),
        ("change_grade", {"grade": "associate", "reason": "x"}),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    method: str, arguments: dict[str, Any]
) -> None:
    """The answer says which version there is now; read again, the change is made."""
    world = World()
    member_id = world.member()
    read = world.call("get_member", member_id=member_id).version
    world.call("change_contact", member_id=member_id, given_name="Mair", version=read, by="ann")
    now = world.call("get_member", member_id=member_id).version
    refused = error_of(
        lambda: world.call(method, member_id=member_id, version=read, **arguments, by="bob")
    )
    assert isinstance(refused, ChangedMeanwhile)
    assert (refused.details["expected"], refused.details["version"]) == (read, now)
    assert world.call("get_member", member_id=member_id).version == now
    view = world.call(method, member_id=member_id, version=now, **arguments, by="bob")
    assert view.given_name == "Mair"
    assert view.version > now


def test_the_same_call_again_is_no_conflict_with_itself() -> None:
    """Though the version it expected is gone."""
    world = World()
    member_id = world.member()
    read = world.call("get_member", member_id=member_id).version
    for _ in range(2):
        view = world.call(
            "change_contact",
            member_id=member_id,
            family_name="Other",
            version=read,
            message="change",
        )
        assert view.family_name == "Other"
    assert world.told(member_id).count(ContactChanged) == 2
