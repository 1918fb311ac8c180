"""Where a person stands, derived from what is recorded: rules in order, the first match wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.terms import (
    ApplicationState,
    Outcome,
    RegistrationState,
    Status,
)


class Recorded(Protocol):
    """What a standing is derived from."""

    @property
    def last_check(self) -> RegistrationCheck | None: ...
    @property
    def admitted(self) -> bool: ...


@dataclass(frozen=True)
class Standing:
    """A status with the reason it follows from."""

    status: Status
    reason: str


def standing(record: Recorded) -> Standing:
    """The status and its reason; a refused re-check outweighs an earlier admission."""
    check = record.last_check
    if check is None:
        return Standing(Status.AWAITING_VERIFICATION, "registration_not_checked")
    if check.outcome is Outcome.REFUSED:
        return Standing(Status.REGISTRATION_REFUSED, check.reason or "registration_refused")
    if not record.admitted:
        return Standing(Status.APPLICANT, "registration_verified")
    return Standing(Status.CURRENT, "admitted")


def query_for(status: Status) -> Mapping[str, object]:
    """The stored fields that ``standing`` derives this status from, as values to equal."""
    queries: dict[Status, Mapping[str, object]] = {
        Status.AWAITING_VERIFICATION: {"registration": RegistrationState.UNCHECKED},
        Status.REGISTRATION_REFUSED: {"registration": RegistrationState.REFUSED},
        Status.APPLICANT: {
            "registration": RegistrationState.VERIFIED,
            "application": ApplicationState.RECEIVED,
        },
        Status.CURRENT: {
            "registration": RegistrationState.VERIFIED,
            "application": ApplicationState.ADMITTED,
        },
    }
    return queries[status]
