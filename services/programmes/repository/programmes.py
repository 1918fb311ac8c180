"""Programmes and the workflows of their cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.programmes.domain.programme import Programme
from services.programmes.domain.workflow import WorkflowVersion
from shared.errors import NotFound
from shared.outbox import Outbox
from shared.repository import Index, Repository


class Programmes(Repository[Programme]):
    """Programmes, also those that are not on offer."""

    collection = "programmes"
    aggregate = Programme
    audited = True


class Workflows(Repository[WorkflowVersion]):
    """Versions of workflows: those that come with the service, and those published since."""

    collection = "workflows"
    aggregate = WorkflowVersion
    audited = True
    indexes = (Index(("name", "id")),)

    def __init__(
        self, database: Any, outbox: Outbox, provided: Mapping[str, WorkflowVersion]
    ) -> None:
        super().__init__(database, outbox)
        self._known = dict(provided)
        self.provided = tuple(provided.values())

    def get(self, id: str) -> WorkflowVersion:
        """A version, which never changes; raises NotFound."""
        if id not in self._known:
            self._known[id] = super().get(id)
        return self._known[id]

    def versions(self, name: str | None = None) -> tuple[WorkflowVersion, ...]:
        """All versions, or those of one name, by name and number."""
        kept = self.scan({} if name is None else {"name": name})
        self._known |= {each.id: each for each in kept}
        wanted = (each for each in self._known.values() if name in (None, each.name))
        return tuple(sorted(wanted, key=lambda each: (each.name, each.number)))

    def latest(self, name: str) -> WorkflowVersion:
        """The version with the highest number; raises NotFound."""
        versions = self.versions(name)
        if not versions:
            raise NotFound("There is no such workflow.", name=name)
        return versions[-1]
