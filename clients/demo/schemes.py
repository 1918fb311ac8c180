"""Three fellow schemes of a year, and who applies to them: all invented.

Schemes, sponsors, hosts and posts are here; the applicants are in ``data/schemes.csv``: members who
applied before (``a:<row of applicants.csv>``) and others who were taken over from another system
(``m:<reference in members.csv>``). ``merit`` is what reviewers find, give or take a little.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.demo.people import KINDS, Numbers, Person, person_of

TAKEN_OVER = 460
APPLICANTS = 1_000
CHOICES = 6
JOINED_ON, CHECKED_ON = date(2019, 3, 1), date(2026, 10, 1)
_TRAINING = frozenset({"trainee", "early_career"})


@dataclass(frozen=True)
class Scheme:
    """A scheme, its posts at hosts by number, and what it asks of applicants."""

    key: str
    name: str
    kind: str
    sponsor: str
    hosts: tuple[int, ...]
    posts_a_host: int
    wte_percent: int
    professions: tuple[str, ...] = ()
    career_stages: tuple[str, ...] = ()

    @property
    def posts(self) -> tuple[str, ...]:
        """The names of its posts, one for each host."""
        return tuple(f"{self.key}_host_{host:02}" for host in self.hosts)


SCHEMES = (
    Scheme(
        "national",
        "Sample National Medical Director's Clinical Fellow Scheme",
        "national_scheme",
        "Invented Health Service",
        tuple(range(1, 13)),
        1,
        100,
        professions=("doctor",),
        career_stages=("trainee", "early_career"),
    ),
    Scheme(
        "sustainability",
        "Sample Chief Sustainability Officer's Clinical Fellow Scheme",
        "national_scheme",
        "Invented Greener Care Office",
        tuple(range(4, 20)),
        1,
        100,
    ),
    Scheme(
        "regional",
        "Sample Regional Clinical Leadership Scheme",
        "regional_scheme",
        "Invented Leadership Academy",
        tuple(range(1, 21)),
        2,
        60,
    ),
)
HOSTS = tuple(f"Invented Hospital {number:02}" for number in range(1, 21))
BY_KEY = {scheme.key: scheme for scheme in SCHEMES}


@dataclass(frozen=True)
class Entry:
    """One application; ``choices`` are posts, the best liked first."""

    who: str
    scheme: str
    merit: int
    choices: tuple[str, ...]


def taken_over(chance: random.Random, numbers: Numbers, first: int) -> list[Person]:
    """Members of another system, in rows from ``first`` on."""
    weights = [kind.count for kind in KINDS]
    kinds = chance.choices(KINDS, weights, k=TAKEN_OVER)
    return [person_of(chance, numbers, row, kind) for row, kind in enumerate(kinds, start=first)]


def entries(
    chance: random.Random, applicants: Iterable[Person], members: Iterable[Person]
) -> list[Entry]:
    """Who applies to which scheme, each once."""
    known = [(f"a:{person.row}", person) for person in applicants]
    known += [(f"m:{reference(person)}", person) for person in members]
    chosen = chance.sample(known, APPLICANTS)
    return [_entry(chance, who, person) for who, person in chosen]


def reference(person: Person) -> str:
    """The number that somebody had in the other system."""
    return f"OLD-{person.row:05}"


def _entry(chance: random.Random, who: str, person: Person) -> Entry:
    training = person.profession == "doctor" and person.career_stage in _TRAINING
    key = "national" if training else chance.choice(("sustainability", "regional", "regional"))
    posts = BY_KEY[key].posts
    # Some hosts are liked by many: the first ones of a scheme twice as much as the last.
    weights = [2 - position / len(posts) for position in range(len(posts))]
    liked: list[str] = []
    while len(liked) < chance.randint(2, CHOICES):
        liked += [each for each in chance.choices(posts, weights) if each not in liked]
    merit = min(100, max(0, round(chance.gauss(62, 15))))
    return Entry(who, key, merit, tuple(liked))
