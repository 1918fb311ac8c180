"""The person behind a membership: name, how to reach them, and where they are in their career."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain.people import (
    birth_date_faults,
    email_faults,
    name_faults,
    tidy_name,
)
from services.membership.domain.terms import CareerStage, Nation
from services.membership.events import ContactChanged
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass(frozen=True)
class StageChange:
    """A career stage and the day from which it is known."""

    career_stage: CareerStage
    since: date


@dataclass
class Person(Aggregate):
    """One person known to the body. ``pseudonym`` is random and is told to nobody but them."""

    id: str
    given_name: str
    family_name: str
    email: str
    profession: str
    nation: Nation
    career_stage: CareerStage
    pseudonym: str
    received_on: date
    date_of_birth: date | None = None
    stages: tuple[StageChange, ...] = ()

    def change_contact(
        self, given_name: str | None, family_name: str | None, email: str | None
    ) -> None:
        """Take over what is given; raises Invalid naming the fields at fault."""
        checks = {
            "given_name": (given_name, name_faults),
            "family_name": (family_name, name_faults),
            "email": (email.strip(" ") if email else email, email_faults),
        }
        faults = {name: check(text) for name, (text, check) in checks.items() if text is not None}
        if any(faults.values()):
            named = {name: reasons for name, reasons in faults.items() if reasons}
            raise Invalid("The contact is not valid.", fields=named)
        before = (self.given_name, self.family_name, self.email)
        self.given_name = self.given_name if given_name is None else tidy_name(given_name)
        self.family_name = self.family_name if family_name is None else tidy_name(family_name)
        self.email = self.email if email is None else email.strip(" ")
        if (self.given_name, self.family_name, self.email) != before:
            self.tell_contact()

    def tell_contact(self) -> None:
        """Say how to address and reach the person now."""
        self.record(
            ContactChanged(
                member_id=self.id,
                given_name=self.given_name,
                family_name=self.family_name,
                email=self.email,
            )
        )

    def reach_stage(self, career_stage: CareerStage, today: date) -> None:
        """Note the career stage; the history says since when."""
        self.career_stage = career_stage
        self.stages = (*self.stages, StageChange(career_stage, today))


def personal_faults(
    given_name: str, family_name: str, email: str, date_of_birth: date, today: date
) -> dict[str, list[str]]:
    """What is wrong with each field of a person; empty when all is well."""
    faults = {
        "given_name": name_faults(given_name),
        "family_name": name_faults(family_name),
        "email": email_faults(email),
        "date_of_birth": birth_date_faults(date_of_birth, today),
    }
    return {field: reasons for field, reasons in faults.items() if reasons}
