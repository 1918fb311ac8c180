"""Registrations with regulators: any number for one person, each checked and followed."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.member import Member
from services.membership.domain.regulators import Registration
from services.membership.domain.terms import RegisterStatus
from services.membership.errors import RegistrationHeld
from services.membership.events import (
    MemberReinstated,
    MemberRemoved,
    MemberSuspended,
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
    StandingChanged,
)
from shared.errors import Duplicate, Invalid, NotFound, Refused
from tests.unit.membership.builders import BOOK, TODAY, applicant, entry
from tests.unit.membership.world import World, cut_at_every_write

KEY = "GMC:0712345"
TOMORROW = TODAY + timedelta(days=1)
PHARMACIST: dict[str, Any] = {
    "profession": "pharmacist",
    "regulator": "GPhC",
    "registration_number": "2012345",
}


def looked_at(*said: RegisterStatus | None) -> Member:
    """An applicant after so many looks at the register, a day apart."""
    member = applicant()
    for days, status in enumerate(said):
        found = None if status is None else entry(status)
        member.check(KEY, found, f"review-{days}", TODAY + timedelta(days=days))
    return member


def told(member: Member) -> list[Any]:
    return list(member.recorded[2:])


def test_each_look_at_the_register_is_kept() -> None:
    """A later check adds to the record and replaces nothing."""
    member = looked_at(None, RegisterStatus.REGISTERED, RegisterStatus.WARNING)
    [held] = member.registrations
    assert [check.checked_on for check in held.checks] == [
        TODAY,
        TOMORROW,
        TODAY + timedelta(days=2),
    ]
    assert [check.outcome for check in held.checks] == ["refused", "verified", "verified"]
    assert held.status is RegisterStatus.WARNING


def test_a_check_is_told_every_time() -> None:
    """Verified with the register's word, or refused with the reason."""
    assert told(looked_at(None, RegisterStatus.REGISTERED)) == [
        RegistrationRefused("m-1", "GMC", "not_on_register", TODAY),
        RegistrationVerified("m-1", "GMC", "registered", TOMORROW),
    ]


@pytest.mark.parametrize("before", list(RegisterStatus))
@pytest.mark.parametrize("after", list(RegisterStatus))
def test_a_change_on_the_register_is_told(before: RegisterStatus, after: RegisterStatus) -> None:
    """And only a change; the first look has nothing to compare with."""
    changes = [
        event
        for event in told(looked_at(before, after))
        if isinstance(event, RegistrationStatusChanged)
    ]
    expected = RegistrationStatusChanged("m-1", "GMC", before.value, after.value, TOMORROW)
    assert changes == ([] if before is after else [expected])


def test_a_look_that_says_nothing_of_the_person_changes_nothing() -> None:
    """Missing from an extract, or under another name, the last known status stays known."""
    member = looked_at(RegisterStatus.REGISTERED, None)
    member.check(KEY, entry(RegisterStatus.ERASED, family_name="Other"), "r", TODAY)
    member.check(KEY, entry(RegisterStatus.WARNING), "r-9", TODAY)
    changes = [e for e in told(member) if isinstance(e, RegistrationStatusChanged)]
    assert [(change.was, change.now) for change in changes] == [("registered", "warning")]
    assert member.registrations[0].checks[2].register_status is None


def test_a_restriction_opens_a_review_when_it_is_new() -> None:
    """Not again at each look, but again when it changes or returns."""
    restricted, free = RegisterStatus.CONDITIONS, RegisterStatus.REGISTERED
    member = looked_at(
        restricted, restricted, free, restricted, None, restricted, RegisterStatus.UNDERTAKINGS
    )
    assert [(r.id, r.source, r.detail) for r in member.reviews] == [
        ("review-0", "register", "conditions"),
        ("review-3", "register", "conditions"),
        ("review-6", "register", "undertakings"),
    ]
    assert all(review.registration_key == KEY for review in member.reviews)


