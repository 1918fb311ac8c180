"""A member taken over from another system: admitted there, and covered by what was paid there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.membership.domain.application import Application
from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.facts import Term
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.terms import ApplicationState, CareerStage, Nation, Outcome
from services.membership.events import MemberImported
from shared.errors import Invalid

SOURCE = "taken over"
T = TypeVar("T")


@dataclass(frozen=True)
class Takeover:
    """What is known of a membership elsewhere, read and checked."""

    reference: str
    date_of_birth: date
    checked_on: date | None
    grade: str
    joined_on: date
    covered_to: date | None

    @classmethod
    def read(
        cls,
        *,
        reference: str,
        date_of_birth: str,
        nation: str,
        career_stage: str,
        checked_on: str,
        grade: str,
        joined_on: str,
        covered_to: str,
        book: PolicyBook,
        today: date,
    ) -> Takeover:
        """From texts, or Invalid with the reasons by field."""
        faults = _Faults()
        known = book.grades.on(today).policy.codes
        faults.one_of("nation", nation, Nation)
        faults.one_of("career_stage", career_stage, CareerStage)
        if grade not in known:
            faults.add("grade", f"Must be one of: {', '.join(sorted(known))}.")
        born = faults.day("date_of_birth", date_of_birth)
        joined = faults.day("joined_on", joined_on)
        checked = faults.day("checked_on", checked_on) if checked_on else None
        covered = faults.day("covered_to", covered_to) if covered_to else None
        for name, day in (("joined_on", joined), ("checked_on", checked)):
            if day is not None and day > today:
                faults.add(name, "Must not be in the future.")
        if joined and covered and covered < joined <= today:
            faults.add("covered_to", "Must not be before joining.")
        faults.refuse()
        assert born is not None
        assert joined is not None
        return cls(reference, born, checked, grade, joined, covered)

    def member(
        self, id: str, pseudonym: str, application: Application, book: PolicyBook, today: date
    ) -> Member:
        """The member, whom nobody welcomes again."""
        member = Member.apply(id, pseudonym, application, book, self.joined_on)
        member.forget_recorded()
        grade = book.grades.on(today).policy.find(self.grade)
        assert grade is not None
        member.reference = self.reference
        member.application, member.admitted_on = ApplicationState.ADMITTED, self.joined_on
        member.grade, member.grade_policy = grade.code, SOURCE
        member.registration_required = grade.needs_registration
        member.terms = (
            Term(
                starts_on=self.joined_on,
                ends_on=self.covered_to,
                grade=grade.code,
                fee_pence=0,
                recorded_on=self.joined_on,
                policies={"source": SOURCE},
            ),
        )
        if self.checked_on is not None:
            member.registrations = tuple(
                replace(held, checks=(self._check(held.regulator),))
                for held in member.registrations
            )
        member.settled = None
        member.settle(book, today)
        assert member.settled is not None
        member.tell_contact()
        member.record(
            MemberImported(
                member_id=id,
                grade=grade.code,
                profession=member.profession,
                nation=member.nation,
                career_stage=member.career_stage,
                admitted_on=self.joined_on,
                status=member.settled.status,
            )
        )
        return member

    def _check(self, regulator: str) -> RegistrationCheck:
        assert self.checked_on is not None
        return RegistrationCheck(regulator, Outcome.VERIFIED, self.checked_on, source=SOURCE)


class _Faults:
    def __init__(self) -> None:
        self._fields: dict[str, list[str]] = {}

    def add(self, name: str, reason: str) -> None:
        self._fields.setdefault(name, []).append(reason)

    def _read(self, name: str, reader: Callable[[], T], reason: str) -> T | None:
        try:
            return reader()
        except ValueError:
            self.add(name, reason)
            return None

    def day(self, name: str, text: str) -> date | None:
        return self._read(name, lambda: date.fromisoformat(text), "Not a date, e.g. 2026-11-24.")

    def one_of(self, name: str, text: str, terms: type[StrEnum]) -> None:
        reason = f"Must be one of: {', '.join(term.value for term in terms)}."
        self._read(name, lambda: terms(text), reason)

    def refuse(self) -> None:
        if self._fields:
            raise Invalid("The row is not valid.", fields=self._fields)
