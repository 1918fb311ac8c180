"""Refusals of preferences and matches."""

from shared.errors import Refused


class PreferencesClosed(Refused):
    """Preferences are not taken at this instant; ``closes_at`` is null before they were opened.
    open_preferences opens them, and gives more time.
    """

    code = "programmes.preferences_closed"


class NotToBeMatched(Refused):
    """The application is not, or no longer, in the running for a post; ``status`` says where it
    is, ``paused`` whether a suspension stops it.
    """

    code = "programmes.not_to_be_matched"


class NotReadyToMatch(Refused):
    """Preferences have to be taken and closed before a match is kept; ``state`` says where they
    are, ``closes_at`` until when they are taken. A dry run can be made before.
    """

    code = "programmes.not_ready_to_match"


class MatchUnsound(Refused):
    """The match did not stand up to its proof, so it was not kept; that is a fault of this
    system, to be reported with the details.
    """

    code = "programmes.match_unsound"


class NotReleased(Refused):
    """The outcome is not told before the round of offers is released, by release_round."""

    code = "programmes.not_released"
