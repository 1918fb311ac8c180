"""Two records made one and taken apart again: nothing of either is lost, whatever happens between.

Any two records, any list of what is taken over, any changes meanwhile.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.facts import Entitlement, Posting, Review, Term
from services.membership.domain.member import Member
from services.membership.domain.merging import Swap, Takeable
from services.membership.domain.registrant import HeldRegistration
from services.membership.domain.regulators import Registration
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import CareerStage, EntitlementKind, Status
from services.membership.errors import Merged, NotMergeable, NotMerged
from services.membership.events import ContactChanged, MemberMerged, MemberUnmerged
from shared.errors import Invalid
from shared.events import from_document, to_document
from shared.testing import error_of
from tests.unit.membership.builders import BOOK, TODAY, applicant

MERGED_ON, CHANGED_ON, UNMERGED_ON = (TODAY + timedelta(days=n) for n in (1, 2, 3))
LONG_AGO = TODAY - timedelta(days=500)
KEYED = ("registrations", "entitlements", "awards")
ADDED = ("terms", "account")


def person(id: str, **changes: Any) -> Member:
    """A record that is settled and has told all."""
    member = applicant(email=f"{id}@example.org", given_name=id.title())
    member.id = id
    for name, value in changes.items():
        setattr(member, name, value)
    member.settle(BOOK, TODAY)
    member.forget_recorded()
    return member


def entitlement(kind: EntitlementKind, source_id: str, number: int) -> Entitlement:
    """Those with one key are the same whoever has them."""
    from_on = LONG_AGO + timedelta(days=number)
    return Entitlement(kind, source_id, from_on, LONG_AGO, from_on + timedelta(days=900))


def term(number: int) -> Term:
    starts_on = LONG_AGO + timedelta(days=365 * number)
    return Term(starts_on, starts_on + timedelta(days=364), "member", 100, LONG_AGO, {"terms": "1"})


KINDS = st.sampled_from([EntitlementKind.ALUMNI, EntitlementKind.HONORARY, EntitlementKind.SEAT])
DAYS = st.dates(date(1950, 1, 1), date(2000, 12, 31))
NAMES = st.sampled_from(["Nia", "Una", "Owen"])
TAKES = st.frozensets(st.sampled_from(Takeable))


@st.composite
def people(draw: st.DrawFn, id: str) -> Member:
    """A record with all that can be taken over; numbers and awards are its own."""
    numbers = draw(st.lists(st.integers(0, 4), unique=True))
    entitled = draw(st.lists(st.tuples(KINDS, st.sampled_from("abc"), st.integers(0, 2))))
    posted = draw(st.lists(st.integers(0, 2)))
    return person(
        id,
        given_name=draw(NAMES),
        family_name=draw(NAMES),
        date_of_birth=draw(DAYS),
        registrations=tuple(
            HeldRegistration("GMC", f"{id}{n}", f"GMC:{id}{n}", LONG_AGO) for n in numbers
        ),
        entitlements=tuple(entitlement(*each) for each in dict.fromkeys(entitled)),
        awards=tuple(
            Award(f"{id}-{n}", "fellow", "FFMLM", LONG_AGO)
            for n in draw(st.lists(st.integers(0, 2), unique=True))
        ),
        terms=tuple(map(term, draw(st.lists(st.integers(0, 2))))),
        account=tuple(Posting(TODAY, -100, "invented", f"reference {n}") for n in posted),
    )


def state(member: Member) -> dict[str, Any]:
    """All that is stored, but for what was told of the status, and what follows from that."""
    derived = ("settled", "keeping")
    return {name: value for name, value in to_document(member).items() if name not in derived}


def merge(kept: Member, merged: Member, take: Any, today: date = MERGED_ON) -> None:
    merged.merge_into(kept, today, Status.CURRENT, Status.CURRENT)
    kept.take_over(merged, take, today)


def unmerge(kept: Member, merged: Member) -> None:
    kept.give_back(merged.id)
    merged.come_back(UNMERGED_ON)


def rename(member: Member) -> None:
    member.change_contact("Changed", None, None)


def move(member: Member) -> None:
    member.change_contact(None, None, "changed@example.org")


def correct(member: Member) -> None:
    member.date_of_birth = date(2001, 1, 1)


def pay(member: Member) -> None:
    member.pay(5_000, "payment", "bank 1", CHANGED_ON)


def entitle(member: Member) -> None:
    member.entitle(EntitlementKind.ALUMNI, "new", CHANGED_ON, None, CHANGED_ON)


def register(member: Member) -> None:
    member.add_registration(Registration("GMC", "7654321"), CHANGED_ON)


def check(member: Member) -> None:
    for held in member.registrations:
        member.check(held.key, None, f"review of {held.key}", CHANGED_ON)


def award(member: Member) -> None:
    """Those held before end with it, whoever's they are."""
    member.grant_award(Award("new", "senior_fellow", "SFFMLM", CHANGED_ON))


