"""Applications: received, admitted, declined, and the stages of selection under the pseudonym."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from services.membership.commands import applications as commands
from services.membership.domain.application import Application
from services.membership.domain.member import Member
from services.membership.domain.people import email_key
from services.membership.domain.regulators import Regulators
from services.membership.domain.selection import ProposedSelection, Reached, SelectionHistory
from services.membership.errors import NotAnApplicant
from services.membership.handlers.desk import Desk
from services.membership.handlers.places import Places
from services.membership.schemas import applications as schemas
from services.membership.schemas.members import MemberView
from services.membership.subscriptions import (
    AlumniRemoved,
    OfferReversed,
    Retraction,
    RoundProposed,
    StageEvent,
)
from shared import telemetry
from shared.errors import Duplicate, NotFound
from shared.events import new_id
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.membership.repository import ProposedSelections, Registrations, Selections


def apply(
    command: commands.Apply,
    *,
    desk: Desk,
    registrations: Registrations,
    regulators: Regulators,
    places: Places,
    make_pseudonym: Callable[[], str],
) -> schemas.ApplicationView:
    """Receive an application, unless its registration or e-mail address is already known.

    One in a pilot takes a place there; raises ProfessionNotAdmitted when none is left.
    """
    today, book = desk.today(), desk.policies.book()
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
        book=book,
        today=today,
    )
    member = Member.apply(new_id(), make_pseudonym(), application, book, today)
    if command.dry_run:
        refuse_duplicate(member, desk, registrations)
        places.check(member)
        return schemas.ApplicationView.of(member, dry_run=True)
    return schemas.ApplicationView.of(enrol(member, desk, registrations, places))


def enrol(member: Member, desk: Desk, registrations: Registrations, places: Places) -> Member:
    """Keep a new member, whose registrations and address nobody else has."""
    places.take(member)
    claimed = []
    try:
        for held in member.registrations:
            if registrations.claim(held.key, member.id):
                claimed.append(held.key)
        kept = desk.members.add(member)
    except Duplicate as error:
        for key in claimed:
            registrations.release(key, member.id)
        places.give_back(member)
        raise duplicate(error.details.get("field", "")) from error
    places.let_go(kept)  # when the call is repeated, the application may have ended meanwhile
    return kept


def refuse_duplicate(member: Member, desk: Desk, registrations: Registrations) -> None:
    """Raises Duplicate for a registration or an address that somebody has."""
    if registrations.holders(held.key for held in member.registrations):
        raise duplicate("registration_number")
    if desk.members.first({"email_key": email_key(member.email)}) is not None:
        raise duplicate("email_key")


def duplicate(key: str) -> Duplicate:
    """The error for a value that somebody else has, by the name people know it by."""
    field = {"email_key": "email"}.get(key, key)
    reason = "Already used by another application."
    return Duplicate(
        f"There is already an application with this {field}.",
        field=field,
        fields={field: [reason]},
    )


def admit(command: commands.Admit, *, desk: Desk) -> MemberView:
    """Make a verified applicant a member."""
    member = desk.change(
        command.member_id,
        lambda found, book, today: found.admit(
            book, today, grade=command.grade, reductions=command.reductions
        ),
    )
    return desk.view(member)


def decline(command: commands.Decline, *, desk: Desk, places: Places) -> MemberView:
    """Turn an application down."""
    member = desk.change(command.member_id, lambda found, _book, today: found.decline(today))
    places.let_go(member)
    return desk.view(member)


def reopen_application(
    command: commands.ReopenApplication, *, desk: Desk, places: Places
) -> MemberView:
    """Take up an application again; one in a pilot takes a place there again."""
    before = desk.actionable(command.member_id)
    places.take(before)
    try:
        member = desk.change(before.id, lambda found, _book, today: found.reopen(today))
    except NotAnApplicant:
        places.let_go(before)
        raise
    return desk.view(member)


def get_equality_pseudonym(
    request: schemas.GetEqualityPseudonym, *, desk: Desk
) -> schemas.PseudonymView:
    """The one link between a member and the equality answers, for the member alone."""
    return schemas.PseudonymView(desk.members.get(request.member_id).pseudonym)


def record_stage(
    event: StageEvent | Retraction,
    *,
    desk: Desk,
    selections: Selections,
) -> None:
    """Tell a stage of a member's application under the pseudonym, in a trace of its own.

    Of what was a mistake it is told that it was not reached.

    A member not known here raises NotFound: the event may be early, so it is tried again. Of one
    who was erased nothing is told, and nothing is kept even if that was in the same moment.
    """
    member = desk.members.get(event.member_id)
    if member.erased_on is not None:
        return
    pseudonym = member.pseudonym

    def reach(history: SelectionHistory) -> None:
        if isinstance(event, OfferReversed | AlumniRemoved):
            history.take_back(event.application_id, event.cohort_id, event.cause)
        else:
            step = Reached(event.application_id, event.stage, event.cause)
            history.reach(step, event.cohort_id, event.reached_on)

    with telemetry.activate(_unlinked(telemetry.current())):
        try:
            selections.change(pseudonym, reach)
        except NotFound:
            history = SelectionHistory(pseudonym)
            reach(history)
            selections.add(history)
    if desk.members.get(event.member_id).erased_on is not None:
        with apart():
            selections.change(pseudonym, lambda found: found.forget())


def translate_proposal(
    event: RoundProposed, *, desk: Desk, proposed_selections: ProposedSelections
) -> None:
    """Tell to whom a round would make offers under their pseudonyms, once, in a trace of its own.

    Each has the pseudonym under which their stages are told, whoever they were merged into since.
    Raises NotFound for a member not known here: the event may be early, so it is tried again. Those
    who were erased are left out.
    """
    known = desk.members.pseudonyms((*event.member_ids, *event.shortlisted_ids))
    proposed = ProposedSelection.of(
        event.round_id,
        event.cohort_id,
        filter(None, map(known.__getitem__, event.member_ids)),
        filter(None, map(known.__getitem__, event.shortlisted_ids)),
    )
    with telemetry.activate(_unlinked(telemetry.current())), suppress(Duplicate):
        proposed_selections.add(proposed)


def _unlinked(context: telemetry.Context) -> telemetry.Context:
    """The same message in hand, but with ids that do not lead from the pseudonym to the member."""
    return telemetry.Context.start(message_id=context.message_id, seed=context.seed)
