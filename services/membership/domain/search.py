"""Turning what staff search by into the stored fields to compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from services.membership.domain.grades import GradePolicies
from services.membership.domain.people import email_key
from services.membership.domain.regulators import Regulators, normal_number
from services.membership.domain.standing import query_for
from services.membership.domain.terms import CareerStage, Nation, Status
from shared.errors import Invalid

Criteria = dict[str, object]
T = TypeVar("T", bound=StrEnum)


def criteria(filters: Mapping[str, str], regulators: Regulators, grades: GradePolicies) -> Criteria:
    """Stored fields and the values they must equal, or Invalid naming ``filters.<name>``."""

    def regulator(value: str) -> Criteria:
        found = regulators.find(value)
        known = [body.code for body in regulators.all]
        return {"regulator": found.code if found else _one_of(value, known)}

    readers: dict[str, Callable[[str], Criteria]] = {
        "email": lambda value: {"email_key": email_key(value)},
        "registration_number": lambda value: {"registration_number": normal_number(value)},
        "regulator": regulator,
        "status": lambda value: dict(query_for(_term(value, Status))),
        "profession": lambda value: {"profession": _one_of(value, regulators.professions)},
        "nation": lambda value: {"nation": _term(value, Nation)},
        "career_stage": lambda value: {"career_stage": _term(value, CareerStage)},
        "grade": lambda value: {"grade": _one_of(value, grades.grades)},
    }
    found: Criteria = {}
    faults: dict[str, list[str]] = {}
    for name, value in filters.items():
        try:
            found |= readers[name](value)
        except KeyError:
            faults[f"filters.{name}"] = [f"Unknown filter; known are {', '.join(readers)}."]
        except ValueError as error:
            faults[f"filters.{name}"] = [str(error)]
    if faults:
        raise Invalid("The filters are not valid.", fields=faults)
    return found


def _one_of(value: str, known: list[str] | frozenset[str]) -> str:
    if value not in known:
        raise ValueError(f"Must be one of: {', '.join(sorted(known))}.")
    return value


def _term(value: str, terms: type[T]) -> T:
    return terms(_one_of(value, [term.value for term in terms]))
