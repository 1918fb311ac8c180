"""Forgetting a person: who may be, what is left of them, and the receipt for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from services.membership.domain.erasure import Erasure
from services.membership.domain.forgetting import Forgettable, address_hash, forget_all
from services.membership.domain.member import Member
from services.membership.domain.retention import Cause
from services.membership.domain.selection import SelectionHistory
from services.membership.domain.terms import Nation
from services.membership.entrypoints import MembershipService
from services.membership.errors import (
    MemberErased,
    Merged,
    NotAMember,
    NotCurrent,
    StillAMember,
)
from services.membership.events import MemberErased as MemberErasedEvent
from services.membership.events import StandingChanged
from services.membership.subscriptions import (
    ApplicationSubmitted,
    NotificationsErased,
    ProgrammesErased,
    ResearchErased,
)
from shared import telemetry
from shared.auth import ROLES
from shared.errors import Duplicate, Invalid, NotFound
from shared.repository import Repository
from shared.testing import error_of
from tests.unit.membership.builders import ARGUMENTS, BOOK, NOW, TODAY, applicant
from tests.unit.membership.world import World, cut_at_every_write

PLANTED = ("siân", "planted", "0712345", "1988-02-29", "bacs")


@pytest.fixture
def world() -> World:
    """A fresh service."""
    return World()


def planted(world: World) -> str:
    """A member of whom everything is known, to be found by the marks."""
    member_id: str = world.call("apply", **ARGUMENTS).member_id
    world.verify(member_id)
    world.call("admit", member_id=member_id)
    world.call("declare_sanction", member_id=member_id, registration_number="0712345", detail="P")
    review = world.call("find_reviews").items[0].review_id
    world.call(
        "record_review_decision",
        member_id=member_id,
        review_id=review,
        outcome="cleared",
        reason="Planted reason.",
        decided_by="Planted Chair",
    )
    payment = {"pence": 100, "reference": "BACS 1", "received_on": world.today}
    world.call("record_payment", member_id=member_id, **payment)
    rating = {"behaviour": "self.1", "level": 2, "note": "Planted note."}
    world.call("self_assess", member_id=member_id, ratings=[rating])
    return member_id


def left(world: World, **changes: Any) -> str:
    """A member who has left."""
    member_id = world.member(**changes)
    world.call("withdraw", member_id=member_id)
    return member_id


def acknowledge(world: World, request_id: str, member_id: str, *services: Any) -> None:
    """Let other services say that they are done, by default all."""
    for reader in services or (ProgrammesErased, NotificationsErased, ResearchErased):
        event = reader(request_id, member_id, {"things": 1}, ("facts",))
        name = f"event:{reader.__name__}:{member_id}"
        with telemetry.activate(telemetry.Context.start(message_id=name)):
            world.app.record_acknowledgement(event)


def found(world: World, *marks: str) -> list[str]:
    """Collections in which a mark stands, outboxes apart: what waits there is published yet."""
    return [
        name
        for name, collection in world.database.items()
        for document in collection.find({}, {"outbox": 0})
        if any(mark in str(document).casefold() for mark in marks)
    ]


# Who may be erased


@pytest.mark.parametrize(
    ("days", "status"), [(0, "current"), (310, "due"), (380, "grace"), (0, "suspended")]
)
def test_who_is_a_member_has_to_leave_first(world: World, days: int, status: str) -> None:
    """The refusal says how they stand, and nothing has changed."""
    member_id = planted(world)
    if status == "suspended":
        world.verify(member_id, "suspended")
    world.go_to(TODAY + timedelta(days=days))
    before = world.document("members", member_id)
    refused = error_of(lambda: world.call("request_erasure", member_id=member_id))
    assert isinstance(refused, StillAMember)
    assert refused.details == {"member_id": member_id, "status": status}
    assert world.document("members", member_id) == before
    assert not list(world.repository("erasures").scan({}))
    world.call("withdraw", member_id=member_id)
    assert world.call("request_erasure", member_id=member_id).state == "acknowledging"


@pytest.mark.parametrize(
    "end",
    [
        lambda world, id: world.call("withdraw", member_id=id),
        lambda world, id: world.call("record_death", member_id=id, died_on=world.today),
        lambda world, id: world.verify(id, "erased"),
        lambda world, id: world.go_to(TODAY + timedelta(days=500)),
    ],
)
def test_who_was_a_member_may_be_erased(world: World, end: Callable[[World, str], object]) -> None:
    """Whether they withdrew, died, were removed or lapsed."""
    member_id = world.member()
    end(world, member_id)
    world.call("request_erasure", member_id=member_id)
    assert world.status(member_id) == "erased"


def test_who_never_was_a_member_may_be_erased(world: World) -> None:
    """At any point of an application."""
    waiting, declined = world.apply(), world.apply()
    world.call("decline", member_id=declined, reason="Invented.")
    for member_id in (waiting, declined):
        world.call("request_erasure", member_id=member_id)
        assert world.status(member_id) == "erased"


def test_a_member_is_erased_by_force_for_a_reason(world: World) -> None:
    """The reason stands in the receipt; without one it is refused."""
    member_id = world.member()
    refused = error_of(lambda: world.call("request_erasure", member_id=member_id, force=True))
    assert isinstance(refused, Invalid)
    assert set(refused.fields) == {"reason"}
    reason = "Ordered by a court."
    receipt = world.call(
        "request_erasure", by="registrar", member_id=member_id, force=True, reason=reason
    )
    assert (receipt.forced, receipt.reason, receipt.by) == (True, reason, "registrar")
    assert world.status(member_id) == "erased"


def test_only_staff_may_erase() -> None:
    """A token that was stolen from a member does not do: nothing undoes it."""
    contract = MembershipService.request_erasure.contract
    assert contract.own is None
    assert [role for role, scopes in ROLES.items() if "*:write" in scopes] == ["staff"]


def test_when_it_was_asked_for_cannot_be_to_come(world: World) -> None:
    """The receipt is due a month after it was received."""
    member_id, tomorrow = left(world), TODAY + timedelta(days=1)
    refused = error_of(
        lambda: world.call("request_erasure", member_id=member_id, received_on=tomorrow)
    )
    assert isinstance(refused, Invalid)
    receipt = world.call("request_erasure", member_id=member_id, received_on=date(2026, 11, 2))
    assert (receipt.received_on, receipt.due_on) == (date(2026, 11, 2), date(2026, 12, 2))


def test_nobody_and_a_part_of_somebody_are_refused(world: World) -> None:
    """An unknown id, and a record that was merged into another."""
    assert isinstance(error_of(lambda: world.call("request_erasure", member_id="x")), NotFound)
    kept, merged = left(world), world.apply()
    world.call("merge", kept_id=kept, merged_id=merged, reason="Invented.")
    refused = error_of(lambda: world.call("request_erasure", member_id=merged))
    assert isinstance(refused, Merged)


# What is left


def test_nothing_that_identifies_stays_in_any_collection(world: World) -> None:
    """Names, addresses, numbers and free texts: state, trail, claims, registers."""
    member_id = planted(world)
    assert {"members", "registrations", "register_entries"} <= set(found(world, *PLANTED))
    world.call("withdraw", member_id=member_id, reason="Planted reason.")
    world.call("request_erasure", member_id=member_id)
    assert found(world, *PLANTED) == []


def test_what_stays_of_a_member_is_named(world: World) -> None:
    """Every field is one of those that stay, or has become nothing."""
    member_id = planted(world)
    before = world.members.get(member_id)
    world.call("withdraw", member_id=member_id)
    world.call("request_erasure", member_id=member_id)
    member = world.members.get(member_id)
    stays = {
        field.name
        for field in dataclasses.fields(Member)
        if getattr(member, field.name) not in ("", None, (), {}, True)
    }
    assert stays == {
        "id",
        "profession",
        "nation",
        "career_stage",
        "received_on",
        "application",
        "admitted_on",
        "grade",
        "grade_policy",
        "terms",
        "endings",
        "account",
        "settled",
        "keeping",
        "suppressed",
        "erased_on",
    }
    assert (member.terms, member.grade) == (before.terms, before.grade)
    assert [(p.on, p.pence, p.what, p.reference) for p in member.account] == [
        (p.on, p.pence, p.what, "") for p in before.account
    ]
    assert member.suppressed == address_hash("sian.planted@example.org")


def test_the_trail_says_who_did_what_and_to_which_fields_but_no_values(world: World) -> None:
    """Also of the write that erased."""
    member_id = planted(world)
    world.call("withdraw", member_id=member_id, reason="Planted reason.")
    before = world.pages("get_history", member_id=member_id)
    world.call("request_erasure", by="registrar", member_id=member_id)
    history = world.pages("get_history", member_id=member_id)
    last = next(entry for entry in history if entry.record == "member")
    assert (last.by, last.action) == ("registrar", "request_erasure")
    assert all(entry.erased and not entry.reason for entry in history)
    values = [c for entry in history for c in entry.changes if c.before or c.after]
    assert values == []
    assert [e.action for e in history if e in before] == []
    assert {e.action for e in before} <= {e.action for e in history}


def test_others_are_told_once(world: World) -> None:
    """By an event in public that says no more than whom; then that the standing has changed."""
    member_id = left(world)
    receipt = world.call("request_erasure", member_id=member_id)
    world.call("request_erasure", member_id=member_id)
    told = world.events(member_id)
    assert told[-2:] == [
        MemberErasedEvent(member_id, receipt.request_id, TODAY),
        StandingChanged(member_id, "erased", "erased", TODAY),
    ]
    assert sum(isinstance(event, MemberErasedEvent) for event in told) == 1


def test_what_waits_to_be_published_is_not_lost(world: World) -> None:
    """Erasing keeps the outbox, whose events others need in order to forget in turn."""
    member_id = left(world)
    before = world.events(member_id)
    world.call("request_erasure", member_id=member_id)
    assert world.events(member_id)[: len(before)] == before


def test_the_person_may_come_back_with_the_same_number_and_address(world: World) -> None:
    """Under a new id, as somebody who was never there."""
    member_id = planted(world)
    assert isinstance(error_of(lambda: world.call("apply", **ARGUMENTS)), Duplicate)
    world.call("withdraw", member_id=member_id)
    world.call("request_erasure", member_id=member_id)
    again = world.call("apply", **ARGUMENTS).member_id
    world.verify(again)
    world.call("admit", member_id=again)
    assert (again != member_id, world.status(again)) == (True, "current")
    assert world.status(member_id) == "erased"


def test_another_system_does_not_bring_somebody_back(world: World) -> None:
    """Taken over from elsewhere, an address that was erased is refused."""
    member_id = planted(world)
    world.call("withdraw", member_id=member_id)
    world.call("request_erasure", member_id=member_id)
    row = {
        **{name: ARGUMENTS[name] for name in ARGUMENTS if name != "regulator"},
        "reference": "M-1",
        "regulator": "GMC",
        "grade": "member",
        "joined_on": "2020-01-01",
    }
    for dry_run in (True, False):
        view = world.call("import_members", rows=[row], dry_run=dry_run)
        assert (view.imported, view.refused) == (0, 1)
        assert set(view.rows[0].fields) == {"email"}


def calls_about(member_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A call for each way to put something on record of a member."""
    about = {"member_id": member_id}
    yield "change_contact", {**about, "given_name": "Planted"}
    yield "change_career_stage", {**about, "career_stage": "senior"}
    yield "add_registration", {**about, "regulator": "GMC", "registration_number": "0712345"}
    yield "withdraw", about
    yield "record_death", {**about, "died_on": TODAY}
    yield "reinstate", {**about, "reason": "Invented."}
    yield "renew", about
    yield "record_payment", {**about, "pence": 1, "reference": "BACS", "received_on": TODAY}
    yield "request_export", about
    yield "admit", about
    yield "decline", {**about, "reason": "Invented."}
    yield "withdraw_consent", {**about, "purpose": "newsletter", "channel": "email"} | SAID
    yield (
        "record_consent",
        {**about, "purpose": "newsletter", "channel": "email", "wording_version": "2026.1"} | SAID,
    )
    yield "self_assess", {**about, "ratings": [{"behaviour": "self.1", "level": 1}]}
    yield "start_fellowship", {**about, "level": "fellow", "route": "standard"}


