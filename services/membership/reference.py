"""Reads the reference data of membership: regulators and grades, each dated and sourced."""

import json
from pathlib import Path
from typing import Any

from services.membership.domain.grades import GradePolicies
from services.membership.domain.regulators import Regulators

_DATA = Path(__file__).parent / "data"


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))


def load_regulators() -> Regulators:
    """Every regulator with its number formats and professions."""
    return Regulators.from_data(_read("regulators.json"))


def load_grade_policies() -> GradePolicies:
    """Every grade and every version of the grade policy."""
    return GradePolicies.from_data(_read("grades.json"))
