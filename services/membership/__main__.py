"""Run the membership service: ``python -m services.membership``."""

import eventlet

eventlet.monkey_patch()

from services.membership.entrypoints import MembershipService  # noqa: E402 - after the patch
from services.membership.settings import Settings  # noqa: E402
from shared.service import run  # noqa: E402

run(MembershipService, Settings)
