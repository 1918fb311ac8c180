"""Fellows who are no longer there, and whose placement staff have to end."""

from __future__ import annotations

from services.programmes.handlers.pausing import GONE
from services.programmes.handlers.placing import Placing
from services.programmes.repository.placements import OPEN
from services.programmes.schemas import placements as schemas


def find_departed_fellows(
    request: schemas.FindDepartedFellows, *, placing: Placing
) -> schemas.DepartedPage:
    """Placements that have not ended of those who died or were removed, as is known now."""
    page = placing.placements.find({}, by=OPEN, cursor=request.cursor, limit=request.limit)
    people = placing.desk.people_of(each.member_id for each in page.items)
    items = [
        schemas.DepartedFellow(schemas.PlacementSummary.of(each), lack)
        for each in page.items
        if (lack := people[each.member_id].lack) is not None and lack in GONE
    ]
    return schemas.DepartedPage(tuple(items), page.next_cursor)