def renew(member: Member) -> None:
    begun = Term(CHANGED_ON, None, "member", 100, CHANGED_ON, {"terms": "1"})
    member.terms = (*member.terms, begun)


def move_on(member: Member) -> None:
    member.change_career_stage(BOOK, CareerStage.SENIOR, CHANGED_ON)


def tell_apart(member: Member) -> None:
    member.tell_apart("somebody-else", CHANGED_ON)


def shorten(member: Member) -> None:
    """Those that were taken over end too."""
    for each in member.entitled:
        if each.until_on is None or each.until_on > CHANGED_ON:
            member.end_entitlement(each.kind, each.source_id, CHANGED_ON, CHANGED_ON)


def settle(member: Member) -> None:
    member.settle(BOOK, CHANGED_ON)


CHANGES = [
    rename, move, correct, pay, entitle, register, check, award, renew, move_on, tell_apart, settle
]  # fmt: skip


@given(people("k"), people("m"), TAKES, st.lists(st.sampled_from(CHANGES), unique=True))
def test_a_merge_taken_back_never_was(
    kept: Member, merged: Member, take: frozenset[Takeable], changes: list[Any]
) -> None:
    """The merged record is as it was, the kept one as if only the changes had been made."""
    twin, before = deepcopy(kept), state(merged)
    merge(kept, merged, take)
    for change in changes:
        change(kept)
        change(twin)
    unmerge(kept, merged)
    assert state(merged) == before
    assert state(kept) == state(twin)


@given(
    people("k"),
    people("m"),
    TAKES,
    st.lists(st.sampled_from([*CHANGES, shorten]), unique=True),
    st.data(),
)
def test_only_what_was_taken_goes_and_all_of_it(
    kept: Member,
    merged: Member,
    take: frozenset[Takeable],
    changes: list[Any],
    data: st.DataObject,
) -> None:
    """Also when what was taken was changed meanwhile: entries go, changed values stay."""
    merge(kept, merged, take)
    (taking,) = kept.takings
    for change in changes:
        change(kept)
    for name in KEYED:
        entries = data.draw(st.permutations(getattr(kept, name)))
        setattr(kept, name, tuple(entries))
    meanwhile = deepcopy(kept)
    unmerge(kept, merged)
    for name in KEYED:
        stayed = [e for e in getattr(meanwhile, name) if _key(e) not in getattr(taking, name)]
        assert list(getattr(kept, name)) == stayed
    for name in ADDED:
        both = (*getattr(kept, name), *getattr(taking, name))
        assert sorted(map(repr, both)) == sorted(map(repr, getattr(meanwhile, name)))
    for name, swap in taking.values.items():
        now = _text(getattr(meanwhile, name))
        assert _text(getattr(kept, name)) == (swap.before if now == swap.taken else now)