SAID = {"source": "member"}


def test_nothing_is_put_on_record_of_somebody_who_was_erased(world: World) -> None:
    """Every call about them is refused, and nothing of them has come back."""
    member_id = planted(world)
    world.call("withdraw", member_id=member_id)
    world.call("request_erasure", member_id=member_id)
    before = {place: world.database[place].find({}) for place in sorted(world.database)}
    kept = {place: list(documents) for place, documents in before.items()}
    for method, arguments in calls_about(member_id):
        refused = error_of(lambda m=method, a=arguments: world.call(m, **a))
        assert isinstance(refused, MemberErased | NotAMember | NotCurrent), method
    assert {place: list(world.database[place].find({})) for place in kept} == kept


def test_a_stage_of_selection_is_neither_kept_nor_linked_any_more(world: World) -> None:
    """What was kept under the pseudonym names no application; an event that is late is passed."""
    member_id = world.member()
    pseudonym = world.members.get(member_id).pseudonym
    event = ApplicationSubmitted("application-1", "cohort-1", member_id, world.clock())
    with telemetry.activate(telemetry.Context.start(message_id="event:1")):
        world.app.record_stage(event)
    assert world.repository("selections").get(pseudonym).reached
    world.call("withdraw", member_id=member_id)
    world.call("request_erasure", member_id=member_id)
    assert world.repository("selections").get(pseudonym) == SelectionHistory(pseudonym)
    late = dataclasses.replace(event, application_id="application-2")
    with telemetry.activate(telemetry.Context.start(message_id="event:2")):
        world.app.record_stage(late)
    assert world.repository("selections").get(pseudonym) == SelectionHistory(pseudonym)
    assert found(world, "application-1", "application-2") == []


