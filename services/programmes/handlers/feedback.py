"""What those who attended a session say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.programmes.commands import sessions as commands
from services.programmes.domain.attendance import require_attended
from services.programmes.domain.feedback import Feedback, FeedbackPolicy, comments_of, spread
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import sessions as schemas

if TYPE_CHECKING:
    from services.programmes.repository import Attendances, Feedbacks, Sessions


def give_feedback(
    command: commands.GiveFeedback,
    *,
    desk: Desk,
    sessions: Sessions,
    attendances: Attendances,
    feedbacks: Feedbacks,
    feedback_forms: Mapping[str, FeedbackPolicy],
) -> schemas.FeedbackReceipt:
    """Keep what an attendee says; until some days after the session it can be changed."""
    session, now = sessions.get(command.session_id), desk.clock()
    form = feedback_forms[session.feedback_form]
    ids = desk.standings.ids_of(command.member_id)
    attended = require_attended(attendances.of(session.id, ids), session.id)
    form.require_open(session, now)
    ratings = form.checked(command.ratings)
    given = Feedback(attended.id, session.id, attended.member_id, now)
    given.say(ratings, command.comment, now)
    kept = feedbacks.put(given, lambda found: found.say(ratings, command.comment, now))
    return schemas.FeedbackReceipt(session.id, kept.given_at, form.closes_at(session))


def get_feedback(
    request: schemas.GetFeedback,
    *,
    desk: Desk,
    sessions: Sessions,
    attendances: Attendances,
    feedbacks: Feedbacks,
    feedback_forms: Mapping[str, FeedbackPolicy],
) -> schemas.FeedbackView:
    """What was said, without who said it."""
    session = sessions.get(request.session_id)
    form = feedback_forms[session.feedback_form]
    found = feedbacks.scan({"session_id": session.id})
    answers = [each for each in found if each.ratings]  # of who was forgotten nothing is left
    shown = form.shows(len(answers), session, desk.clock())
    scores = spread(form, answers)
    return schemas.FeedbackView(
        session_id=session.id,
        attended=sum(1 for _ in attendances.scan(attendances.at(session.id))),
        answered=len(answers),
        least_for_comments=form.least_for_comments,
        shown_from=form.closes_at(session),
        ratings=tuple(
            schemas.RatedStatement(question.id, question.prompt, scores[question.id])
            for question in form.questions
        )
        if shown
        else None,
        comments=comments_of(answers) if shown else None,
    )
