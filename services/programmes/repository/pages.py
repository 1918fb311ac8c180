"""Pages over what is kept of a member under several ids."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from shared.events import Aggregate
from shared.repository import Page, Repository, decode_cursor, encode_cursor

A = TypeVar("A", bound=Aggregate)


def page_of(
    repository: Repository[A],
    member_ids: Sequence[str],
    criteria: Mapping[str, Any],
    cursor: str | None,
    limit: int,
) -> Page[A]:
    """What is kept of a member under several ids, one after another; a page has one id's.

    Raises Invalid naming ``cursor``.
    """
    member_id, _, inner = decode_cursor(cursor).partition(":") if cursor else ("", "", "")
    left = [id for id in member_ids if id >= member_id]
    if not left:
        return Page((), None)
    within = {**criteria, "member_id": left[0]}
    page = repository.find(within, cursor=inner if left[0] == member_id else None, limit=limit)
    if page.next_cursor is not None:
        return Page(page.items, encode_cursor(f"{left[0]}:{page.next_cursor}"))
    return Page(page.items, encode_cursor(f"{left[1]}:") if left[1:] else None)
