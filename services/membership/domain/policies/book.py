"""Every kind of policy that decides, with its versions.

book.grades.on(today).policy.require("doctor", "trainee", "wales")
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from services.membership.domain.policies.consents import Consents
from services.membership.domain.policies.faults import Faults
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.policies.grades import Grades
from services.membership.domain.policies.matching import Matching
from services.membership.domain.policies.prices import Prices
from services.membership.domain.policies.professions import Professions
from services.membership.domain.policies.retention import Retention
from services.membership.domain.policies.standards import Standards
from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.terms import Terms
from services.membership.domain.policies.versions import Policy, PolicyVersion, Version, Versions
from shared.errors import Invalid
from shared.events import dump, load

KINDS: dict[str, type[Any]] = {
    "grades": Grades,
    "prices": Prices,
    "terms": Terms,
    "statuses": Statuses,
    "professions": Professions,
    "retention": Retention,
    "consents": Consents,
    "standards": Standards,
    "fellowship": FellowshipRules,
    "matching": Matching,
}


def the_one(policies: Mapping[str, Policy | None]) -> tuple[str, Policy]:
    """The kind and policy of the only one that is given, sound in itself; else Invalid."""
    given = [(kind, policy) for kind, policy in policies.items() if policy is not None]
    if len(given) != 1:
        reason = f"Exactly one of {', '.join(KINDS)} must be given."
        raise Invalid("One kind of policy at a time.", fields={"": [reason]})
    (kind, policy) = given[0]
    Faults.refuse(kind, policy.faults())
    return kind, policy


def body_of(policy: Policy) -> dict[str, Any]:
    """The JSON of a policy, as it is kept."""
    return dump(policy)


def policy_of(kind: str, body: Mapping[str, Any]) -> Any:
    """The policy that ``body_of`` gave; raises Invalid when it is not sound."""
    try:
        policy = load(KINDS[kind], body)
    except Invalid as error:
        fields = {f"{kind}.{field}": reasons for field, reasons in error.fields.items()}
        raise Invalid("The policy is not valid.", fields=fields) from None
    Faults.refuse(kind, policy.faults())
    return policy


@dataclass(frozen=True)
class PolicyBook:
    """The active versions of every kind."""

    grades: Versions[Grades]
    prices: Versions[Prices]
    terms: Versions[Terms]
    statuses: Versions[Statuses]
    professions: Versions[Professions]
    retention: Versions[Retention]
    consents: Versions[Consents]
    standards: Versions[Standards]
    fellowship: Versions[FellowshipRules]
    matching: Versions[Matching]

    @classmethod
    def of(cls, active: Iterable[PolicyVersion]) -> PolicyBook:
        """The book of the versions that are active."""
        by_kind: dict[str, list[Version[Any]]] = {kind: [] for kind in KINDS}
        for each in active:
            policy = _parsed(each.kind, json.dumps(each.body, sort_keys=True))
            found = Version(
                each.version_name,
                each.effective_from,
                policy,
                each.revision,
                each.root,
                each.includes,
            )
            by_kind[each.kind].append(found)
        return cls(**{kind: Versions.of(kind, iter(found)) for kind, found in by_kind.items()})

    def names(self, day: date, *kinds: str) -> dict[str, str]:
        """The versions in force on a day by kind, for the record of a decision."""
        return {kind: getattr(self, kind).on(day).version for kind in kinds}


@cache
def _parsed(kind: str, body: str) -> Any:
    """A body is read once in a process."""
    return policy_of(kind, json.loads(body))
