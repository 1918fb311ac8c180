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

if TYPE_CHECKING:
    from services.membership.repository import Members
    from shared.timers import Leases

log = telemetry.logger(__name__)


def tick(
    command: commands.Tick, *, desk: Desk, leases: Leases, lease: timedelta, ahead: bool
) -> schemas.TickView:
    """Settle every member of whom something changes by ``on``.

    One instance at a time is enough, which a lease sees to; were there two, each change would still
    be told once, because it is told in the write that notes it.
    """
    day = command.on or desk.today()
    if day > desk.today() and not command.dry_run and not ahead:
        raise Invalid("Not yet.", fields={"on": ["Must not be in the future but in a dry run."]})
    held = None if command.dry_run else leases.take("tick", lease)
    if held is None and not command.dry_run:
        return schemas.TickView(on=day, looked_at=0, told={}, dry_run=False, skipped=True)
    walk = _Walk(desk.members, desk.policies.book(), day, dry_run=command.dry_run)
    try:
        for _ in walk.go():
            if held is not None and not held.keep(lease):
                break  # it ended while we were held up, and another instance began anew
    finally:
        if held is not None:
            held.give_back()
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
        """Members whose turn it is by the calendar, then others judged by another policy."""
        turn = {"tick_key": {"$gte": "", "$lt": f"{number(self.day)}|{LAST}"}}
        for page in self.members.pages(turn, by="tick_key"):
            for member in page:
                self._settle(member)
                yield
        for criteria in self._other_policies():
            for page in self.members.pages(criteria):
                for member in page:
                    if not self._has_turn(member):
                        self._settle(member)
                    yield

    def _other_policies(self) -> Iterator[dict[str, Any]]:
        now = self.book.statuses.on(self.day).version
        for version in self.book.statuses.all:
            if version.version != now:
                yield {"settled.policy": version.version}

    def _has_turn(self, member: Member) -> bool:
        """Whether the calendar's walk met them, though a dry run left them as they were."""
        next_on = member.settled.next_on if member.settled else None
        return next_on is not None and next_on <= self.day

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


def tick_now(*, desk: Desk, leases: Leases, lease: timedelta, ahead: bool) -> None:
    """The tick of the clock; a store that is away is met again at the next."""
    try:
        view = tick(commands.Tick(), desk=desk, leases=leases, lease=lease, ahead=ahead)
    except Unavailable as error:
        log.warning("tick put off", error=error.code)
        return
    if view.looked_at:
        log.info("members settled", on=view.on.isoformat(), looked_at=view.looked_at)
