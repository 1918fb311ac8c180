"""Merging as a call: two documents and the claims beside, cut off anywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.membership.errors import Merged, NotMergeable
from services.membership.events import (
    ContactChanged,
    MemberMerged,
    MemberUnmerged,
    StandingChanged,
)
from shared.errors import Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.membership.builders import ARGUMENTS
from tests.unit.membership.merges import ALL, everything, holder, merge, pair, unmerge
from tests.unit.membership.world import World, cut_at_every_write


@pytest.fixture
def world() -> World:
    return World()


class TestMerging:
    """One record stands for another one."""

    def test_the_kept_record_is_answered(self, world: World) -> None:
        """With what it took, and with whom it stands for."""
        kept, merged = pair(world)
        view = merge(world, kept, merged, "email", "given_name", "registrations")
        assert (view.member_id, view.merged_ids) == (kept, (merged,))
        assert (view.given_name, view.email) == ("Una", "merged@example.org")
        numbers = [each.registration_number for each in view.registrations]
        assert numbers == ["1111111", "2222222", "12345"]

    def test_the_merged_record_can_be_read_and_is_whole(self, world: World) -> None:
        """Its status is merged, and it says into what; nothing else is other than before."""
        kept, merged = pair(world)
        before = world.call("get_member", member_id=merged)
        merge(world, kept, merged, *ALL)
        view = world.call("get_member", member_id=merged)
        assert (view.status, view.status_reason, view.merged_into) == ("merged", "merged", kept)
        same = {"status", "status_reason", "merged_into", "post_nominals", "version"}
        assert {k: v for k, v in vars(view).items() if k not in same} == {
            k: v for k, v in vars(before).items() if k not in same
        }

    def test_both_are_told_of(self, world: World) -> None:
        """The merge and the new status on the merged record, the contact on the kept one."""
        kept, merged = pair(world)
        before = {id: len(world.events(id)) for id in (kept, merged)}
        merge(world, kept, merged, "email")
        assert world.events(merged)[before[merged] :] == [
            MemberMerged(merged, kept, world.today),
            StandingChanged(merged, "merged", "merged", world.today),
        ]
        assert world.events(kept)[before[kept] :] == [
            ContactChanged(kept, "Nia", ARGUMENTS["family_name"], "merged@example.org")
        ]

    def test_what_is_not_taken_stays_and_the_address_is_free(self, world: World) -> None:
        """Registrations are still nobody else's; somebody else can have the address."""
        kept, merged = pair(world)
        merge(world, kept, merged)
        assert holder(world, "GMC:2222222") == merged
        error = error_of(lambda: world.apply(registration_number="2222222"))
        assert isinstance(error, Duplicate)
        assert world.apply(email="Merged@example.org")

    def test_of_taken_addresses_the_own_one_is_free(self, world: World) -> None:
        """An address belongs to one of all."""
        kept, merged = pair(world)
        merge(world, kept, merged, "email")
        assert isinstance(error_of(lambda: world.apply(email="merged@example.org")), Duplicate)
        assert world.apply(email="kept@example.org")

    def test_claims_follow_what_is_taken(self, world: World) -> None:
        """What a register says from then on is said of the kept record, and of no other."""
        kept, merged = pair(world)
        merge(world, kept, merged, "registrations")
        assert {holder(world, key) for key in ("GMC:2222222", "GDC:12345")} == {kept}
        row = {"registration_number": "2222222", "given_name": "Nia", "status": "suspended"}
        row["family_name"] = ARGUMENTS["family_name"]
        view = world.call("import_register", regulator="GMC", rows=[row])
        assert [each.member_id for each in view.differences] == [kept]
        assert world.status(kept) == "suspended"

    def test_cover_is_taken_from_today_on(self, world: World) -> None:
        """Terms of a merged member cover the kept one, who was an applicant no more."""
        kept, merged = world.member(), world.member()
        world.members.change(kept, lambda found: setattr(found, "terms", ()))
        world.call("change_contact", member_id=kept, given_name="Nia")
        assert world.status(kept) == "lapsed"
        assert merge(world, kept, merged, "terms").status == "current"
        yesterday = world.today - timedelta(days=1)
        assert all(term.recorded_on > yesterday for term in world.members.get(kept).terms)

    def test_a_tick_does_not_bring_the_merged_record_back(self, world: World) -> None:
        """Nothing is told of it however many days pass."""
        kept, merged = pair(world)
        merge(world, kept, merged)
        before = world.events(merged)
        world.go_to(world.today + timedelta(days=900))
        world.call("tick", by="ops")
        assert world.events(merged) == before
        assert world.status(kept) == "lapsed"

    def test_the_reason_stands_in_both_trails(self, world: World) -> None:
        """Who merged what, and why."""
        kept, merged = pair(world)
        merge(world, kept, merged, by="registrar")
        for id in (kept, merged):
            entry = world.members.trail(id)[-1]
            assert (entry.by, entry.action, entry.reason) == ("registrar", "merge", "Same person")

    @pytest.mark.parametrize("status", ["suspended", "erased"])
    def test_a_sanction_does_not_vanish_in_another_record(self, world: World, status: str) -> None:
        """Merge the other way round: that record can be kept."""
        kept, merged = world.member(), world.member()
        world.register(merged, status)
        error = error_of(lambda: merge(world, kept, merged))
        assert isinstance(error, NotMergeable)
        assert merge(world, merged, kept).merged_ids == (kept,)

    def test_one_is_not_merged_into_themself(self, world: World) -> None:
        """The argument at fault is named."""
        member = world.apply()
        error = error_of(lambda: merge(world, member, member))
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["merged_id"]

    def test_unknown_records_are_not_found(self, world: World) -> None:
        """Neither may be missing, and nothing is changed."""
        member = world.apply()
        before = everything(world)
        assert isinstance(error_of(lambda: merge(world, member, "m-0")), NotFound)
        assert isinstance(error_of(lambda: merge(world, "m-0", member)), NotFound)
        assert isinstance(error_of(lambda: unmerge(world, "m-0")), NotFound)
        assert everything(world) == before

    def test_erased_records_are_not_merged(self, world: World) -> None:
        """There is no person left who could be the same."""
        member, gone = world.apply(), world.apply()

        def erase(found: Any) -> None:
            found.erased_on = world.today
            found.settle(world.book, world.today)

        world.members.change(gone, erase)
        assert isinstance(error_of(lambda: merge(world, member, gone)), NotFound)
        assert isinstance(error_of(lambda: merge(world, gone, member)), NotFound)

    def test_a_second_merge_is_refused(self, world: World) -> None:
        """Of the same two, of another two, and into a merged one; each names the one to go to."""
        kept, merged, third = world.apply(), world.apply(), world.apply()
        merge(world, kept, merged)
        before = everything(world)
        for one, other in ((kept, merged), (third, merged), (merged, third)):
            error = error_of(lambda one=one, other=other: merge(world, one, other))
            assert isinstance(error, Merged)
            assert error.details == {"member_id": merged, "into": kept}
        assert everything(world) == before

    def test_the_same_call_again_is_answered_and_changes_nothing(self, world: World) -> None:
        """A redelivered call finds all done."""
        kept, merged = pair(world)
        first = merge(world, kept, merged, *ALL, message="m1")
        before = everything(world)
        assert merge(world, kept, merged, *ALL, message="m1") == first
        assert everything(world) == before


