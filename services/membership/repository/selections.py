"""Stages of selection, under the pseudonym."""

from services.membership.domain.selection import SelectionHistory
from shared.repository import Repository


class Selections(Repository[SelectionHistory]):
    """Selection histories by pseudonym; nothing in them names a member."""

    collection = "selections"
    aggregate = SelectionHistory
    indexes = ()
