"""Reads of rounds of offers, and their answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from services.programmes.domain.gate import Finding, blocking
from services.programmes.domain.matching import Method
from services.programmes.domain.offer_round import Line, OfferRound, RoundState, Skipped
from services.programmes.schemas.pages import PAGE_LIMIT
from services.programmes.subscriptions import Figure
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetRound:
    """Ask for a round with its lines."""

    round_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindRounds:
    """Ask for the rounds of a cohort in the order in which they were prepared."""

    cohort_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class CheckRelease:
    """Ask what the gate finds in a round."""

    round_id: str = text(64)


@dataclass(frozen=True)
class RoundSummary:
    """A round without its lines, with who had which part in it."""

    round_id: str
    cohort_id: str
    number: int
    match_id: str | None
    method: Method
    state: RoundState
    offers: int
    skipped: int
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    released_by: str | None
    released_at: datetime | None
    reversal_by: str | None
    reversed_by: str | None
    reversed_at: datetime | None

    @classmethod
    def of(cls, found: OfferRound) -> Self:
        return cls(**_summary(found))


@dataclass(frozen=True)
class RoundView:
    """A round with its lines in selection order.

    ``findings`` are what the gate found when it was released, null before: check_release says what
    it finds now. ``dropped`` are those of its lines that came to nothing when it was released,
    ``spared`` those whose offers its reversal left alone, each with why.
    """

    round_id: str
    cohort_id: str
    number: int
    match_id: str | None
    method: Method
    state: RoundState
    offers: int
    skipped: tuple[Skipped, ...]
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    released_by: str | None
    released_at: datetime | None
    reversal_by: str | None
    reversed_by: str | None
    reversed_at: datetime | None
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] | None
    dropped: tuple[Skipped, ...]
    spared: tuple[Skipped, ...]

    @classmethod
    def of(cls, found: OfferRound) -> Self:
        values = {
            **_summary(found),
            "skipped": found.skipped,
            "lines": found.lines,
            "findings": None if found.released_at is None else found.findings,
            "dropped": found.dropped,
            "spared": found.spared,
        }
        return cls(**values)


def _summary(found: OfferRound) -> dict[str, Any]:
    return {
        "round_id": found.id,
        "cohort_id": found.cohort_id,
        "number": found.number,
        "match_id": found.match_id,
        "method": found.method,
        "state": found.state,
        "offers": len(found.lines if found.kept is None else found.kept),
        "skipped": len(found.skipped),
        "prepared_by": found.prepared_by,
        "prepared_at": found.prepared_at,
        "approved_by": found.approved_by,
        "approved_at": found.approved_at,
        "released_by": found.released_by,
        "released_at": found.released_at,
        "reversal_by": found.reversal_by,
        "reversed_by": found.reversed_by,
        "reversed_at": found.reversed_at,
    }


@dataclass(frozen=True)
class RoundPage:
    """Some rounds; ``next_cursor`` is null on the last page."""

    items: tuple[RoundSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class FindingView:
    """What the gate found; no reason can justify a release with one that is ``blocking``."""

    code: str
    blocking: bool
    number: int
    about: tuple[str, ...]
    detail: str

    @classmethod
    def of(cls, found: Finding) -> Self:
        return cls(found.code.value, blocking(found), found.number, found.about, found.detail)


@dataclass(frozen=True)
class FigureView:
    """How likely a group is to be made an offer by a round beside another, of the shortlisted.

    ``relative_likelihood`` is the ratio of the two selection rates, 1 where they are alike. Where
    nothing is ``shown`` it is null with a ``reason``, which does not say that all is well.
    """

    characteristic: str
    group: str
    reference: str
    relative_likelihood: float | None
    outside_range: bool | None
    shown: bool
    reason: str | None

    @classmethod
    def of(cls, figure: Figure) -> Self:
        return cls(
            figure.characteristic,
            figure.group,
            figure.reference,
            figure.relative_likelihood,
            figure.outside_range,
            figure.shown,
            figure.reason,
        )


@dataclass(frozen=True)
class ReleaseCheck:
    """What the gate finds in a round: now, or once it was released what it found then.

    ``fairness`` are the figures by which it judges that, null until research has measured the
    round.
    """

    round_id: str
    state: RoundState
    findings: tuple[FindingView, ...]
    fairness: tuple[FigureView, ...] | None

    @classmethod
    def of(
        cls,
        found: OfferRound,
        findings: tuple[FindingView, ...],
        figures: tuple[Figure, ...] | None,
    ) -> Self:
        shown = None if figures is None else tuple(map(FigureView.of, figures))
        return cls(found.id, found.state, findings, shown)
