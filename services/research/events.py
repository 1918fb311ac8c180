"""The events this service owns: figures of groups, and answers about members' data."""

from dataclasses import dataclass
from datetime import date

from shared.events import event, text
from shared.export import PORTION

_MEMBER = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24"
_REQUEST = "0193b7a4-3175-7e31-b60a-bf8f415acd93"
_COHORT = "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4"
_ROUND = "0193b7a2-94d0-7a6e-b1f3-7c20d95e48ab"


@event(
    "export.contributed",
    example={
        "request_id": _REQUEST,
        "service": "research",
        "member_id": _MEMBER,
        "part": 1,
        "parts": 1,
        "contributed_on": "2028-09-01",
        "data": '{"records":[],"notes":[]}',
    },
    private=True,
)
@dataclass(frozen=True)
class ExportContributed:
    """A part of all that is kept here of a member, as JSON text; parts are counted from 1."""

    request_id: str
    service: str
    member_id: str
    part: int
    parts: int
    contributed_on: date
    data: str = text(PORTION)


@event(
    "erasure.acknowledged",
    example={
        "request_id": _REQUEST,
        "service": "research",
        "member_id": _MEMBER,
        "erased": {},
        "kept": ["equality_answers_under_pseudonym"],
    },
)
@dataclass(frozen=True)
class ErasureAcknowledged:
    """A member is forgotten here: what was erased by kind, and as codes what is kept."""

    request_id: str
    service: str
    member_id: str
    erased: dict[str, int]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """How likely those of ``group`` are to be proposed, relative to ``reference``.

    Null, with a code as ``reason``, where it may not be shown or there is none.
    """

    characteristic: str
    group: str
    reference: str
    relative_likelihood: float | None
    outside_range: bool | None
    reason: str | None


@event(
    "fairness.measured",
    example={
        "round_id": _ROUND,
        "cohort_id": _COHORT,
        "measured_round_id": _ROUND,
        "figures": [
            {
                "characteristic": "ethnicity",
                "group": "bme",
                "reference": "white",
                "relative_likelihood": 0.75,
                "outside_range": True,
                "reason": None,
            },
            {
                "characteristic": "disability",
                "group": "yes",
                "reference": "no",
                "relative_likelihood": None,
                "outside_range": None,
                "reason": "small_numbers",
            },
        ],
        "measured_on": "2027-05-26",
    },
)
@dataclass(frozen=True)
class FairnessMeasured:
    """A round of offers was measured before its release.

    ``measured_round_id`` is the round whose proposal the figures are of: this one, or an earlier
    one that differs by too few people to measure both.
    """

    round_id: str
    cohort_id: str
    measured_round_id: str
    figures: tuple[Figure, ...]
    measured_on: date


EVENTS: tuple[type, ...] = (ExportContributed, ErasureAcknowledged, FairnessMeasured)