def _key(entry: Any) -> str:
    match entry:
        case HeldRegistration():
            return entry.key
        case Award():
            return entry.fellowship_id
        case _:
            return f"{entry.kind}:{entry.source_id}:{entry.from_on}"


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@given(people("k"), people("m"), TAKES)
def test_all_that_is_asked_for_is_taken_and_nothing_else(
    kept: Member, merged: Member, take: frozenset[Takeable]
) -> None:
    """What the kept record had stays in front; what was not asked for is untouched."""
    before = deepcopy(kept)
    merge(kept, merged, take)
    for name in ("given_name", "family_name", "email", "date_of_birth"):
        theirs = getattr(merged, name)
        taken = name in take and theirs is not None
        assert getattr(kept, name) == (theirs if taken else getattr(before, name))
    for name in (*KEYED, *ADDED):
        mine, now = getattr(before, name), getattr(kept, name)
        assert now[: len(mine)] == mine
        assert name in take or now == mine
    if "registrations" in take:
        assert [r.key for r in kept.registrations] == [
            r.key for member in (before, merged) for r in member.registrations
        ]
    if "entitlements" in take:
        offered = {e for e in merged.entitlements if e.kind is not EntitlementKind.SEAT}
        keys = {_key(each) for each in (*before.entitlements, *offered)}
        assert {_key(each) for each in kept.entitlements} == keys
    if "awards" in take:
        assert kept.awards == (*before.awards, *merged.awards)
    if "account" in take:
        assert kept.balance_pence == before.balance_pence + merged.balance_pence
    if "terms" in take:
        assert len(kept.terms) == len(before.terms) + len(merged.terms)


@given(people("k"), people("m"), TAKES)
def test_nothing_but_the_merge_itself_changes_the_merged_record(
    kept: Member, merged: Member, take: frozenset[Takeable]
) -> None:
    """It stays whole while another one stands for it."""
    before = state(merged)
    merge(kept, merged, take)
    assert state(merged) == {**before, "merged_on": MERGED_ON.isoformat(), "merged_into": "k"}


@given(people("k"), people("m"), TAKES)
def test_what_was_taken_counts_from_the_day_of_the_merge(
    kept: Member, merged: Member, take: frozenset[Takeable]
) -> None:
    """A past day is judged by what was on record that day, so it has no other status now."""
    was = [kept.standing_on(BOOK, TODAY - timedelta(days=n)) for n in range(0, 900, 100)]
    merge(kept, merged, take)
    assert was == [kept.standing_on(BOOK, TODAY - timedelta(days=n)) for n in range(0, 900, 100)]


@given(people("k"), people("m"), TAKES)
def test_a_taking_can_be_stored(kept: Member, merged: Member, take: frozenset[Takeable]) -> None:
    """What was taken reads back from a document as it was."""
    merge(kept, merged, take)
    assert from_document(Member, to_document(kept)).takings == kept.takings


@given(people("k"), people("a"), people("b"), TAKES, TAKES, st.booleans())
def test_of_two_merges_each_can_be_taken_back_first(
    kept: Member,
    one: Member,
    other: Member,
    take: frozenset[Takeable],
    more: frozenset[Takeable],
    latest: bool,
) -> None:
    """What is left is what the other merge alone would have made; then nothing is left."""
    before, alone = state(kept), deepcopy(kept)
    merge(kept, one, take)
    merge(kept, other, more)
    gone, stays = (other, one) if latest else (one, other)
    merge(alone, replaced(stays), take if latest else more)
    unmerge(kept, gone)
    assert unordered(kept) == unordered(alone)
    unmerge(kept, stays)
    assert state(kept) == before


def replaced(member: Member) -> Member:
    """The record before it was merged."""
    copy = deepcopy(member)
    copy.merged_on = copy.merged_into = None
    return copy


def unordered(member: Member) -> dict[str, Any]:
    """The state, but for the order in which entries came."""
    found = state(member)
    return {
        name: sorted(map(repr, value)) if name in (*KEYED, *ADDED) else value
        for name, value in found.items()
    }


def test_a_value_changed_between_two_merges_is_not_lost() -> None:
    """The later merge put its own in place of the change, and gives the change back."""
    kept, one, other = person("k"), person("a", given_name="Una"), person("b", given_name="Owen")
    merge(kept, one, [Takeable.GIVEN_NAME])
    kept.change_contact("Changed", None, None)
    merge(kept, other, [Takeable.GIVEN_NAME])
    unmerge(kept, one)
    assert kept.given_name == "Owen"
    unmerge(kept, other)
    assert kept.given_name == "Changed"


def test_both_sides_tell() -> None:
    """One event each for the merge and its end, on the merged record, and none on the kept one."""
    kept, merged = person("k"), person("m")
    merge(kept, merged, [Takeable.TERMS])
    unmerge(kept, merged)
    assert merged.recorded == (
        MemberMerged("m", "k", MERGED_ON),
        MemberUnmerged("m", "k", UNMERGED_ON),
    )
    assert kept.recorded == ()


