"""Reads the reference data of research: the list of characteristics, dated and sourced."""

import json
from pathlib import Path

from services.research.domain.characteristics import CodeList

_DATA = Path(__file__).parent / "data"


def load_code_list() -> CodeList:
    """Every characteristic with its codes, and the stages of selection."""
    return CodeList.from_data(
        json.loads((_DATA / "characteristics.json").read_text(encoding="utf-8"))
    )
