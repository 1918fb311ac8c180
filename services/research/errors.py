"""What the research service refuses, beside the errors every service has."""

from shared.errors import Refused


class ConsentRequired(Refused):
    """Equality answers are kept only with the consent of the person who gives them."""

    code = "research.consent_required"


class DisclosureRisk(Refused):
    """Beside what was released before, this table would tell of fewer than eight people."""

    code = "research.disclosure_risk"
