"""People are kept as long as the policy says, and no longer, whoever notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.calendar import add_months
from services.membership.domain.facts import Ending, Term
from services.membership.domain.member import Member
from services.membership.domain.retention import Cause, Keeping, keeping, later_by_months
from services.membership.domain.terms import ApplicationState, EndingKind, EntitlementKind
from services.membership.events import MemberErased
from services.membership.handlers import retaining
from shared.errors import Invalid, Unavailable
from shared.testing import error_of
from tests.unit.membership.builders import BOOK, TODAY, applicant
from tests.unit.membership.world import World, cut_at_every_write

ONE_DAY = timedelta(days=1)
LAST = date(2027, 11, 22)  # of a year from TODAY
MEMBER_DUE = date(2033, 11, 23)  # more than 72 months after it
DECLINED_DUE = date(2027, 11, 24)  # more than 12 months after TODAY
ENDED, UNSUCCESSFUL = Cause.MEMBERSHIP_ENDED, Cause.APPLICATION_UNSUCCESSFUL


@pytest.fixture
def world() -> World:
    """A fresh service."""
    return World()


def declined(world: World) -> str:
    member_id = world.apply()
    world.call("decline", member_id=member_id, reason="Invented.")
    return member_id


def kept(world: World, member_id: str) -> tuple[Any, Any]:
    found = world.members.get(member_id).keeping
    return found.due_on, found.cause


def erased(world: World) -> set[str]:
    return {m.id for m in world.members.scan({}) if m.erased_on is not None}


def in_force(world: World, effective_from: date, **months: int) -> None:
    """Let another version of the policy decide from a day on."""
    policy = {"member_months": 72, "applicant_months": 12, "export_days": 30, "source": "Board"}
    arguments = {"version": f"v{effective_from}", "reason": "Decided."}
    world.call(
        "propose_policy_version",
        effective_from=effective_from,
        retention={**policy, **months},
        **arguments,
    )
    world.call("activate_policy_version", kind="retention", **arguments)


# Until when


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 1_200))
def test_nobody_is_due_before_the_months_are_over(day: date, months: int) -> None:
    """The day is the first that is more than so many months later; short months end earlier."""
    due = later_by_months(day, months)
    assert due is not None
    assert add_months(day, months) <= due + ONE_DAY
    assert due - ONE_DAY <= add_months(day, months)
    assert add_months(day, months - 1) < due


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 600))
def test_who_left_later_is_not_due_earlier(day: date, months: int) -> None:
    """Days keep their order."""
    first, second = later_by_months(day, months), later_by_months(day + ONE_DAY, months)
    assert first is not None
    assert second is not None
    assert first <= second


def test_beyond_the_end_of_the_calendar_nobody_is_due() -> None:
    """Cover to the last day there is does not overflow."""
    assert later_by_months(date(9999, 12, 31), 1) is None
    assert later_by_months(date(9999, 12, 30), 1) is None


def test_a_member_is_kept_for_years_after_the_last_day_of_cover(world: World) -> None:
    """A renewal moves the day; cover without an end has none."""
    member_id = world.member()
    assert kept(world, member_id) == (MEMBER_DUE, ENDED)
    world.go_to(date(2027, 10, 1))
    world.pay(member_id)
    fee = world.call("quote", member_id=member_id, what="renewal").total_pence
    world.pay(member_id, fee)
    world.call("renew", member_id=member_id)
    assert kept(world, member_id) == (date(2034, 11, 23), ENDED)
    member = world.members.get(member_id)
    member.entitle(EntitlementKind.HONORARY, "board", world.today, None, world.today)
    member.settle(world.book, world.today)
    assert member.keeping == Keeping("2026.1")


@pytest.mark.parametrize(
    ("end", "ended_on"),
    [
        (lambda world, id: world.call("withdraw", member_id=id), TODAY),
        (
            lambda world, id: world.call("withdraw", member_id=id, on=date(2027, 3, 1)),
            date(2027, 3, 1),
        ),
        (lambda world, id: world.verify(id, "erased"), TODAY),
        # It counts from the day on which it became known.
        (
            lambda world, id: world.call(
                "record_death", member_id=id, died_on=TODAY - timedelta(days=90)
            ),
            TODAY,
        ),
    ],
)
def test_an_ending_counts_in_place_of_cover(
    world: World, end: Callable[[World, str], object], ended_on: date
) -> None:
    """Whatever was paid for beyond it; taken back, cover counts again."""
    member_id = world.member()
    end(world, member_id)
    assert kept(world, member_id) == (later_by_months(ended_on, 72), ENDED)
    if world.status(member_id) == "removed":
        world.verify(member_id)
    world.call("reinstate", member_id=member_id, reason="Invented.")
    assert kept(world, member_id) == (MEMBER_DUE, ENDED)


def test_who_is_suspended_is_kept_as_long_as_that_lasts(world: World) -> None:
    """Once it is over, the day is what it was."""
    member_id = world.member()
    world.verify(member_id, "suspended")
    assert kept(world, member_id) == (None, None)
    world.verify(member_id)
    assert kept(world, member_id) == (MEMBER_DUE, ENDED)


def test_an_applicant_is_kept_while_nothing_is_decided(world: World) -> None:
    """A declined or a refused one for some months, a withdrawn one too."""
    waiting = world.apply()
    assert kept(world, waiting) == (None, None)
    world.call("withdraw", member_id=waiting)
    assert kept(world, waiting) == (DECLINED_DUE, UNSUCCESSFUL)
    assert kept(world, declined(world)) == (DECLINED_DUE, UNSUCCESSFUL)
    refused = world.apply()
    world.verify(refused, "relinquished")
    assert kept(world, refused) == (DECLINED_DUE, UNSUCCESSFUL)
    world.verify(refused)
    assert kept(world, refused) == (None, None)


@given(
    st.lists(st.integers(-400, 400), max_size=3),
    st.lists(st.tuples(st.integers(-800, 400), st.booleans()), max_size=2),
)
def test_the_day_is_that_of_the_facts(terms: list[int], endings: list[tuple[int, bool]]) -> None:
    """The first ending that stands, else the last day covered, else that of admission."""
    member: Member = applicant()
    member.application, member.admitted_on, member.grade = (
        ApplicationState.ADMITTED,
        TODAY,
        "member",
    )
    begin = [TODAY + timedelta(days=n) for n in terms]
    member.terms = tuple(Term(d, d + timedelta(days=99), "member", 0, TODAY, {}) for d in begin)
    member.endings = tuple(
        Ending(
            EndingKind.WITHDRAWN,
            TODAY + timedelta(days=n),
            "withdrawn",
            TODAY,
            TODAY if taken_back else None,
        )
        for n, taken_back in endings
    )
    member.settle(BOOK, TODAY)
    standing = [max(TODAY, TODAY + timedelta(days=n)) for n, back in endings if not back]
    last = max((d + timedelta(days=99) for d in begin), default=TODAY)
    assert member.keeping is not None
    assert member.keeping.due_on == later_by_months(min(standing, default=last), 72)
    assert keeping(member, BOOK.retention, TODAY) == member.keeping


# The sweep


def test_who_is_due_is_erased_and_nobody_else(world: World) -> None:
    """On the day, not the day before; told of as an erasure, with its cause and a receipt."""
    leaver, applied = world.member(), declined(world)
    staying = world.member()
    world.call("withdraw", member_id=leaver)
    world.go_to(DECLINED_DUE - ONE_DAY)
    assert world.call("sweep_retention").erased == 0
    world.go_to(DECLINED_DUE)
    view = world.call("sweep_retention", by="ops")
    assert (view.due, view.member_ids) == ({UNSUCCESSFUL: 1}, {UNSUCCESSFUL: (applied,)})
    assert (view.erased, view.failed, view.skipped) == (1, 0, False)
    assert erased(world) == {applied}
    (event,) = [e for e in world.events(applied) if isinstance(e, MemberErased)]
    receipt = world.call("get_receipt", request_id=event.request_id)
    assert (receipt.cause, receipt.by, receipt.member_id) == (UNSUCCESSFUL, "ops", applied)
    world.go_to(date(2032, 11, 24))
    assert world.call("sweep_retention").member_ids == {ENDED: (leaver,)}
    assert erased(world) == {applied, leaver}
    world.go_to(MEMBER_DUE)
    assert world.call("sweep_retention").member_ids == {ENDED: (staying,)}


def test_a_dry_run_counts_and_names_and_changes_nothing(world: World) -> None:
    """For any day, to come too; without a dry run a day to come is refused."""
    members, applied = [world.member() for _ in range(3)], declined(world)
    before = {name: list(world.database[name].find({})) for name in sorted(world.database)}
    view = world.call("sweep_retention", on=MEMBER_DUE, dry_run=True)
    assert view.due == {ENDED: 3, UNSUCCESSFUL: 1}
    assert set(view.member_ids[ENDED]) == set(members)
    assert view.member_ids[UNSUCCESSFUL] == (applied,)
    assert (view.erased, view.exports_dropped, view.skipped) == (0, 0, False)
    view = world.call("sweep_retention", on=MEMBER_DUE - ONE_DAY, dry_run=True)
    assert view.due == {UNSUCCESSFUL: 1}
    assert {name: list(world.database[name].find({})) for name in before} == before
    refused = error_of(lambda: world.call("sweep_retention", on=MEMBER_DUE))
    assert isinstance(refused, Invalid)


def test_a_sweep_does_what_its_dry_run_said(world: World) -> None:
    """The same people by the same cause."""
    for _ in range(3):
        world.member()
        declined(world)
    world.go_to(MEMBER_DUE)
    said = world.call("sweep_retention", dry_run=True)
    done = world.call("sweep_retention")
    assert (done.due, done.member_ids, done.erased) == (said.due, said.member_ids, 6)
    assert world.call("sweep_retention").due == {}


def test_of_many_only_the_first_are_named_and_all_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer stays small."""
    monkeypatch.setattr(retaining, "_LISTED", 2)
    for _ in range(3):
        declined(world)
    view = world.call("sweep_retention", on=DECLINED_DUE, dry_run=True)
    assert (view.due[UNSUCCESSFUL], len(view.member_ids[UNSUCCESSFUL])) == (3, 2)


