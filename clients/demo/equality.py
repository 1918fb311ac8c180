"""Equality answers and a fellowship round, invented so that the indicators have something to show.

Some people refuse some questions, and a few do not answer at all. White applicants are shortlisted
more often than others, clearly enough to be flagged, and one group is so small that its numbers
must not be shown.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from clients.demo.people import AGES_ON, Person, weighted

DECLINED = "prefer_not_to_say"
ASKED = ("ethnicity", "gender", "disability", "religion", "orientation")
QUESTIONS = (*ASKED, "age_band", "profession", "nation")
_REFUSAL = 0.065
_SILENT = 0.02
_ETHNICITY = {
    # White, mixed, Asian, black, Chinese, other
    "A": 420,
    "B": 20,
    "C": 80,
    "D": 12,
    "E": 10,
    "F": 12,
    "G": 8,
    "H": 100,
    "J": 50,
    "K": 20,
    "L": 35,
    "M": 25,
    "N": 45,
    "P": 8,
    "R": 10,
    "S": 30,
}
_GENDER = {"woman": 530, "man": 460, "non_binary": 7, "another": 3}
_DISABILITY = {"yes": 9, "no": 91}
_RELIGION = {
    "no_religion": 42,
    "christian": 38,
    "muslim": 9,
    "hindu": 6,
    "sikh": 2,
    "jewish": 1,
    "buddhist": 1,
    "another": 1,
}
_ORIENTATION = {"heterosexual": 91, "gay_or_lesbian": 5, "bisexual": 3, "another": 1}
WHITE = frozenset("ABC")
MINORITY = frozenset("DEFGHJKLMNPRS")
_LAST_BAND = 70
_APPLY = 145
_SHORTLIST_RATE = {"white": 0.42, "minority": 0.20, "unknown": 0.33}


@dataclass(frozen=True)
class Answers:
    """One person's answers; whoever does not consent has given none."""

    row: int
    consent: bool
    by_question: Mapping[str, str]


@dataclass(frozen=True)
class Application:
    """One application to the fellowship."""

    row: int
    statement: str
    shortlisted: bool


def equality_answers(chance: random.Random, people: list[Person]) -> list[Answers]:
    """Everybody's answers, in the order of the rows."""
    return [_answers(chance, person) for person in people]


def _answers(chance: random.Random, person: Person) -> Answers:
    truth = {
        "ethnicity": weighted(chance, _ETHNICITY),
        "gender": weighted(chance, _GENDER),
        "disability": weighted(chance, _DISABILITY),
        "religion": weighted(chance, _RELIGION),
        "orientation": weighted(chance, _ORIENTATION),
        "age_band": _age_band(person),
        "profession": person.profession,
        "nation": person.nation,
    }
    for question in ASKED:
        if chance.random() < _REFUSAL:
            truth[question] = "Z" if question == "ethnicity" else DECLINED
    if chance.random() < 0.01:
        truth["ethnicity"] = "99"
    if chance.random() < _SILENT:
        return Answers(person.row, False, {})
    return Answers(person.row, True, truth)


def _age_band(person: Person) -> str:
    born = person.date_of_birth
    age = AGES_ON.year - born.year - ((AGES_ON.month, AGES_ON.day) < (born.month, born.day))
    first = age - age % 5
    return "70_and_over" if first >= _LAST_BAND else f"{first}_to_{first + 4}"


def fellowship(
    chance: random.Random, admissible: list[Person], answers: list[Answers]
) -> list[Application]:
    """Who applies, and who is shortlisted: about three for each of 17 posts."""
    ethnicity = {answer.row: answer.by_question.get("ethnicity", "99") for answer in answers}
    rows = sorted(chance.sample([person.row for person in admissible], _APPLY))
    groups: dict[str, list[int]] = {"white": [], "minority": [], "unknown": []}
    for row in rows:
        code = ethnicity[row]
        group = "white" if code in WHITE else "minority" if code in MINORITY else "unknown"
        groups[group].append(row)
    chosen = {
        row
        for group, members in groups.items()
        for row in chance.sample(members, round(len(members) * _SHORTLIST_RATE[group]))
    }
    return [
        Application(row, f"Invented statement of applicant {row}.", row in chosen) for row in rows
    ]
