"""Reads what comes with the service: regulators, and the first version of every policy."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from services.membership.domain.policies.book import body_of, policy_of
from services.membership.domain.policies.versions import PolicyState, PolicyVersion
from services.membership.domain.regulators import Regulators

_DATA = Path(__file__).parent / "data"


def load_regulators() -> Regulators:
    """Every regulator with its number formats and professions."""
    return Regulators.from_data(_read(_DATA / "regulators.json"))


def load_policies() -> tuple[PolicyVersion, ...]:
    """The versions in ``data/policies``, each dated and sourced; all of them are active."""
    return tuple(_version(_read(path)) for path in sorted((_DATA / "policies").glob("*.json")))


def _version(seed: dict[str, Any]) -> PolicyVersion:
    kind, effective_from = seed["kind"], date.fromisoformat(seed["effective_from"])
    version = PolicyVersion.propose(
        kind,
        seed["version"],
        effective_from,
        body_of(policy_of(kind, seed[kind])),
        seed["source"],
        effective_from,
    )
    version.state, version.activated_on = PolicyState.ACTIVE, effective_from
    return version


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
