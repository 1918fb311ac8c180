"""Long computations beside the work of a service, so that heartbeats are answered meanwhile.

    outcome = offload(solve, instance)

A green thread that burns the CPU stops all others of its process. What is given here runs in a real
thread instead, and must be pure: no store, no broker, no logs, no context.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import eventlet.tpool

P = ParamSpec("P")
R = TypeVar("R")


def offload(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The function's result, or its error, once it is there; others go on in the meantime."""
    result: R = eventlet.tpool.execute(function, *args, **kwargs)
    return result
