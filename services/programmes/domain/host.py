"""Hosts: the organisations where fellows have their posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.programmes.domain.cohort import Post
from services.programmes.domain.stay import Register, Stay, crowded_day
from services.programmes.domain.terms import Faults, Nation, blank_faults
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

    def resize(self, capacity: int) -> None:
        """Let it take so many; raises HostFull with the first day on which more are there."""
        for day in sorted({each.starts_on for each in self.stays}):
            there = {each.application_id for each in self.stays if each.period.covers(day)}
            if len(there) > capacity:
                raise HostFull(
                    "More fellows are there already.",
                    host_id=self.id,
                    day=day.isoformat(),
                    capacity=capacity,
                )
        self.capacity = capacity

    def crowding(self, posts: Iterable[Post]) -> str | None:
        """Why these posts of one cohort cannot all be filled, or None: they are for one time."""
        wanted = sum(post.capacity for post in posts if post.host_id == self.id)
        if wanted <= self.capacity:
            return None
        most = f"{self.name} takes {self.capacity} at a time"
        return f"{most}; the cohort's posts there would be for {wanted}."


def host_faults(posts: Sequence[Post], hosts: Mapping[str, Host]) -> Faults:
    """What is wrong with the hosts of a cohort's posts, by field."""
    faults: Faults = {}
    for position, post in enumerate(posts):
        if post.host_id is None:
            continue
        host = hosts.get(post.host_id)
        if host is None:
            faults[f"posts.{position}.host_id"] = ["There is no such host."]
        elif reason := host.crowding(posts):
            faults[f"posts.{position}.capacity"] = [reason]
    return faults
