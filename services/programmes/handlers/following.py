"""What membership tells of its members: their standing, merges, and their rights to their data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from services.programmes.domain.application import HOLDING
from services.programmes.domain.rights import Answer
from services.programmes.domain.standing import REGISTER, Facet, Standing
from services.programmes.handlers.attaching import Attached
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.pausing import Pause, end_applications, follow_member
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.settling import release_slots
from services.programmes.handlers.withdrawing import Release
from services.programmes.schemas import following as schemas
from services.programmes.subscriptions import (
    ApplicationReceived,
    CareerStageChanged,
    ContactChanged,
    DetailsCorrected,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
    MemberGradeChanged,
    MemberImported,
    MemberMerged,
    MembershipEvent,
    MemberUnmerged,
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
    StandingChanged,
)
from shared.events import Meta
from shared.export import contribution

if TYPE_CHECKING:
    from services.programmes.repository import (
        Answers,
        Holdings,
        People,
        Standings,
    )


Person = ApplicationReceived | MemberAdmitted | MemberImported | DetailsCorrected
_FACETS: dict[type[Person], Facet] = {
    ApplicationReceived: Facet.APPLICATION,
    MemberAdmitted: Facet.ADMISSION,
    MemberImported: Facet.ADMISSION,
    DetailsCorrected: Facet.DETAILS,
}


# Only these can begin or end a suspension, or say that somebody is gone.
_DECIDES_ABOUT_REST = (
    StandingChanged,
    MemberImported,
    RegistrationVerified,
    RegistrationStatusChanged,
    MemberMerged,
    MemberUnmerged,
)


def get_member_standing(
    request: schemas.GetMemberStanding, *, standings: Standings
) -> schemas.StandingView:
    """What membership's events have told of a member; one never heard of is "not_known"."""
    member_id = standings.followed(request.member_id)
    standing = Standing.of(member_id, standings.get(member_id))
    return schemas.StandingView.of(request.member_id, standing)


def record_standing(
    event: MembershipEvent,
    meta: Meta,
    *,
    desk: Desk,
    standings: Standings,
    pausing: Sequence[Pause],
    withdrawing: Sequence[Release],
) -> None:
    """Keep what an event says of a member, unless something later is known of that facet.

    What they have under way follows, also where the event is heard again: it may have been cut off.
    """
    for facet, values in _facets_of(event):
        values["sequence"] = meta.sequence
        standings.put(event.member_id, facet, meta.sequence, values)
    if isinstance(event, _DECIDES_ABOUT_REST):
        follow_member(event.member_id, desk, pausing, withdrawing)


def _facets_of(event: MembershipEvent) -> Iterator[tuple[str, dict[str, Any]]]:
    match event:
        case RegistrationVerified():
            yield Facet.REGISTRATION, {"refused": False}
            yield f"{REGISTER}{event.regulator}", {"status": event.register_status}
        case RegistrationRefused():
            yield Facet.REGISTRATION, {"refused": True}
        case RegistrationStatusChanged():
            yield f"{REGISTER}{event.regulator}", {"status": event.now}
        case StandingChanged():
            yield Facet.STANDING, {"status": event.status}
        case MemberMerged():
            yield Facet.MERGE, {"into": event.into_member_id}
        case MemberUnmerged():
            yield Facet.MERGE, {"into": None}
        case CareerStageChanged():
            yield Facet.CAREER, {"career_stage": event.now}
        case MemberGradeChanged():
            yield Facet.GRADE, {"grade": event.now}
        case _:
            yield from _person(event)


def _person(event: Person) -> Iterator[tuple[str, dict[str, Any]]]:
    yield _FACETS[type(event)], {"profession": event.profession, "nation": event.nation}
    match event:
        case MemberImported():
            yield Facet.STANDING, {"status": event.status}
            yield Facet.GRADE, {"grade": event.grade}
            yield Facet.CAREER, {"career_stage": event.career_stage}
        case MemberAdmitted():
            yield Facet.GRADE, {"grade": event.grade}
            yield Facet.CAREER, {"career_stage": event.career_stage}
        case ApplicationReceived():
            yield Facet.CAREER, {"career_stage": event.career_stage}


def note_name(event: ContactChanged, meta: Meta, *, people: People) -> None:
    """Keep how a member is called."""
    people.note(event.member_id, meta.sequence, event.given_name, event.family_name)


def contribute(
    event: ExportRequested, *, holdings: Holdings, answers: Answers, today: Callable[[], date]
) -> None:
    """Give membership all that is kept of a member, who asked for it."""
    texts = contribution(holdings.disclosed(event.member_id))
    answers.add(Answer.contribute(event.request_id, event.member_id, texts, today()))


def forget_member(
    event: MemberErased,
    *,
    attached: Attached,
    withdrawing: Sequence[Release],
    selecting: Selecting,
    holdings: Holdings,
    answers: Answers,
    today: Callable[[], date],
) -> None:
    """Forget a member for good, and tell membership so; nobody is left to take up a place.

    Other applications stay how far they came, without the interview that is to come.
    """
    end_applications(attached.desk, [event.member_id], withdrawing, among=HOLDING)
    for application in attached.desk.applications.scan({"member_id": event.member_id}):
        release_slots(selecting, application, forget=True)
    loose = attached.loosen(event.member_id)
    erased = holdings.forget(event.member_id)
    for attachment_id in loose:
        attached.drop(attachment_id)
    answers.add(Answer.acknowledge(event.request_id, event.member_id, erased, today()))
