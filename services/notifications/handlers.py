"""The use cases of notifications: queue a message, send it once, account for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.notifications import commands, schemas
from services.notifications.domain import (
    Answer,
    Contact,
    DeliveryPolicy,
    Email,
    Message,
    Outcome,
    State,
    address_hash,
)
from services.notifications.errors import MailDeferred, MailRefused, NotClaimable, TemplateRefused
from services.notifications.subscriptions import (
    ApplicationReceived,
    ApplicationSubmitted,
    ConsentChanged,
    ContactChanged,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
    MemberMerged,
    MemberUnmerged,
)
from shared import telemetry
from shared.errors import FacultyError, Unavailable
from shared.events import Clock, Meta, dump, new_id
from shared.export import contribution, disclosed

if TYPE_CHECKING:
    from services.notifications.rendering import Templates
    from services.notifications.repository import (
        Answers,
        Consents,
        Contacts,
        Messages,
        Suppressions,
    )

log = telemetry.logger(__name__)

CONTACT, APPLICATION = "contact", "application"
_RECORD_TRIES = 5
_RECORD_PAUSE = 1.0


class Mailer(Protocol):
    """Hands one message to a mail server."""

    def send(self, email: Email) -> int:
        """The code of the acceptance; raises ``MailRefused`` or ``MailDeferred``."""


@dataclass(frozen=True)
class Postroom:
    """All that sending takes."""

    messages: Messages
    contacts: Contacts
    consents: Consents
    suppressions: Suppressions
    answers: Answers
    templates: Templates
    mailer: Mailer
    policy: DeliveryPolicy
    clock: Clock
    pause: Callable[[float], None]


def remember_contact(event: ContactChanged, meta: Meta, *, postroom: Postroom) -> None:
    """Keep the latest name and address of a person, whatever the order of arrival.

    Of one who was forgotten nothing is kept, but that nothing is sent to this address either.
    """
    values = {
        "given_name": event.given_name,
        "family_name": event.family_name,
        "email": event.email,
    }
    taken = postroom.contacts.put(event.member_id, CONTACT, meta.sequence, values)
    if not taken and postroom.contacts.erased(event.member_id):
        postroom.suppressions.add(address_hash(event.email), postroom.clock().date())


def remember_application(event: ApplicationReceived, meta: Meta, *, postroom: Postroom) -> None:
    """Keep that a person applied themself, which counts for more than an older suppression."""
    values = {"received_on": event.received_on.isoformat()}
    postroom.contacts.put(event.member_id, APPLICATION, meta.sequence, values)


def remember_merge(event: MemberMerged | MemberUnmerged, meta: Meta, *, postroom: Postroom) -> None:
    """Keep who is reached in place of a member, whatever the order of arrival."""
    into = event.into_member_id if isinstance(event, MemberMerged) else None
    postroom.contacts.follow(event.member_id, into, meta.sequence)


def remember_consent(event: ConsentChanged, meta: Meta, *, postroom: Postroom) -> None:
    """Keep the latest consent of a member to a purpose and channel, whatever the order."""
    postroom.consents.note(
        event.member_id, event.purpose, event.channel, meta.sequence, given=event.given
    )


def welcome(event: MemberAdmitted, meta: Meta, *, postroom: Postroom) -> None:
    """Welcome a new member."""
    _write_to_member("welcome", event, meta, postroom)


def acknowledge(event: ApplicationSubmitted, meta: Meta, *, postroom: Postroom) -> None:
    """Confirm that an application was received."""
    _write_to_member("application_acknowledgement", event, meta, postroom)


def _write_to_member(
    name: str, event: MemberAdmitted | ApplicationSubmitted, meta: Meta, postroom: Postroom
) -> None:
    if postroom.contacts.erased(event.member_id):
        return
    template = postroom.templates.latest(name)
    now = postroom.clock()
    message = postroom.messages.add(
        Message(
            id=new_id(),
            member_id=event.member_id,
            template=template.name,
            template_version=template.version,
            values=template.select(dump(event)),
            event_id=meta.id,
            event_type=meta.type,
            queued_at=now,
            due_at=now,
        )
    )
    deliver(commands.Deliver(message.id), postroom=postroom)


def deliver(command: commands.Deliver, *, postroom: Postroom) -> Outcome | None:
    """Send a message if it is due and nobody else is sending it; None when it was not tried."""
    with _apart():
        message = postroom.messages.get(command.message_id)
        if postroom.contacts.erased(message.member_id):
            _forget(message.id, postroom)
            return None
        facets = postroom.contacts.reached(message.member_id)
        contact = Contact.of(**facets[CONTACT]) if CONTACT in facets else None
        try:
            if contact is None:
                _wait_for_contact(message, postroom)
                return None
            if _suppressed(contact, facets, postroom):
                _suppress(message, postroom)
                return None
            message = _claim(message, contact, postroom)
        except NotClaimable:
            return None
        if message.state is not State.SENDING:
            log.error("message given up", message_id=message.id, failure=message.failure)
            return None
        return _send(message, contact, postroom)


def sweep(*, postroom: Postroom) -> int:
    """Deliver what is due, oldest due first; gives the number tried.

    It stops early when the mail server does not answer at all: the others wait for the next tick.
    """
    begun, policy = postroom.clock(), postroom.policy
    tried = 0
    for message_id in postroom.messages.due(begun, policy.sweep_limit):
        if postroom.clock() - begun >= policy.sweep_budget:
            break
        outcome = _deliver_in_turn(message_id, postroom)
        tried += outcome is not None
        if outcome is Outcome.UNREACHABLE:
            break
    return tried


def _deliver_in_turn(message_id: str, postroom: Postroom) -> Outcome | None:
    """One message that cannot be handled must not hold up those behind it; a lost store may."""
    try:
        return deliver(commands.Deliver(message_id), postroom=postroom)
    except Unavailable:
        raise
    except Exception:
        log.exception("message not delivered", message_id=message_id)
        return None


def contribute(event: ExportRequested, *, postroom: Postroom) -> None:
    """Give membership all that is kept of a member, who asked for it."""
    id = event.member_id
    kept = {"Contact": postroom.contacts.get(id), "Consents": postroom.consents.get(id)}
    records = [{"record": name, "id": id, "data": data} for name, data in kept.items() if data]
    texts = contribution([*records, *disclosed(postroom.messages, {"member_id": id})])
    today = postroom.clock().date()
    postroom.answers.add(Answer.contribute(event.request_id, id, texts, today))


def forget_member(event: MemberErased, *, postroom: Postroom) -> None:
    """Forget a member for good, so that nothing is sent there any more, and tell membership so.

    The address is suppressed first, for later nobody knows it. Those that the member had before are
    not: somebody else may have them now.
    """
    id = event.member_id
    contact = (postroom.contacts.get(id) or {}).get(CONTACT)
    if contact is not None:
        postroom.suppressions.add(Contact.of(**contact).address_hash, event.erased_on)
    postroom.contacts.erase(id)
    postroom.consents.erase(id)
    messages = list(postroom.messages.scan({"member_id": id}))
    for message in messages:
        _forget(message.id, postroom)
    erased = {"contacts": int(contact is not None), "messages": len(messages)}
    today = postroom.clock().date()
    postroom.answers.add(Answer.acknowledge(event.request_id, id, erased, today))


def _forget(message_id: str, postroom: Postroom) -> None:
    now = postroom.clock()
    postroom.messages.change(message_id, lambda found: found.forget(now))


def get_message(request: schemas.GetMessage, *, postroom: Postroom) -> schemas.MessageView:
    """One message."""
    return schemas.MessageView.of(postroom.messages.get(request.message_id))


def find_messages(request: schemas.FindMessages, *, postroom: Postroom) -> schemas.MessagePage:
    """Messages by equal values, in the order in which they were queued."""
    page = postroom.messages.find(
        request.filters.criteria(), cursor=request.cursor, limit=request.limit
    )
    return schemas.MessagePage(
        items=tuple(schemas.MessageView.of(message) for message in page.items),
        next_cursor=page.next_cursor,
    )


def _apart() -> AbstractContextManager[telemetry.Context]:
    """A context without a message's identity, in the same trace.

    Claiming and recording are changes of their own, after the event was applied; taken for the
    event's, they would be passed over as already applied.
    """
    here = telemetry.current()
    return telemetry.activate(
        telemetry.Context.start(
            correlation_id=here.correlation_id,
            traceparent=here.traceparent,
            tracestate=here.tracestate,
        )
    )


def _suppressed(contact: Contact, facets: Mapping[str, Any], postroom: Postroom) -> bool:
    """Whether nothing is sent to the address, unless its owner applied anew since."""
    since = postroom.suppressions.since(contact.address_hash)
    return since is not None and facets.get(APPLICATION, {}).get("received_on", "") < since


def _suppress(message: Message, postroom: Postroom) -> None:
    now = postroom.clock()
    postroom.messages.change(message.id, lambda found: found.suppress(now))
    log.info("message suppressed", message_id=message.id)


def _wait_for_contact(message: Message, postroom: Postroom) -> None:
    now, policy = postroom.clock(), postroom.policy
    message = postroom.messages.change(
        message.id, lambda found: found.wait_for_contact(now, policy)
    )
    if message.state is State.FAILED:
        log.error("message given up", message_id=message.id, failure=message.failure)


def _claim(message: Message, contact: Contact, postroom: Postroom) -> Message:
    now, policy = postroom.clock(), postroom.policy
    return postroom.messages.change(
        message.id, lambda found: found.claim(contact.address_hash, now, policy)
    )


def _send(message: Message, contact: Contact, postroom: Postroom) -> Outcome:
    number = len(message.attempts)
    smtp_code: int | None = None
    try:
        smtp_code = postroom.mailer.send(_email(message, contact, postroom))
        outcome = Outcome.ACCEPTED
    except MailRefused as error:
        outcome, smtp_code = Outcome.REFUSED, error.smtp_code
    except MailDeferred as error:
        outcome = Outcome.UNREACHABLE if error.smtp_code is None else Outcome.DEFERRED
        smtp_code = error.smtp_code
    except TemplateRefused:
        log.exception("message cannot be written", message_id=message.id)
        outcome = Outcome.UNRENDERABLE
    message = _record(message, number, outcome, smtp_code, postroom)
    log.info(
        "message tried",
        message_id=message.id,
        template=message.template,
        attempt=number,
        outcome=outcome,
        smtp_code=smtp_code,
        state=message.state,
    )
    return outcome


def _email(message: Message, contact: Contact, postroom: Postroom) -> Email:
    template = postroom.templates.get(message.template, message.template_version)
    names = {"given_name": contact.given_name, "family_name": contact.family_name}
    wanted = {name: value for name, value in names.items() if name in template.placeholders}
    rendered = template.render({**message.values, **wanted})
    return Email(
        message_id=message.id,
        to_name=contact.full_name,
        to_address=contact.email,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
    )


def _record(
    message: Message, number: int, outcome: Outcome, smtp_code: int | None, postroom: Postroom
) -> Message:
    """Keep what the server said; a store that is away for a moment must not make it said twice."""
    now, policy = postroom.clock(), postroom.policy

    def conclude(found: Message) -> None:
        found.conclude(number, outcome, now, policy, smtp_code)

    for _ in range(_RECORD_TRIES - 1):
        try:
            return postroom.messages.change(message.id, conclude)
        except FacultyError as error:
            if not error.retryable:
                raise
            postroom.pause(_RECORD_PAUSE)
    return postroom.messages.change(message.id, conclude)
