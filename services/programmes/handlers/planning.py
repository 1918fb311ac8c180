"""Plans a round: the first as a match says, later ones from places that have become free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from services.programmes.domain.application import Application
from services.programmes.domain.matching import Instance, Method, choice_of
from services.programmes.domain.nothing import Nothing, nothing, why_not
from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_round import Line, Skipped
from services.programmes.domain.offer_state import OfferState
from services.programmes.domain.persons import ASIDE
from services.programmes.domain.recycling import Interim, digest_of, recycle
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.events.offers import PROPOSED_AT_MOST
from services.programmes.handlers.offering import Offering

if TYPE_CHECKING:
    from services.programmes.repository import Matches

_ANSWERED = frozenset({OfferState.HELD, OfferState.ACCEPTED})
# Who can be offered nothing, of whom it is listed why.
_OUT = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.RETURNED})
_UNDECIDED = _OUT | {ApplicationStatus.RANKED}


@dataclass(frozen=True)
class Plan:
    """The lines of a round, who is left out of it and why, and what it was planned by."""

    lines: tuple[Line, ...]
    skipped: tuple[Skipped, ...]
    method: Method
    digest: str


@dataclass(frozen=True)
class Planning:
    """What is planned by; ``inputs`` are what a match of a cohort would be run on now."""

    offering: Offering
    matches: Matches
    inputs: Callable[[str], Instance]

    def applications(self, cohort_id: str) -> dict[str, Application]:
        """The applications to a cohort."""
        found = self.offering.desk.applications.scan({"cohort_id": cohort_id})
        return {application.id: application for application in found}

    def shortlisted(self, cohort_id: str) -> list[str]:
        """The members who were ever shortlisted, whatever became of them since."""
        found = self.applications(cohort_id).values()
        return sorted(each.member_id for each in found if each.shortlisted_at is not None)

    def first(self, cohort_id: str, match_id: str) -> Plan:
        """The round that a match amounts to; raises NotFound and NothingToOffer."""
        match = self.matches.get(match_id)
        if match.cohort_id != cohort_id:
            raise self.matches.absent(match_id)
        instance, applications = self.inputs(cohort_id), self.applications(cohort_id)
        given = match.assignments
        skipped = self._skipped(_undecided(instance, applications), applications)
        skipped |= {id: "not_ranked" for id in given if id not in instance.order}
        live = self.offering.offers.live_in(cohort_id)
        skipped |= self._set_aside(given.keys() - skipped.keys(), live, applications)
        kept = {id: post for id, post in given.items() if id not in skipped}
        lines = _lines(kept, instance, applications, {})
        if not lines:
            why = Nothing.ALL_SKIPPED if given else Nothing.NOBODY_MATCHED
            raise nothing(why, self.offering.places.free(cohort_id), skipped)
        return Plan(lines, _listed(skipped), match.method, match.digest)

    def later(self, cohort_id: str, method: Method) -> Plan:
        """The round that passes on what has become free since; raises NothingToOffer."""
        instance, applications = self.inputs(cohort_id), self.applications(cohort_id)
        live = self.offering.offers.live_in(cohort_id)
        waiting = [id for id in _undecided(instance, applications) if id not in live]
        moving = {id: offer for id, offer in live.items() if _moves(offer, applications[id])}
        asked = [*waiting, *moving]
        skipped = self._skipped(asked, applications)
        skipped |= self._set_aside(set(asked) - skipped.keys(), live, applications)
        interim = Interim(
            instance,
            frozenset(waiting) - skipped.keys(),
            {id: offer.post_id for id, offer in moving.items() if id not in skipped},
            self.offering.places.free(cohort_id),
        )
        given = recycle(interim, method)
        new = {id: post for id, post in given.items() if interim.moving.get(id) != post}
        lines = _lines(new, instance, applications, moving)
        if not lines:
            raise nothing(why_not(interim), interim.free, skipped)
        return Plan(lines, _listed(skipped), method, digest_of(instance))

    def uncertified(self, match_id: str | None) -> list[str]:
        """The match, if it is one whose certificate does not hold."""
        match = None if match_id is None else self.matches.get(match_id)
        return [match.id] if match is not None and not match.certificate.holds else []

    def _skipped(
        self, ids: Iterable[str], applications: Mapping[str, Application]
    ) -> dict[str, str]:
        asked = [applications[id] for id in ids]
        people = self.offering.desk.people_of(each.member_id for each in asked)
        reasons = ((each.id, _hindrance(each, people[each.member_id])) for each in asked)
        return {id: reason for id, reason in reasons if reason is not None}

    def _set_aside(
        self,
        ids: Collection[str],
        live: Mapping[str, Offer],
        applications: Mapping[str, Application],
    ) -> dict[str, str]:
        candidates, holders = ([applications[id] for id in each] for each in (ids, live))
        return dict.fromkeys(sorted(self.offering.desk.set_aside(candidates, holders)), ASIDE)


def _hindrance(application: Application, person: Standing) -> str | None:
    """Why nothing can be offered to an applicant now."""
    if application.status in _OUT:
        return application.status.value
    if application.paused_at is not None:
        return "paused"
    return None if person.lack is None else person.lack.value


def _undecided(instance: Instance, applications: Mapping[str, Application]) -> list[str]:
    return [id for id in instance.order if applications[id].status in _UNDECIDED]


def _moves(offer: Offer, application: Application) -> bool:
    """Whether somebody has answered, wants something better, and has not begun a placement."""
    answered = offer.state in _ANSWERED and application.status is offer.status
    return answered and offer.upgrades


def _lines(
    given: Mapping[str, str],
    instance: Instance,
    applications: Mapping[str, Application],
    moving: Mapping[str, Offer],
) -> tuple[Line, ...]:
    """In selection order, as many as a round can tell of; others are left to the next one."""
    lines = (
        _line(applications[id], given[id], rank, instance, moving.get(id))
        for rank, id in enumerate(instance.order, start=1)
        if id in given
    )
    return tuple(islice(lines, PROPOSED_AT_MOST))


def _line(
    application: Application, post: str, rank: int, instance: Instance, old: Offer | None
) -> Line:
    tiers = instance.preferences.get(application.id, ())
    choice = choice_of(tiers, post) or 0
    why = f"Choice {choice} of {len(tiers)}, selection rank {rank} of {len(instance.order)}."
    if old is not None:
        why = f"{why} Instead of choice {choice_of(tiers, old.post_id)}."
    return Line(
        application_id=application.id,
        member_id=application.member_id,
        post_id=post,
        rank=rank,
        choice=choice,
        why=why,
        replaces=None if old is None else old.id,
    )


def _listed(skipped: Mapping[str, str]) -> tuple[Skipped, ...]:
    return tuple(Skipped(id, reason) for id, reason in skipped.items())