def test_a_record_that_was_merged_is_erased_with_the_one_that_is_kept(world: World) -> None:
    """Also one that was merged into that; each is told of, under one request."""
    oldest = world.apply(given_name="Planted-Oldest")
    middle = world.apply(given_name="Planted-Middle")
    kept = left(world)
    world.call("merge", kept_id=middle, merged_id=oldest, reason="Invented.")
    world.call("merge", kept_id=kept, merged_id=middle, reason="Invented.")
    request_id = world.call("request_erasure", member_id=kept).request_id
    assert found(world, "planted") == []
    for member_id in (kept, middle, oldest):
        assert MemberErasedEvent(member_id, request_id, TODAY) in world.events(member_id)
    acknowledge(world, request_id, kept)
    assert world.call("get_receipt", request_id=request_id).missing == (
        "programmes",
        "notifications",
        "research",
    )
    acknowledge(world, request_id, middle)
    acknowledge(world, request_id, oldest)
    assert world.call("get_receipt", request_id=request_id).complete


# Crashes and races


def test_a_call_that_is_cut_off_is_completed_by_the_same_call() -> None:
    """Wherever it was cut off: nothing of the person is left, and they are told of once."""

    def erase(world: World) -> None:
        (member,) = world.members.scan({})
        world.call("request_erasure", message="m1", member_id=member.id)

    assert len(_erased_after_every_cut(erase, erase)) >= 6


