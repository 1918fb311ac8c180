"""Sanctions before the committee: declared or found on a register, decided once."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.terms import ReviewOutcome
from services.membership.events import (
    DeclarationReviewed,
    MemberReinstated,
    MemberRemoved,
    MemberSuspended,
)
from shared.errors import Invalid, NotFound, Refused
from tests.unit.membership.builders import TODAY
from tests.unit.membership.world import World


def declared(world: World, detail: str = "A warning by my employer.") -> tuple[str, str]:
    """A member with an open declaration, and its id."""
    member_id = world.member()
    number = world.members.get(member_id).registrations[0].number
    view = world.call(
        "declare_sanction", member_id=member_id, registration_number=number, detail=detail
    )
    return member_id, view.reviews[-1].review_id


def decide(world: World, member_id: str, review_id: str, outcome: str, **changes: Any) -> Any:
    arguments = {"reason": "Heard in full.", "decided_by": "Conduct committee", **changes}
    return world.call(
        "record_review_decision",
        member_id=member_id,
        review_id=review_id,
        outcome=outcome,
        **arguments,
    )


def test_what_a_person_tells_goes_to_the_committee() -> None:
    """With their words; nothing changes until it decides, and nothing of it is public."""
    world = World()
    member_id, review_id = declared(world, "A caution in 2025.")
    [review] = world.call("find_reviews").items
    assert (review.member_id, review.review_id, review.source) == (
        member_id,
        review_id,
        "declaration",
    )
    assert (review.regulator, review.opened_on, review.detail) == (
        "GMC",
        TODAY,
        "A caution in 2025.",
    )
    assert world.status(member_id) == "current"
    assert world.call("get_member", member_id=member_id).declaration_review
    assert "caution" not in str(world.events(member_id))


def test_a_declaration_names_a_registration_of_theirs() -> None:
    """Another one is refused by field."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.call(
            "declare_sanction",
            member_id=world.member(),
            registration_number="9999999",
            detail="x",
        )
    assert list(refused.value.fields) == ["registration_number"]


@pytest.mark.parametrize("outcome", list(ReviewOutcome))
def test_a_decision_is_kept_whole_and_told_by_its_outcome_alone(outcome: ReviewOutcome) -> None:
    """Who decided and why is for staff."""
    world = World()
    member_id, review_id = declared(world)
    [decided] = decide(world, member_id, review_id, outcome.value).reviews
    assert (decided.outcome, decided.decided_on, decided.decided_by, decided.reason) == (
        outcome,
        TODAY,
        "Conduct committee",
        "Heard in full.",
    )
    assert DeclarationReviewed(member_id, outcome.value, TODAY) in world.events(member_id)
    assert world.call("find_reviews").items == ()
    assert not world.call("get_member", member_id=member_id).declaration_review
    assert "Heard" not in str(world.events(member_id))


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("cleared", "current"),
        ("conditions", "current"),
        ("suspended", "suspended"),
        ("removed", "removed"),
    ],
)
def test_a_decision_takes_effect_at_once(outcome: str, status: str) -> None:
    """With the committee as the reason."""
    world = World()
    view = decide(world, *declared(world), outcome)
    assert view.status == status
    assert view.status_reason == ("covered" if status == "current" else "committee")


def test_a_suspension_ends_by_itself() -> None:
    """After its last day, which is told when that day has passed."""
    world = World()
    member_id, review_id = declared(world)
    decide(world, member_id, review_id, "suspended", suspended_until=date(2026, 12, 31))
    assert MemberSuspended(member_id, "committee", TODAY) in world.events(member_id)
    world.go_to(date(2026, 12, 31))
    assert world.status(member_id) == "suspended"
    world.go_to(date(2027, 1, 1))
    assert world.status(member_id) == "current"
    world.call("tick")
    assert MemberReinstated(member_id, "suspended", "current", date(2027, 1, 1)) in world.events(
        member_id
    )


def test_a_suspension_without_an_end_lasts_until_reinstated() -> None:
    """By staff; what the committee removed, too."""
    world = World()
    for outcome in ("suspended", "removed"):
        member_id, review_id = declared(world)
        decide(world, member_id, review_id, outcome)
        world.clock.advance(days=20)
        assert world.status(member_id) == outcome
        view = world.call("reinstate", member_id=member_id, reason="Appeal upheld.")
        assert view.status == "current"
    assert MemberRemoved in world.told()


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), date(2001, 1, 1)])
def test_a_suspension_cannot_be_over_when_it_begins(until: date) -> None:
    """The field is named and nothing is decided."""
    world = World()
    member_id, review_id = declared(world)
    with pytest.raises(Invalid) as refused:
        decide(world, member_id, review_id, "suspended", suspended_until=until)
    assert list(refused.value.fields) == ["suspended_until"]
    assert len(world.call("find_reviews").items) == 1


@pytest.mark.parametrize("until", [TODAY, date.max])
def test_a_suspension_may_last_today_or_to_the_last_day_there_is(until: date) -> None:
    """Today counts as suspended."""
    world = World()
    member_id, review_id = declared(world)
    view = decide(world, member_id, review_id, "suspended", suspended_until=until)
    assert view.status == "suspended"


def test_the_committee_decides_once() -> None:
    """Another decision is refused; the same call again is the same decision."""
    world = World()
    member_id, review_id = declared(world)
    for _ in range(2):
        decide(world, member_id, review_id, "cleared", message="decision")
    with pytest.raises(Refused):
        decide(world, member_id, review_id, "removed")
    with pytest.raises(NotFound):
        decide(world, member_id, "nothing", "cleared")
    assert world.told(member_id).count(DeclarationReviewed) == 1
    assert world.status(member_id) == "current"


def test_a_review_belongs_to_its_member() -> None:
    """One of somebody else's is not found."""
    world = World()
    _, review_id = declared(world)
    with pytest.raises(NotFound):
        decide(world, world.member(), review_id, "cleared")


def test_several_reviews_of_one_member_are_decided_one_by_one() -> None:
    """The rest stays open."""
    world = World()
    member_id, first = declared(world)
    number = world.members.get(member_id).registrations[0].number
    view = world.call(
        "declare_sanction", member_id=member_id, registration_number=number, detail="another"
    )
    second = view.reviews[-1].review_id
    assert first != second
    decide(world, member_id, first, "cleared")
    assert [review.review_id for review in world.call("find_reviews").items] == [second]


def test_open_reviews_come_a_page_of_members_at_a_time() -> None:
    """Every one once, those of a member together."""
    world = World()
    opened = [declared(world) for _ in range(5)]
    world.member()
    found = world.pages("find_reviews", limit=2)
    assert [(r.member_id, r.review_id) for r in found] == sorted(opened)


def test_a_register_that_shows_a_sanction_puts_it_before_the_committee() -> None:
    """At the import, without anybody asking; the member keeps their standing meanwhile."""
    world = World()
    member_id = world.member()
    world.register(member_id, "warning")
    [review] = world.call("find_reviews").items
    assert (review.member_id, review.source, review.detail) == (member_id, "register", "warning")
    assert world.status(member_id) == "current"
