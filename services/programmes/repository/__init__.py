"""What programmes keeps, each in a collection of its own."""

from services.programmes.repository.alumni import Alumni, Outcomes, Talents, TalentSearches
from services.programmes.repository.applications import Applications
from services.programmes.repository.belonging import page_of
from services.programmes.repository.bookings import Bookings, Seats
from services.programmes.repository.certificates import Certificates
from services.programmes.repository.cohorts import Cohorts, Hosts
from services.programmes.repository.declarations import Feedbacks, Travels
from services.programmes.repository.fairness import Fairness
from services.programmes.repository.holdings import Answers, Holdings
from services.programmes.repository.matching import (
    HostRankings,
    Matches,
    MatchInputs,
    MatchResults,
    PreferenceLists,
)
from services.programmes.repository.offers import OfferRounds, Offers
from services.programmes.repository.opportunities import Opportunities
from services.programmes.repository.people import People
from services.programmes.repository.placements import Fellows, Placements, Reports
from services.programmes.repository.places import Places
from services.programmes.repository.programmes import Programmes, Workflows
from services.programmes.repository.rankings import Rankings
from services.programmes.repository.reviews import (
    Interests,
    Moderations,
    Panels,
    Reviewers,
    Reviews,
)
from services.programmes.repository.sessions import Attendances, Sessions
from services.programmes.repository.standings import Standings

__all__ = [
    "Alumni",
    "Answers",
    "Applications",
    "Attendances",
    "Bookings",
    "Certificates",
    "Cohorts",
    "Fairness",
    "Feedbacks",
    "Fellows",
    "Holdings",
    "HostRankings",
    "Hosts",
    "Interests",
    "MatchInputs",
    "MatchResults",
    "Matches",
    "Moderations",
    "OfferRounds",
    "Offers",
    "Opportunities",
    "Outcomes",
    "Panels",
    "People",
    "Placements",
    "Places",
    "PreferenceLists",
    "Programmes",
    "Rankings",
    "Reports",
    "Reviewers",
    "Reviews",
    "Seats",
    "Sessions",
    "Standings",
    "TalentSearches",
    "Talents",
    "Travels",
    "Workflows",
    "page_of",
]
