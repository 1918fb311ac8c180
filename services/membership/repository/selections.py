"""Stages of selection, under the pseudonym."""

from services.membership.domain.selection import ProposedSelection, SelectionHistory
from shared.repository import Repository


class Selections(Repository[SelectionHistory]):
    """Selection histories by pseudonym; nothing in them names a member."""

    collection = "selections"
    aggregate = SelectionHistory
    indexes = ()


class ProposedSelections(Repository[ProposedSelection]):
    """Which rounds' proposals were told, by round id; nothing in them names anybody."""

    collection = "proposed_selections"
    aggregate = ProposedSelection
