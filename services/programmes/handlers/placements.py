"""Placements: arranged for those who accepted a post, begun by the clock, changed by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from services.programmes.commands import placements as commands
from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort, Post
from services.programmes.domain.offer import Offer
from services.programmes.domain.placement import Placement
from services.programmes.domain.placement_terms import Terms
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import AlreadyPlaced, NothingAccepted
from services.programmes.handlers.placing import Placing
from services.programmes.handlers.stays import Spot
from services.programmes.handlers.turns import Due
from services.programmes.repository.belonging import page_of
from services.programmes.schemas import placements as schemas
from shared.errors import Duplicate, Invalid, Refused
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.repository import Offers


def arrange_placement(
    command: commands.ArrangePlacement, *, placing: Placing, offers: Offers
) -> schemas.PlacementView:
    """Place an applicant in the post they accepted.

    The days are held first, then the offer is bound, which settles that it is not given back
    meanwhile; then the application is placed and the placement written. A call that was cut off in
    between is completed by the same call, or by any other for the application.
    """
    placement_id, stay_id, desk = new_id(), new_id(), placing.desk
    application = desk.applications.get(command.application_id)
    if before := placing.placements.of(application.id):
        return placing.view(_this_one(before, placement_id))
    here, now = desk.round(application.cohort_id), desk.clock()
    offer, post = _accepted(command, application, here.cohort, offers)
    application.move(ApplicationStatus.PLACED, here.workflow, now)  # refused before all is held
    terms = Terms.of(
        here.cohort,
        command.starts_on or here.cohort.starts_on,
        command.ends_on,
        command.wte_percent or post.wte_percent,
        placing.not_before(application.id),
    )
    placement = Placement.arrange(
        placement_id,
        application=application,
        cohort=here.cohort,
        post=post,
        terms=terms,
        stay_id=stay_id,
        rules=placing.version,
        now=now,
    )
    spot = Spot(application.member_id, post.host_id, post.capacity)
    placing.stays.hold(placing.stay(stay_id, placement, terms), spot)
    try:
        offers.change(offer.id, lambda found: found.place(now))
        desk.move(application.id, ApplicationStatus.PLACED, here.workflow)
        added = _add(placement, placing)
    except Refused:
        placing.stays.drop(stay_id, spot)
        raise
    placing.stays.swap(None, stay_id, spot)
    return placing.view(added)


def _this_one(before: Placement, placement_id: str) -> Placement:
    if before.id != placement_id:
        raise AlreadyPlaced(application_id=before.application_id, placement_id=before.id)
    return before


def _accepted(
    command: commands.ArrangePlacement, application: Application, cohort: Cohort, offers: Offers
) -> tuple[Offer, Post]:
    offer = offers.accepted_of(application.id)
    post = cohort.post(offer.post_id) if offer is not None else None
    if offer is None or post is None:
        raise NothingAccepted(application_id=application.id)
    if command.post_id not in (None, post.id):
        reason = f"The post that was accepted is {post.id}."
        raise Invalid("Another post was accepted.", fields={"post_id": [reason]})
    return offer, post


def _add(placement: Placement, placing: Placing) -> Placement:
    try:
        return placing.placements.add(placement)
    except Duplicate:  # arranged by another call meanwhile
        before = placing.placements.of(placement.application_id)
        raise AlreadyPlaced(
            application_id=placement.application_id, placement_id=before.id if before else None
        ) from None


def defer_placement(command: commands.DeferPlacement, *, placing: Placing) -> schemas.PlacementView:
    """Let a placement start later, where member and host have room then."""
    stay_id, placement = new_id(), placing.placements.get(command.placement_id)
    if placement.stay_id == stay_id:
        return placing.view(placement)
    terms = Terms.of(
        placing.desk.cohorts.get(placement.cohort_id),
        command.starts_on,
        command.ends_on,
        placement.wte_percent,
        placing.not_before(placement.application_id),
    )
    placement.require_deferrable(terms)
    stay = placing.stay(stay_id, placement, terms)
    deferred = placing.rebook(placement, stay, lambda found, id: found.defer(terms, id))
    return placing.view(deferred)


def change_placement(
    command: commands.ChangePlacement, *, placing: Placing
) -> schemas.PlacementView:
    """Correct a placement's days or its whole-time equivalent."""
    stay_id, placement = new_id(), placing.placements.get(command.placement_id)
    terms = Terms.of(
        placing.desk.cohorts.get(placement.cohort_id),
        command.starts_on or placement.starts_on,
        command.ends_on or placement.ends_on,
        command.wte_percent or placement.wte_percent,
        placing.not_before(placement.application_id),
    )
    if terms == placement.terms:
        return placing.view(placement)
    placement.require_changeable(terms)
    stay = placing.stay(stay_id, placement, terms)
    changed = placing.rebook(placement, stay, lambda found, id: found.change(terms, id))
    return placing.view(changed)


def end_placement_early(
    command: commands.EndPlacementEarly, *, placing: Placing
) -> schemas.PlacementView:
    """Let a placement end before its last day, and free the days that are left."""
    stay_id, desk = new_id(), placing.desk
    placement = placing.placements.get(command.placement_id)
    placing.rules[placement.rules].require_reason(command.reason_code)
    here, today = desk.round(placement.cohort_id), placement.day_of(desk.clock())
    if placement.left_so(command.ended_on, command.reason_code):
        return placing.view(placement)
    served = placement.served_until(command.ended_on, today)
    spot = placing.spot(placement, here.cohort)
    if served is None and placement.stay_id is not None:
        placing.stays.renew(placement.stay_id, spot)
    elif served is not None:
        kept = replace(placement.terms, ends_on=served.ends_on)
        placing.stays.hold(placing.stay(stay_id, placement, kept), spot)
    # Whichever comes first of leaving and completing is decided by the application.
    try:
        desk.move(placement.application_id, ApplicationStatus.LEFT_EARLY, here.workflow)
        ended, before = placing.change(
            placement.id,
            lambda found: found.end_early(
                command.ended_on, command.reason_code, command.note, stay_id, today
            ),
        )
    except Refused:
        placing.stays.drop(stay_id, spot)
        raise
    if before is not None:
        placing.stays.swap(before, ended.stay_id, spot)
    return placing.view(ended)


def get_placement(request: schemas.GetPlacement, *, placing: Placing) -> schemas.PlacementView:
    """One placement with its reports; to a member, somebody else's does not exist."""
    return placing.view(placing.own(request.placement_id, request.member_id))


def find_placements(request: schemas.FindPlacements, *, placing: Placing) -> schemas.PlacementPage:
    """Placements; of a member also those of who was merged into them."""
    asked = {"cohort_id": request.cohort_id, "host_id": request.host_id, "state": request.state}
    page = page_of(placing.placements, request, placing.desk.standings, **asked)
    return schemas.PlacementPage(
        tuple(map(schemas.PlacementSummary.of, page.items)), page.next_cursor
    )


def start_placements(placing: Placing) -> Due[Placement]:
    """Tell of placements whose first day has come."""
    now, placements = placing.desk.clock(), placing.placements
    return Due(
        placements,
        now,
        lambda placement: placements.change(placement.id, lambda found: found.start(now)),
    )


def pause_placements(placing: Placing, member_ids: Sequence[str], suspended: bool) -> None:
    """Stop the placements of a member who is suspended, and let them go on when that is over."""
    now, placements = placing.desk.clock(), placing.placements

    def act(placement: Placement) -> None:
        (placement.pause if suspended else placement.resume)(now)

    for member_id in member_ids:
        for placement in placements.scan({"member_id": member_id}):
            placements.change(placement.id, act)
