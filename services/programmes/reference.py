"""Reads the data that comes with the service, each piece with its source."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from services.programmes.domain.redaction import Pattern, Redaction
from services.programmes.domain.workflow import Workflow, WorkflowVersion
from shared.events import load

R = TypeVar("R")

_DATA = Path(__file__).parent / "data"
_WORKFLOWS = _DATA / "workflows"


def load_workflows() -> dict[str, WorkflowVersion]:
    """Every version by its id; raises Invalid for one that is not sound."""
    versions = map(_version, sorted(_WORKFLOWS.glob("*.json")))
    return {version.id: version for version in versions}


def _version(path: Path) -> WorkflowVersion:
    data = json.loads(path.read_text(encoding="utf-8"))
    workflow = load(Workflow, data["workflow"])
    return WorkflowVersion.of(data["name"], data["number"], workflow, data["source"])


def load_redaction() -> Redaction:
    """The latest version of what is taken out of texts for those who must not know whose they are.

    Raises ``re.error`` for a pattern that is none.
    """
    return max(map(_redaction, _DATA.glob("redaction-*.json")), key=lambda each: each.number)


def _redaction(path: Path) -> Redaction:
    data = json.loads(path.read_text(encoding="utf-8"))
    patterns = tuple(_pattern(each, data["parts"]) for each in data["patterns"])
    return Redaction(data["number"], data["mark"], patterns)


def _pattern(data: Mapping[str, str], parts: Mapping[str, str]) -> Pattern:
    expression = data["pattern"]
    for name, part in parts.items():
        expression = expression.replace(f"{{{name}}}", part)
    return Pattern(data["name"], re.compile(expression, re.IGNORECASE), data["source"])


def load_rules(name: str, cls: type[R]) -> dict[str, R]:
    """The rules of every version of ``<name>-<number>.json``, by ``<name>@<number>``, oldest first.

    Raises Invalid for a version that is not sound.
    """
    texts = (path.read_text(encoding="utf-8") for path in _DATA.glob(f"{name}-*.json"))
    versions = sorted(map(json.loads, texts), key=lambda version: version["number"])
    return {f"{name}@{version['number']}": load(cls, version["rules"]) for version in versions}
