"""What a suspension does to applications, and what the end of a membership does.

It is judged from all that is known of the member, after every event about them, so it comes out the
same in whatever order events come and however often. Those merged into somebody rest with them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from services.programmes.domain.application import Application
from services.programmes.domain.standing import Lack
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.withdrawing import Release, give_back, withdraw
from shared import telemetry

Pause = Callable[[Sequence[str], bool], None]

# Who is not there any more can take up nothing; others may renew or be reinstated.
GONE = frozenset({Lack.DECEASED, Lack.REMOVED})


def follow_member(
    member_id: str, desk: Desk, pausing: Sequence[Pause], withdrawing: Sequence[Release]
) -> None:
    """Let everything of a member rest or go on, and end the applications of who is gone.

    A placement cannot be withdrawn. It rests, too: on which day it ended, and why, staff have to
    say, and membership may take back what it told.
    """
    root = desk.standings.followed(member_id)
    ids, standing = desk.standings.ids_of(root), desk.standing(root)
    gone = standing.lack in GONE
    pause_applications(desk, ids, standing.suspended)
    for pause in pausing:
        pause(ids, standing.suspended or gone)
    if gone:
        end_applications(desk, ids, withdrawing)


def pause_applications(desk: Desk, member_ids: Sequence[str], suspended: bool) -> None:
    """Stop applications that may still go on, or let them go on."""
    now = desk.clock()

    def act(application: Application) -> None:
        (application.pause if suspended else application.resume)(now)

    with telemetry.apart():
        for member_id in member_ids:
            for application in desk.applications.scan({"member_id": member_id}):
                desk.applications.change(application.id, act)


def rested(application: Application, desk: Desk) -> Application:
    """A suspension that was told just before an application was kept has not found it."""
    if not desk.standing(desk.standings.followed(application.member_id)).suspended:
        return application
    now = desk.clock()
    with telemetry.apart():
        return desk.applications.change(application.id, lambda found: found.pause(now))


def end_applications(
    desk: Desk,
    member_ids: Sequence[str],
    withdrawing: Sequence[Release],
    among: Container[ApplicationStatus] = tuple(ApplicationStatus),
) -> None:
    """Withdraw what can be, and give back what is held by what was: it may have been cut off."""
    with telemetry.apart():
        for member_id in member_ids:
            for application in desk.applications.scan({"member_id": member_id}):
                workflow = desk.round(application.cohort_id).workflow
                open_ends = workflow.after(application.status)
                if application.status in among and ApplicationStatus.WITHDRAWN in open_ends:
                    withdraw(application.id, workflow, desk, withdrawing)
                else:
                    give_back(application, desk, withdrawing)
