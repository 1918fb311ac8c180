"""Where a person stands on a day, before admission, after endings and under sanctions."""

from datetime import date
from typing import Any

import pytest

from services.membership.domain.facts import (
    Ending,
    Requirement,
    Review,
    Suspension,
)
from services.membership.domain.terms import (
    EndingKind,
    RefusalReason,
    RegisterStatus,
    ReviewOutcome,
)
from tests.unit.membership.records import (
    JOINED,
    ONE_DAY,
    VERIFIED,
    check,
    held,
    member,
    on,
    person,
    term,
    told,
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("awaiting_verification", "registration_not_checked")),
        ({"registrations": ()}, ("awaiting_verification", "registration_not_checked")),
        (
            {"registration_required": False},
            ("awaiting_verification", "registration_not_checked"),
        ),
        (
            {"registration_required": False, "registrations": ()},
            ("applicant", "registration_not_required"),
        ),
        ({"registrations": (held(VERIFIED),)}, ("applicant", "registration_verified")),
        (
            {"registrations": (held(), held(VERIFIED, number=2))},
            ("applicant", "registration_verified"),
        ),
        (
            {"registrations": (held(check(None, JOINED, RefusalReason.NOT_ON_REGISTER)),)},
            ("registration_refused", "not_on_register"),
        ),
        (
            {
                "registrations": (
                    held(check(None, JOINED, RefusalReason.NAME_DIFFERS)),
                    held(VERIFIED, number=2),
                )
            },
            ("applicant", "registration_verified"),
        ),
        (
            {"registrations": (held(check(None, JOINED, RefusalReason.SUSPENDED)),)},
            ("registration_refused", "suspended"),
        ),
        (
            {
                "registrations": (
                    held(VERIFIED),
                    held(check(None, JOINED, RefusalReason.SUSPENDED), number=2),
                )
            },
            ("registration_refused", "suspended"),
        ),
        (
            {
                "registrations": (held(VERIFIED),),
                "reviews": (Review("r", "GMC:1", JOINED, "declaration"),),
            },
            ("applicant", "declaration_under_review"),
        ),
        (
            {"endings": (Ending(EndingKind.DECLINED, JOINED, "declined", JOINED),)},
            ("declined", "declined"),
        ),
        (
            {"suspensions": (Suspension(JOINED, "committee", JOINED),)},
            ("awaiting_verification", "registration_not_checked"),
        ),
        ({"terms": (term(),)}, ("awaiting_verification", "registration_not_checked")),
    ],
)
def test_an_applicant_stands_by_registration_and_decision(
    facts: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Cover and suspensions count once somebody is admitted, and not before."""
    record = person(**facts)
    assert told(JOINED, record) == expected
    assert on(JOINED, record).covered_to is None


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_a_refusal_gives_the_registers_reason(reason: RefusalReason) -> None:
    """Whatever it is, for somebody who needs a registration."""
    record = person(registrations=(held(check(None, JOINED, reason)),))
    assert told(JOINED, record) == ("registration_refused", reason.value)


def test_a_registration_given_up_does_not_matter_where_none_is_needed() -> None:
    """A retired member's, for example; one erased or suspended does, and no register's does not."""
    for reason, status in (
        (RefusalReason.RELINQUISHED, "applicant"),
        (RefusalReason.ERASED, "registration_refused"),
        (RefusalReason.SUSPENDED, "registration_refused"),
        (RefusalReason.NOT_ON_REGISTER, "registration_refused"),
    ):
        record = person(
            registration_required=False, registrations=(held(check(None, JOINED, reason)),)
        )
        assert told(JOINED, record)[0] == status


def test_a_member_without_need_of_a_registration_loses_nothing_by_adding_one() -> None:
    """Neither while it is unchecked nor when no register has it; an erased one does count."""
    sound: dict[str, Any] = {"registration_required": False}
    assert told(JOINED, member(**sound, registrations=(held(),))) == ("current", "covered")
    for reason, status in (
        (RefusalReason.NOT_ON_REGISTER, "current"),
        (RefusalReason.NAME_DIFFERS, "current"),
        (RefusalReason.RELINQUISHED, "current"),
        (RefusalReason.ERASED, "registration_refused"),
        (RefusalReason.SUSPENDED, "suspended"),
    ):
        record = member(**sound, registrations=(held(check(None, JOINED, reason)),))
        assert told(JOINED, record)[0] == status


def test_a_member_who_comes_to_need_a_registration_awaits_it_from_that_day() -> None:
    """Not from the day they joined: what was told before stays true."""
    changed = date(2026, 6, 1)
    record = member(
        registrations=(), registration_required=True, requirements=(Requirement(False, changed),)
    )
    assert told(changed - ONE_DAY, record) == ("current", "covered")
    assert told(changed, record) == ("awaiting_verification", "registration_not_checked")


def test_an_ending_counts_from_its_day_once_recorded_until_it_is_reversed() -> None:
    """A death recorded late does not change what was told before."""
    died, recorded, reversed_on = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
    record = member(endings=(Ending(EndingKind.DECEASED, died, "deceased", recorded, reversed_on),))
    assert told(recorded - ONE_DAY, record)[0] == "current"
    assert told(recorded, record) == ("deceased", "deceased")
    assert told(reversed_on - ONE_DAY, record)[0] == "deceased"
    assert told(reversed_on, record)[0] == "current"


def test_a_suspension_counts_to_its_last_day() -> None:
    """And has no end where none was set."""
    begun, last = date(2026, 5, 1), date(2026, 6, 30)
    record = member(suspensions=(Suspension(begun, "committee", begun, last),))
    assert told(begun - ONE_DAY, record)[0] == "current"
    assert told(begun, record) == told(last, record) == ("suspended", "committee")
    assert told(last + ONE_DAY, record)[0] == "current"
    assert told(date(2099, 1, 1), member(suspensions=(Suspension(begun, "committee", begun),))) == (
        "suspended",
        "committee",
    )


def test_a_regulators_suspension_goes_before_the_bodys_own() -> None:
    """The reason says whose it is."""
    record = member(
        registrations=(held(VERIFIED, check(None, JOINED, RefusalReason.SUSPENDED)),),
        suspensions=(Suspension(JOINED, "committee", JOINED),),
    )
    assert told(JOINED, record) == ("suspended", "registration_suspended")


def test_only_the_last_look_at_each_register_counts() -> None:
    """On the day it was made and after."""
    suspended = check(RegisterStatus.SUSPENDED, date(2026, 5, 1), RefusalReason.SUSPENDED)
    restored = check(RegisterStatus.REGISTERED, date(2026, 6, 1))
    record = member(registrations=(held(VERIFIED, suspended, restored),))
    assert told(date(2026, 4, 30), record)[0] == "current"
    assert told(date(2026, 5, 1), record)[0] == told(date(2026, 5, 31), record)[0] == "suspended"
    assert told(date(2026, 6, 1), record)[0] == "current"


def test_a_review_is_open_until_the_day_of_the_decision() -> None:
    """As was told on each day."""
    opened, decided = date(2026, 3, 5), date(2026, 3, 20)
    review = Review("r", "GMC:1", opened, "declaration", "", ReviewOutcome.CLEARED, decided)
    record = person(registrations=(held(VERIFIED),), reviews=(review,))
    assert told(opened - ONE_DAY, record)[1] == "registration_verified"
    assert told(opened, record)[1] == told(decided - ONE_DAY, record)[1]
    assert told(opened, record)[1] == "declaration_under_review"
    assert told(decided, record)[1] == "registration_verified"
