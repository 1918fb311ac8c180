"""What attendees say of sessions, shown without saying who."""

from typing import Any

import pytest

from services.programmes.domain.feedback import FeedbackPolicy
from services.programmes.errors import FeedbackClosed, NotAttended
from services.programmes.reference import load_rules
from services.programmes.subscriptions import MemberErased, MemberMerged
from shared.errors import Invalid
from tests.unit.programmes.school import School

[POLICY] = load_rules("feedback", FeedbackPolicy).values()
QUESTIONS = [question.id for question in POLICY.questions]


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def give(school: School, session_id: str, member_id: str, score: int = 4, **changes: Any) -> Any:
    arguments = {
        "session_id": session_id,
        "member_id": member_id,
        "ratings": [{"question": id, "score": score} for id in QUESTIONS],
        **changes,
    }
    return school.call("give_feedback", by=member_id, **arguments)


def attended(school: School, number: int) -> tuple[str, list[str]]:
    session_id, ids = school.session(), [school.member() for _ in range(number)]
    school.attend(session_id, *ids)
    return session_id, ids


def test_what_was_said_is_shown_without_who_said_it(school: School) -> None:
    """How often each score was given, and comments in an order that is nobody's."""
    session_id, ids = attended(school, 6)
    for id, comment in zip(ids, ("e", "d", " ", "c", "b"), strict=False):
        give(school, session_id, id, score=len(comment.strip()) + 3, comment=comment)
    school.pass_time(days=14)
    view = school.call("get_feedback", session_id=session_id)
    assert (view.attended, view.answered, view.comments) == (6, 5, ("b", "c", "d", "e"))
    assert [each.question for each in view.ratings] == QUESTIONS
    assert view.ratings[0].scores == {"1": 0, "2": 0, "3": 1, "4": 4, "5": 0}
    assert not any(id in str(view) for id in ids)


def shown(school: School, session_id: str) -> tuple[bool, bool]:
    view = school.call("get_feedback", session_id=session_id)
    return view.ratings is not None, view.comments is not None


@pytest.mark.parametrize("fewer", [0, 1])
def test_nothing_is_shown_of_fewer_than_might_be_guessed(school: School, fewer: int) -> None:
    """Neither scores nor comments; that they answered is."""
    number = POLICY.least_for_comments - fewer
    session_id, ids = attended(school, number)
    for id in ids:
        give(school, session_id, id, comment="Invented.")
    school.pass_time(days=POLICY.editable_days)
    assert school.call("get_feedback", session_id=session_id).answered == number
    assert shown(school, session_id) == ((not fewer,) * 2)


def test_what_may_still_change_is_not_shown(school: School) -> None:
    """Else whoever asked before and after an answer, or a change of one, would know what it was."""
    session_id, ids = attended(school, POLICY.least_for_comments + 1)
    for id in ids:
        receipt = give(school, session_id, id, comment="Invented.")
        assert shown(school, session_id) == (False, False)
    school.clock.now = receipt.editable_until
    school.clock.advance(seconds=-1)
    give(school, session_id, ids[0], score=1)
    assert shown(school, session_id) == (False, False)
    school.clock.advance(seconds=1)
    assert shown(school, session_id) == (True, True)
    view = school.call("get_feedback", session_id=session_id)
    assert view.shown_from == receipt.editable_until
    assert view.ratings[0].scores == {"1": 1, "2": 0, "3": 0, "4": len(ids) - 1, "5": 0}


def test_taking_back_an_attendance_does_not_show_what_was_said(school: School) -> None:
    """The answer goes on counting: without it the rest would tell."""
    session_id, ids = attended(school, POLICY.least_for_comments + 1)
    for id in ids:
        give(school, session_id, id)
    school.pass_time(days=POLICY.editable_days)
    before = school.call("get_feedback", session_id=session_id)
    own = {"session_id": session_id, "member_id": ids[0]}
    school.call("retract_attendance", **own, reason="Invented.")
    after = school.call("get_feedback", session_id=session_id)
    assert (after.ratings, after.answered) == (before.ratings, before.answered)
    assert after.attended == before.attended - 1


def test_feedback_is_given_once_and_can_be_changed_for_some_days(school: School) -> None:
    """To the instant, counted from the end of the session."""
    session_id, [member_id] = attended(school, 1)
    receipt = give(school, session_id, member_id)
    give(school, session_id, member_id, score=1)
    assert school.call("get_feedback", session_id=session_id).answered == 1
    school.clock.now = receipt.editable_until
    with pytest.raises(FeedbackClosed):
        give(school, session_id, member_id)
    school.clock.advance(seconds=-1)
    give(school, session_id, member_id, score=2)


def test_only_who_attended_is_asked(school: School) -> None:
    """Under whichever id that was recorded."""
    session_id, [member_id] = attended(school, 1)
    other = school.member()
    with pytest.raises(NotAttended):
        give(school, session_id, other)
    school.tell(MemberMerged(member_id, other))
    give(school, session_id, other)
    assert school.call("get_feedback", session_id=session_id).answered == 1


@pytest.mark.parametrize(
    ("ratings", "field"),
    [
        ([], "ratings"),
        ([{"question": "content", "score": 3}], "ratings"),
        ([{"question": "other", "score": 3}], "ratings.0.question"),
        ([{"question": "content", "score": 6}], "ratings.0.score"),
        ([{"question": "content", "score": 1}] * 2, "ratings.1.question"),
    ],
)
def test_feedback_that_is_not_complete_is_refused_by_field(
    school: School, ratings: list[dict[str, Any]], field: str
) -> None:
    """Every statement is rated once, on the scale."""
    session_id, [member_id] = attended(school, 1)
    with pytest.raises(Invalid) as refused:
        give(school, session_id, member_id, ratings=ratings)
    assert field in refused.value.fields
    assert school.call("get_feedback", session_id=session_id).answered == 0


def test_nothing_of_who_is_forgotten_counts_any_more(school: School) -> None:
    """Neither scores nor words."""
    session_id, ids = attended(school, 2)
    for id in ids:
        give(school, session_id, id, comment="Planted comment.")
    school.tell(MemberErased("r-1", ids[0]))
    assert school.call("get_feedback", session_id=session_id).answered == 1
    documents = list(school.database["feedback"].find({}))
    assert str(documents).count("Planted comment.") == 1
