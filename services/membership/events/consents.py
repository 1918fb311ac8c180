"""Events of consent."""

from dataclasses import dataclass
from datetime import datetime

from services.membership.events.examples import MEMBER
from shared.events import event


@event(
    "consent.changed",
    example={
        "member_id": MEMBER,
        "purpose": "newsletter",
        "channel": "email",
        "given": True,
        "wording_version": "2026.1",
        "since": "2026-11-24T09:30:00+00:00",
    },
    private=True,
)
@dataclass(frozen=True)
class ConsentChanged:
    """What a member consents to, by which wording and since when; not ``given`` is withdrawn."""

    member_id: str
    purpose: str
    channel: str
    given: bool
    wording_version: str | None
    since: datetime
