"""What may be asked about rounds of offers."""

from dataclasses import dataclass

from shared.events import text


@dataclass(frozen=True, kw_only=True)
class PrepareRound:
    """Plan a cohort's next round: the first by a match, later ones from what has become free."""

    cohort_id: str = text(64)
    match_id: str | None = text(64, default=None, description="Needed while no round stands.")


@dataclass(frozen=True, kw_only=True)
class DiscardRound:
    """Give up a round that was not released."""

    round_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class ApproveRound:
    """Say, as one person, that a round may be released."""

    round_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class ReleaseRound:
    """Make the offers of a round, as another person; where it has findings, with a reason."""

    round_id: str = text(64)
    reason: str = text(1_000, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class RequestReversal:
    """Ask, as one person, that all offers of the latest round be taken back."""

    round_id: str = text(64)
    reason: str = text(1_000)


@dataclass(frozen=True, kw_only=True)
class ReverseRound:
    """Take all offers of a round back, as another person than the one who asked for it."""

    round_id: str = text(64)
    reason: str = text(1_000)
