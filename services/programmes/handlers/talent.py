"""The talent pool: joined and left by alumni themselves, searched by staff on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import alumni as commands
from services.programmes.domain.alumni import AlumnusState
from services.programmes.domain.standing import Standing
from services.programmes.domain.talent import PoolRules, Talent, TalentSearch
from services.programmes.errors import NotAnAlumnus
from services.programmes.handlers.desk import Desk
from services.programmes.repository.alumni import POOL
from services.programmes.schemas import alumni as schemas
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.errors import Invalid
from shared.events import new_id
from shared.paging import encode_cursor
from shared.telemetry import current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.programmes.repository import Alumni, Talents, TalentSearches

# Looked at for one page, so that a search for what nobody says does not go on and on.
MOST_LOOKED_AT = 2_000


def join_talent_pool(
    command: commands.JoinTalentPool,
    *,
    desk: Desk,
    alumni: Alumni,
    talents: Talents,
    pool_rules: PoolRules,
) -> schemas.TalentView:
    """Let a current member who is an alumnus be found; what was said before is replaced."""
    pool_rules.require(command.interests, command.wording_version)
    desk.standing(command.member_id).require_current()
    today, ids = desk.today(), desk.standings.ids_of(command.member_id)
    joined = {"state": AlumnusState.JOINED.value}
    if not any(alumni.first({"member_id": id, **joined}) for id in ids):
        raise NotAnAlumnus(member_id=command.member_id)

    def join(talent: Talent) -> None:
        talent.join(
            interests=command.interests,
            nations=command.nations,
            available_from=command.available_from,
            wording_version=command.wording_version,
            today=today,
        )

    talent = talents.write(command.member_id, join)
    _leave((id for id in ids if id != command.member_id), talents)
    return _view(command.member_id, talent, pool_rules)


def leave_talent_pool(
    command: commands.LeaveTalentPool, *, desk: Desk, talents: Talents, pool_rules: PoolRules
) -> schemas.TalentView:
    """Remove what was said at once, under the ids of those who were merged into the member too."""
    _leave(desk.standings.ids_of(command.member_id), talents)
    return _view(command.member_id, Talent(command.member_id, command.member_id), pool_rules)


def _leave(member_ids: Iterable[str], talents: Talents) -> None:
    for id in member_ids:
        if talents.first({"_id": id}) is not None:
            talents.change(id, lambda talent: talent.leave())


def get_talent(
    request: schemas.GetTalent, *, desk: Desk, talents: Talents, pool_rules: PoolRules
) -> schemas.TalentView:
    """What a member agreed to, with the wording to be shown."""
    ids = desk.standings.ids_of(request.member_id)
    said = (talents.first({"_id": id}) for id in (request.member_id, *ids))
    nothing = Talent(request.member_id, request.member_id)
    talent = next((each for each in said if each is not None and each.in_pool), nothing)
    return _view(request.member_id, talent, pool_rules)


def _view(member_id: str, talent: Talent, rules: PoolRules) -> schemas.TalentView:
    wording = schemas.WordingView.of(rules.current, rules.interests)
    return schemas.TalentView.of(member_id, talent, wording)


def search_talent_pool(
    request: schemas.SearchTalentPool,
    *,
    desk: Desk,
    talents: Talents,
    talent_searches: TalentSearches,
    pool_rules: PoolRules,
) -> schemas.TalentPage:
    """Current members in the pool who fit; the search is on record before it is answered."""
    if request.interest is not None and request.interest not in pool_rules.interests:
        reasons = [f"Must be one of: {', '.join(pool_rules.interests)}."]
        raise Invalid("There is no such interest.", fields={"interest": reasons})
    page = _walk(request, desk, talents)
    talent_searches.add(
        TalentSearch(
            id=new_id(),
            searched_by=current().actor,
            searched_at=desk.clock(),
            found=len(page.items),
            interest=request.interest,
            nation=request.nation,
            profession=request.profession,
        )
    )
    return page


def _walk(request: schemas.SearchTalentPool, desk: Desk, talents: Talents) -> schemas.TalentPage:
    found: list[schemas.FoundTalent] = []
    cursor, looked_at = request.cursor, 0
    while True:
        page = talents.find({}, by=POOL, cursor=cursor, limit=PAGE_LIMIT)
        people = desk.people_of(each.member_id for each in page.items)
        for talent in page.items:
            looked_at += 1
            if (fitting := _fitting(talent, request, people[talent.member_id])) is not None:
                found.append(fitting)
            if len(found) == request.limit or looked_at == MOST_LOOKED_AT:
                return schemas.TalentPage(tuple(found), encode_cursor(talent.id))
        if page.next_cursor is None:
            return schemas.TalentPage(tuple(found), None)
        cursor = page.next_cursor


def _fitting(
    talent: Talent, request: schemas.SearchTalentPool, person: Standing
) -> schemas.FoundTalent | None:
    """Whoever stands for a member who was merged is found, if they are current."""
    if not talent.fits(request.interest, request.nation):
        return None
    if not person.current or request.profession not in (None, person.profession):
        return None
    return schemas.FoundTalent.of(talent, person.member_id, person.profession)


def find_talent_searches(
    request: schemas.FindTalentSearches, *, talent_searches: TalentSearches
) -> schemas.TalentSearchPage:
    """Who searched for what, as data protection asks."""
    page = talent_searches.find({}, cursor=request.cursor, limit=request.limit)
    items = tuple(map(schemas.TalentSearchView.of, page.items))
    return schemas.TalentSearchPage(items, page.next_cursor)
