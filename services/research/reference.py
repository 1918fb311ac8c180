"""Reads the reference data of research: characteristics and comparisons, dated and sourced."""

import json
from pathlib import Path

from services.research.domain.characteristics import CodeList
from services.research.domain.fairness import Comparison

_DATA = Path(__file__).parent / "data"


def load_code_list() -> CodeList:
    """Every characteristic with its codes, and the stages of selection."""
    return CodeList.from_data(
        json.loads((_DATA / "characteristics.json").read_text(encoding="utf-8"))
    )


def load_comparisons(codes: CodeList) -> tuple[Comparison, ...]:
    """The groups that are compared before every release; raises ``Invalid`` for unknown ones."""
    data = json.loads((_DATA / "comparisons.json").read_text(encoding="utf-8"))
    return tuple(_comparison(entry, codes) for entry in data["comparisons"])


def _comparison(entry: dict[str, str], codes: CodeList) -> Comparison:
    names = (entry["characteristic"], entry["group"], entry["reference"])
    return Comparison(*names, *codes.check_groups(*names))
