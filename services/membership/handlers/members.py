"""Members: read, searched, corrected, and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.membership.commands import members as commands
from services.membership.domain.correcting import Correction
from services.membership.domain.regulators import Regulators
from services.membership.domain.search import Search
from services.membership.domain.terms import EntitlementKind
from services.membership.handlers.applications import duplicate
from services.membership.handlers.desk import Desk, view_of
from services.membership.schemas import members as schemas
from shared.errors import Duplicate, Invalid
from shared.history import HistoryPage, newest_first
from shared.repository import Page, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from services.membership.domain.member import Member
    from services.membership.repository import Registrations
    from services.membership.repository.histories import Histories

# Honorary cover has no other source than the body itself.
HONORARY = "the body"


def get_member(request: schemas.GetMember, *, desk: Desk) -> schemas.MemberView:
    """One member."""
    return desk.view(desk.members.get(request.member_id))


def find_members(
    request: schemas.FindMembers,
    *,
    desk: Desk,
    registrations: Registrations,
    regulators: Regulators,
) -> schemas.MemberPage:
    """Members that fit every filter, in the order of what was searched by, else of joining."""
    book, today = desk.policies.book(), desk.today()
    search = Search.read(request.filters, regulators, book, today)
    page = search_page(search, request.cursor, request.limit, desk, registrations)
    return schemas.MemberPage(
        items=tuple(view_of(member, book, today) for member in page.items),
        next_cursor=page.next_cursor,
    )


def search_page(
    search: Search, cursor: str | None, limit: int, desk: Desk, registrations: Registrations
) -> Page[Member]:
    """A page of what is searched; names are looked for family name first, then given name first."""
    phases = search.phases(registrations.members_with)
    number, _, inner = decode_cursor(cursor).partition(":") if cursor else ("0", "", "")
    index = int(number) if number.isdecimal() and int(number) < len(phases) else 0
    phase = phases[index]
    page = desk.members.find(phase.criteria, by=phase.by, cursor=inner or None, limit=limit)
    items = tuple(member for member in page.items if phase.admits(member))
    if page.next_cursor is not None:
        return Page(items, encode_cursor(f"{index}:{page.next_cursor}"))
    more = index + 1 < len(phases)
    return Page(items, encode_cursor(f"{index + 1}:") if more else None)


def change_contact(command: commands.ChangeContact, *, desk: Desk) -> schemas.MemberView:
    """Change names or address."""
    try:
        member = desk.change(
            command.member_id,
            lambda found, _book, _today: found.change_contact(
                command.given_name, command.family_name, command.email
            ),
            expected=command.version,
        )
    except Duplicate as error:
        raise duplicate(error.details.get("field", "")) from error
    return desk.view(member)


def change_career_stage(command: commands.ChangeCareerStage, *, desk: Desk) -> schemas.MemberView:
    """Note another career stage; the grade follows where it was the old stage's."""
    member = desk.change(
        command.member_id,
        lambda found, book, today: found.change_career_stage(book, command.career_stage, today),
        expected=command.version,
    )
    return desk.view(member)


def change_grade(command: commands.ChangeGrade, *, desk: Desk) -> schemas.MemberView:
    """Move a member to another grade."""
    member = desk.change(
        command.member_id,
        lambda found, book, today: found.change_grade(book, command.grade, today),
        expected=command.version,
    )
    return desk.view(member)


def correct_details(
    command: commands.CorrectDetails, *, desk: Desk, regulators: Regulators
) -> schemas.MemberView:
    """Correct birth date, profession or nation."""
    correction = Correction(command.date_of_birth, command.profession, command.nation)
    member = desk.change(
        command.member_id,
        lambda found, book, today: correction.apply(found, book, regulators, today),
        expected=command.version,
    )
    return desk.view(member)


def grant_honorary(command: commands.GrantHonorary, *, desk: Desk) -> schemas.MemberView:
    """Cover a member by decision of the body."""
    if command.until_on is not None and command.until_on < command.from_on:
        reason = "Must not be before from_on."
        raise Invalid("It would end before it begins.", fields={"until_on": [reason]})
    member = desk.change(
        command.member_id,
        lambda found, _book, today: found.entitle(
            EntitlementKind.HONORARY, HONORARY, command.from_on, command.until_on, today
        ),
    )
    return desk.view(member)


def end_honorary(command: commands.EndHonorary, *, desk: Desk) -> schemas.MemberView:
    """Let honorary cover end."""
    member = desk.change(
        command.member_id,
        lambda found, _book, today: found.end_entitlement(
            EntitlementKind.HONORARY, HONORARY, command.last_day or today, today
        ),
    )
    return desk.view(member)


def get_history(request: schemas.GetHistory, *, histories: Histories) -> HistoryPage:
    """Every change to what is kept of a member, newest first."""
    written = histories.of(request.member_id)
    return newest_first(written, cursor=request.cursor, limit=request.limit)
