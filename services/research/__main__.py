"""Run the research service: ``python -m services.research``."""

import shared.patched  # noqa: F401 - patches, so it comes first
from services.research.entrypoints import ResearchService
from services.research.settings import Settings
from shared.service import run

run(ResearchService, Settings)
