"""Cohorts in which offers are made, and what must hold of offers whatever has happened.

posts = {"city": 2, "valley": 1}
scene = ranked(world, posts, [["city", "valley"], ["city"]])   # the best applicant first
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from services.programmes.domain.preferences import Preferences
from services.programmes.domain.ranking import Ranked, Ranking, RankingStage
from services.programmes.subscriptions import FairnessMeasured, Figure, StandingChanged
from shared.errors import FacultyError
from shared.events import dump
from shared.testing.behaviour.things import at_once
from tests.unit.programmes.world import World
from tests.unit.world import MortalCollection, MortalDatabase

W = TypeVar("W", bound=World)

STATUS_OF = {
    "open": "offered",
    "held": "held",
    "accepted": "accepted",
    "declined": "declined",
    "expired": "expired",
}


class BusyCollection(MortalCollection):
    """A collection at each of whose operations others may come between, as on a real store."""

    def find(self, *arguments: Any) -> Any:
        time.sleep(0)
        return super().find(*arguments)

    def insert_one(self, document: Any) -> Any:
        time.sleep(0)
        return super().insert_one(document)

    def replace_one(self, criteria: Any, document: Any, *, upsert: bool = False) -> Any:
        time.sleep(0)
        return super().replace_one(criteria, document, upsert=upsert)

    def update_one(self, criteria: Any, change: Any) -> Any:
        time.sleep(0)
        return super().update_one(criteria, change)


class BusyDatabase(MortalDatabase):
    """A database in which threads meet."""

    def __missing__(self, name: str) -> BusyCollection:
        self[name] = BusyCollection(name, self)
        return self[name]  # type: ignore[return-value]


class InterruptedDatabase(MortalDatabase):
    """A database before one of whose writes something else happens."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: tuple[int, Callable[[], object]] | None = None

    @contextmanager
    def write(self) -> Iterator[None]:
        if self.waiting is not None and not self._depth:
            number, action = self.waiting
            self.waiting = (number - 1, action) if number else None
            if not number:
                action()
        with super().write():
            yield


def interrupted(
    prepare: Callable[[InterruptedDatabase], W],
    act: Callable[[W], object],
    meanwhile: Callable[[W], object],
) -> Iterator[W]:
    """Worlds in which ``meanwhile`` came before the first, second, ... write of ``act``."""
    for number in count():
        database = InterruptedDatabase()
        world = prepare(database)
        database.waiting = number, partial(meanwhile, world)
        act(world)
        if database.waiting is not None:
            return
        yield world


def invited(world: World, *, applicants: int, places: int) -> list[Any]:
    """The invitations of so many applicants to a course with so many places."""
    programme_id = world.programme(kind="course")
    cohort_id = world.cohort(programme_id, posts=[world.post("seat", capacity=places)])
    for _ in range(applicants):
        world.submitted(cohort_id)
    world.call("invite_applicants", cohort_id=cohort_id)
    return world.pages("find_offers", cohort_id=cohort_id, limit=200)


def accept(world: World, offer: Any, **arguments: Any) -> str:
    """What comes of a member's acceptance: the state of the offer, or the code of the refusal."""
    own = {"offer_id": offer.offer_id, "member_id": offer.member_id}
    try:
        answer = world.call("accept_offer", by=offer.member_id, **own, **arguments)
    except FacultyError as error:
        return error.code
    return str(answer.state.value)


def accept_all(world: World, offers: Sequence[Any], *, threads: int) -> list[str]:
    """What comes of it when all are accepted by so many threads at once."""
    waiting: SimpleQueue[Any] = SimpleQueue()
    for offer in offers:
        waiting.put(offer)
    outcomes: list[str] = []

    def work() -> None:
        while True:
            try:
                offer = waiting.get_nowait()
            except Empty:
                return
            outcomes.append(accept(world, offer))

    failed = [each for each in at_once([work] * threads) if each is not None]
    assert failed == []
    return outcomes


def require_sound(world: World) -> None:
    """What holds whenever nothing is under way.

    No post has more than its places, every place belongs to an offer that stands, every such offer
    has its place, an application has one of them at most, and its status is that of its offer. Who
    is placed is so by an accepted offer of that very post.
    """
    offers = list(world.repository("offers").scan({}))
    live = [offer for offer in offers if offer.live]
    held = {place["holder"] for place in world.database["places"].find({"free": 0})}
    assert {offer.id for offer in offers if offer.holds_place} == held
    for cohort in world.repository("cohorts").scan({}):
        _require_places(world, cohort, [each for each in live if each.cohort_id == cohort.id])
    assert _repeated(offer.application_id for offer in live) == []
    assert [offer.id for offer in offers if offer.claiming_at is not None] == []
    for application in world.repository("applications").scan({}):
        _require_status(application, [each for each in offers if _of(each, application)])
    standing = {(each.application_id, each.post_id): each for each in live}
    for placement in world.repository("placements").scan({}):
        offer = standing[placement.application_id, placement.post_id]
        assert offer.state == "accepted"
        assert offer.placed_at is not None


