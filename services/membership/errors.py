"""What the membership service refuses, beside the errors every service has."""

from shared.errors import Refused


class NotVerified(Refused):
    """The registration has not been verified, so the applicant cannot be admitted."""

    code = "membership.not_verified"


class AlreadyAdmitted(Refused):
    """The member was admitted before."""

    code = "membership.already_admitted"
