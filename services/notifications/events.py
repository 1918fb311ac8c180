"""The events this service owns: what it says of members' data; the rest is in ``find_messages``."""

from dataclasses import dataclass
from datetime import date

from shared.events import event, text
from shared.export import PORTION

_MEMBER = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24"
_REQUEST = "0193b7a4-3175-7e31-b60a-bf8f415acd93"


@event(
    "export.contributed",
    example={
        "request_id": _REQUEST,
        "service": "notifications",
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
        "service": "notifications",
        "member_id": _MEMBER,
        "erased": {"contacts": 1, "messages": 12},
        "kept": ["suppressions"],
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


EVENTS: tuple[type, ...] = (ExportContributed, ErasureAcknowledged)
