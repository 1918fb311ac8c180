"""Register extracts: what a regulator's register said about each number, and when.

An extract is taken in whole or not at all: every row is checked before anything is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from services.membership.domain.people import name_faults, tidy_name
from services.membership.domain.regulators import Registration, Regulator, normal_number
from services.membership.domain.terms import RegisterStatus
from shared.errors import Invalid


class Row(Protocol):
    """A line of an extract as it came."""

    @property
    def registration_number(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True)
class RegisterEntry:
    """What the latest extract that had this number said; ``id`` is e.g. ``GMC:0712345``."""

    id: str
    given_name: str
    family_name: str
    status: RegisterStatus
    imported_on: date
    previous_status: RegisterStatus | None = None

    def says_the_same_as(self, other: RegisterEntry) -> bool:
        """Whether name and status agree, whenever each was imported."""
        return (self.given_name, self.family_name, self.status) == (
            other.given_name,
            other.family_name,
            other.status,
        )


@dataclass(frozen=True)
class Comparison:
    """An extract against what was known: the entries to write and how many are of which kind."""

    to_write: tuple[RegisterEntry, ...]
    accepted: int
    new: int
    changed: int
    unchanged: int


def read_extract(
    regulator: Regulator, rows: Iterable[Row], today: date
) -> tuple[RegisterEntry, ...]:
    """The rows as entries, or Invalid with every fault of every row as ``rows.<index>.<field>``."""
    faults: dict[str, list[str]] = {}
    entries: dict[str, RegisterEntry] = {}
    first_seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        number = normal_number(row.registration_number)
        found = _row_faults(regulator, number, row)
        if number in first_seen:
            found.setdefault("registration_number", []).append(
                f"The same number as row {first_seen[number]}."
            )
        first_seen.setdefault(number, index)
        if found:
            faults |= {f"rows.{index}.{field}": reasons for field, reasons in found.items()}
            continue
        key = Registration(regulator.code, number).key
        entries[key] = RegisterEntry(
            id=key,
            given_name=tidy_name(row.given_name),
            family_name=tidy_name(row.family_name),
            status=RegisterStatus(row.status),
            imported_on=today,
        )
    if faults:
        raise Invalid("The extract has rows that are not valid; nothing was kept.", fields=faults)
    return tuple(entries.values())


def _row_faults(regulator: Regulator, number: str, row: Row) -> dict[str, list[str]]:
    found = {
        "given_name": name_faults(row.given_name),
        "family_name": name_faults(row.family_name),
    }
    if not regulator.professions_of(number):
        found["registration_number"] = [f"Not a {regulator.code} registration number."]
    if row.status not in set(RegisterStatus):
        found["status"] = [f"Must be one of: {', '.join(RegisterStatus)}."]
    return {field: reasons for field, reasons in found.items() if reasons}


def compare(known: Mapping[str, RegisterEntry], extract: tuple[RegisterEntry, ...]) -> Comparison:
    """What an extract changes; an unchanged entry is written again only to carry a newer date."""
    to_write: list[RegisterEntry] = []
    new = changed = 0
    for entry in extract:
        before = known.get(entry.id)
        if before is None:
            new += 1
            to_write.append(entry)
        elif not before.says_the_same_as(entry):
            changed += 1
            was = before.previous_status if before.status == entry.status else before.status
            to_write.append(replace(entry, previous_status=was))
        elif before.imported_on != entry.imported_on:
            to_write.append(replace(before, imported_on=entry.imported_on))
    return Comparison(
        to_write=tuple(to_write),
        accepted=len(extract),
        new=new,
        changed=changed,
        unchanged=len(extract) - new - changed,
    )
