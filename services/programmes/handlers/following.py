"""What membership tells of its members: their standing, merges, and their rights to their data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from services.programmes import schemas
from services.programmes.domain.rights import Answer
from services.programmes.domain.standing import Facet, Standing
from services.programmes.subscriptions import (
    ApplicationReceived,
    DetailsCorrected,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
    MemberImported,
    MemberMerged,
    MembershipEvent,
    MemberUnmerged,
    RegistrationRefused,
    RegistrationVerified,
    StandingChanged,
)
from shared.events import Meta
from shared.export import contribution

if TYPE_CHECKING:
    from services.programmes.repository import (
        Answers,
        Holdings,
        Standings,
    )


def get_member_standing(
    request: schemas.GetMemberStanding, *, standings: Standings
) -> schemas.StandingView:
    """What membership's events have told of a member; one never heard of is "not_known"."""
    member_id = standings.followed(request.member_id)
    standing = Standing.of(member_id, standings.get(member_id))
    return schemas.StandingView.of(request.member_id, standing)


def record_standing(event: MembershipEvent, meta: Meta, *, standings: Standings) -> None:
    """Keep what an event says of a member, unless something later is known of that facet."""
    for facet, values in _facets_of(event):
        values["sequence"] = meta.sequence
        standings.put(event.member_id, facet, meta.sequence, values)


def _facets_of(event: MembershipEvent) -> Iterator[tuple[Facet, dict[str, Any]]]:
    match event:
        case ApplicationReceived():
            yield Facet.APPLICATION, {"profession": event.profession, "nation": event.nation}
        case RegistrationVerified():
            yield Facet.REGISTRATION, {"refused": False}
        case RegistrationRefused():
            yield Facet.REGISTRATION, {"refused": True}
        case StandingChanged():
            yield Facet.STANDING, {"status": event.status}
        case MemberImported():
            yield Facet.ADMISSION, {"profession": event.profession, "nation": event.nation}
            yield Facet.STANDING, {"status": event.status}
        case MemberMerged():
            yield Facet.MERGE, {"into": event.into_member_id}
        case MemberUnmerged():
            yield Facet.MERGE, {"into": None}
        case DetailsCorrected():
            yield Facet.DETAILS, {"profession": event.profession, "nation": event.nation}
        case MemberAdmitted():
            yield Facet.ADMISSION, {"profession": event.profession, "nation": event.nation}


def contribute(
    event: ExportRequested, *, holdings: Holdings, answers: Answers, today: Callable[[], date]
) -> None:
    """Give membership all that is kept of a member, who asked for it."""
    texts = contribution(holdings.disclosed(event.member_id))
    answers.add(Answer.contribute(event.request_id, event.member_id, texts, today()))


def forget_member(
    event: MemberErased, *, holdings: Holdings, answers: Answers, today: Callable[[], date]
) -> None:
    """Forget a member for good, and tell membership so."""
    erased = holdings.forget(event.member_id)
    answers.add(Answer.acknowledge(event.request_id, event.member_id, erased, today()))
