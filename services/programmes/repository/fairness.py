"""What research has measured of rounds before their release."""

from shared.projection import Projection


class Fairness(Projection):
    """Figures by round id, under the facet ``figures``; none yet for a round just proposed."""

    collection = "fairness"
