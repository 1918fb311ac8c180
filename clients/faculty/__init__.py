"""The Python client library and the ``faculty`` command.

from clients.faculty import Faculty

with Faculty("amqp://apps:...@localhost/", token=token) as faculty:
    member = faculty.call("membership.get_member", member_id="0198...")
"""

from clients.faculty.client import Call, Faculty
from clients.faculty.events import events

__all__ = ["Call", "Faculty", "events"]
