r"""Regulators and their registration numbers: format, and whose number it is.

A well-formed number is no proof of registration; that is what a check against the register is for.

    >>> gmc = Regulator("GMC", "General Medical Council", (NumberFormat(r"\d{7}", ("doctor",)),))
    >>> Regulators((gmc,)).registration("gmc", "07 12345", "doctor", "wales")
    Registration(regulator='GMC', number='0712345')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True)
class Registration:
    """A regulator's code and a registration number in normal form."""

    regulator: str
    number: str

    @property
    def key(self) -> str:
        """Unique over all regulators, e.g. ``GMC:0712345``."""
        return f"{self.regulator}:{self.number}"


def normal_number(number: str) -> str:
    """Upper case without spaces; leading zeros stay. Foreign letters stay as they are, and fail."""
    bare = number.replace(" ", "").replace("\u00a0", "")
    return bare.upper() if bare.isascii() else bare


@dataclass(frozen=True)
class NumberFormat:
    """A pattern of registration numbers and the professions registered under it."""

    pattern: str
    professions: tuple[str, ...]
    example: str = ""

    def matches(self, number: str) -> bool:
        return re.fullmatch(self.pattern, number, re.ASCII) is not None


@dataclass(frozen=True)
class Regulator:
    """A statutory regulator; ``nations`` is empty when it regulates everywhere in the UK."""

    code: str
    name: str
    formats: tuple[NumberFormat, ...]
    nations: tuple[str, ...] = ()

    @property
    def professions(self) -> frozenset[str]:
        return frozenset(name for form in self.formats for name in form.professions)

    def professions_of(self, number: str) -> frozenset[str]:
        """Whose number it can be; empty when it is malformed."""
        return frozenset(
            name for form in self.formats if form.matches(number) for name in form.professions
        )


@dataclass(frozen=True)
class Regulators:
    """All regulators, as one dated data file describes them."""

    all: tuple[Regulator, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Regulators:
        """From the mapping in ``data/regulators.json``."""
        return cls(
            tuple(
                Regulator(
                    code,
                    entry["name"],
                    tuple(
                        NumberFormat(form["pattern"], tuple(form["professions"]), form["example"])
                        for form in entry["formats"]
                    ),
                    tuple(entry.get("nations", ())),
                )
                for code, entry in data["regulators"].items()
            )
        )

    @cached_property
    def professions(self) -> frozenset[str]:
        return frozenset(name for regulator in self.all for name in regulator.professions)

    def find(self, code: str) -> Regulator | None:
        """By code, whatever its case: ``gphc`` finds GPhC."""
        wanted = code.strip().casefold()
        return next((known for known in self.all if known.code.casefold() == wanted), None)

    def get(self, code: str) -> Regulator:
        """By code; one that is not there is the caller's fault."""
        regulator = self.find(code)
        if regulator is None:
            raise Invalid("There is no such regulator.", fields={"regulator": [self._choice()]})
        return regulator

    def registration(
        self, regulator: str, number: str, profession: str, nation: str
    ) -> Registration:
        """The registration in normal form, or Invalid naming the field that is at fault."""
        if profession not in self.professions:
            raise _invalid("profession", "Unknown profession.")
        body = self.get(regulator)
        if profession not in body.professions:
            raise _invalid("regulator", f"{body.code} does not register this profession.")
        if body.nations and nation not in body.nations:
            raise _invalid("regulator", f"{body.code} registers only in {', '.join(body.nations)}.")
        normal = normal_number(number)
        owners = body.professions_of(normal)
        if not owners:
            raise _invalid("registration_number", f"Not a {body.code} registration number.")
        if profession not in owners:
            raise _invalid(
                "registration_number",
                f"A {body.code} number of another profession: {', '.join(sorted(owners))}.",
            )
        return Registration(body.code, normal)

    def registered(self, regulator: str, number: str, nation: str) -> Registration:
        """A registration of whichever profession, or Invalid naming the field at fault."""
        body = self.get(regulator)
        owners = body.professions_of(normal_number(number))
        if not owners:
            raise _invalid("registration_number", f"Not a {body.code} registration number.")
        return self.registration(regulator, number, min(owners), nation)

    def _choice(self) -> str:
        return f"Must be one of: {', '.join(known.code for known in self.all)}."


def _invalid(field: str, reason: str) -> Invalid:
    return Invalid("The registration is not valid.", fields={field: [reason]})
