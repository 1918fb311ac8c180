"""Files that come in answers: what a field holds in base64 is written as the bytes it stands for.

faculty call programmes.get_certificate_pdf --save content=certificate.pdf ...
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from shared import errors


class Target(NamedTuple):
    """Which field of an answer goes to which file; ``paper.content`` is a field of a field."""

    field: str
    file: Path


def target(text: str) -> Target:
    """What FIELD=FILE says; raises ValueError with a sentence where nothing could be written."""
    field, separator, name = text.partition("=")
    if not field or not separator or not name:
        raise ValueError("Give it as FIELD=FILE, e.g. content=certificate.pdf.")
    file = Path(name)
    folder_ok = os.access(file.parent, os.W_OK | os.X_OK)
    if file.is_dir() or not folder_ok or (file.exists() and not os.access(file, os.W_OK)):
        raise ValueError(f"{file} cannot be written.")
    return Target(field, file)


def save(answer: Any, targets: Iterable[Target]) -> Any:
    """The answer with the names of the files in place of what was written to them.

    Nothing is written unless every field is there and is base64; raises Invalid naming the first
    that is not.
    """
    contents = [(each, _bytes(answer, each.field)) for each in targets]
    for each, content in contents:
        each.file.write_bytes(content)
        answer = _with(answer, each.field.split("."), str(each.file))
    return answer


def _bytes(answer: Any, field: str) -> bytes:
    value = answer
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str):
        texts = ", ".join(sorted(answer)) if isinstance(answer, dict) else "nothing by name"
        raise errors.Invalid(f"The answer has no file in {field}; it has: {texts}.")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise errors.Invalid(f"What the answer has in {field} is not base64.") from None


def _with(answer: dict[str, Any], names: list[str], value: str) -> dict[str, Any]:
    first, *others = names
    return {**answer, first: _with(answer[first], others, value) if others else value}
