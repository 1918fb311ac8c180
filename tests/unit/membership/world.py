"""The whole membership service without broker, store and clock: the real wiring in memory.

world = World()
member_id = world.member(career_stage="senior")       # applied, verified and admitted
world.go_to(date(2027, 12, 1))
world.call("renew", by="registrar", member_id=member_id)
assert MemberRenewed in world.told(member_id)
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.membership.bootstrap import bootstrap
from services.membership.domain.policies.book import PolicyBook
from services.membership.entrypoints import MembershipService
from services.membership.events import EVENTS
from services.membership.settings import Settings
from shared.testing import FakeClock
from tests.unit.membership.builders import ARGUMENTS, NOW
from tests.unit.world import (
    LONDON,
    CutOff,
    MortalCollection,
    MortalDatabase,
    ServiceWorld,
    cut_at_every_write,
)

SETTINGS = Settings(
    amqp_uri="amqp://localhost",
    mongodb_uri="mongodb://localhost",
    auth_public_key="-----BEGIN PUBLIC KEY-----",
)


class World(ServiceWorld):
    """A wired membership service."""

    service = MembershipService
    bootstrap = staticmethod(bootstrap)
    owned = EVENTS

    def __init__(
        self,
        *,
        now: datetime = NOW,
        database: MortalDatabase | None = None,
        clock: FakeClock | None = None,
        settings: Settings = SETTINGS,
    ) -> None:
        super().__init__(settings, now=now, database=database, clock=clock)

    @property
    def members(self) -> Any:
        return self.repository("members")

    @property
    def book(self) -> PolicyBook:
        """The policies in force now."""
        book: PolicyBook = self.repository("policies").book()
        return book

    def status(self, member_id: str) -> str:
        """The status as a caller is told."""
        return str(self.call("get_member", member_id=member_id).status)

    # People

    def apply(self, **changes: Any) -> str:
        """The id of a new applicant, with a number and an address of their own."""
        number = next(self._numbers)
        own = {
            "registration_number": f"{1_000_000 + number}",
            "email": f"applicant.{number}@example.org",
        }
        member_id: str = self.call("apply", **{**ARGUMENTS, **own, **changes}).member_id
        return member_id

    def register(self, member_id: str, status: str = "registered", **changes: Any) -> Any:
        """Import an extract with what the register says of a member, or of ``changes``."""
        member = self.members.get(member_id)
        held = member.registrations[0]
        row = {
            "registration_number": held.number,
            "given_name": member.given_name,
            "family_name": member.family_name,
            "status": status,
        }
        rows = [{**row, **changes}]
        return self.call("import_register", regulator=held.regulator, rows=rows)

    def verify(self, member_id: str, status: str = "registered") -> Any:
        """Check the registration with which somebody applied against a register that has it."""
        self.register(member_id, status)
        return self.call("verify_registration", member_id=member_id)

    def member(self, **changes: Any) -> str:
        """The id of a new member, registered, verified and admitted today."""
        member_id = self.apply(**changes)
        if self.members.get(member_id).registrations:
            self.verify(member_id)
        self.call("admit", member_id=member_id)
        return member_id

    def pay(self, member_id: str, pence: int | None = None) -> Any:
        """Enter a payment, by default of all that is owed."""
        owed = -int(self.call("get_account", member_id=member_id).balance_pence)
        return self.call(
            "record_payment",
            member_id=member_id,
            pence=owed if pence is None else pence,
            reference=f"payment {next(self._messages)}",
            received_on=self.today,
        )


__all__ = [
    "LONDON",
    "SETTINGS",
    "CutOff",
    "MortalCollection",
    "MortalDatabase",
    "World",
    "cut_at_every_write",
]