def _require_places(world: World, cohort: Any, live: list[Any]) -> None:
    held = list(world.database["places"].find({"cohort_id": cohort.id, "free": 0}))
    holding = [each for each in live if not each.invitation or each.state == "accepted"]
    assert Counter(place["holder"] for place in held) == Counter(each.id for each in holding)
    assert all(
        place["post"] == f"{cohort.id}:{offer.post_id}"
        for place in held
        for offer in holding
        if offer.id == place["holder"]
    )
    for post, number in Counter(offer.post_id for offer in holding).items():
        assert number <= cohort.post(post).capacity


def _require_status(application: Any, offers: list[Any]) -> None:
    if application.status in ("withdrawn", "placed", "unsuccessful"):
        assert not [each for each in offers if each.live and application.status == "withdrawn"]
        return
    if application.paused_at is not None:
        return  # it follows when the suspension ends
    live = [offer for offer in offers if offer.live]
    if live:
        assert application.status == STATUS_OF[live[0].state]
        return
    over = {STATUS_OF.get(offer.state, "ranked") for offer in offers}
    assert application.status not in ("offered", "held", "accepted")
    assert not offers or application.status in over | {"ranked"}


def _of(offer: Any, application: Any) -> bool:
    return bool(offer.application_id == application.id)


def _repeated(ids: Iterable[str]) -> list[str]:
    return [id for id, number in Counter(ids).items() if number > 1]


@dataclass
class Scene:
    """A cohort whose applications are ranked and matched; ``ids`` are in selection order."""

    world: World
    cohort_id: str
    ids: list[str]
    match_id: str

    @property
    def members(self) -> list[str]:
        return [self.world.application(id).member_id for id in self.ids]

    def prepare(self, **arguments: Any) -> Any:
        """The next round: the first by the match."""
        stands = any(each.state == "released" for each in self.rounds())
        if not stands:
            arguments.setdefault("match_id", self.match_id)
        return self.world.call("prepare_round", by="planner", cohort_id=self.cohort_id, **arguments)

    def approved(self, **arguments: Any) -> str:
        """The id of the next round, approved and measured as fair."""
        round_id = str(self.prepare(**arguments).round_id)
        self.measure(round_id)
        self.world.call("approve_round", by="approver", round_id=round_id)
        return round_id

    def release(self, **arguments: Any) -> Any:
        """The next round, released."""
        round_id = self.approved()
        arguments = {"reason": "As agreed by the panel.", **arguments}
        return self.world.call("release_round", by="releaser", round_id=round_id, **arguments)

    def reverse(self, round_id: str) -> Any:
        """Both persons take a round back."""
        why = {"round_id": round_id, "reason": "The scores were wrong."}
        self.world.call("request_reversal", by="asker", **why)
        return self.world.call("reverse_round", by="agreer", **why)

    def measure(self, round_id: str, *, flagged: bool = False) -> None:
        """What research finds of a round."""
        measure(self.world, round_id, flagged=flagged)

    def rounds(self) -> list[Any]:
        return self.world.pages("find_rounds", cohort_id=self.cohort_id)

    def offers(self, **arguments: Any) -> list[Any]:
        found = self.world.pages("find_offers", cohort_id=self.cohort_id, limit=200, **arguments)
        return sorted(found, key=lambda offer: self.ids.index(offer.application_id))

    def offer(self, place: int) -> Any:
        """The latest offer to the applicant at a place of the ranking, 0 being the best."""
        found = self.world.repository("offers").scan({"application_id": self.ids[place]})
        latest = max(found, key=lambda offer: int(offer.turn))
        return self.world.call("get_offer", offer_id=latest.id)

    def suspend(self, place: int) -> None:
        """Let the membership of the applicant at a place be suspended."""
        self.world.tell(StandingChanged(self.members[place], "suspended"))

    def reinstate(self, place: int) -> None:
        """Let the suspension end."""
        self.world.tell(StandingChanged(self.members[place], "current"))

    def withdraw(self, place: int) -> None:
        """Let the applicant at a place withdraw."""
        self.world.call(
            "withdraw_application",
            by=self.members[place],
            application_id=self.ids[place],
            member_id=self.members[place],
        )

    def place(self, place: int) -> Any:
        """Let a placement be arranged for the applicant at a place."""
        return self.world.call(
            "arrange_placement", by="staff", application_id=self.ids[place]
        ).placement

    def posts(self) -> dict[int, str]:
        """The post that each has an offer of that stands, by place of the ranking."""
        live = ("open", "held", "accepted")
        return {
            self.ids.index(offer.application_id): offer.post_id
            for offer in self.offers()
            if offer.state in live
        }

    def status(self, place: int) -> str:
        return str(self.world.application(self.ids[place]).status.value)

    def answer(self, place: int, how: str, **arguments: Any) -> Any:
        """Let the applicant at a place accept, hold or decline."""
        offer = self.offer(place)
        return self.world.call(
            f"{how}_offer",
            by=offer.member_id,
            offer_id=offer.offer_id,
            member_id=offer.member_id,
            **arguments,
        )


