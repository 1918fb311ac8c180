"""The use cases of membership: load, ask the domain to do one thing, save."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from services.membership import commands, schemas
from services.membership.domain.application import Application
from services.membership.domain.grades import GradePolicies
from services.membership.domain.member import Member
from services.membership.domain.register import compare, read_extract
from services.membership.domain.regulators import Regulators
from services.membership.domain.search import criteria
from services.membership.domain.selection import SelectionHistory
from services.membership.subscriptions import ApplicationShortlisted, ApplicationSubmitted
from shared import telemetry
from shared.errors import Duplicate, NotFound
from shared.events import Clock, new_id

if TYPE_CHECKING:
    from services.membership.repository import Members, RegisterEntries, Selections

# The unique keys in the store, and the fields that people know them by.
_KEY_FIELDS = {"registration_key": "registration_number", "email_key": "email"}


def apply(
    command: commands.Apply,
    *,
    members: Members,
    regulators: Regulators,
    clock: Clock,
    make_pseudonym: Callable[[], str],
) -> schemas.ApplicationView:
    """Receive an application, unless its registration or e-mail address is already known."""
    today = clock().date()
    application = Application.checked(
        given_name=command.given_name,
        family_name=command.family_name,
        email=command.email,
        date_of_birth=command.date_of_birth,
        profession=command.profession,
        nation=command.nation,
        career_stage=command.career_stage,
        regulator=command.regulator,
        registration_number=command.registration_number,
        regulators=regulators,
        today=today,
    )
    member = Member.apply(new_id(), make_pseudonym(), application, today)
    if command.dry_run:
        _refuse_duplicate(members, member)
        return schemas.ApplicationView.of(member, dry_run=True)
    try:
        return schemas.ApplicationView.of(members.add(member))
    except Duplicate as error:
        raise _duplicate(error.details.get("field", "")) from error


def _refuse_duplicate(members: Members, member: Member) -> None:
    for key in _KEY_FIELDS:
        if members.first({key: getattr(member, key)}) is not None:
            raise _duplicate(key)


def _duplicate(key: str) -> Duplicate:
    field = _KEY_FIELDS.get(key, key)
    reason = "Already used by another application."
    return Duplicate(
        f"There is already an application with this {field}.",
        field=field,
        fields={field: [reason]},
    )


def import_register(
    command: commands.ImportRegister,
    *,
    entries: RegisterEntries,
    regulators: Regulators,
    clock: Clock,
) -> schemas.ExtractView:
    """Take in a register extract; every row is sound or none is kept."""
    regulator = regulators.get(command.regulator)
    extract = read_extract(regulator, command.rows, clock().date())
    comparison = compare(entries.find(entry.id for entry in extract), extract)
    if not command.dry_run:
        entries.write(comparison.to_write)
    return schemas.ExtractView.of(regulator.code, comparison, dry_run=command.dry_run)


def verify_registration(
    command: commands.VerifyRegistration,
    *,
    members: Members,
    entries: RegisterEntries,
    clock: Clock,
) -> schemas.VerificationView:
    """Check a registration against the latest extract; a refusal is an outcome, not an error."""
    today = clock().date()
    entry = entries.get(members.get(command.member_id).registration_key)
    member = members.change(command.member_id, lambda found: found.verify(entry, today))
    return schemas.VerificationView.of(member, member.checks[-1])


def admit(
    command: commands.Admit, *, members: Members, grades: GradePolicies, clock: Clock
) -> schemas.MemberView:
    """Make a verified applicant a member."""
    today = clock().date()
    member = members.change(command.member_id, lambda found: found.admit(grades, today))
    return schemas.MemberView.of(member)


def get_member(request: schemas.GetMember, *, members: Members) -> schemas.MemberView:
    """One member."""
    return schemas.MemberView.of(members.get(request.member_id))


def find_members(
    request: schemas.FindMembers,
    *,
    members: Members,
    regulators: Regulators,
    grades: GradePolicies,
) -> schemas.MemberPage:
    """Members by equal values, in the order in which they applied."""
    page = members.find(
        criteria(request.filters, regulators, grades),
        cursor=request.cursor,
        limit=request.limit,
    )
    return schemas.MemberPage(
        items=tuple(schemas.MemberView.of(member) for member in page.items),
        next_cursor=page.next_cursor,
    )


def get_equality_pseudonym(
    request: schemas.GetEqualityPseudonym, *, members: Members
) -> schemas.PseudonymView:
    """The one link between a member and the equality answers, for the member alone."""
    return schemas.PseudonymView(members.get(request.member_id).pseudonym)


def record_stage(
    event: ApplicationSubmitted | ApplicationShortlisted,
    *,
    members: Members,
    selections: Selections,
) -> None:
    """Tell a stage of a member's application under the pseudonym, in a trace of its own.

    A member not known here raises NotFound: the event may be early, so it is tried again.
    """
    pseudonym = members.get(event.member_id).pseudonym

    def reach(history: SelectionHistory) -> None:
        history.reach(event.application_id, event.cohort_id, event.stage, event.reached_on)

    with telemetry.activate(_unlinked(telemetry.current())):
        try:
            selections.change(pseudonym, reach)
        except NotFound:
            history = SelectionHistory(pseudonym)
            reach(history)
            selections.add(history)


def _unlinked(context: telemetry.Context) -> telemetry.Context:
    """The same message in hand, but with ids that do not lead from the pseudonym to the member."""
    return telemetry.Context.start(message_id=context.message_id, seed=context.seed)
