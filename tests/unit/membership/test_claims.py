"""A registration belongs to one person, whoever claims it first and whatever is cut off."""

from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Duplicate
from tests.unit.membership.builders import (
    ARGUMENTS,
)
from tests.unit.membership.world import World

KEY = "GMC:0712345"


def test_a_refused_application_claims_nothing() -> None:
    """A number that came with somebody else's address is free for whoever it belongs to."""
    world = World()
    world.call("apply", **ARGUMENTS)
    other = {**ARGUMENTS, "registration_number": "0712346"}
    with pytest.raises(Duplicate):
        world.call("apply", **other)
    world.call("apply", **{**other, "email": "whose.number@example.org"})


def test_a_claim_whose_applicant_was_never_kept_is_void_after_an_hour() -> None:
    """Not before, because its applicant may be about to be kept."""
    world = World()
    with world.cut_off(1):
        world.call("apply", **ARGUMENTS)
    claim = world.document("registrations", KEY)
    assert claim is not None
    with pytest.raises(Duplicate):
        world.call("apply", **ARGUMENTS)
    claim["claimed_at"] -= timedelta(minutes=61)
    world.database["registrations"].replace_one({"_id": KEY}, claim)
    member_id = world.call("apply", **ARGUMENTS).member_id
    assert world.document("registrations", KEY)["member_id"] == member_id  # type: ignore[index]


def test_a_claim_of_a_kept_applicant_never_becomes_void() -> None:
    """However old it is."""
    world = World()
    world.call("apply", **ARGUMENTS)
    claim = world.document("registrations", KEY)
    assert claim is not None
    claim["claimed_at"] -= timedelta(days=400)
    world.database["registrations"].replace_one({"_id": KEY}, claim)
    with pytest.raises(Duplicate):
        world.apply(registration_number="0712345")


def test_a_claim_given_up_between_two_looks_is_taken() -> None:
    """Whoever had it has let go of it when it is looked at."""
    claims = World().repository("registrations")
    claims.claim(KEY, "m-1")
    find = claims.documents.find_one

    def let_go(criteria: Any) -> Any:
        claims.documents.find_one = find
        claims.release(KEY, "m-1")
        return find(criteria)

    claims.documents.find_one = let_go
    assert claims.claim(KEY, "m-2")
    assert claims.holders([KEY]) == {KEY: "m-2"}


def test_only_who_holds_a_claim_gives_it_up() -> None:
    """Nobody's else is taken away."""
    claims = World().repository("registrations")
    assert claims.claim(KEY, "m-1")
    assert not claims.claim(KEY, "m-1")
    claims.release(KEY, "m-2")
    assert claims.holders([KEY, "GMC:9999999"]) == {KEY: "m-1"}
