"""The stack on one machine, behind ``make demo``, ``make up`` and the tests.

with Stack(Path(".run"), services=("membership",)) as stack:
    stack.token("staff")
    stack.service("membership").kill()
"""

from deploy.local.external import External
from deploy.local.processes import StackError, wait_until
from deploy.local.stack import Stack
from deploy.rabbitmq.definitions import SERVICES

__all__ = ["SERVICES", "External", "Stack", "StackError", "wait_until"]
