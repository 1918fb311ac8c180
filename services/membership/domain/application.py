"""What an applicant tells us, checked as a whole: every fault is named at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain import people
from services.membership.domain.regulators import Registration, Regulators
from services.membership.domain.terms import CareerStage, Nation
from shared.errors import Invalid


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
    registration: Registration

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
        regulator: str,
        registration_number: str,
        regulators: Regulators,
        today: date,
    ) -> Application:
        """The application, or Invalid with the reasons by field."""
        email = email.strip(" ")
        faults = {
            "given_name": people.name_faults(given_name),
            "family_name": people.name_faults(family_name),
            "email": people.email_faults(email),
            "date_of_birth": people.birth_date_faults(date_of_birth, today),
        }
        registration = None
        try:
            registration = regulators.registration(
                regulator, registration_number, profession, nation
            )
        except Invalid as error:
            faults |= error.fields
        named = {field: reasons for field, reasons in faults.items() if reasons}
        if named or registration is None:
            raise Invalid("The application is not valid.", fields=named)
        return cls(
            given_name=people.tidy_name(given_name),
            family_name=people.tidy_name(family_name),
            email=email,
            date_of_birth=date_of_birth,
            profession=profession,
            nation=nation,
            career_stage=career_stage,
            registration=registration,
        )
