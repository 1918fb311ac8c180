"""Giving people what is kept of them: asked of every service, put together, and kept for a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.membership.commands import rights as commands
from services.membership.domain.calendar import number
from services.membership.domain.exports import OWN, ExportRequest, ExportState
from services.membership.domain.readable import machine_readable, put_together, readable
from services.membership.handlers.desk import Desk
from services.membership.schemas import rights as schemas
from services.membership.subscriptions import Contributed
from shared.errors import Invalid
from shared.events import new_id
from shared.export import contribution, disclosed, portions
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.membership.repository import ExportParts, Exports, Holdings, RegisterEntries

_NOTES = (
    "What other people wrote in confidence is not given, nor is who they are.",
    "Equality answers are kept under a pseudonym and are never given for one person.",
)


@dataclass(frozen=True)
class Archive:
    """All that giving people their data takes."""

    desk: Desk
    exports: Exports
    parts: ExportParts
    holdings: Holdings
    entries: RegisterEntries


def request_export(command: commands.RequestExport, *, archive: Archive) -> schemas.ExportSummary:
    """Ask every service, this one first; cut off, the same call made again completes it."""
    request_id, today = new_id(), archive.desk.today()
    member = archive.desk.actionable(command.member_id)
    request = archive.exports.first({"member_id": member.id, "state": ExportState.GATHERING.value})
    if request is None:
        received_on = command.received_on or today
        merged = archive.desk.members.merged_into(member.id)
        made = ExportRequest.make(request_id, member.id, merged, member.nation, received_on, today)
        request = archive.exports.add(made)
    for earlier in archive.exports.scan({"member_id": member.id}):
        if earlier.id != request.id:
            drop_export(earlier, archive)
    if OWN in request.missing:
        request = _contribute_own(request, archive)
    return schemas.ExportSummary.of(request, today)


def _contribute_own(request: ExportRequest, archive: Archive) -> ExportRequest:
    people = request.records
    records = [record for id in people for record in archive.holdings.disclosed(id)]
    keys = [held.key for id in people for held in archive.desk.members.get(id).registrations]
    for key, entry in sorted(archive.entries.find(keys).items()):
        records.append({"record": "RegisterEntry", "id": key, "data": vars(entry)})
    for id in people:
        records += disclosed(archive.exports, {"member_id": id})
    texts = contribution(records, _NOTES)
    for part, text in enumerate(texts, 1):
        archive.parts.put(request.id, OWN, request.member_id, part, text)
    received = range(1, len(texts) + 1)
    return _note(request.id, OWN, request.member_id, received, len(texts), archive)


def receive_contribution(event: Contributed, *, archive: Archive) -> None:
    """Keep a part of what another service has, unless the export was dropped meanwhile."""
    request, service = archive.exports.get(event.request_id), event.source.service
    if request.state is ExportState.DROPPED or event.member_id not in request.records:
        return
    archive.parts.put(request.id, service, event.member_id, event.part, event.data)
    _note(request.id, service, event.member_id, (event.part,), event.parts, archive)


def _note(
    request_id: str,
    service: str,
    member_id: str,
    received: Iterable[int],
    parts: int,
    archive: Archive,
) -> ExportRequest:
    today = archive.desk.today()

    def contribute(found: ExportRequest) -> None:
        for part in received:
            found.contribute(service, member_id, part, parts, today)

    with apart():
        request = archive.exports.change(request_id, contribute)
    if request.state is ExportState.DROPPED:
        archive.parts.remove(request_id)
    return request


def drop_export(request: ExportRequest, archive: Archive) -> None:
    """Let go of what was gathered, and of what is still to come."""
    today = archive.desk.today()
    with apart():
        archive.exports.change(request.id, lambda found: found.drop(today))
    archive.parts.remove(request.id)


def get_export(request: schemas.GetExport, *, archive: Archive) -> schemas.ExportView:
    """How far an export is, and its content once it is ready; others' exports do not exist."""
    found = archive.exports.get(request.request_id)
    if found.member_id != request.member_id:
        raise archive.exports.absent(request.request_id)
    summary = schemas.ExportSummary.of(found, archive.desk.today())
    if found.state is not ExportState.READY:
        return schemas.ExportView(summary, part=1, parts=1, data=None, text=None)
    whole = put_together(found, archive.parts.get(found))
    data, text = portions(machine_readable(whole)), portions(readable(whole))
    parts = max(len(data), len(text))
    if request.part > parts:
        raise Invalid("There is no such part.", fields={"part": [f"Must be at most {parts}."]})
    at = slice(request.part - 1, request.part)
    return schemas.ExportView(
        summary, part=request.part, parts=parts, data="".join(data[at]), text="".join(text[at])
    )


def find_exports(request: schemas.FindExports, *, archive: Archive) -> schemas.ExportPage:
    """Requests in a state, or those that should have been ready before today."""
    today, by = archive.desk.today(), "id"
    criteria: dict[str, Any] = {}
    if request.overdue:
        if request.state not in (None, ExportState.GATHERING):
            reasons = {"state": ["What is overdue is being gathered."]}
            raise Invalid("Nothing can be both.", fields=reasons)
        criteria, by = {"due_key": {"$lt": str(number(today))}}, "due_key"
    elif request.state is not None:
        criteria = {"state": request.state.value}
    page = archive.exports.find(criteria, by=by, cursor=request.cursor, limit=request.limit)
    items = tuple(schemas.ExportSummary.of(found, today) for found in page.items)
    return schemas.ExportPage(items, page.next_cursor)
