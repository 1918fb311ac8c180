"""Two records made one and taken apart again: two documents, and claims to registrations beside.

Each write can be done again, and they are in an order in which a call that was cut off is completed
when it is made again. What could refuse is looked at before anything is written.

Merging, the merged record is written first, for its e-mail address must be free before the other
one can take it; then the claims follow, as they do before somebody is kept with a registration;
then the kept record takes over. Until then the merge can also be completed by a new call.

Taking apart, the claims come first, so that none is held by somebody whose record lacks the
registration; then the kept record gives back, for the address must be free before the merged one
can have it again; then that one stands for itself. Somebody who takes the address in the moment
between those two writes makes the call fail when the first is done; once the address is free the
same call completes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from services.membership.commands import merging as commands
from services.membership.domain.member import Member
from services.membership.domain.merging import Takeable
from services.membership.domain.people import email_key
from services.membership.domain.policies.book import PolicyBook
from services.membership.errors import EmailTaken
from services.membership.handlers.desk import Desk
from services.membership.schemas.members import MemberView
from shared.errors import Duplicate

if TYPE_CHECKING:
    from services.membership.repository import Registrations


def merge(command: commands.Merge, *, desk: Desk, registrations: Registrations) -> MemberView:
    """Let one record stand for another one; gives the one that is kept."""
    kept, taken = desk.actionable(command.kept_id), frozenset(command.take)

    def leave(found: Member, book: PolicyBook, today: date) -> None:
        statuses = (each.standing_on(book, today).status for each in (found, kept))
        found.merge_into(kept, today, *statuses)

    merged = desk.change(command.merged_id, leave, even_merged=True)
    if Takeable.REGISTRATIONS in taken:
        _transfer((held.key for held in merged.registrations), merged.id, kept.id, registrations)
    with _address_of(kept.id):
        kept = desk.change(
            kept.id, lambda found, _book, today: found.take_over(merged, taken, today)
        )
    return desk.view(kept)


def unmerge(command: commands.Unmerge, *, desk: Desk, registrations: Registrations) -> MemberView:
    """Let a merged record stand for itself again; gives that one."""
    merged = desk.member(command.merged_id)
    if merged.merged_into is not None:
        _give_back(merged, desk.members.get(merged.merged_into), desk, registrations)
    with _address_of(merged.id):
        merged = desk.change(
            merged.id, lambda found, _book, today: found.come_back(today), even_merged=True
        )
    return desk.view(merged)


def _give_back(merged: Member, kept: Member, desk: Desk, registrations: Registrations) -> None:
    """Nothing is written to one who took nothing, who may have been merged themself meanwhile."""
    taking = kept.taking_from(merged.id)
    if taking is None:
        _require_free(desk, merged)
        return
    kept.require_unmerged()
    after = deepcopy(kept)
    after.give_back(merged.id)
    _require_free(desk, after, merged)
    _transfer(taking.registrations, kept.id, merged.id, registrations)
    try:
        with _address_of(kept.id):
            desk.change(kept.id, lambda found, _book, _today: found.give_back(merged.id))
    except EmailTaken:
        _transfer(taking.registrations, merged.id, kept.id, registrations)
        raise


def _require_free(desk: Desk, *people: Member) -> None:
    """Raises EmailTaken unless each of these can have their address."""
    ids = {member.id for member in people}
    keys: dict[str, str] = {}
    for member in people:
        key = email_key(member.email)
        holder = desk.members.first({"email_key": key}) if key else None
        held_by = keys.get(key) or (holder.id if holder and holder.id not in ids else None)
        if held_by is not None:
            raise EmailTaken(member_id=member.id, held_by=held_by)
        keys |= {key: member.id} if key else {}


def _transfer(keys: Iterable[str], from_id: str, to_id: str, registrations: Registrations) -> None:
    for key in keys:
        registrations.transfer(key, from_id, to_id)


@contextmanager
def _address_of(member_id: str) -> Iterator[None]:
    """Raises EmailTaken for an address that somebody took meanwhile."""
    try:
        yield
    except Duplicate as error:
        if error.details.get("field") != "email_key":
            raise
        raise EmailTaken(member_id=member_id) from error
