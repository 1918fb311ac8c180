"""What an applicant tells us, checked as a whole: every fault is named at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain.people import tidy_name
from services.membership.domain.person import personal_faults
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.professions import Profession
from services.membership.domain.regulators import Registration, Regulators
from services.membership.domain.terms import CareerStage, Nation
from services.membership.errors import ProfessionNotAdmitted
from shared.errors import Invalid

_NEEDED = "Needed for the grade of this profession and career stage."


@dataclass(frozen=True)
class Application:
    """A checked application: names tidied, registration in normal form."""

    given_name: str
    family_name: str
    email: str
    date_of_birth: date
    profession: str
    nation: Nation
    career_stage: CareerStage
    registration: Registration | None
    registration_required: bool
    pilot: str | None = None

    @classmethod
    def checked(
        cls,
        *,
        given_name: str,
        family_name: str,
        email: str,
        date_of_birth: date,
        profession: str,
        nation: Nation,
        career_stage: CareerStage,
        regulator: str | None,
        registration_number: str | None,
        regulators: Regulators,
        book: PolicyBook,
        today: date,
    ) -> Application:
        """The application, or Invalid with the reasons by field.

        Whether a registration is needed is said by the grade that the policy would give. Raises
        ProfessionNotAdmitted for a profession that may not join, or outside a pilot's limits.
        """
        email = email.strip(" ")
        grade = book.grades.on(today).policy.grade(profession, career_stage, nation)
        required = grade is None or grade.needs_registration
        faults = personal_faults(given_name, family_name, email, date_of_birth, today)
        registration = None
        try:
            known = _profession(book, profession, today)
            registration = _registration(
                regulators, regulator, registration_number, profession, nation, required=required
            )
        except Invalid as error:
            faults |= error.fields
        if faults:
            raise Invalid("The application is not valid.", fields=faults)
        refusal = known.refusal(nation, career_stage, today)
        if refusal is not None:
            raise ProfessionNotAdmitted(profession=profession, reason=refusal)
        return cls(
            given_name=tidy_name(given_name),
            family_name=tidy_name(family_name),
            email=email,
            date_of_birth=date_of_birth,
            profession=profession,
            nation=nation,
            career_stage=career_stage,
            registration=registration,
            registration_required=required,
            pilot=book.professions.on(today).version if known.admission == "pilot" else None,
        )


def _profession(book: PolicyBook, code: str, today: date) -> Profession:
    found = book.professions.on(today).policy.find(code)
    if found is None:
        fields = {"profession": ["Unknown profession."]}
        raise Invalid("The profession is not known.", fields=fields)
    return found


def _registration(
    regulators: Regulators,
    regulator: str | None,
    number: str | None,
    profession: str,
    nation: str,
    *,
    required: bool,
) -> Registration | None:
    if regulator is None and number is None and not required:
        return None
    given = {"regulator": regulator, "registration_number": number}
    missing = {name: [_NEEDED] for name, value in given.items() if value is None}
    if regulator is None or number is None:
        raise Invalid("The registration is not valid.", fields=missing)
    return regulators.registration(regulator, number, profession, nation)
