"""Policies: proposed, activated, and decided by from their date on."""

from dataclasses import dataclass
from datetime import date

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
from services.membership.domain.terms import VERSION
from shared.events import text


@dataclass(frozen=True, kw_only=True)
class ProposePolicyVersion:
    """Propose a version of one kind of policy: exactly one of the kinds is given, complete."""

    version: str = text(40, pattern=VERSION)
    effective_from: date
    reason: str = text(500)
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


@dataclass(frozen=True, kw_only=True)
class ActivatePolicyVersion:
    """Let a proposed version decide from its date on."""

    kind: str = text(40)
    version: str = text(40)
    reason: str = text(500)
