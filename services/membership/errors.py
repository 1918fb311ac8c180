"""What the membership service refuses, beside the errors every service has."""

from shared.errors import NotFound, Refused


class NotVerified(Refused):
    """The registration has not been verified, so the applicant cannot be admitted."""

    code = "membership.not_verified"


class AlreadyAdmitted(Refused):
    """The member was admitted before."""

    code = "membership.already_admitted"


class NotAnApplicant(Refused):
    """The application has been decided, or has ended, already."""

    code = "membership.not_an_applicant"


class UnderReview(Refused):
    """A declared sanction waits for the committee."""

    code = "membership.under_review"


class NotAMember(Refused):
    """This is only possible for somebody who has been admitted."""

    code = "membership.not_a_member"


class NotRenewable(Refused):
    """Membership cannot be renewed as it stands."""

    code = "membership.not_renewable"


class NotReinstatable(Refused):
    """There is nothing that could be taken back, or what ended it may not be."""

    code = "membership.not_reinstatable"


class PaymentRequired(Refused):
    """The account does not cover the fee, which is due in advance."""

    code = "membership.payment_required"


class RegistrationHeld(Refused):
    """The member has this registration already."""

    code = "membership.registration_held"


class PolicyNotProposed(Refused):
    """Only a proposed version can be activated."""

    code = "membership.policy_not_proposed"


class ProfessionNotAdmitted(Refused):
    """People of this profession may not join, or not within the limits of its pilot."""

    code = "membership.profession_not_admitted"


class NoSeatFree(Refused):
    """All seats that the organisation bought are taken on one of the days."""

    code = "membership.no_seat_free"


class SeatHeld(Refused):
    """The member has a seat of this organisation on some of the days already."""

    code = "membership.seat_held"


class SeatsInUse(Refused):
    """So many seats are not free on every one of the days."""

    code = "membership.seats_in_use"


class SeatNotPossible(Refused):
    """Only a member, or an applicant whose registration is in order, can have a seat."""

    code = "membership.seat_not_possible"


class NotCurrent(Refused):
    """This is only possible with a current membership."""

    code = "membership.not_current"


class RouteNotOpen(Refused):
    """This way to fellowship is not open to the member."""

    code = "membership.route_not_open"


class FellowshipRunning(Refused):
    """The member has an application for fellowship that is not decided yet."""

    code = "membership.fellowship_running"


class FellowshipOutOfOrder(Refused):
    """The application for fellowship has not got so far, or has got further."""

    code = "membership.fellowship_out_of_order"


class FellowshipIncomplete(Refused):
    """Something that has to be shown is missing, too old or not signed off."""

    code = "membership.fellowship_incomplete"


class AssessorsBarred(Refused):
    """Somebody named may not assess this application."""

    code = "membership.assessors_barred"


class NotRecommended(Refused):
    """The trustees cannot award what the panel did not recommend."""

    code = "membership.not_recommended"


class AppealClosed(Refused):
    """The application was appealed before, or the time for an appeal is over."""

    code = "membership.appeal_closed"


class AwardHeld(Refused):
    """The member holds this level of fellowship, or a higher one."""

    code = "membership.award_held"


class AwardNotHeld(Refused):
    """The award of fellowship is not held, or not any more."""

    code = "membership.award_not_held"


class RevalidationNotDue(Refused):
    """The award does not have to be confirmed yet."""

    code = "membership.revalidation_not_due"


class ProfessionOutOfOrder(Refused):
    """In the state in which the profession's case is, this is not possible."""

    code = "membership.profession_out_of_order"


class ConsultationNotClosed(Refused):
    """A profession is opened only once the consultation about it has closed."""

    code = "membership.consultation_not_closed"


class PositionsMissing(Refused):
    """More professional bodies must have been heard before a profession is opened."""

    code = "membership.positions_missing"


class GradeMissing(Refused):
    """No regulator registers the profession, so it needs grades that need no registration."""

    code = "membership.grade_missing"


class MemberErased(NotFound):
    """The person was erased; nothing can be kept of them any more."""

    code = "membership.member_erased"


class StillAMember(Refused):
    """Membership goes on; it has to be left, or to end, before the person can be erased."""

    code = "membership.still_a_member"


class Merged(Refused):
    """The record was merged into another one; go on with that one."""

    code = "membership.merged"


class NotMerged(Refused):
    """Only a record that was merged can be taken apart again."""

    code = "membership.not_merged"


class NotMergeable(Refused):
    """What is on this record must not vanish in another one; ``reason`` says what it is."""

    code = "membership.not_mergeable"


class EmailTaken(Refused):
    """An address that would have to come back belongs to somebody else by now, ``held_by``."""

    code = "membership.email_taken"
