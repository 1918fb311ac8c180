"""Questions and answers about consent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.membership.domain.consent import ConsentEntry, ConsentLedger, ConsentState, fold
from services.membership.domain.policies.consents import Channel, Consents, Purpose, Wording
from services.membership.domain.policies.versions import Version
from shared.events import text


@dataclass(frozen=True, kw_only=True)
class GetConsents:
    """Ask what a member consents to, or what was known of it at an earlier instant."""

    member_id: str = text(64)
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class GetConsentWordings:
    """Ask what members are asked to consent to on a day, by default today."""

    on: date | None = None


@dataclass(frozen=True)
class ConsentsView:
    """Where things stand at ``as_of``, and the whole ledger in the order of recording.

    A purpose and channel that is not in ``current`` was never spoken of: there is no consent.
    """

    member_id: str
    as_of: datetime
    current: tuple[ConsentState, ...]
    ledger: tuple[ConsentEntry, ...]

    @classmethod
    def of(cls, ledger: ConsentLedger, as_of: datetime | None, now: datetime) -> Self:
        states = fold(ledger.entries, as_of)
        current = tuple(states[key] for key in sorted(states))
        return cls(ledger.id, as_of or now, current, ledger.entries)


@dataclass(frozen=True)
class ConsentWordingsView:
    """Purposes, channels and wordings, and the version of the policy that they are of."""

    policy: str
    effective_from: date
    purposes: tuple[Purpose, ...]
    channels: tuple[Channel, ...]
    wordings: tuple[Wording, ...]

    @classmethod
    def of(cls, version: Version[Consents]) -> Self:
        policy = version.policy
        return cls(
            version.version,
            version.effective_from,
            policy.purposes,
            policy.channels,
            policy.wordings,
        )
