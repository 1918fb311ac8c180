"""Stays at hosts and of fellows: held before a placement is written, settled after it.

There is no write of several documents at once. A stay is held in the member's calendar and at the
host, then the placement comes to stand on it, then the one before it is freed. A crash in between
leaves a stay that is still held; the clock settles it an hour later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from services.programmes.domain.fellow import Fellow
from services.programmes.domain.host import Host
from services.programmes.domain.stay import SETTLED_AFTER, Register, Stay
from services.programmes.handlers.turns import Due
from shared.errors import Refused
from shared.telemetry import activate, apart, current

if TYPE_CHECKING:
    from services.programmes.repository import Fellows, Hosts, Placements, Standings
    from shared.events import Clock
    from shared.repository import Repository

R = TypeVar("R", Host, Fellow)


@contextmanager
def _apart() -> Iterator[None]:
    """What follows from a message, and without its reason.

    That is about one person, and the trail of a host is kept when the person is erased.
    """
    with apart(), activate(replace(current(), reason="")):
        yield


@dataclass(frozen=True)
class Spot:
    """Where and for whom days are held; ``places`` is how many equal posts there are."""

    member_id: str
    host_id: str | None
    places: int


@dataclass(frozen=True)
class Stays:
    """The documents in which days are held."""

    hosts: Hosts
    fellows: Fellows
    placements: Placements
    standings: Standings
    clock: Clock

    def hold(self, stay: Stay, spot: Spot) -> None:
        """Hold days for a member and at a host, or at neither.

        Raises PlacementsOverlap, HostFull and PostFull. Safe to repeat.
        """
        with _apart():
            try:
                self.fellows.write(spot.member_id, lambda fellow: fellow.place(stay))
                self._require_free(stay, spot.member_id)
                if spot.host_id is not None:
                    self.hosts.change(spot.host_id, lambda host: host.take(stay, spot.places))
            except Refused:
                self.drop(stay.id, spot)
                raise

    def _require_free(self, stay: Stay, member_id: str) -> None:
        """Under the other ids of the same person, too.

        These are documents of their own, so each of two stays at once is held before it is looked
        whether there is another: then at least one of them sees it.
        """
        for id in self.standings.ids_of(self.standings.followed(member_id)):
            calendar = None if id == member_id else self.fellows.first({"_id": id})
            if calendar is not None:
                calendar.require_free(stay)

    def drop(self, stay_id: str, spot: Spot) -> None:
        """Free what was held."""
        self._everywhere(spot, lambda found: found.drop(stay_id))

    def renew(self, stay_id: str, spot: Spot) -> None:
        """Let the clock look again whether a placement stands on a stay."""
        now = self.clock()
        self._everywhere(spot, lambda found: found.renew(stay_id, now))

    def swap(self, before: str | None, now: str | None, spot: Spot) -> None:
        """Free the stay on which a placement stood, and settle the one on which it stands."""
        self._everywhere(spot, lambda found: found.swap(before, now))

    def _everywhere(self, spot: Spot, action: Callable[[Register], object]) -> None:
        with _apart():
            self.fellows.write(spot.member_id, action)
            if spot.host_id is not None:
                self.hosts.change(spot.host_id, action)


def settle_stays(stays: Stays, repository: Repository[R]) -> Due[R]:
    """Settle what was held for an hour: calls that were cut off and not repeated left it."""
    held_by = stays.clock() - SETTLED_AFTER

    def settle(found: R) -> None:
        standing: dict[str, str | None] = {}
        for application_id in found.unsettled(held_by):
            placement = stays.placements.of(application_id)
            standing[application_id] = placement.stay_id if placement else None
        repository.change(found.id, lambda register: register.settle(standing, held_by))

    return Due(repository, stays.clock(), settle)
