"""The places of posts: how many there are, and invitations to take one while there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import offers as commands
from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort, Post
from services.programmes.domain.offer import Offer, Recipient
from services.programmes.domain.offer_round import RoundState
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import OfferWay
from services.programmes.errors import PlacesHeld, RoundUnderWay, WrongWay
from services.programmes.handlers.desk import Round
from services.programmes.handlers.offering import Offering
from services.programmes.schemas import offers as schemas
from shared import telemetry
from shared.errors import Invalid
from shared.outbox import milliseconds

if TYPE_CHECKING:
    from services.programmes.repository import Hosts

_OFFERED = ApplicationStatus.OFFERED
_CARRIED_OUT = frozenset({RoundState.RELEASING, RoundState.REVERSING})


def invite_applicants(
    command: commands.InviteApplicants, *, offering: Offering
) -> schemas.InvitationsView:
    """Invite applicants who wait for it; calling again does what a crash left undone."""
    here = offering.desk.round(command.cohort_id)
    if here.workflow.offers.way is not OfferWay.FIRST_COME:
        way, needed = here.workflow.offers.way.value, [OfferWay.FIRST_COME.value]
        raise WrongWay(cohort_id=here.cohort.id, way=way, needed=needed)
    post = _post_of(here.cohort, command.post_id)
    offering.places.prepare_posts(here.cohort)
    found = _asked(command, here, offering)
    aside = _aside(found, here, offering)
    able = _can_be_invited([each for each in found if each.id not in aside], here, offering)
    for application in able:
        _invite(application, post, here, offering)
    invited = {application.id for application in able}
    return schemas.InvitationsView(
        cohort_id=here.cohort.id,
        post_id=post.id,
        invited=len(able),
        not_invited=tuple(
            schemas.NotInvited(each.id, each.status, each.paused_at is not None, each.id in aside)
            for each in found
            if each.id not in invited
        ),
    )


def _post_of(cohort: Cohort, post_id: str | None) -> Post:
    if post_id is None and len(cohort.posts) == 1:
        return cohort.posts[0]
    post = cohort.post(post_id or "")
    if post is None:
        reason = "Name one of the cohort's posts."
        raise Invalid("Invited to what?", fields={"post_id": [reason]})
    return post


def _asked(
    command: commands.InviteApplicants, here: Round, offering: Offering
) -> list[Application]:
    desk = offering.desk
    if command.application_ids is not None:
        return desk.all_of(here.cohort.id, command.application_ids)
    waiting = (
        desk.applications.scan({"cohort_id": here.cohort.id, "status": status.value})
        for status in ApplicationStatus
        if _OFFERED in here.workflow.after(status)
    )
    return [application for of_status in waiting for application in of_status]


def _aside(applications: list[Application], here: Round, offering: Offering) -> frozenset[str]:
    """Those of persons who have an offer by another application, or applied again later."""
    holders = offering.desk.all_of(here.cohort.id, offering.offers.live_in(here.cohort.id))
    held = {each.id for each in holders}
    waiting = [each for each in applications if each.id not in held and _waits(each, here)]
    return offering.desk.set_aside(waiting, holders)


def _can_be_invited(
    applications: list[Application], here: Round, offering: Offering
) -> list[Application]:
    """Those who wait for it, and those who were invited already."""
    ids = {each.id: _invitation_id(each) for each in applications}
    known = {each.id for each in offering.offers.scan({"_id": {"$in": list(ids.values())}})}
    return [each for each in applications if ids[each.id] in known or _waits(each, here)]


def _waits(application: Application, here: Round) -> bool:
    return _OFFERED in here.workflow.after(application.status) and application.paused_at is None


def _invite(application: Application, post: Post, here: Round, offering: Offering) -> None:
    now = offering.desk.clock()
    invitation = Offer.make(
        _invitation_id(application),
        Recipient(
            application.id, here.cohort.id, here.programme.id, application.member_id, post.id
        ),
        round_id=None,
        turn=1,
        post_title=post.title,
        now=now,
        due_at=offering.due_at(here.cohort, here.workflow, now),
    )
    offering.put(invitation)
    offering.follow(invitation.id)


def _invitation_id(application: Application) -> str:
    """An application is invited once, so its invitation always has the same id."""
    return telemetry.derived_id(
        milliseconds(application.submitted_at or application.started_at),
        f"invitation|{application.id}",
    )


def change_post_capacity(
    command: commands.ChangePostCapacity, *, offering: Offering, hosts: Hosts
) -> schemas.CapacityView:
    """Let a post have more or fewer places; those that are held stay.

    Fewer are taken away before the cohort says so, more added after: places are never more than the
    cohort has said. While a round is carried out it counts on all there are, so there may be more
    but not fewer.
    """
    cohort = offering.desk.cohorts.get(command.cohort_id)
    post = cohort.post(command.post_id)
    if post is None:
        raise Invalid("Of which post?", fields={"post_id": ["The cohort has no such post."]})
    places, post_id, capacity = offering.places, command.post_id, command.capacity
    if capacity > post.capacity:
        _require_room(cohort, post, capacity, hosts)
    places.prepare_posts(cohort)
    if capacity < post.capacity:
        _take_away(cohort, post, capacity, offering)
    offering.desk.cohorts.change(cohort.id, lambda found: found.resize(post_id, capacity))
    places.fit(cohort.id, post_id, capacity)
    held = places.held(cohort.id, post_id)
    return schemas.CapacityView(cohort.id, post_id, capacity, held)


def _require_room(cohort: Cohort, post: Post, capacity: int, hosts: Hosts) -> None:
    host = None if post.host_id is None else hosts.get(post.host_id)
    if host is not None and (reason := host.crowding(cohort.resized(post.id, capacity))):
        raise Invalid("The host has not so much room.", fields={"capacity": [reason]})


def _take_away(cohort: Cohort, post: Post, capacity: int, offering: Offering) -> None:
    under_way, places = offering.rounds.under_way(cohort.id), offering.places
    if under_way is not None and under_way.state in _CARRIED_OUT:
        raise RoundUnderWay(round_id=under_way.id)
    held = places.held(cohort.id, post.id)
    if held <= capacity:
        held = places.fit(cohort.id, post.id, capacity)
    if held > capacity:  # perhaps claimed at this moment
        places.fit(cohort.id, post.id, post.capacity)
        raise PlacesHeld(post_id=post.id, held=held)
