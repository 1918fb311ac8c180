"""What membership keeps, each in a collection of its own."""

from services.membership.repository.consents import ConsentLedgers
from services.membership.repository.fellowships import Fellowships
from services.membership.repository.groups import Groups
from services.membership.repository.histories import Histories
from services.membership.repository.holdings import Holdings
from services.membership.repository.members import Members, Registrations
from services.membership.repository.organisations import Organisations
from services.membership.repository.passports import Passports, SelfAssessments
from services.membership.repository.policies import PolicyVersions
from services.membership.repository.professions import ProfessionCases
from services.membership.repository.registers import RegisterEntries
from services.membership.repository.rights import Erasures, ExportParts, Exports
from services.membership.repository.selections import ProposedSelections, Selections

__all__ = [
    "ConsentLedgers",
    "Erasures",
    "ExportParts",
    "Exports",
    "Fellowships",
    "Groups",
    "Histories",
    "Holdings",
    "Members",
    "Organisations",
    "Passports",
    "PolicyVersions",
    "ProfessionCases",
    "ProposedSelections",
    "RegisterEntries",
    "Registrations",
    "Selections",
    "SelfAssessments",
]
