"""Consent: recorded, withdrawn, and what is known of it at an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from services.membership.commands import consents as commands
from services.membership.domain.consent import ConsentEntry, ConsentLedger, ConsentSource
from services.membership.domain.policies.consents import Asked
from services.membership.handlers.desk import Desk
from services.membership.schemas import consents as schemas
from shared import telemetry
from shared.errors import Invalid, NotFound
from shared.events import Clock

if TYPE_CHECKING:
    from services.membership.repository import ConsentLedgers

_LIVING_MEMORY = 1900


def record_consent(
    command: commands.RecordConsent,
    *,
    desk: Desk,
    ledgers: ConsentLedgers,
    clock: Clock,
    day_of: Callable[[datetime], date],
) -> schemas.ConsentsView:
    """Enter a consent, by a wording that there was when it was given."""
    book, now = desk.policies.book(), clock()
    desk.actionable(command.member_id)
    given_at = _given_at(command, now)
    asked = Asked.by(book.consents, day_of(given_at))
    _check(command, asked.faults(command.purpose, command.channel, command.wording_version))
    return _enter(command, command.wording_version, given_at, ledgers, now)


def withdraw_consent(
    command: commands.WithdrawConsent, *, desk: Desk, ledgers: ConsentLedgers, clock: Clock
) -> schemas.ConsentsView:
    """Enter a withdrawal, whatever was said before and whatever became of the membership."""
    desk.member(command.member_id)
    now = clock()
    given_at = _given_at(command, now)
    asked = Asked.by(desk.policies.book().consents, desk.today())
    _check(command, asked.faults(command.purpose, command.channel, None))
    return _enter(command, None, given_at, ledgers, now)


def _given_at(
    command: commands.RecordConsent | commands.WithdrawConsent, now: datetime
) -> datetime:
    """In UTC, to the millisecond that the store keeps; raises Invalid naming ``given_at``."""
    if command.given_at is None:
        return now
    if command.given_at > now or command.given_at.year < _LIVING_MEMORY:
        reason = f"Must not be in the future, nor before {_LIVING_MEMORY}."
        raise Invalid("Not at that time.", fields={"given_at": [reason]})
    given_at = command.given_at.astimezone(UTC)
    return given_at.replace(microsecond=given_at.microsecond // 1000 * 1000)


def _check(
    command: commands.RecordConsent | commands.WithdrawConsent, fields: dict[str, list[str]]
) -> None:
    own = telemetry.current().actor == command.member_id
    if own and command.source is not ConsentSource.MEMBER:
        fields = {**fields, "source": ["Must be member: it is they who say it."]}
    if fields:
        raise Invalid("The consent is not valid.", fields=fields)


def _enter(
    command: commands.RecordConsent | commands.WithdrawConsent,
    wording_version: str | None,
    given_at: datetime,
    ledgers: ConsentLedgers,
    now: datetime,
) -> schemas.ConsentsView:
    entry = ConsentEntry(
        purpose=command.purpose,
        channel=command.channel,
        given=wording_version is not None,
        wording_version=wording_version,
        source=command.source,
        given_at=given_at,
        recorded_at=now,
    )
    begun = ConsentLedger(command.member_id)
    begun.enter(entry)
    ledger = ledgers.put(begun, lambda found: found.enter(entry))
    return schemas.ConsentsView.of(ledger, None, now)


def get_consents(
    request: schemas.GetConsents, *, desk: Desk, ledgers: ConsentLedgers, clock: Clock
) -> schemas.ConsentsView:
    """Where things stand, or stood, and the whole ledger."""
    desk.members.get(request.member_id)
    try:
        ledger = ledgers.get(request.member_id)
    except NotFound:
        ledger = ConsentLedger(request.member_id)
    return schemas.ConsentsView.of(ledger, request.as_of, clock())


def get_consent_wordings(
    request: schemas.GetConsentWordings, *, desk: Desk
) -> schemas.ConsentWordingsView:
    """What members are asked on a day."""
    version = desk.policies.book().consents.on(request.on or desk.today())
    return schemas.ConsentWordingsView.of(version)
