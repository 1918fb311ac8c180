"""Invented applicants. Names are made of words for what is not real, so nobody can be mistaken.

Registration numbers have the right form and lie outside the ranges regulators give out today.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

AGES_ON = date(2026, 1, 1)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN_NAMES = _words(
    "Abena Adam Aisha Alun Amara Anna Aoife Arjun Beth Bilal Bronwen Caitlin Carys Chen Ciara"
    " Dafydd Daniel Deepa Ewan Fatima Femi Finlay Fiona Gareth Grace Hamza Hannah Helen Hiro Ifan"
    " Imran Isla Jack James Joanna Jonas Kwame Lena Liam Lowri Maeve Malik Mei Meera Mohan Nadia"
    " Nia Noor Oluwaseun Orla Owen Padraig Priya Rachel Rhys Rory Ruth Samir Sara Seren Siân Sofia"
    " Sunil Tariq Tomos Uma Wren Yusuf Zara Zoë"
)
_STEMS = _words("Sample Mock Test Demo Trial Proto Specimen Dummy Faux Model Pattern Notional")
_ENDINGS = _words("ford ley by wick ton well more stead worth dale combe croft")
FAMILY_NAMES = tuple(stem + ending for stem in _STEMS for ending in _ENDINGS)
_MAIL_DOMAINS = (
    "mail.example.org",
    "clinic.example.org",
    "trust.example.net",
    "practice.example.net",
)
_NATIONS = {"england": 70, "scotland": 13, "wales": 10, "northern_ireland": 7}
_STAGES = {"trainee": 30, "early_career": 25, "established": 28, "senior": 13, "retired": 4}
_AGES = {
    "trainee": (24, 34),
    "early_career": (27, 38),
    "established": (34, 56),
    "senior": (44, 64),
    "retired": (61, 79),
}
Number = Callable[[random.Random], str]


@dataclass(frozen=True)
class Kind:
    """How many applicants a profession has, and what its registration numbers look like."""

    profession: str
    regulator: str
    count: int
    number: Number


@dataclass(frozen=True)
class Person:
    """An applicant as in ``applicants.csv``; ``row`` counts from 1."""

    row: int
    given_name: str
    family_name: str
    email: str
    date_of_birth: date
    profession: str
    nation: str
    career_stage: str
    regulator: str
    registration_number: str


def _digits(prefix: str, count: int) -> Number:
    return lambda chance: f"{prefix}{chance.randrange(10**count):0{count}}"


def _doctor(chance: random.Random) -> str:
    # A few begin with zeros, which spreadsheets drop.
    prefix = "000" if chance.random() < 0.05 else "999"
    return _digits(prefix, 4)(chance)


def _nmc(chance: random.Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return f"99{chance.choice(letters)}{chance.randrange(10_000):04}{chance.choice(letters)}"


KINDS = (
    Kind("doctor", "GMC", 210, _doctor),
    Kind("physician_associate", "GMC", 15, _digits("A9", 6)),
    Kind("anaesthesia_associate", "GMC", 5, _digits("A9", 6)),
    Kind("dentist", "GDC", 40, _digits("9", 5)),
    Kind("dental_nurse", "GDC", 10, _digits("9", 5)),
    Kind("pharmacist", "GPhC", 50, _digits("29", 5)),
    Kind("pharmacist", "PSNI", 10, _digits("9", 4)),
    Kind("pharmacy_technician", "GPhC", 15, _digits("59", 5)),
    Kind("nurse", "NMC", 80, _nmc),
    Kind("midwife", "NMC", 25, _nmc),
    Kind("physiotherapist", "HCPC", 35, _digits("PH9", 5)),
    Kind("paramedic", "HCPC", 25, _digits("PA9", 5)),
    Kind("occupational_therapist", "HCPC", 15, _digits("OT9", 5)),
    Kind("radiographer", "HCPC", 15, _digits("RA9", 5)),
    Kind("dietitian", "HCPC", 5, _digits("DT9", 5)),
    Kind("speech_and_language_therapist", "HCPC", 5, _digits("SL9", 5)),
    Kind("optometrist", "GOC", 15, _digits("01-9", 4)),
    Kind("dispensing_optician", "GOC", 5, _digits("D-9", 4)),
    Kind("osteopath", "GOsC", 10, _digits("9", 4)),
    Kind("chiropractor", "GCC", 10, _digits("9", 4)),
)


class Numbers:
    """Registration numbers that nobody has yet."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: set[tuple[str, str]] = set()

    def draw(self, kind: Kind) -> str:
        """One more number of this kind."""
        while True:
            number = kind.number(self._chance)
            if (kind.regulator, number) not in self._given:
                self._given.add((kind.regulator, number))
                return number


def applicants(chance: random.Random, numbers: Numbers) -> list[Person]:
    """Everybody who applies, in no order."""
    kinds = [kind for kind in KINDS for _ in range(kind.count)]
    chance.shuffle(kinds)
    return [person_of(chance, numbers, row, kind) for row, kind in enumerate(kinds, start=1)]


def person_of(chance: random.Random, numbers: Numbers, row: int, kind: Kind) -> Person:
    """Somebody of this profession."""
    given = chance.choice(GIVEN_NAMES)
    family = family_name(chance)
    stage = weighted(chance, _STAGES)
    nation = "northern_ireland" if kind.regulator == "PSNI" else weighted(chance, _NATIONS)
    return Person(
        row=row,
        given_name=given,
        family_name=family,
        email=f"{_ascii(given)}.{_ascii(family)}.{row:03}@{chance.choice(_MAIL_DOMAINS)}",
        date_of_birth=_birthday(chance, *_AGES[stage]),
        profession=kind.profession,
        nation=nation,
        career_stage=stage,
        regulator=kind.regulator,
        registration_number=numbers.draw(kind),
    )


def family_name(chance: random.Random) -> str:
    """A family name; some have two parts or an apostrophe, as in life."""
    name, dice = chance.choice(FAMILY_NAMES), chance.random()
    if dice < 0.04:
        return f"O'{name}"
    if dice < 0.10:
        return f"{name}-{chance.choice(FAMILY_NAMES)}"
    return name


def weighted(chance: random.Random, weights: dict[str, int]) -> str:
    """One of the keys, as often as its weight says."""
    return chance.choices(tuple(weights), tuple(weights.values()))[0]


def _birthday(chance: random.Random, youngest: int, oldest: int) -> date:
    days = chance.randrange(youngest * 365 + youngest, oldest * 365)
    return AGES_ON - timedelta(days=days)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
