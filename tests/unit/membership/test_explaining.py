"""Why a status is so on a day, which rules were asked before, and what comes next."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.explaining import _BY_REASON, explain
from services.membership.domain.standing import Standing
from services.membership.domain.terms import RefusalReason, RuleName, Status
from shared.errors import Invalid, NotFound
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.world import World

LAST = date(2027, 11, 22)
REASONS = {
    RuleName.MERGED: ("merged",),
    RuleName.DECEASED: ("deceased",),
    RuleName.REMOVED: ("registration_erased", "committee"),
    RuleName.WITHDRAWN: ("withdrawn",),
    RuleName.DECLINED: ("declined", "committee"),
    RuleName.SUSPENDED: ("registration_suspended", "committee"),
    RuleName.NOT_CHECKED: ("registration_not_checked",),
    RuleName.REGISTRATION_REFUSED: tuple(reason.value for reason in RefusalReason),
    RuleName.NOT_ADMITTED: (
        "declaration_under_review",
        "registration_verified",
        "registration_not_required",
    ),
    RuleName.LAPSED: ("never_covered",),
}


def why(world: World, member_id: str, as_of: date | None = None) -> Any:
    return world.call("explain_status", member_id=member_id, as_of=as_of)


def test_every_reason_is_a_sentence() -> None:
    """None is answered with its code."""
    asked = {reason for reasons in REASONS.values() for reason in reasons}
    assert asked == set(_BY_REASON)
    for rule, reasons in REASONS.items():
        for reason in reasons:
            said = explain(Standing(Status.CURRENT, rule, reason))
            assert said.endswith(".")
            assert "_" not in said


@pytest.mark.parametrize(
    ("rule", "covered_to", "said"),
    [
        (RuleName.COVERED, LAST, "Covered to 2027-11-22."),
        (RuleName.COVERED, None, "Covered without an end."),
        (RuleName.DUE, LAST, "Cover ends on 2027-11-22 and can be renewed."),
        (RuleName.GRACE, LAST, "Cover ended on 2027-11-22; it can still be renewed."),
        (RuleName.LAPSED, LAST, "Cover ended on 2027-11-22 and was not renewed in time."),
        (RuleName.ERASED, LAST, "The personal data was erased."),
    ],
)
def test_the_day_that_counts_is_named(rule: RuleName, covered_to: date | None, said: str) -> None:
    """Where one does."""
    assert explain(Standing(Status.CURRENT, rule, "x", covered_to)) == said


def test_a_status_is_explained_with_rule_policy_and_what_comes_next() -> None:
    """Of today, of the past and of days to come."""
    world = World()
    member_id = world.member()
    today = why(world, member_id)
    assert (today.as_of, today.status, today.rule, today.reason) == (
        TODAY,
        "current",
        "covered",
        "covered",
    )
    assert (today.explanation, today.covered_to, today.policy) == (
        "Covered to 2027-11-22.",
        LAST,
        "2026.1",
    )
    order = BOOK.statuses.on(TODAY).policy.rules
    assert today.passed_over == order[: order.index(RuleName.COVERED)]
    expected = (
        ("due", date(2027, 9, 24)),
        ("grace", date(2027, 11, 23)),
        ("lapsed", date(2027, 12, 23)),
    )
    view = today
    for status, day in expected:
        assert (view.next_change.status, view.next_change.on) == (status, day)
        assert why(world, member_id, day - timedelta(days=1)).status != status
        view = why(world, member_id, day)
        assert (view.status, view.as_of) == (status, day)
    assert view.next_change is None


def test_an_announced_withdrawal_is_what_comes_next() -> None:
    """With its reason."""
    world = World()
    member_id = world.member()
    world.call("withdraw", member_id=member_id, on=date(2027, 1, 1))
    coming = why(world, member_id).next_change
    assert (coming.on, coming.status, coming.reason) == (date(2027, 1, 1), "withdrawn", "withdrawn")


def test_the_past_is_explained_by_what_was_known_then() -> None:
    """A late payment or a death recorded late does not change it."""
    world = World()
    member_id = world.member()
    world.pay(member_id, 116_000)
    world.go_to(date(2027, 12, 10))
    world.call("renew", member_id=member_id)
    grace = why(world, member_id, date(2027, 12, 9))
    assert (grace.status, grace.explanation) == (
        "grace",
        "Cover ended on 2027-11-22; it can still be renewed.",
    )
    assert why(world, member_id).status == "current"
    assert why(world, member_id, date(2027, 12, 9)).next_change.on == date(2027, 12, 10)


def test_nobody_has_a_status_before_they_applied() -> None:
    """The answer says since when there is one."""
    world = World()
    with pytest.raises(Invalid) as refused:
        why(world, world.member(), TODAY - timedelta(days=1))
    assert list(refused.value.fields) == ["as_of"]
    assert TODAY.isoformat() in refused.value.fields["as_of"][0]
    with pytest.raises(NotFound):
        why(world, "nobody")


def test_the_last_day_there_is_can_be_asked_about() -> None:
    """Far away as it is."""
    world = World()
    assert why(world, world.member(), date.max).status == "lapsed"


def test_an_applicant_is_told_what_is_missing() -> None:
    """Step by step."""
    world = World()
    member_id = world.apply()
    assert why(world, member_id).explanation == (
        "The registration has not been compared with the register yet."
    )
    world.call("verify_registration", member_id=member_id)
    assert why(world, member_id).explanation == "The register has no entry with this number."
    world.verify(member_id)
    assert why(world, member_id).explanation == (
        "The registration is verified; admission is still to be decided."
    )
