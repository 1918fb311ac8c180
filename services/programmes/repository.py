"""What programmes keeps, each in a collection of its own."""

from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from shared.projection import Projection
from shared.repository import Index, Repository


class Programmes(Repository[Programme]):
    """Published programmes."""

    collection = "programmes"
    aggregate = Programme


class Cohorts(Repository[Cohort]):
    """Rounds of applications."""

    collection = "cohorts"
    aggregate = Cohort


class Applications(Repository[Application]):
    """Applications; the unique key lets a member apply to a cohort once."""

    collection = "applications"
    aggregate = Application
    indexes = (
        Index("application_key", unique=True),
        Index(("cohort_id", "id")),
    )


class Standings(Projection):
    """What membership's events tell of its members, by member id."""

    collection = "standings"