def test_a_call_that_is_cut_off_is_completed_by_another() -> None:
    """Nobody has to remember the first one."""

    def first(world: World) -> None:
        (member,) = world.members.scan({})
        world.call("request_erasure", member_id=member.id)

    _erased_after_every_cut(first, first)


def test_a_call_that_is_cut_off_is_completed_by_the_sweep() -> None:
    """Once it was begun, the clock sees to it."""

    def first(world: World) -> None:
        (member,) = world.members.scan({})
        world.call("request_erasure", member_id=member.id)

    def sweep(world: World) -> None:
        if list(world.repository("erasures").scan({})):
            world.call("sweep_retention")
        else:
            first(world)

    _erased_after_every_cut(first, sweep)


def _erased_after_every_cut(
    act: Callable[[World], object], complete: Callable[[World], object]
) -> list[World]:
    def prepare() -> World:
        world = World()
        member_id = planted(world)
        world.call("withdraw", member_id=member_id)
        return world

    def once(world: World) -> None:
        (complete if world.database.left is None else act)(world)

    worlds = cut_at_every_write(once, prepare)
    for world in worlds:
        assert found(world, *PLANTED) == []
        (member,) = world.members.scan({})
        (erasure,) = world.repository("erasures").scan({})
        assert (erasure.missing, erasure.pseudonyms) == (
            ("programmes", "notifications", "research"),
            (),
        )
        assert world.told(member.id).count(MemberErasedEvent) == 1
    return worlds


