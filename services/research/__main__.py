"""``python -m services.research``: patch first, then run."""

import eventlet

eventlet.monkey_patch()

from services.research.entrypoints import ResearchService  # noqa: E402
from services.research.settings import Settings  # noqa: E402
from shared.service import run  # noqa: E402

run(ResearchService, Settings)
