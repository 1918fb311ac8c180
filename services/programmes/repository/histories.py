"""The trails of whatever is decided here, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shared.names import readable
from shared.repository import Repository
from shared.trail import TrailEntry


class Histories:
    """The audited of some repositories, by the names of what they keep: ``offer_round``."""

    def __init__(self, repositories: Iterable[object]) -> None:
        self._by_kind: dict[str, Repository[Any]] = {
            readable(each.aggregate.__name__).replace(" ", "_"): each
            for each in repositories
            if isinstance(each, Repository) and each.audited
        }

    @property
    def kinds(self) -> frozenset[str]:
        """Of what there are trails."""
        return frozenset(self._by_kind)

    def of(self, kind: str, id: str) -> Iterator[tuple[str, str, TrailEntry]]:
        """What was written to one of a kind; raises NotFound."""
        for entry in self._by_kind[kind].trail(id):
            yield kind, id, entry