def test_the_sweep_looks_only_at_who_is_due(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks by the key of the day, which others have later or not at all."""
    applied = declined(world)
    for _ in range(5):
        world.member()
        world.apply()
    world.go_to(DECLINED_DUE)
    asked: list[str] = []
    load = type(world.members)._load

    def noted(self: Any, document: Any) -> Any:
        asked.append(document["id"])
        return load(self, document)

    monkeypatch.setattr(type(world.members), "_load", noted)
    world.call("sweep_retention", dry_run=True)
    assert asked == [applied]


def test_a_new_policy_is_respected_whichever_way_it_goes(world: World) -> None:
    """From its day on: sooner for some, later for others, without anybody else changing them."""
    leaver, applied = world.member(), declined(world)
    world.call("withdraw", member_id=leaver)
    day = date(2027, 6, 1)
    in_force(world, day, member_months=6, applicant_months=24)
    assert world.call("sweep_retention", on=day - ONE_DAY, dry_run=True).due == {}
    assert world.call("sweep_retention", on=day, dry_run=True).member_ids == {ENDED: (leaver,)}
    world.go_to(day)
    assert world.call("sweep_retention").member_ids == {ENDED: (leaver,)}
    assert kept(world, applied) == (later_by_months(TODAY, 24), UNSUCCESSFUL)
    world.go_to(DECLINED_DUE)
    assert world.call("sweep_retention").due == {}
    assert erased(world) == {leaver}


def test_policies_that_are_read_anew_cost_one_write_each(world: World) -> None:
    """A sweep after the one that took over the new policy finds nothing to do."""
    for _ in range(3):
        world.member()
    in_force(world, date(2027, 1, 1), member_months=60)
    world.go_to(date(2027, 1, 1))
    world.call("sweep_retention")
    policies = {m.keeping.policy for m in world.members.scan({})}
    assert policies == {"v2027-01-01"}
    before = world.database.writes
    world.call("sweep_retention")
    assert world.database.writes - before <= 2  # the lease


def test_who_may_not_be_erased_after_all_is_left_and_not_met_again(world: World) -> None:
    """A day that was out of date is brought up to date."""
    member_id = world.member()
    day = {"policy": "2026.1", "due_on": "2027-01-01", "cause": ENDED.value}
    stale = {"keeping": day, "retention_key": f"20270101|{member_id}"}
    world.members.documents.update_one({"_id": member_id}, {"$set": stale})
    world.go_to(date(2027, 12, 1))
    view = world.call("sweep_retention")
    assert (view.due, view.erased, view.failed) == ({ENDED: 1}, 0, 0)
    assert erased(world) == set()
    assert kept(world, member_id) == (MEMBER_DUE, ENDED)
    assert not list(world.repository("erasures").scan({}))
    assert world.call("sweep_retention", dry_run=True).due == {}


def test_one_who_cannot_be_erased_does_not_hold_up_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are counted as failed, and tried again the next time."""
    first, second = declined(world), declined(world)
    world.go_to(DECLINED_DUE)
    erase = Member.erase

    def refuse(self: Member, *arguments: Any) -> None:
        if self.id == first:
            raise RuntimeError("Invented.")
        erase(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Member, "erase", refuse)
        view = world.call("sweep_retention")
    assert (view.erased, view.failed) == (1, 1)
    assert erased(world) == {second}
    world.call("sweep_retention")
    assert erased(world) == {first, second}


def test_one_instance_at_a_time_sweeps(world: World) -> None:
    """While another holds the lease nothing is done, and the answer says so."""
    applied = declined(world)
    world.go_to(DECLINED_DUE)
    leases = world.app.sweep_retention.keywords["leases"]
    lease = leases.take("retention", timedelta(seconds=60))
    view = world.call("sweep_retention")
    assert (view.skipped, view.erased) == (True, 0)
    lease.give_back()
    assert world.call("sweep_retention").erased == 1
    assert erased(world) == {applied}


def test_who_lost_the_lease_stops(world: World) -> None:
    """Another instance goes on; both together erase each once."""
    ids = {declined(world) for _ in range(3)}
    world.go_to(DECLINED_DUE)
    other = world.another()
    leases = world.app.sweep_retention.keywords["leases"]
    take = leases.take

    def lost(name: str, length: timedelta) -> Any:
        lease = take(name, length)
        lease.give_back()
        return replace(lease, holder="nobody")

    leases.take = lost
    view = world.call("sweep_retention")
    assert view.erased == 1
    assert other.call("sweep_retention").erased == 2
    assert erased(world) == ids
    for id in ids:
        assert world.told(id).count(MemberErased) == 1


def test_a_sweep_that_is_cut_off_is_completed_by_the_next() -> None:
    """Wherever it was cut off, by the same call or by the clock: each is told of once."""

    def prepare() -> World:
        world = World()
        declined(world)
        world.call("withdraw", member_id=world.member())
        world.go_to(date(2040, 1, 1))
        return world

    def sweep(world: World) -> None:
        world.clock.advance(minutes=2)  # the lease of who was cut off ends
        world.call("sweep_retention", message="m1")

    worlds = cut_at_every_write(sweep, prepare)
    assert len(worlds) >= 10
    for world in worlds:
        members = list(world.members.scan({}))
        assert all(member.erased_on and not member.email for member in members)
        assert [world.told(member.id).count(MemberErased) for member in members] == [1, 1]
        erasures = list(world.repository("erasures").scan({}))
        assert {each.member_id for each in erasures} == {member.id for member in members}
        assert all(each.state == "acknowledging" for each in erasures)
        assert not list(world.database["registrations"].find({}))


def test_the_clock_sweeps(world: World) -> None:
    """As what the trail calls the clock; a store that is away is met again the next time."""
    applied = declined(world)
    world.go_to(DECLINED_DUE)
    with pytest.MonkeyPatch.context() as patched:
        away = Unavailable("The store cannot be reached.")
        patched.setattr(world.members, "find", lambda *_, **__: (_ for _ in ()).throw(away))
        world.app.sweep_retention_now()
    assert erased(world) == set()
    world.app.sweep_retention_now()
    assert erased(world) == {applied}


# Exports


def test_what_was_gathered_is_dropped_when_it_was_kept_long_enough(world: World) -> None:
    """The request stays on record; what has not become ready counts from when it was due."""
    member_id = world.member()
    request_id = world.call("request_export", member_id=member_id).request_id
    due = world.call("get_export", request_id=request_id, member_id=member_id).summary.due_on
    world.go_to(due + timedelta(days=30))
    assert world.call("sweep_retention").exports_dropped == 0
    world.go_to(due + timedelta(days=31))
    assert world.call("sweep_retention", dry_run=True).exports_dropped == 0
    assert world.call("sweep_retention").exports_dropped == 1
    view = world.call("get_export", request_id=request_id, member_id=member_id)
    assert (view.summary.state, view.summary.dropped_on) == ("dropped", world.today)
    assert not list(world.database["export_parts"].find({}))
    assert world.call("sweep_retention").exports_dropped == 0


def test_a_new_policy_decides_how_long_exports_are_kept(world: World) -> None:
    """Also of those that were gathered before it."""
    world.call("request_export", member_id=world.member())
    in_force(world, date(2027, 1, 1), export_days=1)
    world.go_to(date(2027, 1, 1))
    assert world.call("sweep_retention").exports_dropped == 1
