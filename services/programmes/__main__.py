"""Run the programmes service: ``python -m services.programmes``."""

import shared.patched  # noqa: F401 - patches, so it comes first
from services.programmes.entrypoints import ProgrammesService
from services.programmes.settings import Settings
from shared.service import run

run(ProgrammesService, Settings)