def test_an_erased_registration_ends_a_membership_and_not_an_application() -> None:
    """An applicant is refused, and may still be verified later."""
    member = looked_at(RegisterStatus.ERASED)
    assert member.endings == ()
    assert member.standing_on(BOOK, TODAY).status == "registration_refused"
    member.check(KEY, entry(), "r", TODAY)
    member.admit(BOOK, TODAY)
    member.check(KEY, entry(RegisterStatus.ERASED), "r", TOMORROW)
    assert member.standing_on(BOOK, TOMORROW).status == "removed"
    member.check(KEY, entry(), "r", TOMORROW)
    assert member.standing_on(BOOK, TOMORROW).status == "removed"


def test_a_registration_can_be_held_once() -> None:
    """By the same person too."""
    member = applicant()
    with pytest.raises(RegistrationHeld) as refused:
        member.add_registration(Registration("GMC", "0712345"), TODAY)
    assert refused.value.code == "membership.registration_held"
    member.add_registration(Registration("NMC", "09I1234E"), TOMORROW)
    assert [(r.key, r.added_on) for r in member.registrations] == [
        (KEY, TODAY),
        ("NMC:09I1234E", TOMORROW),
    ]
    for ask in (
        lambda: member.registration("GMC:9999999"),
        lambda: member.declare_sanction("GMC:9999999", "x", "r", TODAY),
        lambda: member.check("GMC:9999999", None, "r", TODAY),
    ):
        with pytest.raises(NotFound):
            ask()


# Through the service


def test_one_person_may_have_several_registrations() -> None:
    """They are shown with their checks, and the one they applied with comes first."""
    world = World()
    member_id = world.member()
    view = world.call(
        "add_registration", member_id=member_id, regulator="nmc", registration_number="09i 1234e"
    )
    first, second = view.registrations
    assert (first.regulator, first.status) == ("GMC", "registered")
    assert (second.regulator, second.registration_number) == ("NMC", "09I1234E")
    assert (second.status, second.checks, second.added_on) == (None, (), TODAY)
    assert (view.regulator, view.status) == ("GMC", "current")


def test_every_registration_is_checked_or_the_one_asked_for() -> None:
    """The answer has each check; what was found of the first stands on top."""
    world = World()
    member_id = world.member()
    world.call(
        "add_registration", member_id=member_id, regulator="NMC", registration_number="09I1234E"
    )
    answer = world.call("verify_registration", member_id=member_id)
    assert [(c.regulator, c.outcome) for c in answer.checks] == [
        ("GMC", "verified"),
        ("NMC", "refused"),
    ]
    assert (answer.outcome, answer.status, answer.extract_on) == ("verified", "current", TODAY)
    answer = world.call(
        "verify_registration", member_id=member_id, registration_number=" 09i1234E "
    )
    assert [(c.regulator, c.reason) for c in answer.checks] == [("NMC", "not_on_register")]
    assert (answer.outcome, answer.reason, answer.extract_on) == (
        "refused",
        "not_on_register",
        None,
    )
    view = world.call("get_member", member_id=member_id)
    assert [len(r.checks) for r in view.registrations] == [2, 2]


def test_a_registration_that_is_not_theirs_is_named() -> None:
    """And somebody without any has none to verify."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.call("verify_registration", member_id=world.member(), registration_number="9999999")
    assert list(refused.value.fields) == ["registration_number"]
    student = world.apply(career_stage="student", regulator=None, registration_number=None)
    with pytest.raises(Refused):
        world.call("verify_registration", member_id=student)


@pytest.mark.parametrize(
    ("regulator", "number", "field"),
    [
        ("GXC", "0712345", "regulator"),
        ("GMC", "12", "registration_number"),
        ("PSNI", "4567", "regulator"),
    ],
)
def test_an_added_registration_is_well_formed(regulator: str, number: str, field: str) -> None:
    """By the format of its regulator, in the member's nation; nothing is claimed otherwise."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.call(
            "add_registration",
            member_id=world.member(),
            regulator=regulator,
            registration_number=number,
        )
    assert list(refused.value.fields) == [field]
    assert world.repository("registrations").documents.count_documents({}) == 1


