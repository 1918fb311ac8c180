"""Whatever is done with offers in whatever order, none is ever given that there is not."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.programmes.subscriptions import MemberMerged, MemberUnmerged
from shared.errors import FacultyError
from tests.unit.programmes.offers import Scene, ranked, require_sound
from tests.unit.programmes.world import World

POSTS = {"city": 2, "valley": 1, "hill": 1}
PLACES = st.integers(0, 6)


class Offers(RuleBasedStateMachine):
    """Seven applicants and four places; whatever is refused must change nothing."""

    here: Scene

    @initialize(wishes=st.lists(st.permutations(sorted(POSTS)), min_size=7, max_size=7))
    def begin(self, wishes: list[list[str]]) -> None:
        self.here = ranked(World(), POSTS, wishes)

    @rule()
    def release(self) -> None:
        with suppress(FacultyError):
            self.here.release()

    @rule()
    def prepare(self) -> None:
        with suppress(FacultyError):
            self.here.prepare()

    @rule()
    def go_on_with_what_is_prepared(self) -> None:
        for found in self.here.rounds():
            if found.state == "prepared":
                own = {"round_id": found.round_id}
                self.here.world.call("approve_round", by="approver", **own)
                with suppress(FacultyError):
                    self.here.world.call("release_round", by="releaser", reason="So.", **own)

    @rule(place=PLACES, upgrades=st.booleans())
    def accept(self, place: int, upgrades: bool) -> None:
        self._answer(place, "accept", upgrades=upgrades)

    @rule(place=PLACES, upgrades=st.booleans(), hours=st.integers(1, 300))
    def hold(self, place: int, upgrades: bool, hours: int) -> None:
        until = self.here.world.clock() + timedelta(hours=hours)
        self._answer(place, "hold", until=until, upgrades=upgrades)

    @rule(place=PLACES)
    def decline(self, place: int) -> None:
        self._answer(place, "decline")

    def _answer(self, place: int, how: str, **arguments: Any) -> None:
        if any(each.application_id == self.here.ids[place] for each in self.here.offers()):
            with suppress(FacultyError):
                self.here.answer(place, how, **arguments)

    @rule(hours=st.integers(1, 100))
    def pass_time(self, hours: int) -> None:
        self.here.world.pass_time(hours=hours)

    @rule(place=PLACES)
    def suspend(self, place: int) -> None:
        self.here.suspend(place)

    @rule(place=PLACES)
    def reinstate(self, place: int) -> None:
        self.here.reinstate(place)

    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        with suppress(FacultyError):
            self.here.withdraw(place)

    @rule(places=st.permutations(range(7)))
    def merge(self, places: list[int]) -> None:
        members = self.here.members
        self.here.world.tell(MemberMerged(members[places[0]], members[places[1]]))

    @rule(place=PLACES)
    def take_apart(self, place: int) -> None:
        self.here.world.tell(MemberUnmerged(self.here.members[place]))

    @rule(place=PLACES, writes=st.integers(1, 6))
    def cut_off_a_withdrawal(self, place: int, writes: int) -> None:
        with self.here.world.cut_off(writes), suppress(FacultyError):
            self.here.withdraw(place)
        self.here.world.pass_time(minutes=20)

    @rule(place=PLACES)
    def begin_a_placement(self, place: int) -> None:
        with suppress(FacultyError):
            self.here.place(place)

    @rule()
    def reverse(self) -> None:
        released = [each for each in self.here.rounds() if each.state == "released"]
        if released:
            with suppress(FacultyError):
                self.here.reverse(released[-1].round_id)

    @rule(post=st.sampled_from(sorted(POSTS)), capacity=st.integers(1, 3))
    def resize(self, post: str, capacity: int) -> None:
        own = {"cohort_id": self.here.cohort_id, "post_id": post, "reason": "Room."}
        with suppress(FacultyError):
            self.here.world.call("change_post_capacity", capacity=capacity, **own)

    @rule(place=PLACES, writes=st.integers(0, 12))
    def cut_off_an_answer(self, place: int, writes: int) -> None:
        with self.here.world.cut_off(writes):
            self._answer(place, "accept", upgrades=True)
        self.here.world.pass_time(minutes=2)

    @rule(writes=st.integers(0, 40))
    def cut_off_a_release(self, writes: int) -> None:
        with self.here.world.cut_off(writes), suppress(FacultyError):
            self.here.release()
        self.here.world.pass_time(minutes=20)

    @rule(writes=st.integers(0, 40))
    def cut_off_a_reversal(self, writes: int) -> None:
        released = [each for each in self.here.rounds() if each.state == "released"]
        if released:
            with self.here.world.cut_off(writes), suppress(FacultyError):
                self.here.reverse(released[-1].round_id)
            self.here.world.pass_time(minutes=20)

    @invariant()
    def sound(self) -> None:
        if hasattr(self, "here"):
            require_sound(self.here.world)


TestOffers = Offers.TestCase
TestOffers.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
