"""What members say of sessions they attended."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import sessions as commands
from services.programmes.schemas import sessions as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Declarations:
    """What members say of sessions they attended."""

    app: Any

    @rpc(
        commands.DeclareTravel,
        returns=schemas.TravelView,
        scope="programmes:write",
        own="member_id",
        sensitive=(
            "legs",
            "nights",
            "london",
        ),
        errors=(Invalid, NotFound, errors.NotAttended),
        writes=True,
    )
    def declare_travel(self, command: commands.DeclareTravel) -> schemas.TravelView:
        """Say how one came to a session, for its carbon footprint."""
        return self.app.declare_travel(command)

    @rpc(
        commands.WithdrawTravel,
        returns=schemas.TravelView,
        scope="programmes:write",
        own="member_id",
        errors=(NotFound,),
        writes=True,
    )
    def withdraw_travel(self, command: commands.WithdrawTravel) -> schemas.TravelView:
        """Take back what was said of the way."""
        return self.app.withdraw_travel(command)

    @rpc(
        schemas.GetTravel,
        returns=schemas.TravelView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_travel(self, request: schemas.GetTravel) -> schemas.TravelView:
        """What a member declared of the way to a session."""
        return self.app.get_travel(request)

    @rpc(
        schemas.GetSessionTravel,
        returns=schemas.SessionTravelView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_session_travel(self, request: schemas.GetSessionTravel) -> schemas.SessionTravelView:
        """What the ways to a session amount to."""
        return self.app.get_session_travel(request)

    @rpc(
        commands.GiveFeedback,
        returns=schemas.FeedbackReceipt,
        scope="programmes:write",
        own="member_id",
        sensitive=(
            "ratings",
            "comment",
        ),
        errors=(Invalid, NotFound, errors.NotAttended, errors.FeedbackClosed),
        writes=True,
    )
    def give_feedback(self, command: commands.GiveFeedback) -> schemas.FeedbackReceipt:
        """Say how a session was."""
        return self.app.give_feedback(command)

    @rpc(
        schemas.GetFeedback,
        returns=schemas.FeedbackView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_feedback(self, request: schemas.GetFeedback) -> schemas.FeedbackView:
        """What was said of a session, without who said it."""
        return self.app.get_feedback(request)
