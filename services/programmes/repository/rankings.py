"""Rankings of cohorts."""

from services.programmes.domain.ranking import Ranking
from services.programmes.repository.earlier import Replaced
from shared.errors import Duplicate


class Rankings(Replaced[Ranking]):
    """Rankings by cohort and stage."""

    collection = "rankings"
    aggregate = Ranking
    audited = True
    untracked = frozenset({"entries"})
    absence = "There is no such ranking yet; rank_reviews or rank_final comes first."

    def keep(self, made: Ranking) -> Ranking:
        """Keep a ranking in place of the one there was."""
        try:
            return self.add(made)
        except Duplicate:
            return self.change(
                made.id,
                lambda known: known.replace(made.entries, made.seed, made.made_at, made.basis_id),
            )
