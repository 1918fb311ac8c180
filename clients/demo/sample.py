"""Makes the sample data: ``python -m clients.demo.sample --seed 2026 --out clients/demo/data``.

The same seed gives the same bytes. Every person in it is invented.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from clients.demo import equality, extracts, people, schemes
from clients.faculty import takeovers
from clients.faculty.members import COLUMNS

DATA = Path(__file__).parent / "data"
SEED = 2026


def write_sample(seed: int, out: Path) -> None:
    """Write all files into the folder ``out``."""
    chance = random.Random(seed)
    numbers = people.Numbers(chance)
    everybody = people.applicants(chance, numbers)
    fates = extracts.fates(chance, everybody)
    registers = extracts.registers(chance, numbers, everybody, fates)
    answers = equality.equality_answers(chance, everybody)
    refused = extracts.refused_rows(fates)
    admissible = [person for person in everybody if person.row not in refused]
    round_ = equality.fellowship(chance, admissible, answers)

    (out / "registers").mkdir(parents=True, exist_ok=True)
    _write(
        out / "applicants.csv",
        COLUMNS,
        ([str(asdict(person)[column]) for column in COLUMNS] for person in everybody),
    )
    for code, entries in registers.items():
        path = out / "registers" / f"{code}.csv"
        if code == "GMC":
            rows = [extracts.gmc_row(chance, entry) for entry in entries]
            _write(path, extracts.GMC_COLUMNS, rows)
        else:
            _write(path, extracts.GENERIC_COLUMNS, (asdict(e).values() for e in entries))
    _write(
        out / "equality.csv",
        ("row", "consent", *equality.QUESTIONS),
        (
            (
                answer.row,
                _yes(answer.consent),
                *(answer.by_question.get(name, "") for name in equality.QUESTIONS),
            )
            for answer in answers
        ),
    )
    _write(
        out / "fellowship.csv",
        ("row", "statement", "shortlisted"),
        ((entry.row, entry.statement, _yes(entry.shortlisted)) for entry in round_),
    )
    members = schemes.taken_over(chance, numbers, len(everybody) + 1)
    applying = schemes.entries(chance, admissible, members)
    _write(out / "members.csv", takeovers.COLUMNS, map(_member_row, members))
    _write(
        out / "schemes.csv",
        ("who", "scheme", "merit", "choices"),
        ((entry.who, entry.scheme, entry.merit, " ".join(entry.choices)) for entry in applying),
    )


def _member_row(person: people.Person) -> list[str]:
    """A member taken over, whose cover has no end."""
    known = asdict(person) | {
        "reference": schemes.reference(person),
        "checked_on": schemes.CHECKED_ON,
        "grade": "member",
        "joined_on": schemes.JOINED_ON,
        "covered_to": "",
    }
    return [str(known[column]) for column in takeovers.COLUMNS]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _write(path: Path, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


@click.command()
@click.option("--seed", default=SEED, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=DATA, show_default=True)
def main(seed: int, out: Path) -> None:
    """Write the sample data."""
    write_sample(seed, out)


if __name__ == "__main__":
    main()
