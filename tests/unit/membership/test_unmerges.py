"""Taking apart as a call: both records come back, and so do addresses and claims."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.membership.errors import EmailTaken, Merged, NotMerged
from services.membership.events import (
    ContactChanged,
    MemberMerged,
    MemberUnmerged,
    StandingChanged,
)
from shared.events import dump
from shared.testing import error_of
from tests.unit.membership.builders import ARGUMENTS
from tests.unit.membership.merges import ALL, everything, holder, merge, pair, stored, unmerge
from tests.unit.membership.world import World


@pytest.fixture
def world() -> World:
    return World()


class TestTakingApart:
    """The merged record stands for itself again."""

    def test_the_one_that_came_back_is_answered(self, world: World) -> None:
        """As it was, and so is the other one."""
        kept, merged = pair(world)
        before = world.call("get_member", member_id=merged)
        merge(world, kept, merged, *ALL)
        view = unmerge(world, merged)
        assert dump(view) == {**dump(before), "version": view.version}
        assert world.call("get_member", member_id=kept).merged_ids == ()

    def test_both_are_told_of(self, world: World) -> None:
        """The end of the merge and the status again, and the contact of the kept one."""
        kept, merged = pair(world)
        merge(world, kept, merged, "given_name")
        before = {id: len(world.events(id)) for id in (kept, merged)}
        unmerge(world, merged)
        assert world.events(merged)[before[merged] :] == [
            MemberUnmerged(merged, kept, world.today),
            StandingChanged(merged, "current", "covered", world.today),
        ]
        assert world.events(kept)[before[kept] :] == [
            ContactChanged(kept, "Nia", ARGUMENTS["family_name"], "kept@example.org")
        ]

    def test_what_was_done_meanwhile_stays(self, world: World) -> None:
        """Also a new value of what had been taken over; claims go back."""
        kept, merged = pair(world)
        before = stored(world, merged)
        merge(world, kept, merged, *ALL)
        world.call("change_contact", member_id=kept, given_name="Changed", email="new@example.org")
        world.call("add_registration", member_id=kept, regulator="GDC", registration_number="54321")
        world.pay(kept, 700)
        unmerge(world, merged)
        assert stored(world, merged) == before
        found = world.members.get(kept)
        assert (found.given_name, found.email) == ("Changed", "new@example.org")
        assert [held.key for held in found.registrations] == ["GMC:1111111", "GDC:54321"]
        assert [posting.pence for posting in found.account][-1] == 700
        assert holder(world, "GDC:54321") == kept
        assert {holder(world, key) for key in ("GMC:2222222", "GDC:12345")} == {merged}

    def test_what_ran_out_meanwhile_is_made_up_for(self, world: World) -> None:
        """The days count for the one that came back as for anybody."""
        kept, merged = world.member(), world.member()
        merge(world, kept, merged)
        world.go_to(date(2028, 6, 1))
        assert unmerge(world, merged).status == "lapsed"
        changed = [each for each in world.events(merged) if isinstance(each, StandingChanged)]
        assert [each.status for each in changed] == ["merged", "lapsed"]

    def test_only_merged_records_are_taken_apart(self, world: World) -> None:
        """Neither the kept one nor any other, nor the same one twice."""
        kept, merged = world.apply(), world.apply()
        merge(world, kept, merged)
        assert isinstance(error_of(lambda: unmerge(world, kept)), NotMerged)
        unmerge(world, merged)
        assert isinstance(error_of(lambda: unmerge(world, merged)), NotMerged)

    def test_they_can_be_merged_again(self, world: World) -> None:
        """The other way round too, and each is told."""
        kept, merged = world.apply(), world.apply()
        for one, other in ((kept, merged), (kept, merged), (merged, kept)):
            merge(world, one, other, *ALL)
            unmerge(world, other)
        assert world.told(merged).count(MemberMerged) == world.told(merged).count(MemberUnmerged)
        assert world.told(merged).count(MemberMerged) == 2

    def test_the_reason_stands_in_the_trail(self, world: World) -> None:
        """Of the merged record, and of the kept one where it gave something back."""
        kept, merged = pair(world)
        merge(world, kept, merged)
        unmerge(world, merged, by="registrar")
        for id in (kept, merged):
            entry = world.members.trail(id)[-1]
            assert (entry.by, entry.action, entry.reason) == ("registrar", "unmerge", "Two people")


class TestAddresses:
    """An address that is to come back may be somebody else's by now."""

    def refused(self, world: World, merged: str) -> Any:
        before = everything(world)
        error = error_of(lambda: unmerge(world, merged))
        assert everything(world) == before
        assert isinstance(error, EmailTaken)
        return error

    @pytest.mark.parametrize("take", [(), ("registrations",)])
    def test_of_the_merged_one(self, world: World, take: tuple[str, ...]) -> None:
        """Somebody took what was free; nothing is changed until they gave it up."""
        kept, merged = pair(world)
        merge(world, kept, merged, *take)
        other = world.apply(email="merged@example.org")
        assert self.refused(world, merged).details == {"member_id": merged, "held_by": other}
        world.call("change_contact", member_id=other, email="other@example.org")
        assert unmerge(world, merged).email == "merged@example.org"

    def test_of_the_merged_one_by_the_kept_one(self, world: World) -> None:
        """The kept one took it by themself, not with the merge."""
        kept, merged = pair(world)
        merge(world, kept, merged)
        world.call("change_contact", member_id=kept, email="Merged@example.org")
        assert self.refused(world, merged).details == {"member_id": merged, "held_by": kept}

    def test_of_the_kept_one(self, world: World) -> None:
        """Their own address was free while they had the other; another one makes it good."""
        kept, merged = pair(world)
        merge(world, kept, merged, *ALL)
        other = world.apply(email="kept@example.org")
        assert self.refused(world, merged).details == {"member_id": kept, "held_by": other}
        world.call("change_contact", member_id=kept, email="new@example.org")
        assert unmerge(world, merged).email == "merged@example.org"
        assert world.members.get(kept).email == "new@example.org"

    @pytest.mark.parametrize("address", ["kept@example.org", "merged@example.org"])
    def test_taken_in_the_last_moment(
        self, world: World, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        """The same call goes through once the address is free again, and nothing is lost."""
        kept, merged = pair(world)
        before = everything(world)
        merge(world, kept, merged, *ALL)
        if address == "kept@example.org":
            other = world.apply(email=address)
        claims, members = world.repository("registrations"), world.members
        seen = members.first

        def blind(criteria: Any) -> Any:
            return None if "email_key" in criteria else seen(criteria)

        monkeypatch.setattr(members, "first", blind)
        if address == "merged@example.org":
            change = members.change

            def slow(id: str, *arguments: Any, **options: Any) -> Any:
                nonlocal other
                changed = change(id, *arguments, **options)
                if id == kept:
                    other = world.apply(email=address)
                return changed

            other = ""
            monkeypatch.setattr(members, "change", slow)
        error = error_of(lambda: unmerge(world, merged, message="u1"))
        monkeypatch.undo()
        assert isinstance(error, EmailTaken)
        assert world.status(merged) == "merged"
        if address == "kept@example.org":
            assert claims.holders(["GMC:2222222"]) == {"GMC:2222222": kept}
        world.call("change_contact", member_id=other, email="other@example.org")
        assert unmerge(world, merged, message="u1").status == "current"
        after = everything(world)
        assert {name: after[name] for name in before} == before


class TestChains:
    """A record that others were merged into may be merged itself."""

    def test_they_are_taken_apart_in_reverse_order(self, world: World) -> None:
        """What the middle one took is not given back while another one stands for it."""
        first, second, third = world.apply(), world.apply(), world.apply()
        before = everything(world)
        merge(world, second, first, *ALL)
        merge(world, third, second, *ALL)
        assert world.members.get(third).email == world.members.get(first).email
        error = error_of(lambda: unmerge(world, first))
        assert isinstance(error, Merged)
        assert error.details == {"member_id": second, "into": third}
        unmerge(world, second)
        unmerge(world, first)
        assert everything(world) == before

    def test_two_merges_against_one_another_can_be_taken_back(self, world: World) -> None:
        """Each was cut off when the other began; neither took anything."""
        one, other = world.apply(), world.apply()
        before = everything(world)
        for id, into in ((one, other), (other, one)):

            def lose(found: Any, into: str = into) -> None:
                found.merged_on, found.merged_into = world.today, into
                found.settle(world.book, world.today)

            world.members.change(id, lose)
        assert unmerge(world, one).merged_into is None
        assert unmerge(world, other).merged_into is None
        assert everything(world) == before