def test_who_came_back_in_the_same_moment_is_not_erased(world: World) -> None:
    """The write that erases looks again; what was begun is given up and can be asked for anew."""
    member_id = left(world)
    erasures = world.repository("erasures")
    begun = erasures.add

    def reinstated_meanwhile(erasure: Erasure) -> Erasure:
        added = begun(erasure)
        world.call("reinstate", member_id=member_id, reason="Invented.")
        return added

    erasures.add = reinstated_meanwhile
    refused = error_of(lambda: world.call("request_erasure", member_id=member_id))
    del erasures.add
    assert isinstance(refused, StillAMember)
    assert world.status(member_id) == "current"
    (given_up,) = erasures.scan({})
    assert (given_up.state, given_up.pseudonyms) == ("given_up", ())
    world.call("withdraw", member_id=member_id)
    receipt = world.call("request_erasure", member_id=member_id)
    assert receipt.request_id != given_up.id
    assert world.status(member_id) == "erased"


def test_two_at_once_are_one_erasure(world: World) -> None:
    """Who is slower is told that it was done, and asking again gets the other's receipt."""
    member_id, other = left(world), world.another()
    erasures = world.repository("erasures")
    seen = erasures.of

    def quicker_meanwhile(id: str) -> Erasure | None:
        answer = seen(id)
        erasures.of = seen
        other.call("request_erasure", member_id=member_id)
        return answer

    erasures.of = quicker_meanwhile
    refused = error_of(lambda: world.call("request_erasure", member_id=member_id))
    assert isinstance(refused, MemberErased)
    (only,) = erasures.scan({})
    assert world.call("request_erasure", member_id=member_id).request_id == only.id


# The receipt


def test_the_receipt_is_complete_when_every_service_has_said_so(world: World) -> None:
    """In whatever order; what each erased and kept, and on which day it said so."""
    member_id = left(world)
    request_id = world.call("request_erasure", member_id=member_id).request_id
    world.go_to(TODAY + timedelta(days=2))
    acknowledge(world, request_id, member_id, ResearchErased, ProgrammesErased)
    receipt = world.call("get_receipt", request_id=request_id)
    assert (receipt.complete, receipt.missing) == (False, ("notifications",))
    acknowledge(world, request_id, member_id, NotificationsErased)
    receipt = world.call("get_receipt", request_id=request_id)
    assert (receipt.complete, receipt.missing, receipt.completed_on) == (True, (), world.today)
    by_service = {each.service: each for each in receipt.services}
    assert by_service["membership"].acknowledged_on == TODAY
    assert by_service["research"].acknowledged_on == world.today
    assert by_service["programmes"].erased == {"things": 1}
    assert by_service["programmes"].kept == ("facts",)
    assert by_service["membership"].erased["members"] == 1


def test_what_a_service_says_again_does_not_count_again(world: World) -> None:
    """Nor does it change what stands in the receipt."""
    member_id = left(world)
    request_id = world.call("request_erasure", member_id=member_id).request_id
    acknowledge(world, request_id, member_id)
    before = world.call("get_receipt", request_id=request_id)
    acknowledge(world, request_id, member_id)
    world.app.record_acknowledgement(ProgrammesErased(request_id, member_id, {}, ()))
    assert world.call("get_receipt", request_id=request_id) == before


def test_others_may_be_done_before_this_service_is() -> None:
    """The receipt is complete all the same."""
    erasure = Erasure.ask(
        "r",
        "m",
        Nation.WALES,
        (),
        cause=Cause.REQUEST,
        by="x",
        reason="",
        received_on=TODAY,
        today=TODAY,
    )
    for service in ("programmes", "notifications", "research"):
        erasure.acknowledge(service, "m", {}, (), TODAY)
    assert erasure.state == "erasing"
    erasure.finish(["m"], {"members": 1}, TODAY)
    assert (erasure.state, erasure.completed_on) == ("complete", TODAY)


