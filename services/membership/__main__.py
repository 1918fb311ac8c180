"""Run the membership service: ``python -m services.membership``."""

import shared.patched  # noqa: F401 - patches, so it comes first
from services.membership.entrypoints import MembershipService
from services.membership.settings import Settings
from shared.service import run

run(MembershipService, Settings)
