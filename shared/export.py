"""What is kept of somebody, as they may read it, and cut to what a message can carry.

    records = disclosed(applications, {"member_id": member_id})
    for number, text in enumerate(contribution(records), 1): ...

A record is ``{"record", "id", "data", "history"}``; the texts of a contribution, put together, are
the JSON of ``{"records", "notes"}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from shared.errors import Refused
from shared.paging import equal
from shared.repository import BOOKKEEPING, Repository, store_errors

PORTION = 1_000_000
"""Characters of a portion; all of them are ASCII, so as many bytes."""
MOST_PORTIONS = 12
"""Of one answer, so that it fits a document of the store, whose bound is 16 MiB."""


def disclosed(repository: Repository[Any], criteria: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every document that fits, with its trail; keys for searching and what is withheld apart."""
    with store_errors():
        documents = list(repository.documents.find(equal(criteria)))
    left_out = BOOKKEEPING | repository.untracked | repository.withheld
    for document in sorted(documents, key=lambda each: str(each["_id"])):
        yield {
            "record": repository.aggregate.__name__,
            "id": document["_id"],
            "data": {name: value for name, value in document.items() if name not in left_out},
            "history": [
                {**_actor(entry, repository), "changes": _shown(entry, repository)}
                for entry in document.get("trail", ())
            ],
        }


def _actor(entry: Mapping[str, Any], repository: Repository[Any]) -> dict[str, Any]:
    """The entry, of an unnamed repository without who acted and why."""
    return {**entry, "by": "", "reason": ""} if repository.unnamed else {**entry}


def _shown(entry: Mapping[str, Any], repository: Repository[Any]) -> list[dict[str, Any]]:
    """The changes of an entry; of one that is of others as well, only which fields they were."""
    changes = [
        each
        for each in entry["changes"]
        if each["field"].partition(".")[0] not in repository.withheld
    ]
    if entry["action"] not in repository.of_others:
        return changes
    return [{**each, "before": None, "after": None} for each in changes]


class TooMuch(Refused):
    """More is kept of the person than one answer can carry."""

    code = "too_much"


def contribution(
    records: Iterable[Mapping[str, Any]], notes: Iterable[str] = ()
) -> tuple[str, ...]:
    """What a service contributes, in texts for as many messages; raises TooMuch."""
    texts = portions(as_json({"records": list(records), "notes": list(notes)}))
    if len(texts) > MOST_PORTIONS:
        raise TooMuch(portions=len(texts), most=MOST_PORTIONS)
    return texts


def as_json(value: Any) -> str:
    """Compact JSON in ASCII; days and instants in ISO 8601."""
    return json.dumps(value, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def portions(text: str, size: int = PORTION) -> tuple[str, ...]:
    """The text in pieces of at most ``size`` characters, at least one.

    >>> portions("abcde", 2)
    ('ab', 'cd', 'e')
    """
    return tuple(text[start : start + size] for start in range(0, max(len(text), 1), size))