def test_a_contact_that_changes_is_told() -> None:
    """When it is taken and when it goes back, complete; not when it stays."""
    kept, merged = person("k"), person("m")
    merge(kept, merged, [Takeable.EMAIL, Takeable.DATE_OF_BIRTH])
    surname = kept.family_name
    assert kept.recorded == (ContactChanged("k", "K", surname, "m@example.org"),)
    assert kept.takings[0].values["email"] == Swap("m@example.org", "k@example.org")
    kept.forget_recorded()
    unmerge(kept, merged)
    assert kept.recorded == (ContactChanged("k", "K", surname, "k@example.org"),)


def test_what_a_record_lacks_is_not_taken() -> None:
    """A birth date that is not known does not take the place of one that is."""
    kept, merged = person("k"), person("m", date_of_birth=None)
    born = kept.date_of_birth
    merge(kept, merged, Takeable)
    assert kept.date_of_birth == born
    assert "date_of_birth" not in kept.takings[0].values


def test_replaced_entitlements_are_not_taken() -> None:
    """What counted once and does not now stays where it was recorded."""
    old = replace(entitlement(EntitlementKind.ALUMNI, "a", 0), replaced_on=TODAY)
    merged = person("m", entitlements=(old,))
    merge(kept := person("k"), merged, Takeable)
    assert kept.entitlements == ()


def test_giving_back_what_was_not_taken_changes_nothing() -> None:
    """A call that was cut off may have given it back before."""
    kept = person("k")
    before = state(kept)
    kept.give_back("m")
    assert state(kept) == before
    assert kept.recorded == ()


def refused(kept: Member, merged: Member, *statuses: Status) -> Any:
    both = statuses or (Status.CURRENT, Status.CURRENT)
    before = state(merged)
    error = error_of(lambda: merged.merge_into(kept, MERGED_ON, *both))
    assert state(merged) == before
    assert merged.recorded == ()
    return error


def test_nobody_is_merged_into_themself() -> None:
    """It takes two."""
    member = person("m")
    error = refused(member, member)
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["merged_id"]


def test_a_merged_record_is_not_merged_again_nor_into() -> None:
    """The refusal says with whom to go on."""
    kept, merged, third = person("k"), person("m"), person("t")
    merge(kept, merged, [])
    merged.forget_recorded()
    for error in (refused(kept, merged), refused(third, merged), refused(merged, third)):
        assert isinstance(error, Merged)
        assert error.details == {"member_id": "m", "into": "k"}
    again = error_of(lambda: kept.take_over(merged, [], MERGED_ON))
    assert isinstance(again, Merged)


def test_a_merge_that_was_cut_off_goes_on() -> None:
    """Until the kept record took over, the merged one may be merged into it once more."""
    kept, merged = person("k"), person("m")
    merged.merge_into(kept, TODAY, Status.CURRENT, Status.CURRENT)
    merged.forget_recorded()
    merged.merge_into(kept, MERGED_ON, Status.CURRENT, Status.CURRENT)
    assert merged.recorded == ()
    assert merged.merged_on == TODAY


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.REMOVED, Status.DECEASED])
def test_what_was_decided_about_a_person_does_not_vanish(status: Status) -> None:
    """Keep that record instead, unless the same is true of both."""
    error = refused(person("k"), person("m"), status, Status.CURRENT)
    assert isinstance(error, NotMergeable)
    assert error.details == {"reason": status.value}
    person("m").merge_into(person("k"), MERGED_ON, status, status)
    person("m").merge_into(person("k"), MERGED_ON, Status.CURRENT, status)


def test_a_sanction_is_decided_before_the_merge() -> None:
    """Nobody would look at it on a record that is closed."""
    merged = person("m", reviews=(Review("r-1", "GMC:0712345", TODAY, "declaration"),))
    error = refused(person("k"), merged)
    assert isinstance(error, NotMergeable)
    assert error.details == {"reason": "under_review"}


def test_only_what_is_merged_comes_back() -> None:
    """There is nothing else to take apart."""
    error = error_of(lambda: person("m").come_back(UNMERGED_ON))
    assert isinstance(error, NotMerged)
    assert error.details == {"member_id": "m"}
