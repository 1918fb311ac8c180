"""A stack whose clock was let go forward stays one, until somebody says otherwise.

What was done in days to come lies in its data. Started again in real time, its services would live
before what they remember; so that is not done by leaving out a word.
"""

from __future__ import annotations

from deploy.local.processes import StackError
from deploy.local.stack import Stack

_MARK = "rehearsal"


def choose(stack: Stack, trial: bool | None) -> None:
    """Before the start: a rehearsal, real time, or, where nobody says it, as it was.

    Raises ``StackError`` where a rehearsal would end, or begin under services that run already.
    """
    mark = stack.root / _MARK
    running = [service.name for service in stack.services if service.running]
    if trial is None and mark.exists():
        raise StackError(
            f"{stack.root} is a rehearsal: its clock may have gone forward, and its data with it.\n"
            "Go on with the rehearsal:  make up TRIAL=1\n"
            "Begin anew:                make down; rm -r " + str(stack.root) + "; make up\n"
            "Take its data into real time, with instants to come on record:  "
            "make down; make up TRIAL=0"
        )
    if trial is not None and trial != mark.exists() and running:
        how = "with a clock to put forward" if mark.exists() else "in real time"
        raise StackError(f"{', '.join(running)} run already, {how}. First: make down")
    if trial:
        mark.touch()
        stack.on_trial()
    else:
        mark.unlink(missing_ok=True)
