"""Keeping people no longer than the policy on retention says, whoever notices first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from services.membership.commands import rights as commands
from services.membership.domain.calendar import number
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.retention import Keeping, keeping
from services.membership.domain.search import LAST
from services.membership.errors import StillAMember
from services.membership.handlers.desk import Desk
from services.membership.handlers.erasing import Eraser, complete_erasure, erase_when_due
from services.membership.handlers.exporting import drop_export
from services.membership.schemas import rights as schemas
from shared import telemetry
from shared.errors import Invalid, Unavailable
from shared.telemetry import apart

if TYPE_CHECKING:
    from shared.timers import Lease, Leases

log = telemetry.logger(__name__)

_LISTED = 1_000


def sweep_retention(
    command: commands.SweepRetention, *, eraser: Eraser, leases: Leases, lease: timedelta
) -> schemas.RetentionView:
    """Erase those who are due by ``on``, under a lease, and let go of exports kept long enough.

    It bears repetition by itself, so it goes without the call's identity: the same call may note
    anew when a member is due and then erase them.
    """
    desk = eraser.archive.desk
    day = command.on or desk.today()
    if day > desk.today() and not command.dry_run:
        raise Invalid("Not yet.", fields={"on": ["Must not be in the future but in a dry run."]})
    held = None if command.dry_run else leases.take("retention", lease)
    sweep = _Sweep(desk, desk.policies.book(), day, eraser)
    if command.dry_run:
        sweep.look()
    elif held is not None:
        _while_held(sweep, held, lease)
    skipped = held is None and not command.dry_run
    return schemas.RetentionView(
        on=day,
        due=dict(sorted(sweep.due.items())),
        member_ids={cause: tuple(ids) for cause, ids in sorted(sweep.member_ids.items())},
        erased=sweep.erased,
        failed=sweep.failed,
        exports_dropped=sweep.exports_dropped,
        dry_run=command.dry_run,
        skipped=skipped,
    )


def _while_held(sweep: _Sweep, held: Lease, lease: timedelta) -> None:
    try:
        with apart():
            for _ in sweep.go():
                if not held.renew(lease):
                    return  # it ended while we were held up, and another instance began anew
    finally:
        held.give_back()


def sweep_retention_now(*, eraser: Eraser, leases: Leases, lease: timedelta) -> None:
    """The sweep of the clock; a store that is away is met again at the next."""
    try:
        view = sweep_retention(commands.SweepRetention(), eraser=eraser, leases=leases, lease=lease)
    except Unavailable as error:
        log.warning("retention put off", error=error.code)
        return
    if view.erased or view.failed or view.exports_dropped:
        log.info(
            "retention swept",
            erased=view.erased,
            failed=view.failed,
            exports_dropped=view.exports_dropped,
        )


@dataclass
class _Sweep:
    desk: Desk
    book: PolicyBook
    day: date
    eraser: Eraser
    due: Counter[str] = field(default_factory=Counter)
    member_ids: dict[str, list[str]] = field(default_factory=dict)
    erased: int = 0
    failed: int = 0
    exports_dropped: int = 0

    def look(self) -> None:
        """Note who is due, by the policy in force on the day."""
        now = self.book.retention.on(self.day).version
        for member in self._by_other_policies(now):
            self._note(member, keeping(member, self.book.retention, self.day))
        for member in self._due():
            if member.keeping is not None and member.keeping.policy == now:
                self._note(member, member.keeping)

    def go(self) -> Iterator[None]:
        """What was cut off before; then those judged by another policy anew, and who is due."""
        for erasure in self.eraser.erasures.scan({}, by="open_key"):
            with self._one(erasure.member_id):
                complete_erasure(erasure, self.eraser)
            yield
        for member in self._by_other_policies(self.book.retention.on(self.desk.today()).version):
            with self._one(member.id):
                self.desk.members.change(member.id, self._settle)
            yield
        for member in self._due():
            assert member.keeping is not None
            self._note(member, member.keeping)
            with self._one(member.id):
                erase_when_due(member, self.eraser)
                self.erased += 1
            yield
        yield from self._drop_exports()

    def _settle(self, found: Member) -> None:
        found.settle(self.book, self.desk.today())

    def _by_other_policies(self, now: str) -> Iterator[Member]:
        for version in self.book.retention.all:
            if version.version != now:
                yield from self.desk.members.scan({"keeping.policy": version.version})

    def _due(self) -> Iterator[Member]:
        bounds = {"$lt": f"{number(self.day)}|{LAST}"}
        return self.desk.members.scan({"retention_key": bounds}, by="retention_key")

    def _note(self, member: Member, kept: Keeping) -> None:
        if kept.cause is not None and kept.due(self.day):
            self.due[kept.cause] += 1
            listed = self.member_ids.setdefault(kept.cause, [])
            if len(listed) < _LISTED:
                listed.append(member.id)

    @contextmanager
    def _one(self, member_id: str) -> Iterator[None]:
        """One who cannot be erased must not hold up the others; a lost store may."""
        try:
            yield
        except Unavailable:
            raise
        except StillAMember:
            # Their day was not up to date: it is made so, or they would be met again each time.
            self.desk.members.change(member_id, self._settle)
        except Exception:
            log.exception("member not erased", member_id=member_id)
            self.failed += 1

    def _drop_exports(self) -> Iterator[None]:
        days = timedelta(days=self.book.retention.on(self.desk.today()).policy.export_days)
        bounds = {"$lt": str(number(self.day - days))}
        for request in self.eraser.archive.exports.scan({"kept_key": bounds}, by="kept_key"):
            drop_export(request, self.eraser.archive)
            self.exports_dropped += 1
            yield
