"""Turning what staff search by into the stored fields to compare, and the order of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from services.membership.domain.calendar import number
from services.membership.domain.people import email_key, search_name
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.regulators import Regulators, normal_number
from services.membership.domain.terms import CareerStage, Nation, Status
from shared.errors import Invalid

if TYPE_CHECKING:
    from services.membership.domain.member import Member

Criteria = dict[str, Any]
T = TypeVar("T", bound=StrEnum)

# Sorts after every character that a key holds.
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Phase:
    """One walk through the members: what they must fit, and the key by which pages go."""

    criteria: Criteria
    by: str = "id"
    without_name: str | None = None

    def admits(self, member: Member) -> bool:
        """Whether the member was not found by the walk before."""
        if self.without_name is None:
            return True
        found = search_name(member.family_name, member.given_name)
        return not found.startswith(self.without_name)


@dataclass(frozen=True)
class Search:
    """What was asked for, read and checked."""

    criteria: Criteria
    name: str | None = None
    due: Criteria | None = None
    registration_number: str | None = None

    @classmethod
    def read(
        cls, filters: Mapping[str, str], regulators: Regulators, book: PolicyBook, today: date
    ) -> Search:
        """The search, or Invalid naming ``filters.<name>`` of every filter at fault."""
        readers = _readers(regulators, book, today)
        criteria: Criteria = {}
        faults: dict[str, list[str]] = {}
        for name, value in filters.items():
            try:
                criteria |= readers[name](value)
            except KeyError:
                faults[f"filters.{name}"] = [f"Unknown filter; known are {', '.join(readers)}."]
            except ValueError as error:
                faults[f"filters.{name}"] = [str(error)]
        if faults:
            raise Invalid("The filters are not valid.", fields=faults)
        due: Criteria = {
            bound: criteria.pop(bound) for bound in ("$gte", "$lt") if bound in criteria
        }
        return cls(
            criteria,
            name=criteria.pop("name", None),
            due=due or None,
            registration_number=criteria.pop("registration_number", None),
        )

    def phases(self, members_with: Callable[[str], Iterable[str]]) -> list[Phase]:
        """The walks that find it; ``members_with`` gives ids by registration number."""
        criteria = dict(self.criteria)
        if self.registration_number is not None:
            criteria["_id"] = {"$in": list(members_with(self.registration_number))}
        if self.due is not None:
            criteria["due_key"] = {"$gte": "", **self.due}
        if self.name is not None:
            begins = {"$gte": self.name, "$lt": self.name + LAST}
            return [
                Phase({**criteria, "name_key": begins}, "name_key"),
                Phase({**criteria, "given_key": begins}, "given_key", self.name),
            ]
        return [Phase(criteria, "id" if self.due is None else "due_key")]


def _readers(
    regulators: Regulators, book: PolicyBook, today: date
) -> dict[str, Callable[[str], Criteria]]:
    def regulator(value: str) -> Criteria:
        found = regulators.find(value)
        known = [body.code for body in regulators.all]
        return {"regulator": found.code if found else _one_of(value, known)}

    professions = book.professions.on(today).policy.codes
    grades = book.grades.on(today).policy.codes
    return {
        "name": lambda value: {"name": _name(value)},
        "email": lambda value: {"email_key": email_key(value)},
        "registration_number": lambda value: {"registration_number": normal_number(value)},
        "regulator": regulator,
        "status": lambda value: {"status": _term(value, Status).value},
        "profession": lambda value: {"profession": _one_of(value, professions)},
        "nation": lambda value: {"nation": _term(value, Nation).value},
        "career_stage": lambda value: {"career_stage": _term(value, CareerStage).value},
        "grade": lambda value: {"grade": _one_of(value, grades)},
        "due_from": lambda value: {"$gte": str(number(_day(value)))},
        "due_to": lambda value: {"$lt": f"{number(_day(value))}|{LAST}"},
    }


def _name(value: str) -> str:
    folded = search_name(value)
    if not folded:
        raise ValueError("Must contain a letter.")
    return folded


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("Not a date, e.g. 2026-11-24.") from None


def _one_of(value: str, known: Iterable[str]) -> str:
    if value not in (listed := sorted(known)):
        raise ValueError(f"Must be one of: {', '.join(listed)}.")
    return value


def _term(value: str, terms: type[T]) -> T:
    return terms(_one_of(value, [term.value for term in terms]))
