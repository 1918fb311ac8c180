"""Refusals of placements, completion and alumni."""

from services.programmes.errors.states import NotThere
from shared.errors import Refused


class AlreadyCompleted(Refused):
    """The member completed the programme with this cohort on another day, ``completed_on``;
    withdraw_completion comes first.
    """

    code = "programmes.already_completed"


class HostFull(Refused):
    """The host takes as many fellows already on ``day``, its ``capacity``; nothing was booked.
    Choose other days.
    """

    code = "programmes.host_full"


class PostFull(Refused):
    """All places of the post ``post_id`` are taken, of a placement on the day that the details
    name. change_post_capacity gives it more.
    """

    code = "programmes.post_full"


class PlacementsOverlap(Refused):
    """The member is placed elsewhere on some of these days, from ``starts_on`` to ``ends_on``;
    nothing was booked. Choose other days.
    """

    code = "programmes.placements_overlap"


class NothingAccepted(Refused):
    """No offer was accepted for the application, so there is no post to be placed in;
    accept_offer comes first.
    """

    code = "programmes.nothing_accepted"


class AlreadyPlaced(Refused):
    """The application has its placement, ``placement_id``; defer_placement or change_placement
    changes that one.
    """

    code = "programmes.already_placed"


class WrongPlacementState(NotThere):
    """The placement is not at a point where this can be done; ``state`` says where it is."""

    code = "programmes.wrong_placement_state"
    thing = "The placement"


class ReportSignedOff(Refused):
    """The report was signed off, at ``signed_off_at``, so it stays as it is."""

    code = "programmes.report_signed_off"


class ReportsMissing(Refused):
    """Reports that the programme needs are not signed off; ``missing`` names them.
    submit_report and sign_off_report come first.
    """

    code = "programmes.reports_missing"


class NotAnAlumnus(Refused):
    """The member completed no such programme; complete_programme comes first."""

    code = "programmes.not_an_alumnus"
