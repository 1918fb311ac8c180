"""Correcting what is known of a person: birth date, profession and nation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain.member import Member
from services.membership.domain.people import birth_date_faults
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.regulators import Regulators
from services.membership.domain.terms import Nation
from services.membership.errors import ProfessionNotAdmitted
from services.membership.events import DetailsCorrected
from shared.errors import Invalid


@dataclass(frozen=True)
class Correction:
    """What is right; None is right as it is."""

    date_of_birth: date | None
    profession: str | None
    nation: Nation | None

    def apply(self, member: Member, book: PolicyBook, regulators: Regulators, today: date) -> None:
        """Correct a member, whose grade stays; raises Invalid naming the fields at fault.

        Raises ProfessionNotAdmitted for an applicant of a profession that is not open to all.

        The registration that they applied with, if any, must be one of the profession.
        """
        self._check(member, book, regulators, today)
        before = member.profession, member.nation
        member.date_of_birth = self.date_of_birth or member.date_of_birth
        member.profession = self.profession or member.profession
        member.nation = self.nation or member.nation
        if (member.profession, member.nation) != before:
            member.record(
                DetailsCorrected(
                    member_id=member.id, profession=member.profession, nation=member.nation
                )
            )

    def _require_open(self, member: Member, book: PolicyBook, today: date) -> None:
        """An applicant cannot be moved past what applying would have met: limits and places."""
        if member.admitted or self.profession in (None, member.profession):
            return
        known = book.professions.on(today).policy.find(str(self.profession))
        if known is None or known.admission != "admitted":
            reason = "profession_not_admitted" if known is None else f"profession_{known.admission}"
            raise ProfessionNotAdmitted(profession=self.profession, reason=reason)

    def _check(self, member: Member, book: PolicyBook, regulators: Regulators, today: date) -> None:
        faults: dict[str, list[str]] = {}
        if self.date_of_birth is not None:
            faults["date_of_birth"] = birth_date_faults(self.date_of_birth, today)
        if self.profession is not None:
            known = book.professions.on(today).policy.find(self.profession)
            faults["profession"] = [] if known else ["Unknown profession."]
        faults = {name: reasons for name, reasons in faults.items() if reasons}
        if faults:
            raise Invalid("The correction is not valid.", fields=faults)
        self._require_open(member, book, today)
        if member.registrations and (self.profession or self.nation):
            held = member.registrations[0]
            regulators.registration(
                held.regulator,
                held.number,
                self.profession or member.profession,
                self.nation or member.nation,
            )
