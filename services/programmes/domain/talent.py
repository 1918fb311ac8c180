"""The talent pool: alumni who agreed to be found by staff, and a record of every search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.programmes.domain.eligibility import Word
from services.programmes.domain.terms import Faults, Nation
from shared.errors import Invalid
from shared.events import Aggregate, items, text


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What is agreed to; the last one is shown now."""

    version: str = text(20)
    text: str = text(2_000)


@dataclass(frozen=True, kw_only=True)
class PoolRules:
    """The wordings of the consent there were, and what one may be interested in, by code."""

    wordings: tuple[Wording, ...] = items(100, min_length=1)
    interests: tuple[Word, ...] = items(100, min_length=1)

    @property
    def current(self) -> Wording:
        return self.wordings[-1]

    def require(self, interests: Sequence[str], wording_version: str) -> None:
        """Raises Invalid for an interest there is no code for, and for another wording."""
        faults: Faults = {}
        if unknown := sorted(set(interests) - set(self.interests)):
            faults["interests"] = [f"No code {', '.join(unknown)}: {', '.join(self.interests)}."]
        if wording_version != self.current.version:
            faults["wording_version"] = [f"The wording shown now is {self.current.version}."]
        if faults:
            raise Invalid("This cannot be agreed to.", fields=faults)


@dataclass
class Talent(Aggregate):
    """What a member agreed to be found by; ``id`` is the member's, left nothing of it is kept."""

    id: str
    member_id: str
    interests: tuple[str, ...] = ()
    nations: tuple[Nation, ...] = ()
    available_from: date | None = None
    wording_version: str | None = None
    joined_on: date | None = None

    @property
    def in_pool(self) -> bool:
        return self.joined_on is not None

    def join(
        self,
        *,
        interests: Sequence[str],
        nations: Sequence[Nation],
        available_from: date,
        wording_version: str,
        today: date,
    ) -> None:
        """Agree to be found by this from now on, instead of what was said before."""
        self.interests, self.nations = (
            tuple(dict.fromkeys(interests)),
            tuple(dict.fromkeys(nations)),
        )
        self.available_from, self.wording_version = available_from, wording_version
        self.joined_on = today

    def leave(self) -> None:
        """Be found no more; what was said is gone."""
        self.interests, self.nations = (), ()
        self.available_from = self.wording_version = self.joined_on = None

    def forget(self) -> None:
        """Nothing of it is kept."""
        self.leave()

    def fits(self, interest: str | None, nation: Nation | None) -> bool:
        """Whether it says what is looked for; no nation named is all of them."""
        return (interest is None or interest in self.interests) and (
            nation is None or not self.nations or nation in self.nations
        )


@dataclass
class TalentSearch(Aggregate):
    """That somebody searched the pool: who, when and for what, and how many were found."""

    id: str
    searched_by: str
    searched_at: datetime
    found: int
    interest: str | None = None
    nation: Nation | None = None
    profession: str | None = None
