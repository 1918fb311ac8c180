"""The life of a membership: fees, renewal, leaving and coming back, and why a status is so."""

from __future__ import annotations

from datetime import date

from services.membership.commands import lifecycle as commands
from services.membership.domain.calendar import add_months
from services.membership.domain.explaining import explain
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.quoting import Quote
from services.membership.domain.standing import next_change
from services.membership.handlers.desk import Desk
from services.membership.handlers.places import Places
from services.membership.schemas import lifecycle as schemas
from services.membership.schemas.members import MemberView
from shared.errors import Invalid

QUOTED_MONTHS = 120


def renew(command: commands.Renew, *, desk: Desk) -> MemberView:
    """Add the next term."""
    member = desk.change(
        command.member_id,
        lambda found, book, today: found.renew(book, today, command.reductions),
    )
    return desk.view(member)


def record_payment(command: commands.RecordPayment, *, desk: Desk) -> schemas.AccountView:
    """Enter money that came in or was paid back."""
    if command.received_on > desk.today():
        raise Invalid("Not yet.", fields={"received_on": ["Must not be in the future."]})
    pence = command.pence if command.kind == "payment" else -command.pence
    member = desk.change(
        command.member_id,
        lambda found, _book, _today: found.pay(
            pence, command.kind, command.reference, command.received_on
        ),
    )
    return schemas.AccountView.of(member)


def get_account(request: schemas.GetAccount, *, desk: Desk) -> schemas.AccountView:
    """What was charged and paid."""
    return schemas.AccountView.of(desk.members.get(request.member_id))


def quote(request: schemas.GetQuote, *, desk: Desk) -> schemas.QuoteView:
    """What something would cost on a day."""
    book, on = desk.policies.book(), request.on or desk.today()
    made = _quote(request, desk, book, on)
    return schemas.QuoteView.of(made, book.prices.on(on).policy.currency)


def _quote(request: schemas.GetQuote, desk: Desk, book: PolicyBook, on: date) -> Quote:
    member = desk.members.get(request.member_id)
    if not member.received_on <= on <= add_months(desk.today(), QUOTED_MONTHS):
        reason = "Must not be before the application, nor later than ten years from now."
        raise Invalid("No such quote.", fields={"on": [reason]})
    if request.what == "renewal":
        return member.quote_renewal(book, on, request.reductions)
    if request.what == "admission":
        return member.quote_admission(book, on, request.grade, request.reductions)
    if request.grade is None:
        raise Invalid("No grade.", fields={"grade": ["Needed for a change of grade."]})
    return member.quote_grade(book, request.grade, on)


def withdraw(command: commands.Withdraw, *, desk: Desk, places: Places) -> MemberView:
    """Let a member leave."""
    member = desk.change(
        command.member_id,
        lambda found, book, today: found.withdraw(book, command.on or today, today),
    )
    places.let_go(member)
    return desk.view(member)


def record_death(command: commands.RecordDeath, *, desk: Desk) -> MemberView:
    """Put a death on record."""
    member = desk.change(
        command.member_id,
        lambda found, _book, today: found.record_death(command.died_on, today),
    )
    return desk.view(member)


def reinstate(command: commands.Reinstate, *, desk: Desk) -> MemberView:
    """Take back what ended a membership."""
    member = desk.change(
        command.member_id,
        lambda found, book, today: found.reinstate(book, today, command.reductions),
    )
    return desk.view(member)


def explain_status(request: schemas.ExplainStatus, *, desk: Desk) -> schemas.StatusView:
    """Which rule gave a status, why, and what comes next and when."""
    member, book = desk.members.get(request.member_id), desk.policies.book()
    day = request.as_of or desk.today()
    if day < member.received_on:
        reason = f"Must not be before the application of {member.received_on.isoformat()}."
        raise Invalid("Too early.", fields={"as_of": [reason]})
    version = book.statuses.on(day)
    now = member.standing_on(book, day)
    rules = version.policy.rules
    coming = next_change(member, book.statuses, day)
    return schemas.StatusView(
        member_id=member.id,
        as_of=day,
        status=now.status,
        rule=now.rule,
        reason=now.reason,
        explanation=explain(now),
        covered_to=now.covered_to,
        passed_over=rules[: rules.index(now.rule)],
        policy=version.version,
        next_change=None
        if coming is None
        else schemas.StatusChange(coming[0], coming[1].status, coming[1].reason),
    )
