"""What is answered to members who ask about their data."""

from dataclasses import dataclass
from datetime import date

from services.programmes.events.examples import MEMBER, REQUEST
from shared.events import event, text
from shared.export import PORTION


@event(
    "export.contributed",
    example={
        "request_id": REQUEST,
        "service": "programmes",
        "member_id": MEMBER,
        "part": 1,
        "parts": 1,
        "data": '{"records":[],"notes":[]}',
        "contributed_on": "2028-09-01",
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
        "request_id": REQUEST,
        "service": "programmes",
        "member_id": MEMBER,
        "erased": {"applications": 2},
        "kept": ["certificates"],
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