def test_a_claim_is_transferred_once_and_from_nobody_else(world: World) -> None:
    """Done again it changes nothing; one that nobody holds is taken; a third one's is refused."""
    one, other, third = world.apply(registration_number="1111111"), world.apply(), world.apply()
    claims = world.repository("registrations")
    for _ in range(2):
        claims.transfer("GMC:1111111", one, other)
        assert holder(world, "GMC:1111111") == other
    claims.transfer("GMC:3333333", one, other)
    assert holder(world, "GMC:3333333") == other
    error = error_of(lambda: claims.transfer("GMC:1111111", one, third))
    assert isinstance(error, Duplicate)
    assert holder(world, "GMC:1111111") == other


class TestCutOff:
    """Processes end between the writes."""

    def test_a_merge_is_completed_by_the_same_call(self) -> None:
        """Wherever it was cut off, the outcome and what was told are the same."""
        ids: dict[int, tuple[str, str]] = {}

        def prepare() -> World:
            world = World()
            ids[id(world)] = pair(world)
            return world

        worlds = cut_at_every_write(
            lambda world: merge(world, *ids[id(world)], *ALL, message="m1"), prepare
        )
        assert len(worlds) == 5
        for world in worlds:
            kept, merged = ids[id(world)]
            assert world.told(merged).count(MemberMerged) == 1
            assert world.told(kept).count(ContactChanged) == 2
            assert len(world.members.get(kept).takings) == 1
            assert len(world.members.get(kept).registrations) == 3
            assert {holder(world, key) for key in ("GMC:2222222", "GDC:12345")} == {kept}
            assert world.status(merged) == "merged"

    def test_taking_apart_is_completed_by_the_same_call(self) -> None:
        """Both records and the claims are then as if the merge had never been."""
        ids: dict[int, tuple[str, str, dict[str, Any]]] = {}

        def prepare() -> World:
            world = World()
            kept, merged = pair(world)
            before = everything(world)
            merge(world, kept, merged, *ALL)
            ids[id(world)] = (kept, merged, before)
            return world

        worlds = cut_at_every_write(
            lambda world: unmerge(world, ids[id(world)][1], message="u1"), prepare
        )
        assert len(worlds) == 5
        for world in worlds:
            kept, merged, before = ids[id(world)]
            assert everything(world) == before
            assert world.told(merged).count(MemberUnmerged) == 1
            assert world.told(kept).count(ContactChanged) == 3
            assert world.status(merged) == "current"

    def test_a_merge_that_nobody_repeated_can_be_completed_by_another_call(
        self, world: World
    ) -> None:
        """It may take something else over; once complete it cannot be done again."""
        kept, merged = pair(world)
        with world.cut_off(1):
            merge(world, kept, merged, *ALL)
        assert world.members.get(merged).merged_into == kept
        assert merge(world, kept, merged, "email").email == "merged@example.org"
        assert world.told(merged).count(MemberMerged) == 1
        assert isinstance(error_of(lambda: merge(world, kept, merged)), Merged)

    def test_a_merge_that_nobody_completed_can_be_taken_back(self, world: World) -> None:
        """Nothing had been taken yet."""
        kept, merged = pair(world)
        before = everything(world)
        with world.cut_off(1):
            merge(world, kept, merged, *ALL)
        assert unmerge(world, merged).status == "current"
        assert everything(world) == before
