"""The composition root of notifications: settings in, wired handlers out."""

from __future__ import annotations

import time
from typing import Any

from services.notifications import handlers
from services.notifications.mailer import SmtpMailer
from services.notifications.rendering import shipped
from services.notifications.repository import (
    Answers,
    Consents,
    Contacts,
    Messages,
    Suppressions,
)
from services.notifications.settings import Settings
from shared.events import Clock
from shared.outbox import Outbox
from shared.service import wire


def bootstrap(settings: Settings, *, database: Any, outbox: Outbox, clock: Clock) -> Any:
    """The handlers with all they need; an unsound template stops the start here."""
    messages, answers = Messages(database, outbox), Answers(database, outbox)
    postroom = handlers.Postroom(
        messages=messages,
        contacts=Contacts(database),
        consents=Consents(database),
        suppressions=Suppressions(database),
        answers=answers,
        templates=shipped(),
        mailer=SmtpMailer(settings.smtp_server),
        policy=settings.delivery_policy,
        clock=clock,
        pause=time.sleep,
    )
    return wire(handlers, repositories=(messages, answers), postroom=postroom)
