"""Forgetting a person, here first and then in every other service, with a receipt for it.

What is written first decides: once a member's record is without the person, nothing is kept of them
any more. All that follows can be done again, by the same call, by another, or by the sweep.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.membership.commands import rights as commands
from services.membership.domain.erasure import Erasure, ErasureState
from services.membership.domain.member import LIVE, Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.retention import Cause
from services.membership.domain.terms import Status
from services.membership.errors import StillAMember
from services.membership.handlers.exporting import Archive, drop_export
from services.membership.schemas import rights as schemas
from services.membership.subscriptions import ErasureAcknowledged
from shared import telemetry
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import new_id
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.membership.repository import Erasures, Registrations, Selections

_NOT_YET = (*LIVE, Status.SUSPENDED)


@dataclass(frozen=True)
class Eraser:
    """All that forgetting people takes."""

    archive: Archive
    erasures: Erasures
    selections: Selections
    registrations: Registrations


def request_erasure(command: commands.RequestErasure, *, eraser: Eraser) -> schemas.ReceiptView:
    """Erase a person; where that was begun before it is completed."""
    request_id, desk = new_id(), eraser.archive.desk
    if command.force and not command.reason:
        raise Invalid("Why?", fields={"reason": ["Needed to erase somebody who is a member."]})
    erasure = eraser.erasures.of(command.member_id)
    if erasure is None:
        member, today = desk.actionable(command.member_id), desk.today()
        erasure = Erasure.ask(
            request_id,
            member.id,
            member.nation,
            _pseudonyms(member, eraser),
            cause=Cause.REQUEST,
            by=telemetry.current().actor,
            reason=command.reason,
            received_on=command.received_on or today,
            today=today,
            forced=command.force,
        )
        erasure = _begin(erasure, member, eraser)
    return schemas.ReceiptView.of(complete_erasure(erasure, eraser), desk.today())


def erase_when_due(member: Member, eraser: Eraser) -> None:
    """Erase a member whom the policy on retention says to; raises StillAMember otherwise."""
    today, due = eraser.archive.desk.today(), member.keeping
    if due is None or due.cause is None or due.due_on is None or not due.due(today):
        raise StillAMember(member_id=member.id)
    # Not the call's own ids: made again, it would meet the members left in another order.
    erasure = Erasure.ask(
        telemetry.fresh_id(),
        member.id,
        member.nation,
        _pseudonyms(member, eraser),
        cause=due.cause,
        by=telemetry.current().actor,
        reason="",
        received_on=due.due_on,
        today=today,
    )
    complete_erasure(_begin(erasure, member, eraser), eraser)


def _pseudonyms(member: Member, eraser: Eraser) -> tuple[str, ...]:
    members = eraser.archive.desk.members
    people = [member, *map(members.get, members.merged_into(member.id))]
    return tuple(person.pseudonym for person in people if person.pseudonym)


def _begin(erasure: Erasure, member: Member, eraser: Eraser) -> Erasure:
    desk = eraser.archive.desk
    book, today = desk.policies.book(), desk.today()
    member.settle(book, today)
    _check(erasure, member, book, today)
    try:
        return eraser.erasures.add(erasure)
    except Duplicate:  # by another call, which was quicker
        return eraser.erasures.of(erasure.member_id) or erasure


def _check(erasure: Erasure, member: Member, book: PolicyBook, today: date) -> None:
    """Raises StillAMember for a settled one who may not be erased for this cause."""
    status = member.standing_on(book, today).status
    due = member.keeping is not None and member.keeping.due(today)
    swept = erasure.cause is not Cause.REQUEST
    if not erasure.forced and (status in _NOT_YET or (swept and not due)):
        raise StillAMember(member_id=member.id, status=status.value)


def complete_erasure(erasure: Erasure, eraser: Eraser) -> Erasure:
    """Do all of an erasure that is not done yet; every step bears repetition by itself."""
    if erasure.state is not ErasureState.ERASING:
        return erasure
    with apart():
        try:
            records = _erase_members(erasure, eraser)
        except StillAMember:
            eraser.erasures.change(erasure.id, lambda found: found.give_up())
            raise
        erased = Counter(members=len(records))
        for member_id in records:
            erased.update(_forget_beside(member_id, eraser))
        for pseudonym in erasure.pseudonyms:
            erased["selections"] += _forget_selections(pseudonym, eraser)
        today = eraser.archive.desk.today()
        return eraser.erasures.change(
            erasure.id, lambda found: found.finish(records, dict(erased), today)
        )


def _erase_members(erasure: Erasure, eraser: Eraser) -> list[str]:
    """The member and the records that were merged into theirs: the ids of all of them."""
    desk = eraser.archive.desk
    book, today = desk.policies.book(), desk.today()

    def erase(member: Member) -> None:
        if member.erased_on is None:
            member.settle(book, today)
            if member.id == erasure.member_id:
                _check(erasure, member, book, today)
            member.erase(erasure.id, today)
            member.settle(book, today)

    desk.members.change(erasure.member_id, erase, forget=True)
    merged = desk.members.merged_into(erasure.member_id)
    for id in merged:
        desk.members.change(id, erase, forget=True)
    return [erasure.member_id, *merged]


def _forget_beside(member_id: str, eraser: Eraser) -> dict[str, int]:
    """What is kept elsewhere of a member's record; registrations last, for they lead to it."""
    archive, claims = eraser.archive, eraser.registrations
    counted = archive.holdings.forget(member_id)
    requests = list(archive.exports.scan({"member_id": member_id}))
    for request in requests:
        drop_export(request, archive)
    keys = claims.of_member(member_id)
    archive.entries.remove(keys)
    for key in keys:
        claims.release(key, member_id)
    return {**counted, "exports": len(requests), "registrations": len(keys)}


def _forget_selections(pseudonym: str, eraser: Eraser) -> int:
    try:
        eraser.selections.change(pseudonym, lambda found: found.forget())
    except NotFound:
        return 0
    return 1


def get_receipt(request: schemas.GetReceipt, *, eraser: Eraser) -> schemas.ReceiptView:
    """What became of an erasure."""
    erasure = eraser.erasures.get(request.request_id)
    return schemas.ReceiptView.of(erasure, eraser.archive.desk.today())


def record_acknowledgement(event: ErasureAcknowledged, *, eraser: Eraser) -> None:
    """Put what another service says it did on the receipt."""
    service, today = event.source.service, eraser.archive.desk.today()
    eraser.erasures.change(
        event.request_id,
        lambda found: found.acknowledge(service, event.member_id, event.erased, event.kept, today),
    )
