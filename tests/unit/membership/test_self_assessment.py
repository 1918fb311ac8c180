"""What members say of themselves against the standards."""

import json
from datetime import date, timedelta

import pytest

from services.membership.entrypoints import MembershipService
from services.membership.errors import NotAMember
from services.membership.events import SelfAssessmentRecorded
from shared.errors import Invalid, NotFound
from tests.unit.membership.world import World

RATINGS = [
    {"behaviour": "self.1", "level": 2, "note": "  Planted-Note about feedback. "},
    {"behaviour": "team.2", "level": 4},
]


@pytest.fixture
def world() -> World:
    """A fresh service."""
    return World()


def test_an_assessment_is_kept_with_the_version_of_the_standards(world: World) -> None:
    """What was said, on which day, by which standards."""
    member_id = world.member()
    made = world.call("self_assess", member_id=member_id, ratings=RATINGS)
    assert (made.standards, made.recorded_on) == ("2021.3", world.today)
    assert [(r.behaviour, r.level, r.note) for r in made.ratings] == [
        ("self.1", 2, "Planted-Note about feedback."),
        ("team.2", 4, ""),
    ]
    assert world.call("get_self_assessments", member_id=member_id).items == (made,)


def test_another_assessment_is_added_and_changes_none(world: World) -> None:
    """The record only grows; its order is that in which assessments were made."""
    member_id, other_id = world.member(), world.member()
    first = world.call("self_assess", member_id=member_id, ratings=RATINGS)
    world.call("self_assess", member_id=other_id, ratings=RATINGS)
    world.go_to(world.today + timedelta(days=100))
    second = world.call("self_assess", member_id=member_id, ratings=RATINGS[:1])
    assert world.pages("get_self_assessments", member_id=member_id, limit=1) == [first, second]


def test_the_same_call_is_one_assessment(world: World) -> None:
    """A call that is delivered again gives what was kept."""
    member_id = world.member()
    made = world.call("self_assess", message="m", member_id=member_id, ratings=RATINGS)
    assert world.call("self_assess", message="m", member_id=member_id, ratings=RATINGS) == made
    assert world.pages("get_self_assessments", member_id=member_id) == [made]


def test_the_event_does_not_repeat_what_was_said(world: World) -> None:
    """Others learn that an assessment was made, and by which standards."""
    member_id = world.member()
    made = world.call("self_assess", by=member_id, member_id=member_id, ratings=RATINGS)
    assert world.events(made.assessment_id) == [
        SelfAssessmentRecorded(member_id, "2021.3", world.today)
    ]
    document = world.document("self_assessments", made.assessment_id)
    assert document is not None
    assert "Planted-Note" in json.dumps(document["ratings"])
    assert "Planted-Note" not in json.dumps(document["outbox"], default=str)


def test_the_history_of_a_member_says_who_assessed(world: World) -> None:
    """The write is in the member's history, under its own record."""
    member_id = world.member()
    made = world.call("self_assess", by=member_id, member_id=member_id, ratings=RATINGS)
    found = world.pages("get_history", member_id=member_id)
    [entry] = [each for each in found if each.record == "selfassessment"]
    assert (entry.record_id, entry.by, entry.action) == (
        made.assessment_id,
        member_id,
        "self_assess",
    )


@pytest.mark.parametrize(
    ("ratings", "field"),
    [
        ([{"behaviour": "self.99", "level": 1}], "ratings.0.behaviour"),
        ([*RATINGS, {"behaviour": "self.1", "level": 3}], "ratings.2.behaviour"),
        ([{"behaviour": "self.1", "level": 5}], "ratings.0.level"),
        ([{"behaviour": "self.1", "level": 0}], "ratings.0.level"),
        ([], "ratings"),
    ],
)
def test_a_rating_that_means_nothing_is_named(
    world: World, ratings: list[dict[str, object]], field: str
) -> None:
    """An unknown behaviour, one rated twice, a level the policy does not have, or none at all."""
    with pytest.raises(Invalid) as refused:
        world.call("self_assess", member_id=world.member(), ratings=ratings)
    assert list(refused.value.fields) == [field]


def test_only_members_assess_themselves(world: World) -> None:
    """An applicant does not, nor does who has left; who is not known is not found."""
    with pytest.raises(NotAMember):
        world.call("self_assess", member_id=world.apply(), ratings=RATINGS)
    member_id = world.member()
    world.call("withdraw", member_id=member_id)
    with pytest.raises(NotAMember):
        world.call("self_assess", member_id=member_id, ratings=RATINGS)
    for method, more in (("self_assess", {"ratings": RATINGS}), ("get_self_assessments", {})):
        with pytest.raises(NotFound):
            world.call(method, member_id="nobody", **more)


def test_what_was_said_stays_readable_by_who_left(world: World) -> None:
    """Leaving takes nothing away from one's own record."""
    member_id = world.member()
    made = world.call("self_assess", member_id=member_id, ratings=RATINGS)
    world.call("withdraw", member_id=member_id)
    assert world.pages("get_self_assessments", member_id=member_id) == [made]


def test_a_later_edition_judges_what_is_said_from_then_on(world: World) -> None:
    """Codes are those of the standards in force on the day, and the version says which."""
    member_id = world.member()
    row = {"source": "Invented.", "code": "self.40", "domain": "self", "text": "Invented."}
    body = {
        "edition": "Invented edition",
        "domains": [{"code": "self", "title": "Self", "source": "Invented."}],
        "behaviours": [row],
        "levels": [{"level": 7, "title": "Seven", "source": "Invented."}],
    }
    world.call(
        "propose_policy_version",
        version="2027.1",
        effective_from=date(2027, 1, 1),
        reason="Invented.",
        standards=body,
    )
    world.call("activate_policy_version", kind="standards", version="2027.1", reason="Invented.")
    new = [{"behaviour": "self.40", "level": 7}]
    with pytest.raises(Invalid):
        world.call("self_assess", member_id=member_id, ratings=new)
    world.go_to(date(2027, 1, 1))
    assert world.call("self_assess", member_id=member_id, ratings=new).standards == "2027.1"
    with pytest.raises(Invalid):
        world.call("self_assess", member_id=member_id, ratings=RATINGS)


@pytest.mark.parametrize(
    "method", ["self_assess", "get_self_assessments", "get_leadership_passport"]
)
def test_members_reach_their_own_record(method: str) -> None:
    """Each is open to the member it concerns, and what they say stays out of the logs."""
    contract = getattr(MembershipService, method).contract
    assert contract.own == "member_id"
    assert contract.sensitive == (("ratings",) if contract.writes else ())
