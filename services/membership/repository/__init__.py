"""What membership keeps, each in a collection of its own."""

from services.membership.repository.histories import Histories
from services.membership.repository.members import Members, Registrations
from services.membership.repository.policies import PolicyVersions
from services.membership.repository.registers import RegisterEntries
from services.membership.repository.selections import Selections

__all__ = [
    "Histories",
    "Members",
    "PolicyVersions",
    "RegisterEntries",
    "Registrations",
    "Selections",
]
