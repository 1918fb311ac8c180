"""Rankings of cohorts."""

from services.programmes.domain.ranking import Ranking
from shared.errors import Duplicate
from shared.repository import Repository


class Rankings(Repository[Ranking]):
    """Rankings by cohort and stage; what they were before stands in the trail."""

    collection = "rankings"
    aggregate = Ranking
    audited = True

    def keep(self, made: Ranking) -> Ranking:
        """Keep a ranking in place of the one there was."""
        try:
            return self.add(made)
        except Duplicate:
            return self.change(
                made.id,
                lambda known: known.replace(made.entries, made.seed, made.made_at, made.basis_id),
            )
