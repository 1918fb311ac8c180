"""Consent, given and withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from services.membership.domain.consent import ConsentSource
from shared.events import text


@dataclass(frozen=True, kw_only=True)
class RecordConsent:
    """Enter that a member consents, in which words and when; by default at this moment."""

    member_id: str = text(64)
    purpose: str = text(40)
    channel: str = text(40)
    wording_version: str = text(40)
    source: ConsentSource
    given_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent:
    """Enter that a member does not consent, whether or not they did; by default at this moment."""

    member_id: str = text(64)
    purpose: str = text(40)
    channel: str = text(40)
    source: ConsentSource
    given_at: datetime | None = None
