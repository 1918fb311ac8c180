"""Refusals of offers and their rounds."""

from shared.errors import Refused


class OfferExpired(Refused):
    """The offer was to be answered before ``due_at``."""

    code = "programmes.offer_expired"


class OfferDeclined(Refused):
    """The offer was declined, or the application withdrawn, at ``since``."""

    code = "programmes.offer_declined"


class OfferReversed(Refused):
    """The offer was taken back with its round at ``since``."""

    code = "programmes.offer_reversed"


class OfferSuperseded(Refused):
    """A better offer, named in ``by``, has replaced this one, as the applicant had asked."""

    code = "programmes.offer_superseded"


class OfferTaken(Refused):
    """The offer was accepted, so it cannot be held any more."""

    code = "programmes.offer_taken"


class HoldsNotAllowed(Refused):
    """The workflow of the cohort lets nobody hold an offer."""

    code = "programmes.holds_not_allowed"


class UpgradesNotMade(Refused):
    """The workflow of the cohort makes no better offers to those who have accepted one."""

    code = "programmes.upgrades_not_made"


class PlacesHeld(Refused):
    """More places of the post are held than it would have; ``held`` says how many."""

    code = "programmes.places_held"


class WrongWay(Refused):
    """The workflow of the cohort gives places in another ``way``."""

    code = "programmes.wrong_way"


class RoundUnderWay(Refused):
    """Another round of the cohort is under way; ``round_id`` names it."""

    code = "programmes.round_under_way"


class WrongRoundState(Refused):
    """The round is in another ``state`` than this needs."""

    code = "programmes.wrong_round_state"


class RoundReversed(Refused):
    """The round was taken back, at ``since``."""

    code = "programmes.round_reversed"


class SecondPersonNeeded(Refused):
    """Somebody else has to do this: ``by`` names those who may not."""

    code = "programmes.second_person_needed"


class ReleaseBlocked(Refused):
    """No reason can justify releasing this round; ``findings`` names what stands in the way."""

    code = "programmes.release_blocked"


class ReasonNeeded(Refused):
    """The round has findings, so its release needs a reason; ``findings`` names them."""

    code = "programmes.reason_needed"


class LaterRound(Refused):
    """A later round builds on this one; ``round_id`` names the one to take back first."""

    code = "programmes.later_round"


class PlacementsBegun(Refused):
    """Placements have begun on what was offered; ``application_ids`` names the first of them."""

    code = "programmes.placements_begun"
