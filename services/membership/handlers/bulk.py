"""Members out as a table, and in from another system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from services.membership.commands import bulk as commands
from services.membership.domain.application import Application
from services.membership.domain.forgetting import address_hash
from services.membership.domain.member import Member
from services.membership.domain.people import email_key
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.regulators import Regulators
from services.membership.domain.search import Search
from services.membership.domain.tables import rows_of
from services.membership.domain.takeover import Takeover
from services.membership.domain.terms import CareerStage, Nation
from services.membership.handlers.applications import duplicate, enrol, refuse_duplicate
from services.membership.handlers.desk import Desk, view_of
from services.membership.handlers.members import search_page
from services.membership.handlers.places import Places
from services.membership.schemas import bulk as schemas
from services.membership.schemas.bulk import COLUMNS, RowOutcome, RowView
from shared.errors import Duplicate, FacultyError, Invalid, Unavailable
from shared.events import new_id

if TYPE_CHECKING:
    from services.membership.repository import Registrations


def export_members(
    request: schemas.ExportMembers,
    *,
    desk: Desk,
    registrations: Registrations,
    regulators: Regulators,
) -> schemas.Table:
    """A page of members as CSV."""
    columns = request.columns or COLUMNS
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        reason = f"Must be among: {', '.join(COLUMNS)}."
        raise Invalid("There is no such column.", fields={"columns": [reason]})
    book, today = desk.policies.book(), desk.today()
    search = Search.read(request.filters, regulators, book, today)
    page = search_page(search, request.cursor, request.limit, desk, registrations)
    views = (view_of(member, book, today) for member in page.items)
    rows = [[_cell(getattr(view, column)) for column in columns] for view in views]
    text = rows_of(columns, rows, header=request.cursor is None)
    return schemas.Table(text, len(rows), page.next_cursor)


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, tuple) else value


def import_members(
    command: commands.ImportMembers,
    *,
    desk: Desk,
    registrations: Registrations,
    regulators: Regulators,
    places: Places,
    make_pseudonym: Callable[[], str],
) -> schemas.ImportView:
    """Take over members from another system, each row by itself."""
    intake = _Intake(desk, registrations, regulators, places, make_pseudonym, desk.policies.book())
    rows = tuple(
        intake.take(index, row, new_id(), dry_run=command.dry_run)
        for index, row in enumerate(command.rows)
    )
    counts = Counter(row.outcome for row in rows)
    return schemas.ImportView(
        rows=rows,
        imported=counts[RowOutcome.IMPORTED],
        known=counts[RowOutcome.KNOWN],
        refused=counts[RowOutcome.REFUSED],
        dry_run=command.dry_run,
    )


@dataclass(frozen=True)
class _Intake:
    desk: Desk
    registrations: Registrations
    regulators: Regulators
    places: Places
    make_pseudonym: Callable[[], str]
    book: PolicyBook
    rehearsed: list[Member] = field(default_factory=list)

    def take(self, index: int, row: commands.ImportedRow, id: str, *, dry_run: bool) -> RowView:
        known = self.desk.members.first({"reference": row.reference})
        if known is not None and known.id != id:
            return RowView(index, RowOutcome.KNOWN, known.id, {})
        try:
            member = self._member(row, id)
            self._refuse_erased(member)
            if dry_run:
                self._rehearse(member)
                return RowView(index, RowOutcome.IMPORTED, None, {})
            enrol(member, self.desk, self.registrations, self.places)
            return RowView(index, RowOutcome.IMPORTED, member.id, {})
        except Unavailable:
            raise
        except FacultyError as error:
            return RowView(index, RowOutcome.REFUSED, None, _fields(error))

    def _refuse_erased(self, member: Member) -> None:
        """Another system may still know whom this one has forgotten; they may come back alone."""
        if self.desk.members.first({"suppressed": address_hash(member.email)}) is not None:
            reason = "Erased here before; only the person can apply anew."
            raise Invalid("The person was erased.", fields={"email": [reason]})

    def _rehearse(self, member: Member) -> None:
        """Also against the rows before, which nobody has kept."""
        refuse_duplicate(member, self.desk, self.registrations)
        for other in self.rehearsed:
            if {r.key for r in member.registrations} & {r.key for r in other.registrations}:
                raise duplicate("registration_number")
            if email_key(member.email) == email_key(other.email):
                raise duplicate("email_key")
        self.places.check(member, self.rehearsed)
        self.rehearsed.append(member)

    def _member(self, row: commands.ImportedRow, id: str) -> Member:
        today = self.desk.today()
        takeover = Takeover.read(
            reference=row.reference,
            date_of_birth=row.date_of_birth,
            nation=row.nation,
            career_stage=row.career_stage,
            checked_on=row.checked_on,
            grade=row.grade,
            joined_on=row.joined_on,
            covered_to=row.covered_to,
            book=self.book,
            today=today,
        )
        application = _application(row, takeover, self.regulators, self.book, today)
        return takeover.member(id, self.make_pseudonym(), application, self.book, today)


def _application(
    row: commands.ImportedRow,
    takeover: Takeover,
    regulators: Regulators,
    book: PolicyBook,
    today: date,
) -> Application:
    return Application.checked(
        given_name=row.given_name,
        family_name=row.family_name,
        email=row.email,
        date_of_birth=takeover.date_of_birth,
        profession=row.profession,
        nation=Nation(row.nation),
        career_stage=CareerStage(row.career_stage),
        regulator=row.regulator or None,
        registration_number=row.registration_number or None,
        regulators=regulators,
        book=book,
        today=today,
    )


def _fields(error: FacultyError) -> dict[str, tuple[str, ...]]:
    if isinstance(error, Invalid | Duplicate):
        fields = error.details.get("fields", {})
        return {name: tuple(reasons) for name, reasons in fields.items()}
    return {"": (f"{error.code}: {error.message}",)}
