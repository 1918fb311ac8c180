"""Refusals of placements, completion and alumni."""

from shared.errors import Refused


class AlreadyCompleted(Refused):
    """The member completed the programme with this cohort on another day."""

    code = "programmes.already_completed"


class HostFull(Refused):
    """The host takes as many fellows already on ``day``; nothing was booked."""

    code = "programmes.host_full"


class PostFull(Refused):
    """All places of the post are taken, for placements on the ``day`` if there is one."""

    code = "programmes.post_full"


class PlacementsOverlap(Refused):
    """The member is placed elsewhere on some of these days; nothing was booked."""

    code = "programmes.placements_overlap"


class NothingAccepted(Refused):
    """No offer was accepted for the application, so there is no post to be placed in."""

    code = "programmes.nothing_accepted"


class AlreadyPlaced(Refused):
    """The application has its placement; change that one."""

    code = "programmes.already_placed"


class WrongPlacementState(Refused):
    """The placement is not at a point where this can be done; ``state`` says where it is."""

    code = "programmes.wrong_placement_state"


class ReportSignedOff(Refused):
    """The report was signed off, so it stays as it is."""

    code = "programmes.report_signed_off"


class ReportsMissing(Refused):
    """Reports that the programme needs are not signed off; ``missing`` names them."""

    code = "programmes.reports_missing"


class NotAnAlumnus(Refused):
    """The member completed no such programme."""

    code = "programmes.not_an_alumnus"
