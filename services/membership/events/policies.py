"""Events of policies."""

from dataclasses import dataclass
from datetime import date

from shared.events import event


@event(
    "policy.activated",
    example={"kind": "prices", "version": "2027.1", "effective_from": "2027-01-01"},
)
@dataclass(frozen=True)
class PolicyActivated:
    """A version of a policy decides from a day on."""

    kind: str
    version: str
    effective_from: date
