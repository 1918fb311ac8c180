"""The places of a pilot: as many applications as there are places, whatever happens at once.

A place is taken before the application is kept, in the document of the profession's case, and given
back when the application comes to nothing before admission. Ledger and application are two
documents. A call that was cut off between them finds its place taken when it is repeated; of one
that nobody repeats the place is void after two days. So are the places of applications that ended
in some other way than by a call that gives them back; such are looked for when no other is left.

The same call may take a place and give it back, so it is the ledger itself, and not the message in
hand, that says what was done before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.membership.domain.calendar import ONE_DAY
from services.membership.domain.groups import Group
from services.membership.domain.member import Member
from services.membership.domain.professions import ProfessionCase
from services.membership.errors import ProfessionNotAdmitted
from services.membership.handlers.desk import Desk
from shared.errors import Duplicate, NotFound
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.membership.repository import Groups, ProfessionCases


@dataclass(frozen=True)
class Places:
    """The ledgers of all pilots, and who of those in them still counts."""

    desk: Desk
    cases: ProfessionCases
    groups: Groups

    def check(self, member: Member, beside: Iterable[Member] = ()) -> None:
        """Raises ProfessionNotAdmitted for a pilot that has no place left; changes nothing.

        Those ``beside`` are reckoned to have a place already.
        """
        if member.pilot is None:
            return
        limit, today = self._limit(member), self.desk.today()
        try:
            case = self.cases.get(member.profession)
        except NotFound:
            case = ProfessionCase.adopt(member.profession, "", today)
        case.give_back(self._void(case))
        others = (each for each in beside if each.profession == member.profession)
        for each in (*others, member):
            case.take_place(each.id, limit, today)

    def take(self, member: Member) -> None:
        """Take a place for an application in a pilot; raises ProfessionNotAdmitted."""
        if member.pilot is None:
            return
        limit, today = self._limit(member), self.desk.today()
        case = self.case(member.profession)
        with apart():
            try:
                self.cases.change(case.id, lambda found: found.take_place(member.id, limit, today))
            except ProfessionNotAdmitted:
                void = self._void(self.cases.get(case.id))
                if not void:
                    raise

                def take_of_void(found: ProfessionCase) -> None:
                    found.give_back(void)
                    found.take_place(member.id, limit, today)

                self.cases.change(case.id, take_of_void)

    def give_back(self, member: Member) -> None:
        """Let others have the place of an application that was not kept."""
        if member.pilot is None:
            return

        def give(found: ProfessionCase) -> None:
            if member.id in found.places:
                found.give_back({member.id: found.places[member.id]})

        with apart():
            try:
                self.cases.change(member.profession, give)
            except NotFound:
                return

    def let_go(self, member: Member) -> None:
        """Let others have the place of an application that came to nothing."""
        assert member.settled is not None
        if Group.of(member, member.settled.status).came_to_nothing:
            self.give_back(member)

    def case(self, code: str) -> ProfessionCase:
        """The case of a profession; raises NotFound.

        A pilot that a version of the policy made by hand has begun gets one now.
        """
        try:
            return self.cases.get(code)
        except NotFound:
            today = self.desk.today()
            entry = self.desk.policies.book().professions.on(today).policy.find(code)
            if entry is None or entry.admission != "pilot":
                raise NotFound("There is no case of this profession.", code=code) from None
            with apart():
                try:
                    return self.cases.add(ProfessionCase.adopt(code, entry.title, today))
                except Duplicate:
                    return self.cases.get(code)

    def _limit(self, member: Member) -> int:
        policy = self.desk.policies.book().professions.on(self.desk.today()).policy
        entry = policy.find(member.profession)
        return entry.pilot.places if entry and entry.pilot else 0

    def _void(self, case: ProfessionCase) -> dict[str, date]:
        """The places of applications that came to nothing, were never kept, or are of another."""
        known, today = self.groups.of(case.places), self.desk.today()

        def void(member_id: str, day: date) -> bool:
            group = known.get(member_id)
            if group is None:
                return day < today - ONE_DAY
            return group.came_to_nothing or group.profession != case.id

        return {member_id: day for member_id, day in case.places.items() if void(member_id, day)}
