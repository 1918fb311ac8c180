"""The sample data: the committed bytes are the seed's, and they say what the demo needs."""

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from clients.demo import equality, scheme_year, schemes
from clients.demo.sample import DATA, SEED, write_sample
from clients.faculty.members import COLUMNS
from clients.faculty.registers import format_of
from clients.faculty.tables import header_of, read_table
from services.membership.domain.application import Application
from services.membership.domain.people import same_person
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.terms import CareerStage, Nation
from services.membership.reference import load_policies, load_regulators

REPOSITORY = DATA.parents[2]


def rows_of(path):
    """The rows of a sample file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names_in(folder):
    """All files below a folder, by relative path."""
    return {path.relative_to(folder): path for path in Path(folder).rglob("*.csv")}


def registers():
    """Name, number and status of every entry, by regulator and number."""
    found = {}
    for path in (DATA / "registers").glob("*.csv"):
        form = format_of(path.stem, header_of(path))
        for row in read_table(path, tuple(form.columns), ignore_others=True).rows:
            entry = {name: row.values[column] for column, name in form.columns.items()}
            entry["status"] = form.status(entry["status"])
            found[path.stem, entry["registration_number"]] = entry
    return found


def test_the_same_seed_makes_the_committed_bytes(tmp_path):
    """Anybody can make the same files again."""
    write_sample(SEED, tmp_path)
    made, committed = names_in(tmp_path), names_in(DATA)
    assert made.keys() == committed.keys()
    for name, path in made.items():
        assert path.read_bytes() == committed[name].read_bytes(), name


def test_another_seed_makes_other_people(tmp_path):
    """The seed is what decides."""
    write_sample(SEED + 1, tmp_path)
    name = "applicants.csv"
    assert (tmp_path / name).read_bytes() != (DATA / name).read_bytes()


def test_every_applicant_is_acceptable_and_unique():
    """The 600 pass the rules of membership, whatever the day."""
    regulators, book = load_regulators(), PolicyBook.of(load_policies())
    people = rows_of(DATA / "applicants.csv")
    assert len(people) == 600
    for row in people:
        checked = Application.checked(
            **row
            | {
                "date_of_birth": date.fromisoformat(row["date_of_birth"]),
                "nation": Nation(row["nation"]),
                "career_stage": CareerStage(row["career_stage"]),
            },
            regulators=regulators,
            book=book,
            today=date(2026, 1, 1),
        )
        grades = book.grades.on(date(2026, 1, 1)).policy
        assert grades.grade(row["profession"], row["career_stage"], row["nation"])
        assert checked.registration.number == row["registration_number"]
    assert len({row["email"] for row in people}) == 600
    assert len({(row["regulator"], row["registration_number"]) for row in people}) == 600
    assert len({row["profession"] for row in people}) >= 9
    assert {row["nation"] for row in people} == set(Nation) - {Nation.OUTSIDE_UK}
    assert {row["regulator"] for row in people} == {body.code for body in regulators.all}


def test_no_address_can_belong_to_anybody():
    """Every address is under a domain that is reserved for examples."""
    for row in rows_of(DATA / "applicants.csv"):
        assert re.fullmatch(r"[a-z.]+\d{3}@[a-z]+\.example\.(org|net)", row["email"])


def test_registers_know_some_applicants_otherwise():
    """About 2% suspended, 1% erased, 2% absent and 2% under another name, and strangers too."""
    known = registers()
    fates = Counter()
    applicants = rows_of(DATA / "applicants.csv")
    for row in applicants:
        entry = known.get((row["regulator"], row["registration_number"]))
        if entry is None:
            fates["absent"] += 1
        elif not same_person(
            row["given_name"], row["family_name"], entry["given_name"], entry["family_name"]
        ):
            fates["renamed"] += 1
        else:
            fates[entry["status"]] += 1
    assert {name: fates[name] for name in ("suspended", "erased", "absent", "renamed")} == {
        "suspended": 12,
        "erased": 6,
        "absent": 12,
        "renamed": 12,
    }
    assert fates["registered"] > 450
    assert len(known) > len(applicants)


def test_the_sample_reads_without_refusals():
    """No cell of the sample is one a spreadsheet would run."""
    assert read_table(DATA / "applicants.csv", COLUMNS).refusals == ()


@pytest.mark.parametrize("question", equality.ASKED)
def test_some_refuse_each_question(question):
    """Refusals are as frequent as in life: between 4 and 9 in a hundred."""
    answered = [row for row in rows_of(DATA / "equality.csv") if row["consent"] == "yes"]
    declined = sum(row[question] in ("Z", equality.DECLINED) for row in answered)
    assert 0.04 < declined / len(answered) < 0.09


def test_every_answer_is_one_that_research_knows():
    """Questions and codes are those of the research service's data."""
    file = REPOSITORY / "services" / "research" / "data" / "characteristics.json"
    known = json.loads(file.read_text(encoding="utf-8"))["characteristics"]
    for row in rows_of(DATA / "equality.csv"):
        for question in equality.QUESTIONS:
            assert row["consent"] == "no" or row[question] in known[question]["codes"]


def test_the_fellowship_round_has_a_disparity_and_a_group_too_small_to_show():
    """White applicants are shortlisted more often by far, and one group has fewer than eight."""
    ethnicity = {row["row"]: row["ethnicity"] for row in rows_of(DATA / "equality.csv")}
    applied, chosen = Counter(), Counter()
    for row in rows_of(DATA / "fellowship.csv"):
        code = ethnicity[row["row"]]
        names = ["white"] if code in equality.WHITE else []
        names += ["minority"] if code in equality.MINORITY else []
        for name in [*names, code, "all"]:
            applied[name] += 1
            chosen[name] += row["shortlisted"] == "yes"
    assert applied["all"] == 145
    assert 40 <= chosen["all"] <= 55
    assert chosen["minority"] >= 8
    ratio = (chosen["white"] / applied["white"]) / (chosen["minority"] / applied["minority"])
    assert ratio > 1.5
    assert 1 <= applied["R"] <= 7


def test_a_thousand_apply_to_three_schemes_that_are_open_to_them():
    """Each once, members of the sample or taken over, with posts of that scheme."""
    people = {f"a:{n}": person for n, person in enumerate(rows_of(DATA / "applicants.csv"), 1)}
    people |= {f"m:{person['reference']}": person for person in rows_of(DATA / "members.csv")}
    entries = scheme_year.entries()
    assert len({entry.who for entry in entries}) == len(entries) == schemes.APPLICANTS
    for entry in entries:
        scheme, person = schemes.BY_KEY[entry.scheme], people[entry.who]
        assert not scheme.professions or person["profession"] in scheme.professions
        assert not scheme.career_stages or person["career_stage"] in scheme.career_stages
        assert len(set(entry.choices)) == len(entry.choices) >= 2
        assert set(entry.choices) <= set(scheme.posts)
