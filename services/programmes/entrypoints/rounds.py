"""Rounds of offers: prepared, approved, released, taken back."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import rounds as commands
from services.programmes.schemas import rounds as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc

_STATE = (NotFound, errors.WrongRoundState, errors.RoundReversed)


class Rounds:
    """Rounds of offers: prepared, approved, released, taken back."""

    app: Any

    @rpc(
        commands.PrepareRound,
        returns=schemas.RoundView,
        scope="programmes:write",
        errors=(
            Invalid,
            NotFound,
            errors.WrongWay,
            errors.RoundUnderWay,
            errors.LaterRound,
            errors.NothingToOffer,
        ),
        writes=True,
    )
    def prepare_round(self, command: commands.PrepareRound) -> schemas.RoundView:
        """Plan a cohort's next round of offers."""
        return self.app.prepare_round(command)

    @rpc(
        commands.DiscardRound,
        returns=schemas.RoundView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=_STATE,
        writes=True,
    )
    def discard_round(self, command: commands.DiscardRound) -> schemas.RoundView:
        """Give up a round that was not released."""
        return self.app.discard_round(command)

    @rpc(
        commands.ApproveRound,
        returns=schemas.RoundView,
        scope="programmes:write",
        errors=_STATE,
        writes=True,
    )
    def approve_round(self, command: commands.ApproveRound) -> schemas.RoundView:
        """Say, as one person, that a round may be released."""
        return self.app.approve_round(command)

    @rpc(
        commands.ReleaseRound,
        returns=schemas.RoundView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            *_STATE,
            errors.SecondPersonNeeded,
            errors.ReleaseBlocked,
            errors.ReasonNeeded,
        ),
        writes=True,
    )
    def release_round(self, command: commands.ReleaseRound) -> schemas.RoundView:
        """Make the offers of a round, as another person."""
        return self.app.release_round(command)

    @rpc(
        commands.RequestReversal,
        returns=schemas.RoundView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(*_STATE, errors.LaterRound, errors.RoundUnderWay, errors.PlacementsBegun),
        writes=True,
    )
    def request_reversal(self, command: commands.RequestReversal) -> schemas.RoundView:
        """Ask, as one person, that all offers of the latest round be taken back."""
        return self.app.request_reversal(command)

    @rpc(
        commands.ReverseRound,
        returns=schemas.RoundView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            *_STATE,
            errors.SecondPersonNeeded,
            errors.LaterRound,
            errors.RoundUnderWay,
            errors.PlacementsBegun,
        ),
        writes=True,
    )
    def reverse_round(self, command: commands.ReverseRound) -> schemas.RoundView:
        """Take all offers of a round back, as another person than who asked for it."""
        return self.app.reverse_round(command)

    @rpc(
        schemas.CheckRelease,
        returns=schemas.ReleaseCheck,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def check_release(self, request: schemas.CheckRelease) -> schemas.ReleaseCheck:
        """What the gate finds now in a round."""
        return self.app.check_release(request)

    @rpc(
        schemas.GetRound,
        returns=schemas.RoundView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_round(self, request: schemas.GetRound) -> schemas.RoundView:
        """One round with its lines."""
        return self.app.get_round(request)

    @rpc(
        schemas.FindRounds,
        returns=schemas.RoundPage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_rounds(self, request: schemas.FindRounds) -> schemas.RoundPage:
        """The rounds of a cohort as they were prepared."""
        return self.app.find_rounds(request)
