"""Events of what people may ask about their own data."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event

_REQUEST = "0193b7a0-9d22-7e63-9b51-62b3c8e4f1d5"


@event(
    "export.requested",
    example={"request_id": _REQUEST, "member_id": MEMBER},
    private=True,
)
@dataclass(frozen=True)
class ExportRequested:
    """A member is to be given all that is kept of them; every service contributes its part."""

    request_id: str
    member_id: str


@event(
    "member.erased",
    example={"member_id": MEMBER, "request_id": _REQUEST, "erased_on": "2034-12-05"},
)
@dataclass(frozen=True)
class MemberErased:
    """What was known of a person is forgotten, and is to be by all who know anything of them."""

    member_id: str
    request_id: str
    erased_on: date
