"""Hosts: the organisations where fellows have their posts."""

from __future__ import annotations

from dataclasses import dataclass

from services.programmes.domain.stay import Register, Stay, crowded_day
from services.programmes.domain.terms import Nation, blank_faults
from services.programmes.errors import HostFull, PostFull
from shared.errors import Invalid


@dataclass
class Host(Register):
    """An organisation that takes at most ``capacity`` fellows at a time, each in a post."""

    id: str
    name: str
    nation: Nation
    capacity: int
    stays: tuple[Stay, ...] = ()

    @classmethod
    def register(cls, id: str, *, name: str, nation: Nation, capacity: int) -> Host:
        """The host, or Invalid naming ``name``."""
        if faults := blank_faults({"name": name}):
            raise Invalid("The host is not complete.", fields=faults)
        return cls(id, name.strip(), nation, capacity)

    def take(self, stay: Stay, places: int) -> None:
        """Hold days at one of so many equal posts.

        Raises HostFull or PostFull with the first day on which there is no room; part-time fellows
        count whole.
        """
        others = self.others(stay)
        if day := crowded_day(others, stay, self.capacity):
            raise HostFull(host_id=self.id, day=day.isoformat(), capacity=self.capacity)
        post = (stay.cohort_id, stay.post_id)
        there = (each for each in others if (each.cohort_id, each.post_id) == post)
        if day := crowded_day(there, stay, places):
            raise PostFull(post_id=stay.post_id, day=day.isoformat(), capacity=places)
        self.hold(stay)
