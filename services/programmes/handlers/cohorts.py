"""Cohorts and the hosts of their posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.programmes.commands import cohorts as commands
from services.programmes.domain.cohort import Cohort, Plan, Post
from services.programmes.domain.host import Host, host_faults
from services.programmes.domain.programme import Programme
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.turns import Due
from services.programmes.schemas import cohorts as schemas
from shared.errors import Invalid, NotFound
from shared.events import Clock, new_id

if TYPE_CHECKING:
    from services.programmes.repository import Cohorts, Hosts


def register_host(command: commands.RegisterHost, *, hosts: Hosts) -> schemas.HostView:
    """Put a host on record."""
    host = Host.register(
        new_id(), name=command.name, nation=command.nation, capacity=command.capacity
    )
    return schemas.HostView.of(hosts.add(host))


def change_host_capacity(
    command: commands.ChangeHostCapacity, *, desk: Desk, hosts: Hosts
) -> schemas.HostView:
    """Let a host take more or fewer; never fewer than are there on some day, or than cohorts offer.

    Cohorts that have begun are placed already, so only those to come are looked at.
    """

    def resize(host: Host) -> None:
        host.resize(command.capacity)
        to_come = (each for each in desk.cohorts.scan({}) if each.to_come(desk.today()))
        for cohort in to_come:
            if reason := host.crowding(cohort.posts):
                fault = f"{reason} It is {cohort.title}, {cohort.id}."
                raise Invalid("Cohorts offer more.", fields={"capacity": [fault]})

    return schemas.HostView.of(hosts.change(command.host_id, resize))


def get_host(request: schemas.GetHost, *, hosts: Hosts) -> schemas.HostView:
    """One host."""
    return schemas.HostView.of(hosts.get(request.host_id))


def find_hosts(request: schemas.FindHosts, *, hosts: Hosts) -> schemas.HostPage:
    """Hosts as they were registered."""
    page = hosts.find({}, cursor=request.cursor, limit=request.limit)
    return schemas.HostPage(tuple(map(schemas.HostView.of, page.items)), page.next_cursor)


def open_cohort(command: commands.OpenCohort, *, desk: Desk, hosts: Hosts) -> schemas.CohortView:
    """Set a round of applications of a programme on offer, pinned to a version of a workflow."""
    programme = desk.programmes.get(command.programme_id)
    programme.require_published()
    _require_hosts(command.posts, hosts)
    plan = Plan(
        programme_id=programme.id,
        title=command.title,
        nation=command.nation,
        time_zone=command.time_zone,
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        starts_on=command.starts_on,
        months=command.months,
        posts=command.posts,
        questions=command.questions,
        rubric=command.rubric,
        interview_rubric=command.interview_rubric,
        weights=command.weights,
        workflow=_workflow(command, programme, desk),
    )
    return schemas.CohortView.of(desk.cohorts.add(Cohort.open(new_id(), plan, desk.clock())))


def _workflow(command: commands.OpenCohort, programme: Programme, desk: Desk) -> str:
    if command.workflow is None:
        return desk.workflows.latest(programme.prospectus.kind.value).id
    try:
        return desk.workflows.get(command.workflow).id
    except NotFound:
        reasons = {"workflow": ["There is no such version."]}
        raise Invalid("The cohort is not valid.", fields=reasons) from None


def _require_hosts(posts: Sequence[Post], hosts: Hosts) -> None:
    named = dict.fromkeys(post.host_id for post in posts if post.host_id is not None)
    known = {id: host for id in named if (host := hosts.first({"_id": id})) is not None}
    if faults := host_faults(posts, known):
        raise Invalid("The cohort is not valid.", fields=faults)


def extend_cohort(
    command: commands.ExtendCohort, *, cohorts: Cohorts, clock: Clock
) -> schemas.CohortView:
    """Let a window close later."""
    now = clock()
    extended = cohorts.change(
        command.cohort_id, lambda cohort: cohort.extend(command.closes_at, now)
    )
    return schemas.CohortView.of(extended)


def get_cohort(request: schemas.GetCohort, *, cohorts: Cohorts) -> schemas.CohortView:
    """One cohort with its questions."""
    return schemas.CohortView.of(cohorts.get(request.cohort_id))


def find_cohorts(request: schemas.FindCohorts, *, cohorts: Cohorts) -> schemas.CohortPage:
    """Cohorts, of one programme or of all."""
    criteria = {} if request.programme_id is None else {"programme_id": request.programme_id}
    page = cohorts.find(criteria, cursor=request.cursor, limit=request.limit)
    return schemas.CohortPage(tuple(map(schemas.CohortView.of, page.items)), page.next_cursor)


def close_windows(desk: Desk) -> Due[Cohort]:
    """Tell of cohorts whose window has closed."""
    now = desk.clock()
    return Due(
        desk.cohorts,
        now,
        lambda cohort: desk.cohorts.change(cohort.id, lambda found: found.close(now)),
    )
