"""Refusals of preferences and matches."""

from shared.errors import Refused


class PreferencesClosed(Refused):
    """Preferences are not taken at this instant; ``closes_at`` is null before they were opened."""

    code = "programmes.preferences_closed"


class NotToBeMatched(Refused):
    """The application is not, or no longer, in the running for a post."""

    code = "programmes.not_to_be_matched"


class MatchUnsound(Refused):
    """The match did not stand up to its proof, so it was not kept."""

    code = "programmes.match_unsound"


class NotReleased(Refused):
    """The outcome is not told before the round of offers is released."""

    code = "programmes.not_released"
