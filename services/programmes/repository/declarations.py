"""What members say of sessions they attended: how they came, and how it was."""

from services.programmes.domain.feedback import Feedback
from services.programmes.domain.travel import Travel
from shared.repository import Index, Repository


class Travels(Repository[Travel]):
    """Declarations of travel; the unique key lets a member make one for a session."""

    collection = "travel"
    aggregate = Travel
    untracked = frozenset({"travel_key"})
    indexes = (
        Index("travel_key", unique=True),
        Index(("session_id", "id")),
        Index(("member_id", "id")),
    )


class Feedbacks(Repository[Feedback]):
    """Feedback, one member's on one session in each document."""

    collection = "feedback"
    aggregate = Feedback
    indexes = (Index(("session_id", "id")), Index(("member_id", "id")))
