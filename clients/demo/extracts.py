"""Register extracts that know most of the applicants, some of them not as they describe themselves.

Of every hundred applicants about two are suspended, one is erased, two are absent and two are known
under another name. Beside them the registers hold people who never applied.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date

from clients.demo.people import GIVEN_NAMES, KINDS, Numbers, Person, family_name

GMC_COLUMNS = (
    "GMC Ref No",
    "Surname",
    "Given Name",
    "Other Names",
    "Gender",
    "Qualification",
    "Year",
    "Place",
    "PR Date",
    "FR Date",
    "Specialist Register Date",
    "GP Register Date",
    "Registration Status",
)
GENERIC_COLUMNS = ("registration_number", "given_name", "family_name", "status")
_FATES = {"suspended": 12, "erased": 6, "absent": 12, "renamed": 12}
REFUSALS = {
    "suspended": _FATES["suspended"],
    "erased": _FATES["erased"],
    "not_on_register": _FATES["absent"],
    "name_differs": _FATES["renamed"],
}
"""How many registrations cannot be verified, by the reason that membership gives."""
_REMARKS = {"conditions": 5, "undertakings": 4, "warning": 4}
_STRANGERS_PER_APPLICANT = 0.4
_GMC_WORDING = {
    "registered": "Registered with Licence",
    "registered_without_licence": "Registered without a licence",
    "provisional": "Provisionally registered with Licence",
    "conditions": "Registered with conditions",
    "undertakings": "Registered with undertakings",
    "warning": "Registered with a warning",
    "suspended": "Suspended",
    "relinquished": "Relinquished",
    "erased": "Erased after Fitness to Practise panel hearing",
}


@dataclass(frozen=True)
class Entry:
    """What a register says of a number."""

    number: str
    given_name: str
    family_name: str
    status: str


def fates(chance: random.Random, people: list[Person]) -> dict[int, str]:
    """What the registers say otherwise than the applicants do, by row; most rows are not there."""
    wanted = [fate for fate, count in (_FATES | _REMARKS).items() for _ in range(count)]
    rows = chance.sample([person.row for person in people], len(wanted))
    return dict(zip(rows, wanted, strict=True))


def refused_rows(by_row: dict[int, str]) -> set[int]:
    """Who cannot be verified."""
    return {row for row, fate in by_row.items() if fate in _FATES}


def registers(
    chance: random.Random, numbers: Numbers, people: list[Person], by_row: dict[int, str]
) -> dict[str, list[Entry]]:
    """The entries of every regulator, by number."""
    found: dict[str, list[Entry]] = {kind.regulator: [] for kind in KINDS}
    for person in people:
        fate = by_row.get(person.row, "")
        if fate != "absent":
            found[person.regulator].append(_entry(chance, person, fate))
    for kind in KINDS:
        for _ in range(round(kind.count * _STRANGERS_PER_APPLICANT)):
            status = "relinquished" if chance.random() < 0.1 else "registered"
            stranger = Entry(
                numbers.draw(kind), chance.choice(GIVEN_NAMES), family_name(chance), status
            )
            found[kind.regulator].append(stranger)
    return {code: sorted(entries, key=lambda e: e.number) for code, entries in found.items()}


def _entry(chance: random.Random, person: Person, fate: str) -> Entry:
    given, family = person.given_name, person.family_name
    if fate == "renamed":
        while family == person.family_name:
            family = family_name(chance)
    elif chance.random() < 0.1:
        # The same person, spelt as registers spell.
        given, family = _plain(given), family.replace("-", " ").replace("'", "").upper()
    status = fate if fate in ("suspended", "erased", *_REMARKS) else _usual_status(person)
    return Entry(person.registration_number, given, family, status)


def _usual_status(person: Person) -> str:
    if person.profession == "doctor" and person.career_stage == "retired":
        return "registered_without_licence"
    if person.profession == "doctor" and person.date_of_birth >= date(2000, 7, 1):
        return "provisional"
    return "registered"


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def gmc_row(chance: random.Random, entry: Entry) -> tuple[str, ...]:
    """An entry as the General Medical Council publishes it, with its many other columns."""
    year = chance.randrange(1985, 2024)
    provisional, full = f"01 Aug {year}", f"01 Aug {year + 1}"
    specialist = f"12 Mar {year + 9}" if year < 2014 and chance.random() < 0.4 else ""
    return (
        entry.number,
        entry.family_name,
        entry.given_name,
        chance.choice(("", "", "Sample", "Q")),
        chance.choice(("Man", "Woman")),
        "MB BS",
        str(year),
        "Invented University",
        provisional,
        "" if entry.status == "provisional" else full,
        specialist,
        "",
        _GMC_WORDING[entry.status],
    )
