"""Run the notifications service: ``python -m services.notifications``."""

import shared.patched  # noqa: F401 - patches, so it comes first
from services.notifications.entrypoints import NotificationsService
from services.notifications.settings import Settings
from shared.service import run

run(NotificationsService, Settings)
