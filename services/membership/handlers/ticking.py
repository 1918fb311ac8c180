"""The passing of days: what changes by itself is told, once, whoever notices first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.membership.commands import lifecycle as commands
from services.membership.domain.calendar import number
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.search import LAST
from services.membership.handlers.desk import Desk
from services.membership.schemas import lifecycle as schemas
from shared import telemetry
from shared.errors import Invalid, Unavailable
from shared.repository import MAX_PAGE

if TYPE_CHECKING:
    from services.membership.repository import Members
    from shared.timers import Leases

log = telemetry.logger(__name__)

_LEASE = timedelta(minutes=5)


def tick(command: commands.Tick, *, desk: Desk, leases: Leases, ahead: bool) -> schemas.TickView:
    """Settle every member of whom something changes by ``on``.

    One instance at a time is enough, which a lease sees to; were there two, each change would still
    be told once, because it is told in the write that notes it.
    """
    day = command.on or desk.today()
    if day > desk.today() and not command.dry_run and not ahead:
        raise Invalid("Not yet.", fields={"on": ["Must not be in the future but in a dry run."]})
    if not command.dry_run and not leases.take("tick", _LEASE):
        return schemas.TickView(on=day, looked_at=0, told={}, dry_run=False, skipped=True)
    walk = _Walk(desk.members, desk.policies.book(), day, dry_run=command.dry_run)
    try:
        for _ in walk.go():
            if not command.dry_run:
                leases.renew("tick", _LEASE)
    finally:
        if not command.dry_run:
            leases.give_back("tick")
    return schemas.TickView(
        on=day,
        looked_at=walk.looked_at,
        told=dict(sorted(walk.told.items())),
        dry_run=command.dry_run,
        skipped=False,
    )


@dataclass
class _Walk:
    members: Members
    book: PolicyBook
    day: date
    dry_run: bool
    looked_at: int = 0
    told: Counter[str] = field(default_factory=Counter)

    def go(self) -> Iterator[None]:
        """Members whose turn it is by the calendar, then those judged by another policy."""
        for criteria, by in self._walks():
            for page in _pages(self.members, criteria, by):
                for member in page:
                    self._settle(member)
                yield

    def _walks(self) -> Iterator[tuple[dict[str, Any], str]]:
        yield {"tick_key": {"$gte": "", "$lt": f"{number(self.day)}|{LAST}"}}, "tick_key"
        now = self.book.statuses.on(self.day).version
        for version in self.book.statuses.all:
            if version.version != now:
                yield {"settled.policy": version.version}, "id"

    def _settle(self, member: Member) -> None:
        """One member that cannot be settled must not hold up the others; a lost store may."""
        told: list[str] = []

        def settle(found: Member) -> None:
            found.settle(self.book, self.day)
            told[:] = [each.event_type.name for each in found.recorded]

        try:
            if self.dry_run:
                settle(member)
            else:
                self.members.change(member.id, settle)
        except Unavailable:
            raise
        except Exception:
            log.exception("member not settled", member_id=member.id)
            return
        self.looked_at += 1
        self.told.update(told)


def _pages(members: Members, criteria: dict[str, Any], by: str) -> Iterator[tuple[Member, ...]]:
    cursor: str | None = None
    while True:
        page = members.find(criteria, by=by, cursor=cursor, limit=MAX_PAGE)
        yield page.items
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def tick_now(*, desk: Desk, leases: Leases, ahead: bool) -> None:
    """The tick of the clock; a store that is away is met again at the next."""
    context = telemetry.Context.start(actor="clock", action="tick")
    with telemetry.activate(context):
        try:
            view = tick(commands.Tick(), desk=desk, leases=leases, ahead=ahead)
        except Unavailable as error:
            log.warning("tick put off", error=error.code)
            return
    if view.looked_at:
        log.info("members settled", on=view.on.isoformat(), looked_at=view.looked_at)