def test_an_overdue_receipt_says_so(world: World) -> None:
    """While something is missing a month after the request."""
    member_id = left(world)
    request_id = world.call("request_erasure", member_id=member_id).request_id
    world.go_to(date(2026, 12, 24))
    assert world.call("get_receipt", request_id=request_id).overdue
    acknowledge(world, request_id, member_id)
    assert not world.call("get_receipt", request_id=request_id).overdue


def test_there_is_a_receipt_of_what_was_asked_for_only(world: World) -> None:
    """Another id is not known."""
    assert isinstance(error_of(lambda: world.call("get_receipt", request_id="x")), NotFound)


# How things are forgotten


def test_whatever_names_a_member_says_how_it_forgets_them(world: World) -> None:
    """Every collection with a member's data is among the holdings, and every holding can forget."""
    holdings = world.app.request_export.keywords["archive"].holdings
    for repository in holdings.others:
        assert issubclass(repository.aggregate, Forgettable), repository.collection
    held = {holdings.members.collection, *(each.collection for each in holdings.others)}
    # Erased beside them, or without anything that is about a person but an id.
    elsewhere = {"exports", "erasures", "selections"}
    naming = {
        repository.collection
        for repository in world.app.repositories
        if isinstance(repository, Repository)
        and "member_id" in get_type_hints(repository.aggregate)
    }
    assert naming <= held | elsewhere


@pytest.mark.parametrize("collection", ["self_assessments", "passports", "consents", "fellowships"])
def test_nothing_that_was_written_stays_of_a_holding(world: World, collection: str) -> None:
    """Whatever texts are in it, at any depth: ids, codes and the names of policies apart."""
    cls = world.repository(collection).aggregate
    thing = build(cls)
    assert "planted" in str(thing)
    thing.forget()
    once = str(thing)
    thing.forget()
    assert str(thing) == once
    left_over = {name for name, value in vars(thing).items() if "planted" in str(value)}
    assert left_over <= {"id", "member_id", "standards", "level", "route", "policies", "rounds"} | {
        "revalidations"
    }


def build(kind: Any) -> Any:
    """An instance of a type in which every text is a mark."""
    origin, arguments = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        fields = [each for each in dataclasses.fields(kind) if each.init]
        return kind(**{field.name: build(hints[field.name]) for field in fields})
    if origin is tuple:
        return (build(arguments[0]),)
    if origin is dict:
        return {build(arguments[0]): build(arguments[1])}
    if arguments:
        return build(next(each for each in arguments if each is not type(None)))
    if issubclass(kind, Enum):
        return next(iter(kind))
    simple: dict[Any, Any] = {
        str: "planted",
        int: 1,
        bool: True,
        date: TODAY,
        datetime: NOW,
    }
    return simple[kind]


def test_a_field_that_is_added_later_is_forgotten_too() -> None:
    """Unless it is named among those that are kept, or nothing can stand for it."""

    @dataclasses.dataclass
    class Thing:
        id: str
        kept: str
        text: str
        maybe: date | None
        several: tuple[str, ...]
        by_name: dict[str, str]
        number: int = 3

    thing = Thing("t", "k", "x", TODAY, ("y",), {"z": "z"}, 7)
    forget_all(thing, "kept")
    assert thing == Thing("t", "k", "", None, (), {}, 3)

    @dataclasses.dataclass
    class Odd:
        id: str
        day: date

    with pytest.raises(TypeError, match="day"):
        forget_all(Odd("o", TODAY))


def test_erasing_twice_is_erasing_once() -> None:
    """The aggregate records one event, and the day stays."""
    member = applicant()
    member.forget_recorded()
    member.erase("r-1", TODAY)
    once = dataclasses.asdict(member)
    member.erase("r-2", TODAY + timedelta(days=1))
    assert dataclasses.asdict(member) == once
    assert member.recorded == (MemberErasedEvent(member.id, "r-1", TODAY),)
    member.settle(BOOK, TODAY)
    assert member.settled is not None
    assert member.settled.status == "erased"
