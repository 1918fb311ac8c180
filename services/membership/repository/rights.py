"""Requests of people about their own data, and for a time what was gathered for them."""

from __future__ import annotations

from typing import Any

from services.membership.domain.calendar import number
from services.membership.domain.erasure import Erasure, ErasureState
from services.membership.domain.exports import ExportRequest, ExportState
from shared.repository import Index, Repository, Store, store_errors


class Exports(Repository[ExportRequest]):
    """Requests for an export; of what was gathered they hold nothing."""

    collection = "exports"
    aggregate = ExportRequest
    untracked = frozenset({"due_key", "kept_key"})
    indexes = (
        Index(("member_id", "id")),
        Index(("state", "id")),
        Index("due_key", sparse=True),
        Index("kept_key", sparse=True),
    )

    def _state(self, aggregate: ExportRequest) -> dict[str, Any]:
        """``due_key`` while it is gathered, ``kept_key`` as long as its content is kept."""
        state, id = super()._state(aggregate), aggregate.id
        if aggregate.state is ExportState.GATHERING:
            state["due_key"] = f"{number(aggregate.due_on)}|{id}"
        if aggregate.state is not ExportState.DROPPED:
            state["kept_key"] = f"{number(aggregate.kept_from)}|{id}"
        return state


class ExportParts(Store):
    """What services contributed to exports: JSON texts in parts that fit a document."""

    collection = "export_parts"
    indexes = (Index("request_id"),)

    def put(self, request_id: str, service: str, member_id: str, part: int, data: str) -> None:
        """Keep a part; doing so again changes nothing."""
        id = f"{request_id}:{service}:{member_id}:{part}"
        kept = {"_id": id, "request_id": request_id, "data": data}
        with store_errors():
            self.documents.replace_one({"_id": id}, kept, upsert=True)

    def get(self, request: ExportRequest) -> dict[str, list[str]]:
        """What each service sent of each record, the parts put together."""
        with store_errors():
            found = self.documents.find({"request_id": {"$eq": request.id}})
            data = {document["_id"]: document["data"] for document in found}
        texts: dict[str, list[str]] = {}
        for each in request.contributions:
            begins = f"{request.id}:{each.service}:{each.member_id}"
            text = "".join(data[f"{begins}:{part}"] for part in each.received)
            texts.setdefault(each.service, []).append(text)
        return texts

    def remove(self, request_id: str) -> None:
        """Let go of all that was gathered; safe to repeat."""
        with store_errors():
            self.documents.delete_many({"request_id": request_id})


class Erasures(Repository[Erasure]):
    """Erasures with their receipts; one for each person."""

    collection = "erasures"
    aggregate = Erasure
    indexes = (Index("member_key", unique=True, sparse=True), Index("open_key", sparse=True))

    def _state(self, aggregate: Erasure) -> dict[str, Any]:
        """``open_key`` until membership's own part is done."""
        state = super()._state(aggregate)
        if aggregate.state is not ErasureState.GIVEN_UP:
            state["member_key"] = aggregate.member_id
        if aggregate.state is ErasureState.ERASING:
            state["open_key"] = aggregate.id
        return state

    def of(self, member_id: str) -> Erasure | None:
        """The erasure of a person, if it was begun and not given up."""
        return self.first({"member_key": member_id})
