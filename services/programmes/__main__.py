"""``python -m services.programmes``: patch first, then run."""

import eventlet

eventlet.monkey_patch()

from services.programmes.entrypoints import ProgrammesService  # noqa: E402
from services.programmes.settings import Settings  # noqa: E402
from shared.service import run  # noqa: E402

run(ProgrammesService, Settings)
