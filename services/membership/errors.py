"""What the membership service refuses, beside the errors every service has."""

from shared.errors import Refused


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
