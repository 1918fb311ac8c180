"""Questions and answers about policies."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.policies.book import policy_of
from services.membership.domain.policies.consents import Consents
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.policies.grades import Grades
from services.membership.domain.policies.matching import Matching
from services.membership.domain.policies.prices import Prices
from services.membership.domain.policies.professions import Professions
from services.membership.domain.policies.retention import Retention
from services.membership.domain.policies.standards import Standards
from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.terms import Terms
from services.membership.domain.policies.versions import PolicyState, PolicyVersion
from shared.events import integer, text

PAGE_LIMIT = 200
# Names of derived versions say what they follow from.
NAME_LIMIT = 160


@dataclass(frozen=True, kw_only=True)
class GetPolicy:
    """Ask for a version of a policy; without one, for that in force on a day, by default today."""

    kind: str = text(40)
    version: str | None = text(NAME_LIMIT, default=None)
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class FindPolicyVersions:
    """Ask which versions of a policy there are."""

    kind: str = text(40)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class PolicySummary:
    """A version without its body.

    A derived one names its ``root``; ``includes`` are the decisions of which a version takes
    account. Of the versions of one day the one with the highest ``revision`` decides.
    """

    kind: str
    version: str
    effective_from: date
    revision: int
    root: str | None
    includes: tuple[str, ...]
    state: PolicyState
    source: str
    proposed_on: date
    activated_on: date | None

    @classmethod
    def of(cls, stored: PolicyVersion) -> Self:
        return cls(
            kind=stored.kind,
            version=stored.version_name,
            effective_from=stored.effective_from,
            revision=stored.revision,
            root=stored.root,
            includes=stored.includes,
            state=stored.state,
            source=stored.source,
            proposed_on=stored.proposed_on,
            activated_on=stored.activated_on,
        )


@dataclass(frozen=True)
class PolicyPage:
    """Some versions; ``next_cursor`` is null on the last page."""

    items: tuple[PolicySummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class PolicyView:
    """A version with its body, under the name of its kind; the others are null."""

    summary: PolicySummary
    grades: Grades | None = None
    prices: Prices | None = None
    terms: Terms | None = None
    statuses: Statuses | None = None
    professions: Professions | None = None
    retention: Retention | None = None
    consents: Consents | None = None
    standards: Standards | None = None
    fellowship: FellowshipRules | None = None
    matching: Matching | None = None

    @classmethod
    def of(cls, stored: PolicyVersion) -> Self:
        return cls(PolicySummary.of(stored), **{stored.kind: policy_of(stored.kind, stored.body)})
