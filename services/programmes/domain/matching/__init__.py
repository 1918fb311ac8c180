"""Matching applicants with posts: two methods, a proof, and a reason for everybody."""

from services.programmes.domain.matching.certificate import (
    Certificate,
    blocking_pairs,
    certify,
    infeasible,
)
from services.programmes.domain.matching.instance import Instance, Method, Tiers, choice_of
from services.programmes.domain.matching.methods import solve
from services.programmes.domain.matching.reasons import Missed, Obstacle, Outcome, Reason, reason

__all__ = [
    "Certificate",
    "Instance",
    "Method",
    "Missed",
    "Obstacle",
    "Outcome",
    "Reason",
    "Tiers",
    "blocking_pairs",
    "certify",
    "choice_of",
    "infeasible",
    "reason",
    "solve",
]
