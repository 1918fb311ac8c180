"""Workflows: which status of an application may follow which, as versioned data.

A cohort is pinned to the version with which it was opened, so that a later version changes nothing
for those who have applied already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.programmes.domain.terms import ApplicationStatus, Faults, repeated_faults
from shared.errors import Invalid
from shared.events import Aggregate, integer, items

STATUSES = len(ApplicationStatus)
_FIRST = ApplicationStatus.DRAFT
_LAST = ApplicationStatus.COMPLETED


class OfferWay(StrEnum):
    """How places are given: by rank and preference, or to whoever accepts first."""

    RANKED = "ranked"
    FIRST_COME = "first_come"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A status, and those that an application may go on to from there."""

    status: ApplicationStatus
    next: tuple[ApplicationStatus, ...] = items(STATUSES)


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """How offers are made and answered; hours of weekends and bank holidays do not count."""

    way: OfferWay
    answer_hours: int = integer(1, 1_000)
    holds: bool
    upgrades: bool
    hold_hours: int = integer(
        0, 5_000, default=0, description="Longest an offer may be held, counted from its making."
    )


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """The steps of applications to a cohort."""

    steps: tuple[Step, ...] = items(STATUSES, min_length=1)
    offers: OfferTerms

    def after(self, status: ApplicationStatus) -> frozenset[ApplicationStatus]:
        """What may follow a status."""
        return next((frozenset(s.next) for s in self.steps if s.status is status), frozenset())

    def before(self, status: ApplicationStatus) -> list[ApplicationStatus]:
        """What a status may follow."""
        return [step.status for step in self.steps if status in step.next]

    def has(self, status: ApplicationStatus) -> bool:
        """Whether applications come through a status here."""
        return any(step.status is status for step in self.steps)

    def faults(self) -> Faults:
        """What its schema alone does not see, by field."""
        faults = repeated_faults("steps", "status", (step.status for step in self.steps))
        known = {step.status for step in self.steps}
        for position, step in enumerate(self.steps):
            if unknown := [status.value for status in step.next if status not in known]:
                faults[f"steps.{position}.next"] = [f"No step for {', '.join(unknown)}."]
        if not faults and _LAST not in set(self._reached()):
            faults["steps"] = [f"{_LAST.value} cannot be reached from {_FIRST.value}."]
        returned, back = ApplicationStatus.RETURNED, ApplicationStatus.SUBMITTED
        if not faults and self.has(returned) and back not in self.after(returned):
            faults["steps"] = [f"{back.value} must follow {returned.value}: it can be corrected."]
        return faults

    def _reached(self) -> Iterator[ApplicationStatus]:
        seen, waiting = {_FIRST}, [_FIRST]
        while waiting:
            status = waiting.pop()
            yield status
            new = self.after(status) - seen
            seen |= new
            waiting += new


@dataclass
class WorkflowVersion(Aggregate):
    """A version of a workflow, which never changes; ``source`` says where its rules come from."""

    id: str
    name: str
    number: int
    workflow: Workflow
    source: str

    @staticmethod
    def key(name: str, number: int) -> str:
        """The id of a version, by which cohorts name it, e.g. ``national_scheme@2``."""
        return f"{name}@{number}"

    @classmethod
    def of(cls, name: str, number: int, workflow: Workflow, source: str) -> WorkflowVersion:
        """The version, or Invalid naming every fault."""
        if faults := workflow.faults():
            fields = {f"workflow.{path}": reasons for path, reasons in faults.items()}
            raise Invalid("The workflow is not valid.", fields=fields)
        return cls(cls.key(name, number), name, number, workflow, source)
