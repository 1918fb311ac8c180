"""What belongs to a member, who may have several ids after mergers."""

from __future__ import annotations

from typing import Protocol, TypeVar

from services.programmes.repository.standings import Standings
from shared.events import Aggregate
from shared.repository import Page, Repository, decode_cursor, encode_cursor

A = TypeVar("A", bound=Aggregate)


class Asked(Protocol):
    """A request for a page of what is a member's, or where none is named, of everybody's."""

    @property
    def member_id(self) -> str | None: ...

    @property
    def cursor(self) -> str | None: ...

    @property
    def limit(self) -> int: ...


def own(repository: Repository[A], id: str, member_id: str | None, standings: Standings) -> A:
    """One that is kept under a member's id or under that of who was merged into them.

    Raises NotFound, to a member for somebody else's too. Without a member it is anybody's.
    """
    found = repository.get(id)
    holder_id: str = found.member_id  # type: ignore[attr-defined]
    if member_id not in (None, holder_id) and member_id != standings.followed(holder_id):
        raise repository.absent(id)
    return found


def page_of(
    repository: Repository[A], request: Asked, standings: Standings, **criteria: str | None
) -> Page[A]:
    """A page of what fits the criteria that are not None.

    Of a member it also has what is kept under other ids, one after another; a page has one id's.
    Raises Invalid naming ``cursor``.
    """
    wanted = {name: str(value) for name, value in criteria.items() if value is not None}
    if request.member_id is None:
        return repository.find(wanted, cursor=request.cursor, limit=request.limit)
    at, _, inner = decode_cursor(request.cursor).partition(":") if request.cursor else ("", "", "")
    left = [id for id in standings.ids_of(request.member_id) if id >= at]
    if not left:
        return Page((), None)
    within = {**wanted, "member_id": left[0]}
    page = repository.find(within, cursor=inner if left[0] == at else None, limit=request.limit)
    if page.next_cursor is not None:
        return Page(page.items, encode_cursor(f"{left[0]}:{page.next_cursor}"))
    return Page(page.items, encode_cursor(f"{left[1]}:") if left[1:] else None)