def ranked(
    world: World,
    posts: dict[str, int],
    wishes: Sequence[Sequence[str]],
    **changes: Any,
) -> Scene:
    """A cohort with these posts, and for each applicant, the best first, the posts they rank."""
    named = [world.post(id, capacity=number) for id, number in posts.items()]
    cohort_id = world.cohort(**{"posts": named, **changes})
    ids = [world.submitted(cohort_id) for _ in wishes]
    for id in ids:
        world.bring(id, "ranked")
    rank(world, cohort_id, ids)
    for id, wish in zip(ids, wishes, strict=True):
        prefer(world, cohort_id, id, wish)
    return Scene(world, cohort_id, ids, match(world, cohort_id))


def rank(world: World, cohort_id: str, ids: Sequence[str]) -> None:
    """Put the final ranking on record, whatever it was before."""
    rankings, key = world.repository("rankings"), Ranking.key(cohort_id, RankingStage.FINAL)
    entries = tuple(Ranked(id, place, 0, "lot") for place, id in enumerate(ids, start=1))
    if rankings.first({"_id": key}) is None:
        rankings.add(Ranking(key, cohort_id, RankingStage.FINAL, "seed", world.clock(), entries))
    else:
        rankings.change(key, lambda found: found.replace(entries, "seed", world.clock()))


def prefer(world: World, cohort_id: str, id: str, wish: Sequence[str]) -> None:
    """Put an applicant's preferences on record, whatever they were before."""
    lists, tiers = world.repository("preferences"), tuple((post,) for post in wish)
    if lists.first({"_id": id}) is None:
        member_id = world.application(id).member_id
        lists.add(Preferences(id, cohort_id, member_id, tiers, world.clock()))
    else:
        lists.change(id, lambda found: found.submit(tiers, world.clock()))


def close_preferences(world: World, cohort_id: str) -> None:
    """Put on record that applicants have said what they want."""
    now = world.clock()
    world.repository("cohorts").change(
        cohort_id, lambda found: setattr(found, "preferences_until", now)
    )


def match(world: World, cohort_id: str, method: str = "serial") -> str:
    """The id of a match of a cohort as it is now, for which nothing more is said."""
    close_preferences(world, cohort_id)
    return str(world.call("run_match", cohort_id=cohort_id, method=method).match_id)


def measure(world: World, round_id: str, *, flagged: bool = False) -> None:
    """Let research tell what it has measured of a round; a later figure replaces it."""
    figure = Figure("sex", "women", "men", 1.4 if flagged else 1.0, flagged, None)
    told = FairnessMeasured(round_id, round_id, (figure,), world.today)
    world.repository("fairness").put(round_id, "figures", 1 + flagged, dump(told))


POSTS = {"city": 1, "valley": 1}
WISHES = [["city", "valley"], ["city", "valley"], ["city"], ["valley"]]


def scene(posts: dict[str, int] = POSTS, wishes: Any = WISHES, **changes: Any) -> Scene:
    return ranked(World(), posts, wishes, **changes)


def ready(*, upgrades: bool, database: Any = None) -> Any:
    here = ranked(World(database=database), POSTS, WISHES)
    if upgrades:
        here.release()
        here.answer(0, "decline")
        here.answer(1, "accept", upgrades=True)
    here.world.here, here.world.round_id = here, here.approved()  # type: ignore[attr-defined]
    return here.world


def release_again(world: Any) -> None:
    released = world.call(
        "release_round", by="releaser", message="release", round_id=world.round_id
    )
    assert released.state == "released"
