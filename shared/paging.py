"""How a store is asked: criteria that its indexes serve, and pages by cursor instead of by number.

    query = {**equal({"status": "current"}), "name_key": beginning({}, cursor)}

A cursor is the last value of the field by which pages go, so it costs the same however far in, and
whatever is added meanwhile, each thing is met once.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.errors import Invalid

T = TypeVar("T")

MAX_PAGE = 500
BATCH = 1_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of what was found, and where to go on; ``next_cursor`` is None on the last page."""

    items: tuple[T, ...]
    next_cursor: str | None


def encode_cursor(last: str) -> str:
    """An opaque cursor to what follows ``last``."""
    return base64.urlsafe_b64encode(last.encode()).decode()


def decode_cursor(cursor: str) -> str:
    """What is in a cursor; raises ``Invalid`` naming ``cursor``."""
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Invalid("The cursor is not valid.", fields={"cursor": ["Not a cursor."]}) from None


def check_limit(limit: int) -> None:
    """Pages are bounded; raises ``Invalid`` naming ``limit``."""
    if not 1 <= limit <= MAX_PAGE:
        reason = f"Must be from 1 to {MAX_PAGE}."
        raise Invalid("The limit is not valid.", fields={"limit": [reason]})


def batches(everything: list[T]) -> Iterator[list[T]]:
    """Pieces that are small enough for one query."""
    for start in range(0, len(everything), BATCH):
        yield everything[start : start + BATCH]


def equal(criteria: Mapping[str, Any]) -> dict[str, Any]:
    """The same criteria; for a bare value the embedded store does not use a compound index."""
    return {
        name: value if isinstance(value, Mapping) or name == "$or" else {"$eq": value}
        for name, value in criteria.items()
    }


def beginning(bounds: Mapping[str, Any], cursor: str | None) -> dict[str, Any]:
    """Bounds of a text that begin behind the cursor, but never before their own beginning.

    So a cursor of another search shows nothing that this one would not. The empty text is before
    every other, and keeps out what has no value at all: stores would put that first.
    """
    bounds = {"$gte": "", **bounds}
    last = "" if cursor is None else decode_cursor(cursor)
    if cursor is None or last < bounds["$gte"] or last < bounds.get("$gt", ""):
        return bounds
    return {**{k: v for k, v in bounds.items() if k not in ("$gte", "$gt")}, "$gt": last}
