"""Invented members by the hundred thousand, as the service would have stored them.

Some hundred are made by the domain, in every grade, nation and state of renewal; all others are
copies of these with names, addresses and numbers of their own.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from services.membership.domain.application import Application
from services.membership.domain.member import Member
from services.membership.domain.people import search_name
from services.membership.domain.register import RegisterEntry
from services.membership.domain.terms import CareerStage, Nation, RegisterStatus
from shared.events import utc_now
from shared.telemetry import fresh_id

_BATCH = 1_000
_SYLLABLES = ("sam", "ple", "tri", "al", "mo", "re", "fic", "ton", "ex", "am", "in", "ven")
_KEYS = ("name_key", "given_key", "email_key", "tick_key", "due_key", "block_dob")


@dataclass
class Population:
    """Makes the documents; ``one`` is a member that is there at every size."""

    app: Any
    today: date
    one: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _templates(self) -> list[dict[str, Any]]:
        members = self.app.find_members.keywords["desk"].members
        book = self.app.find_members.keywords["desk"].policies.book()
        regulators = self.app.apply.keywords["regulators"]
        found = []
        for number, (stage, nation) in enumerate(
            (stage, nation) for stage in CareerStage for nation in Nation
        ):
            # Joined up to a year and a half ago: current, due, in grace and lapsed.
            for days in range(number % 13, 540, 29):
                joined = self.today - timedelta(days=days)
                member = _member(f"{days:03d}{number:04d}", stage, nation, regulators, book, joined)
                member.settle(book, self.today - timedelta(days=1 + number % 30))
                member.forget_recorded()
                found.append(members._state(member))
        return found

    def batches(self, size: int) -> Iterator[list[dict[str, Any]]]:
        """Documents, in batches for insertion."""
        chance = random.Random(1)
        for start in range(0, size, _BATCH):
            yield [self._document(start + n, chance) for n in range(min(_BATCH, size - start))]

    def claim(self, collection: Any, batch: list[dict[str, Any]]) -> None:
        """The claims on the registrations of a batch."""
        claims = [
            {
                "_id": held["key"],
                "key": held["key"],
                "regulator": held["regulator"],
                "number": held["number"],
                "member_id": document["id"],
                "claimed_at": utc_now(),
            }
            for document in batch
            for held in document["registrations"]
        ]
        if claims:
            collection.insert_many(claims)

    def _document(self, number: int, chance: random.Random) -> dict[str, Any]:
        document = copy.deepcopy(self._templates[number % len(self._templates)])
        old, id = document["id"], fresh_id()
        for name in _KEYS:
            if name in document:
                document[name] = document[name].replace(old, id)
        given, family = ("".join(chance.choices(_SYLLABLES, k=3)).capitalize() for _ in range(2))
        email = f"{given}.{family}.{number}@example.org".lower()
        registrations = [
            {**held, "number": f"{number:07d}", "key": f"GMC:{number:07d}"}
            for held in document["registrations"]
        ]
        document |= {
            "_id": id,
            "id": id,
            "given_name": given,
            "family_name": family,
            "email": email,
            "email_key": email,
            "name_key": f"{search_name(family, given)}|{id}",
            "given_key": f"{search_name(given, family)}|{id}",
            "block_name": f"{' '.join(sorted((given, family))).lower()}|{id}",
            "block_email": f"{given}{family}{number}|{id}".lower(),
            "registrations": registrations,
            "version": 1,
            "inbox": [],
            "outbox": [],
            "outbox_sent": 0,
            "trail": [],
        }
        if number == 0:
            self.one = {
                "id": id,
                "family_name": family,
                "email": email,
                "registration_number": f"{number:07d}",
            }
        return document


def _member(
    number: str, stage: CareerStage, nation: Nation, regulators: Any, book: Any, joined: date
) -> Member:
    application = Application.checked(
        given_name="Sample",
        family_name="Template",
        email=f"{number}@example.org",
        date_of_birth=date(1980, 1, 1),
        profession="doctor",
        nation=nation,
        career_stage=stage,
        regulator="GMC",
        registration_number=number,
        regulators=regulators,
        book=book,
        today=joined,
    )
    member = Member.apply(fresh_id(), fresh_id(), application, book, joined)
    entry = RegisterEntry(
        f"GMC:{number}", "Sample", "Template", RegisterStatus.REGISTERED, imported_on=joined
    )
    member.check(f"GMC:{number}", entry, fresh_id(), joined)
    member.admit(book, joined)
    return member
