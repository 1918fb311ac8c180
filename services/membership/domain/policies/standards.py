"""The Leadership and Management Standards: domains, and the behaviours that show each of them.

book.standards.on(today).policy.domain_of("team.1")  # "team"
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.membership.domain.policies.faults import Faults
from services.membership.domain.terms import CODE
from shared.errors import Invalid
from shared.events import Pattern, integer, items, text

_BEHAVIOUR = Pattern(
    r"[a-z][a-z_]*\.[1-9]\d{0,2}", "the code of a domain, a dot and a number, such as self.1"
)


@dataclass(frozen=True, kw_only=True)
class StandardsDomain:
    """A domain of the standards."""

    code: str = text(40, pattern=CODE)
    title: str = text(100)
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """A behaviour; its code is that of its domain and a number, such as ``self.1``."""

    code: str = text(50, pattern=_BEHAVIOUR)
    domain: str = text(40)
    source: str = text(300)
    text: str = text(1_000)  # the last, as the name hides the function from then on


@dataclass(frozen=True, kw_only=True)
class Level:
    """How far somebody finds that a behaviour describes them; more is more."""

    level: int = integer(1, 10)
    title: str = text(100)
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class Standards:
    """One edition: its domains in order, its behaviours, and the levels of self-assessment."""

    edition: str = text(100)
    domains: tuple[StandardsDomain, ...] = items(20, min_length=1)
    behaviours: tuple[Behaviour, ...] = items(500, min_length=1)
    levels: tuple[Level, ...] = items(10, min_length=1)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the behaviours."""
        return frozenset(behaviour.code for behaviour in self.behaviours)

    @property
    def domain_codes(self) -> tuple[str, ...]:
        """The codes of the domains, in order."""
        return tuple(domain.code for domain in self.domains)

    def find(self, code: str) -> Behaviour | None:
        """The behaviour with a code, or None."""
        return next((each for each in self.behaviours if each.code == code), None)

    def domain_of(self, code: str) -> str:
        """The domain of a behaviour; raises Invalid naming ``behaviour`` when there is none."""
        behaviour = self.find(code)
        if behaviour is None:
            reason = f"There is no behaviour {code} in the {self.edition} of the standards."
            raise Invalid("There is no such behaviour.", fields={"behaviour": [reason]})
        return behaviour.domain

    def faults(self) -> Iterator[tuple[str, str]]:
        """Codes and levels used twice, unknown domains, and codes of another domain."""
        yield from Faults.repeated("domains", "code", self.domain_codes)
        yield from Faults.repeated("behaviours", "code", [each.code for each in self.behaviours])
        yield from Faults.repeated("levels", "level", [str(each.level) for each in self.levels])
        for index, behaviour in enumerate(self.behaviours):
            if behaviour.domain not in self.domain_codes:
                yield f"behaviours.{index}.domain", "There is no such domain."
            elif not behaviour.code.startswith(f"{behaviour.domain}."):
                yield f"behaviours.{index}.code", "Must begin with its domain and a full stop."
