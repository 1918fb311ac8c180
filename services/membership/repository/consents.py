"""What members said of consent."""

from services.membership.domain.consent import ConsentLedger
from shared.repository import Repository


class ConsentLedgers(Repository[ConsentLedger]):
    """Consent ledgers, by member id."""

    collection = "consents"
    aggregate = ConsentLedger
    audited = True
