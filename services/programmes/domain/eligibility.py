"""Who may apply to a programme, as data, and which rule leaves somebody out.

An empty list of a rule admits all. Dates are declared by the applicant, e.g. on which day training
was or will be completed, and compared with the day on which the cohort starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from marshmallow import fields, validate

from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import SNAKE_CASE, Faults, Nation, repeated_faults
from services.programmes.errors import NotEligible
from shared.errors import Invalid
from shared.events import Matches, items, text

Word = Annotated[str, fields.String(validate=(validate.Length(max=60), Matches(SNAKE_CASE)))]


class DateBound(StrEnum):
    """How a declared date must lie to the day on which the cohort starts."""

    BY_START = "by_start"
    NOT_BEFORE_START = "not_before_start"


@dataclass(frozen=True, kw_only=True)
class DateRule:
    """A date that applicants declare; one that is not ``required`` may be left out."""

    id: str = text(60, pattern=SNAKE_CASE, description="Names the date, snake_case.")
    prompt: str = text(1_000)
    bound: DateBound
    required: bool = True

    def keeps(self, declared: date | None, starts_on: date) -> bool:
        """Whether a declared date fits; none fits where none is required."""
        if declared is None:
            return not self.required
        if self.bound is DateBound.BY_START:
            return declared <= starts_on
        return declared >= starts_on


@dataclass(frozen=True)
class Judgement:
    """What one rule says of a member; ``value`` is what was compared with ``admitted``."""

    rule: str
    passed: bool
    value: str | None
    admitted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """The rules of a programme."""

    professions: tuple[Word, ...] = items(100, default=(), description="Empty: all professions.")
    nations: tuple[Nation, ...] = items(4, default=(), description="Empty: all nations.")
    registration_statuses: tuple[Word, ...] = items(
        20, default=(), description="One registration must have one of these; empty: any or none."
    )
    career_stages: tuple[Word, ...] = items(20, default=(), description="Empty: all stages.")
    grades: tuple[Word, ...] = items(20, default=(), description="Empty: all grades.")
    dates: tuple[DateRule, ...] = items(20, default=())

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The words of membership that it uses, by field; nations are checked by their schema."""
        return {
            "professions": self.professions,
            "registration_statuses": self.registration_statuses,
            "career_stages": self.career_stages,
            "grades": self.grades,
        }

    def faults(self) -> Faults:
        """What its schema alone does not see, by field."""
        return repeated_faults("dates", "id", (rule.id for rule in self.dates))

    def judge(
        self, standing: Standing, dates: Mapping[str, date], starts_on: date
    ) -> tuple[Judgement, ...]:
        """What each rule says, in the order in which they stand here."""
        return (*self._of_member(standing), *self._of_dates(dates, starts_on))

    def require(self, standing: Standing, dates: Mapping[str, date], starts_on: date) -> None:
        """Raises NotEligible naming the first rule that leaves this member out."""
        for judged in self.judge(standing, dates, starts_on):
            if not judged.passed:
                raise NotEligible(
                    f"This programme is not open to the member's {judged.rule}; "
                    "check_eligibility tells of every rule.",
                    rule=judged.rule,
                    value=judged.value,
                    admitted=list(judged.admitted),
                )

    def require_asked(self, dates: Iterable[str]) -> None:
        """Raises Invalid naming every date for which there is no rule."""
        known = {rule.id for rule in self.dates}
        if faults := {f"dates.{id}": ["No such date is asked for."] for id in {*dates} - known}:
            raise Invalid("The dates are not valid.", fields=faults)

    def _of_member(self, standing: Standing) -> Iterator[Judgement]:
        single = (
            ("profession", standing.profession, self.professions),
            ("nation", standing.nation, self.nations),
            ("career_stage", standing.career_stage, self.career_stages),
            ("grade", standing.grade, self.grades),
        )
        for rule, value, admitted in single:
            yield Judgement(rule, not admitted or value in admitted, value, tuple(admitted))
        held, wanted = standing.registrations, self.registration_statuses
        fits = not wanted or any(status in wanted for status in held.values())
        shown = ", ".join(sorted(set(held.values()))) or None
        yield Judgement("registration_status", fits, shown, wanted)

    def _of_dates(self, dates: Mapping[str, date], starts_on: date) -> Iterator[Judgement]:
        for rule in self.dates:
            declared = dates.get(rule.id)
            yield Judgement(
                f"dates.{rule.id}",
                rule.keeps(declared, starts_on),
                declared.isoformat() if declared else None,
                (rule.bound.value, starts_on.isoformat()),
            )
