"""Run the notifications service: ``python -m services.notifications``."""

import eventlet

eventlet.monkey_patch()

from services.notifications.entrypoints import NotificationsService  # noqa: E402 - after the patch
from services.notifications.settings import Settings  # noqa: E402
from shared.service import run  # noqa: E402

run(NotificationsService, Settings)
