"""The programmes service on the broker: its calls, and the events it listens to.

with ClusterRpcProxy(config, context_data={"auth_token": token}) as cluster:
    cluster.programmes.get_programme(programme_id="0193b7a0-...")
"""

from services.programmes.bootstrap import bootstrap
from services.programmes.entrypoints.alumni import Alumni
from services.programmes.entrypoints.applications import Applications
from services.programmes.entrypoints.bookings import Bookings
from services.programmes.entrypoints.certificates import Certificates
from services.programmes.entrypoints.clock import Clock
from services.programmes.entrypoints.cohorts import Cohorts
from services.programmes.entrypoints.declarations import Declarations
from services.programmes.entrypoints.following import Following
from services.programmes.entrypoints.history import History
from services.programmes.entrypoints.interviews import Interviews
from services.programmes.entrypoints.matching import Matching
from services.programmes.entrypoints.offers import Offers
from services.programmes.entrypoints.opportunities import Opportunities
from services.programmes.entrypoints.placements import Placements
from services.programmes.entrypoints.programmes import Programmes
from services.programmes.entrypoints.reviewers import Reviewers
from services.programmes.entrypoints.reviewing import Reviewing
from services.programmes.entrypoints.rounds import Rounds
from services.programmes.entrypoints.scoring import Scoring
from services.programmes.entrypoints.selection import Selection
from services.programmes.entrypoints.sessions import Sessions
from services.programmes.entrypoints.talent import Talent
from services.programmes.entrypoints.writing import Writing
from services.programmes.events import EVENTS
from shared.operations import Operations
from shared.service import Application


class ProgrammesService(
    Programmes,
    Cohorts,
    Applications,
    Writing,
    Reviewers,
    Reviewing,
    Scoring,
    Selection,
    Interviews,
    Offers,
    Rounds,
    Placements,
    Alumni,
    Talent,
    Sessions,
    Bookings,
    Declarations,
    Certificates,
    Opportunities,
    Matching,
    Following,
    History,
    Clock,
    Operations,
):
    """Schemes and courses, their cohorts, applications to them, and what members learn there."""

    name = "programmes"
    events = EVENTS
    app = Application(bootstrap)
