"""What the body decided about a profession, as a change to the policy on professions.

>>> Decision.name("pharmacy_assistant", Step.PILOT, 1)
'pharmacy_assistant.pilot.1'
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.membership.domain.policies.professions import PilotLimits, Profession


class Step(StrEnum):
    """What is decided; the name of a decision says it."""

    PILOT = "pilot"
    ADMITTED = "admitted"
    REFUSED = "refused"


_ADMISSION = {Step.PILOT: "pilot", Step.ADMITTED: "admitted", Step.REFUSED: "closed"}


@dataclass(frozen=True)
class Decision:
    """A decision, in force from a day on; ``id`` is the same however often it is carried out."""

    id: str
    profession: str
    title: str
    step: Step
    effective_from: date
    decided_on: date
    limits: PilotLimits | None = None

    @staticmethod
    def name(profession: str, step: Step, number: int) -> str:
        """The id of the first, second ... decision of this kind about a profession."""
        return f"{profession}.{step}.{number}"

    @property
    def entry(self) -> Profession:
        """What the policy says of the profession by this decision."""
        return Profession(
            code=self.profession,
            title=self.title,
            admission=_ADMISSION[self.step],
            pilot=self.limits,
            source=f"Decision {self.id} of {self.decided_on}; the profession's case says why.",
        )
