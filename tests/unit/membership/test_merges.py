"""Merging and taking apart as calls: two documents and the claims beside, cut off anywhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.merging import Takeable
from services.membership.errors import EmailTaken, Merged, NotMergeable, NotMerged
from services.membership.events import (
    ContactChanged,
    MemberMerged,
    MemberUnmerged,
    RegistrationVerified,
    StandingChanged,
)
from services.membership.subscriptions import AlumniJoined
from shared import telemetry
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import dump
from shared.schema import schema_of
from shared.testing import error_of
from tests.e2e.methods import methods_of
from tests.unit.membership.builders import ARGUMENTS
from tests.unit.membership.world import World, cut_at_every_write

BOOKKEEPING = {"version", "inbox", "outbox", "outbox_sent", "outbox_due", "trail", "settled"}
ALL = [each.value for each in Takeable]


@pytest.fixture
def world() -> World:
    return World()


def merge(world: World, kept: str, merged: str, *take: str, **options: Any) -> Any:
    arguments = {"kept_id": kept, "merged_id": merged, "take": list(take), "reason": "Same person"}
    return world.call("merge", **{**arguments, **options})


def unmerge(world: World, merged: str, **options: Any) -> Any:
    return world.call("unmerge", merged_id=merged, **{"reason": "Two people", **options})


def stored(world: World, member_id: str) -> dict[str, Any]:
    """The document of a member without what counts and tells its writes."""
    document = world.document("members", member_id) or {}
    return {name: value for name, value in document.items() if name not in BOOKKEEPING}


def everything(world: World) -> dict[str, Any]:
    """All documents there are, without what goes with the number of writes."""
    return {
        f"{collection.name}:{document['_id']}": {
            name: value
            for name, value in document.items()
            if name not in BOOKKEEPING | {"claimed_at"}
        }
        for collection in world.database.values()
        for document in collection.find({})
    }


def holder(world: World, key: str) -> str | None:
    return world.repository("registrations").holders([key]).get(key)


def pair(world: World) -> tuple[str, str]:
    """Two members, of whom the second has more to take over than the first."""
    kept = world.member(given_name="Nia", email="kept@example.org", registration_number="1111111")
    merged = world.member(
        given_name="Una", email="merged@example.org", registration_number="2222222"
    )
    world.call("add_registration", member_id=merged, regulator="GDC", registration_number="12345")
    world.pay(merged)
    return kept, merged


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


LEARNING = AlumniJoined(
    member_id="",
    programme_id="p-1",
    cohort_id="c-1",
    title="Invented scheme",
    completed_on=date(2026, 11, 1),
)


class TestOthers:
    """What reaches a merged record from elsewhere."""

    def test_alumni_are_covered_whoever_stands_for_them(self, world: World) -> None:
        """Both records are, so that nothing is lost when they are taken apart."""
        kept, merged = world.member(), world.member()
        merge(world, kept, merged)
        event = AlumniJoined(**{**vars(LEARNING), "member_id": merged})
        with telemetry.activate(telemetry.Context.start(message_id="event:e1", seed="e1")):
            world.app.follow_learning(event)
            world.app.follow_learning(event)
        unmerge(world, merged)
        for id in (kept, merged):
            (granted,) = world.members.get(id).entitlements
            assert (granted.kind, granted.source_id) == ("alumni", "c-1")

    def test_a_seat_can_be_released(self, world: World) -> None:
        """Its ledger decides; it is not taken over, and none is given to a merged record."""
        kept, merged = world.member(), world.member()
        organisation_id = world.call(
            "register_organisation", name="Invented Vale", kind="host", nation="wales"
        ).organisation.organisation_id
        seats = {"organisation_id": organisation_id, "member_id": merged}
        world.call(
            "buy_seats",
            organisation_id=organisation_id,
            seats=2,
            from_on=world.today,
            until_on=world.today + timedelta(days=300),
            reference="invoice 1",
        )
        world.call("allocate_seat", **seats)
        merge(world, kept, merged, *ALL)
        assert world.members.get(kept).entitlements == ()
        assert isinstance(error_of(lambda: world.call("allocate_seat", **seats)), Merged)
        world.call("release_seat", **seats, reason="Left")
        (seat,) = world.members.get(merged).entitled
        assert seat.until_on == world.today

    def test_a_register_says_nothing_of_a_merged_record(self, world: World) -> None:
        """What was not taken over waits until it is taken apart."""
        kept, merged = pair(world)
        merge(world, kept, merged)
        checks = len([each for each in world.told(merged) if each is RegistrationVerified])
        view = world.register(merged, "suspended")
        assert view.differences == ()
        assert world.told(merged).count(RegistrationVerified) == checks
        assert unmerge(world, merged).status == "current"


ACTING = [
    method
    for method in methods_of("membership")
    if method.contract.writes and "member_id" in schema_of(method.contract.request).fields
]
# A withdrawal of consent and the end of a seat count whatever became of the record.
ALLOWED = ("withdraw_consent", "release_seat")


@pytest.mark.parametrize("method", ACTING, ids=str)
def test_every_call_on_a_member_says_that_it_may_be_merged(method: Any) -> None:
    """A method that acts on a member declares the refusal, unless it is allowed."""
    assert (Merged in method.contract.errors) != (method.name in ALLOWED)


CALLS: dict[str, dict[str, Any]] = {
    "admit": {},
    "decline": {"reason": "Invented"},
    "change_contact": {"given_name": "Other"},
    "change_career_stage": {"career_stage": "senior"},
    "change_grade": {"grade": "associate", "reason": "Invented"},
    "renew": {},
    "record_payment": {"pence": 100, "reference": "r-1", "received_on": "2026-11-23"},
    "withdraw": {},
    "record_death": {"died_on": "2026-11-01"},
    "reinstate": {"reason": "Invented"},
    "verify_registration": {},
    "add_registration": {"regulator": "GMC", "registration_number": "7654321"},
    "declare_sanction": {"registration_number": "2222222", "detail": "Invented"},
    "record_review_decision": {
        "review_id": "r-1",
        "outcome": "cleared",
        "reason": "Invented",
        "decided_by": "Committee",
    },
    "self_assess": {"ratings": [{"behaviour": "self.1", "level": 3}]},
    "request_export": {},
    "request_erasure": {"force": True, "reason": "Invented"},
    "start_fellowship": {"level": "fellow", "route": "standard"},
    "record_consent": {
        "purpose": "newsletter",
        "channel": "email",
        "wording_version": "1",
        "source": "staff",
    },
}


@pytest.mark.parametrize(("name", "arguments"), CALLS.items(), ids=CALLS)
def test_a_merged_record_is_not_acted_on(
    world: World, name: str, arguments: dict[str, Any]
) -> None:
    """The call is refused, says with whom to go on, and leaves nothing behind."""
    kept, merged = pair(world)
    merge(world, kept, merged)
    before = everything(world)
    error = error_of(lambda: world.call(name, member_id=merged, **arguments))
    assert isinstance(error, Merged)
    assert error.details == {"member_id": merged, "into": kept}
    assert everything(world) == before


@pytest.mark.parametrize("name", ["get_account", "explain_status", "get_history", "get_consents"])
def test_a_merged_record_can_be_read(world: World, name: str) -> None:
    """All that was kept of it is still there to see."""
    kept, merged = pair(world)
    merge(world, kept, merged)
    assert world.call(name, member_id=merged)
    assert kept
