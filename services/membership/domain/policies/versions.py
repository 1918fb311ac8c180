"""Policy as versioned data: proposed, activated for a date, and never changed after that.

A kind of policy has one version in force on a day: of those that are active the latest whose
``effective_from`` has come. Every decision records the versions it used. Two versions made by hand
never come into force on one day; derived ones may take the place of another from its own day on,
each being the next *revision* of that day. Which are derived, and why, says ``domain.enacting``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, Protocol, Self, TypeVar

from services.membership.errors import PolicyNotProposed
from services.membership.events import PolicyActivated
from shared.errors import Invalid, NotFound
from shared.events import Aggregate


class Policy(Protocol):
    """A body of policy; ``faults`` gives what its schema alone does not see."""

    def faults(self) -> Iterator[tuple[str, str]]: ...


P = TypeVar("P")


class PolicyState(StrEnum):
    """Whether a version decides anything yet."""

    PROPOSED = "proposed"
    ACTIVE = "active"


@dataclass(frozen=True)
class Version(Generic[P]):
    """A version in force from a day on.

    A derived one names its ``root``, the version made by hand that it changes. ``includes`` are the
    decisions that it takes account of.
    """

    version: str
    effective_from: date
    policy: P
    revision: int = 0
    root: str | None = None
    includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Versions(Generic[P]):
    """The active versions of one kind, in the order in which they come into force."""

    kind: str
    all: tuple[Version[P], ...]

    @classmethod
    def of(cls, kind: str, versions: Iterator[Version[P]]) -> Self:
        return cls(kind, tuple(sorted(versions, key=lambda v: (v.effective_from, v.revision))))

    def on(self, day: date) -> Version[P]:
        """The version in force on a day; before the first came into force, the first."""
        if not self.all:
            raise NotFound("There is no active policy of this kind.", kind=self.kind)
        in_force = [version for version in self.all if version.effective_from <= day]
        return in_force[-1] if in_force else self.all[0]


@dataclass
class PolicyVersion(Aggregate):
    """One version of one kind; ``body`` is its JSON."""

    id: str
    kind: str
    version_name: str
    effective_from: date
    body: dict[str, Any]
    source: str
    proposed_on: date
    state: PolicyState = PolicyState.PROPOSED
    activated_on: date | None = None
    revision: int = 0
    root: str | None = None
    includes: tuple[str, ...] = ()

    @staticmethod
    def key(kind: str, version_name: str) -> str:
        """The id of a version."""
        return f"{kind}:{version_name}"

    @classmethod
    def propose(
        cls,
        kind: str,
        version_name: str,
        effective_from: date,
        body: dict[str, Any],
        source: str,
        today: date,
        includes: tuple[str, ...] = (),
    ) -> PolicyVersion:
        """A new version that decides nothing yet."""
        return cls(
            id=cls.key(kind, version_name),
            kind=kind,
            version_name=version_name,
            effective_from=effective_from,
            body=body,
            source=source,
            proposed_on=today,
            includes=includes,
        )

    @classmethod
    def derive(
        cls, kind: str, version: Version[Any], body: dict[str, Any], source: str, today: date
    ) -> PolicyVersion:
        """A derived version, for which there is nothing to decide: it is active from the start."""
        derived = cls(
            id=cls.key(kind, version.version),
            kind=kind,
            version_name=version.version,
            effective_from=version.effective_from,
            body=body,
            source=source,
            proposed_on=today,
            revision=version.revision,
            root=version.root,
            includes=version.includes,
        )
        derived._come_into_force(today)
        return derived

    def activate(self, others: Versions[Any], today: date) -> None:
        """Let it decide from its date on, which may not have passed nor be another version's."""
        if self.state is not PolicyState.PROPOSED:
            raise PolicyNotProposed("This version is active already.", version=self.version_name)
        if self.effective_from < today:
            reason = "Has passed: decisions made since then would have used another version."
            raise Invalid("The version comes too late.", fields={"effective_from": [reason]})
        taken = [each for each in others.all if each.effective_from == self.effective_from]
        if taken:
            reason = f"Version {taken[0].version} comes into force on this day."
            raise Invalid("The day is taken.", fields={"effective_from": [reason]})
        self._come_into_force(today)

    def _come_into_force(self, today: date) -> None:
        self.state = PolicyState.ACTIVE
        self.activated_on = today
        self.record(
            PolicyActivated(
                kind=self.kind, version=self.version_name, effective_from=self.effective_from
            )
        )
