"""Who changed what, when and why: one entry for every write, kept in the document it changed.

    class Members(Repository[Member]):
        audited = True

    members.trail(member_id)[-1].changes  # (Change("email", '"old@example.org"', ...),)

The entry is part of the same write as the state, so there is neither a change without its entry nor
an entry without its change. Values are JSON texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared import telemetry


@dataclass(frozen=True)
class Change:
    """A field's value before and after, as JSON; of a list that grew, ``after`` is what was added.

    A field that was not there before has no ``before``, one that is gone no ``after``; ``None`` is
    the same as not being there. What is inside a mapping, or in a list of things that have ids and
    are the same as before, is named by its path, as ``posts.city.capacity``.
    """

    field: str
    before: str | None = None
    after: str | None = None
    added: bool = False


@dataclass(frozen=True)
class TrailEntry:
    """One write: ``by`` is the subject of the caller's token, or the service or timer that acted.

    ``erased`` says that the values were removed later, at the person's request.
    """

    at: datetime
    by: str
    action: str
    reason: str
    correlation_id: str
    version: int
    changes: tuple[Change, ...] = ()
    erased: bool = False


def entry(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    at: datetime,
    version: int,
    untracked: frozenset[str] = frozenset(),
) -> TrailEntry:
    """The entry of the write in hand; fields that follow from others are left out by name."""
    context = telemetry.current()
    return TrailEntry(
        at=at,
        by=context.actor,
        action=context.action,
        reason=context.reason,
        correlation_id=context.correlation_id,
        version=version,
        changes=tuple(
            change
            for name in sorted({*before, *after} - untracked)
            for change in _changes(name, before.get(name), after.get(name))
        ),
    )


def forgotten(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored entry that still says who did what when, and to which fields, but no values.

    What is below a field is left out, too: the keys of a mapping may say as much as its values.
    """
    fields = dict.fromkeys(change["field"].partition(".")[0] for change in stored["changes"])
    changes = [{"field": name} for name in fields]
    return {**stored, "changes": changes, "reason": "", "erased": True}


def remembers(stored: Iterable[Mapping[str, Any]]) -> bool:
    """Whether any of the stored entries still holds values."""
    return not all(entry["erased"] for entry in stored)


def _changes(name: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _changes(f"{name}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and after[: len(before)] == before:
        yield Change(name, None, _json(after[len(before) :]), added=True)
    elif (ids := _ids(before)) and ids == _ids(after):
        for id, old, new in zip(ids, before, after, strict=True):
            yield from _changes(f"{name}.{id}", old, new)
    else:
        yield Change(name, _json(before), _json(after))


def _ids(value: Any) -> list[str]:
    """By what the things of a list are known; nothing where they are not."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return []
    ids = [each["id"] for each in value if isinstance(each.get("id"), str)]
    return ids if len(set(ids)) == len(value) else []


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_other)


def _other(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
