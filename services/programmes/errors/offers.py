"""Refusals of offers and their rounds."""

from services.programmes.errors.states import NotThere
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
    """A better offer, named in ``by``, has replaced this one, as the applicant had asked;
    answer that one.
    """

    code = "programmes.offer_superseded"


class OfferTaken(Refused):
    """The offer was accepted, so it cannot be held any more; decline_offer gives it back."""

    code = "programmes.offer_taken"


class OtherOfferAccepted(Refused):
    """The applicant has accepted ``offer_id`` of this cohort by another application of theirs;
    decline_offer gives that one back.
    """

    code = "programmes.other_offer_accepted"


class HoldsNotAllowed(Refused):
    """The workflow of the cohort lets nobody hold an offer; accept or decline it."""

    code = "programmes.holds_not_allowed"


class UpgradesNotMade(Refused):
    """The workflow of the cohort makes no better offers to those who have accepted one; answer
    without upgrades.
    """

    code = "programmes.upgrades_not_made"


class PlacesHeld(Refused):
    """More places of the post are held than it would have; ``held`` says how many. There can be
    fewer once offers are declined.
    """

    code = "programmes.places_held"


class WrongWay(Refused):
    """The workflow of the cohort gives places in another ``way``: where it is ranked by
    prepare_round, where it is first_come by invite_applicants.
    """

    code = "programmes.wrong_way"


class RoundUnderWay(Refused):
    """Another round of the cohort is under way; ``round_id`` names it. Release or discard that
    one first.
    """

    code = "programmes.round_under_way"


class WrongRoundState(NotThere):
    """The round is in another ``state`` than this needs."""

    code = "programmes.wrong_round_state"
    thing = "The round"


class RoundReversed(Refused):
    """The round was taken back, at ``since``; another one is prepared by prepare_round."""

    code = "programmes.round_reversed"


class SecondPersonNeeded(Refused):
    """Somebody else has to do this: ``by`` names those who may not."""

    code = "programmes.second_person_needed"


class ReleaseBlocked(Refused):
    """No reason can justify releasing this round; ``findings`` names what stands in the way.
    Put that right, then discard_round and prepare_round.
    """

    code = "programmes.release_blocked"


class ReasonNeeded(Refused):
    """The round has findings, so its release needs a reason; ``findings`` names them."""

    code = "programmes.reason_needed"


class NothingToOffer(Refused):
    """The round would make no offer, so it is not prepared; ``why`` says for what reason, ``free``
    how many places there are, ``skipped`` how many are left out, by reason.
    """

    code = "programmes.nothing_to_offer"


class LaterRound(Refused):
    """Another round builds on this one; ``round_id`` names the one to take back first, by
    request_reversal and reverse_round.
    """

    code = "programmes.later_round"


class PlacementsBegun(Refused):
    """Placements have begun on what was offered, so it cannot be taken back;
    ``application_ids`` names the first of them.
    """

    code = "programmes.placements_begun"