def test_a_registration_belongs_to_one_person() -> None:
    """Whoever had it first; the refusal names the field."""
    world = World()
    one, other = world.member(), world.member()
    number = world.members.get(one).registrations[0].number
    with pytest.raises(Duplicate) as refused:
        world.call("add_registration", member_id=other, regulator="GMC", registration_number=number)
    assert list(refused.value.details["fields"]) == ["registration_number"]
    with pytest.raises(RegistrationHeld):
        world.call("add_registration", member_id=one, regulator="GMC", registration_number=number)
    assert world.repository("registrations").holders([f"GMC:{number}"]) == {f"GMC:{number}": one}


def test_adding_a_registration_cut_off_anywhere_is_completed_by_repeating_it() -> None:
    """It is there once, and claimed."""
    ids: dict[int, str] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = world.member()
        return world

    def act(world: World) -> None:
        world.call(
            "add_registration",
            member_id=ids[id(world)],
            regulator="NMC",
            registration_number="09I1234E",
            message="add",
        )

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 3
    for world in worlds:
        member_id = ids[id(world)]
        keys = [held.key for held in world.members.get(member_id).registrations]
        assert keys[1:] == ["NMC:09I1234E"]
        assert world.repository("registrations").holders(keys).get("NMC:09I1234E") == member_id


def test_a_suspension_on_a_register_suspends_and_its_end_reinstates() -> None:
    """By whichever of their regulators, and others are told each time."""
    world = World()
    member_id = world.member(**PHARMACIST)
    world.verify(member_id, "suspended")
    assert world.call("get_member", member_id=member_id).status_reason == "registration_suspended"
    world.verify(member_id, "registered")
    assert world.status(member_id) == "current"
    kinds = (StandingChanged, MemberSuspended, MemberReinstated, RegistrationStatusChanged)
    assert [e for e in world.events(member_id) if isinstance(e, kinds)] == [
        RegistrationStatusChanged(member_id, "GPhC", "registered", "suspended", TODAY),
        StandingChanged(member_id, "suspended", "registration_suspended", TODAY),
        MemberSuspended(member_id, "registration_suspended", TODAY),
        RegistrationStatusChanged(member_id, "GPhC", "suspended", "registered", TODAY),
        StandingChanged(member_id, "current", "covered", TODAY),
        MemberReinstated(member_id, "suspended", "current", TODAY),
    ]


def test_an_erasure_removes_and_only_reinstating_brings_back() -> None:
    """While the register says erased, not even that."""
    world = World()
    member_id = world.member()
    world.verify(member_id, "erased")
    assert world.status(member_id) == "removed"
    assert MemberRemoved(member_id, "registration_erased", TODAY) in world.events(member_id)
    with pytest.raises(Refused) as refused:
        world.call("reinstate", member_id=member_id, reason="mistake")
    assert refused.value.details["reason"] == "erased"
    world.verify(member_id, "registered")
    assert world.status(member_id) == "removed"
    assert world.call("reinstate", member_id=member_id, reason="restored").status == "current"


def test_a_register_that_has_the_name_otherwise_refuses_until_it_is_corrected() -> None:
    """After a change of name, for example; the old name is not somebody else's."""
    world = World()
    member_id = world.member()
    world.call("change_contact", member_id=member_id, family_name="Newly-Married")
    world.call("verify_registration", member_id=member_id)
    view = world.call("get_member", member_id=member_id)
    assert (view.status, view.status_reason) == ("registration_refused", "name_differs")
    world.verify(member_id)
    assert world.status(member_id) == "current"


def test_a_check_says_which_extract_it_read() -> None:
    """The day the entry was last imported, not the day of the check."""
    world = World()
    member_id = world.member()
    world.go_to(date(2027, 1, 10))
    answer = world.call("verify_registration", member_id=member_id)
    assert (answer.checked_on, answer.extract_on) == (date(2027, 1, 10), TODAY)
