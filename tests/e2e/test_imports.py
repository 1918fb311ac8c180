"""Imports with the ``faculty`` command: whole or not at all, refused by line, field and reason."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from subprocess import PIPE

import pytest

from clients.faculty.members import COLUMNS
from clients.faculty.registers import CHUNK_ROWS
from tests.e2e.command import COMMAND, Run, on_terminal, write
from tests.e2e.world import SECONDS, Applicant, World, invent, register_row, wait

HEADER = ",".join(COLUMNS)
# A profession of each regulator, a number of the right form, and one of the wrong form.
REGULATORS = {
    "GMC": ("doctor", "0000012", "123456"),
    "GDC": ("dentist", "012", "12"),
    "GPhC": ("pharmacist", "2000012", "3000012"),
    "PSNI": ("pharmacist", "12", "1234567"),
    "NMC": ("nurse", "98a0001b", "98A00012"),
    "HCPC": ("paramedic", "PA 12", "XX12"),
    "GOC": ("optometrist", "01-0012", "02-0012"),
    "GOsC": ("osteopath", "12", "12A"),
    "GCC": ("chiropractor", "12", "1234567"),
}


def registered(regulator: str, number: str) -> Applicant:
    nation = {"PSNI": "northern_ireland"}.get(regulator, "wales")
    return {
        "regulator": regulator,
        "profession": REGULATORS[regulator][0],
        "registration_number": number,
        "nation": nation,
    }


# What is wrong with one row, and the field that is named for it.
BAD_ROWS: dict[str, tuple[Applicant, str]] = {
    **{
        f"{regulator} number": (registered(regulator, wrong), "registration_number")
        for regulator, (_, _, wrong) in REGULATORS.items()
    },
    "another profession's number": ({"registration_number": "A1234567"}, "registration_number"),
    "another regulator's profession": ({"profession": "dentist"}, "regulator"),
    "e-mail": ({"email": "no-at-sign"}, "email"),
    "line break in e-mail": ({"email": "a@mail.example.org\r\nBcc: b@x.example.org"}, "email"),
    "birth date in the future": ({"date_of_birth": "2099-01-01"}, "date_of_birth"),
    "no date": ({"date_of_birth": "31/12/1980"}, "date_of_birth"),
    "profession": ({"profession": "wizard"}, "profession"),
    "ten megabytes": ({"given_name": "x" * 10_000_000}, "given_name"),
    "formula": ({"family_name": '=HYPERLINK("http://x.example.org","x")'}, "family_name"),
    "control character": ({"given_name": "a\0b"}, "given_name"),
}


def test_applicants_are_imported_and_admitted_once(run: Run, world: World, tmp_path: Path) -> None:
    """A second run of the same file finds everybody imported and admitted already."""
    people = [invent() for _ in range(3)]
    rows = [register_row(person) for person in people[:2]]
    world.call("membership.import_register", token=world.staff, regulator="GMC", rows=rows)
    path = write(tmp_path / "people.csv", people)
    for _ in range(2):
        result = run("import", "members", str(path), "--as", "staff", "--admit", "--json")
        assert (result.status, result.err) == (0, "")
        assert (result.answer["imported"], result.answer["admitted"]) == (3, 2)
        (left,) = result.answer["not_admitted"]
        assert (left["line"], left["reason"]) == (4, "not_on_register")
    assert len(world.known(people)) == 3


@pytest.mark.parametrize("fault", BAD_ROWS)
def test_a_bad_row_refuses_the_file_by_line_and_field(
    run: Run, world: World, tmp_path: Path, fault: str
) -> None:
    """The good rows around it are not imported either, and the report says why."""
    change, field = BAD_ROWS[fault]
    people = [invent(), {**invent(), **change}, invent()]
    path = write(tmp_path / "people.csv", people)
    result = run("import", "members", str(path), "--as", "staff", "--json", "--report", "r.csv")
    assert (result.status, result.answer["imported"]) == (1, 0)
    assert [(each["line"], each["field"]) for each in result.answer["refused"]] == [(3, field)]
    assert all(each["reason"] for each in result.answer["refused"])
    with (tmp_path / "r.csv").open(newline="") as file:
        report = list(csv.DictReader(file))
    assert [(row["line"], row["field"]) for row in report] == [("3", field)]
    assert world.known([people[0], people[2]]) == []


def test_every_regulator_s_numbers_are_accepted(run: Run, tmp_path: Path) -> None:
    """Spaces and small letters do no harm, and leading zeros are a number's own."""
    numbers = {regulator: right for regulator, (_, right, _) in REGULATORS.items()}
    people = [invent(**registered(*each)) for each in numbers.items()]
    path = write(tmp_path / "people.csv", people)
    result = run("import", "members", str(path), "--as", "staff", "--json", "--dry-run")
    assert (result.status, result.answer["rows"], result.answer["refused"]) == (0, 9, [])


def test_on_request_the_good_rows_are_imported(run: Run, world: World, tmp_path: Path) -> None:
    """The exit status still says that rows were refused."""
    people = [invent(), invent(email="bad"), invent()]
    path = write(tmp_path / "people.csv", people)
    result = run("import", "members", str(path), "--as", "staff", "--json", "--accept-valid")
    assert (result.status, result.answer["imported"]) == (1, 2)
    assert len(world.known(people)) == 2


def test_a_dry_run_imports_nobody(run: Run, world: World, tmp_path: Path) -> None:
    """It ends well when the file is good, and nobody is known afterwards."""
    people = [invent()]
    path = write(tmp_path / "people.csv", people)
    assert run("import", "members", str(path), "--as", "staff", "--dry-run").status == 0
    assert world.known(people) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (HEADER.replace("email", "mail").encode(), "email"),
        (f"{HEADER},email".encode(), "email: This column is there twice"),
        (f"{HEADER}\n".encode() + b"Si\xe2n", "line 2 is not UTF-8"),
        (HEADER.replace(",", ";").encode(), "The columns must be"),
        (b"", "The columns must be"),
        (f'{HEADER}\n"Nia'.encode(), "line 2"),
    ],
    ids=["missing", "twice", "encoding", "semicolons", "empty", "quote"],
)
def test_a_file_that_is_no_such_table_is_refused(
    run: Run, tmp_path: Path, content: bytes, told: str
) -> None:
    """The error is JSON on stderr and says what is wrong with the file."""
    (tmp_path / "people.csv").write_bytes(content)
    result = run("import", "members", "people.csv", "--as", "staff")
    assert (result.status, result.out, result.error["code"]) == (1, "", "invalid")
    assert told in result.error["message"]


def test_what_spreadsheets_add_does_no_harm(run: Run, world: World, tmp_path: Path) -> None:
    """A byte order mark, other line ends and blank lines change nothing."""
    person = invent()
    row = ",".join(person[name] for name in COLUMNS)
    text = f"\ufeff{HEADER}\r\n\r\n{row}\r\n   \r\n,,,,,,,,\r\n"
    (tmp_path / "people.csv").write_bytes(text.encode())
    result = run("import", "members", "people.csv", "--as", "staff", "--json")
    assert (result.status, result.answer["rows"]) == (0, 1)
    assert len(world.known([person])) == 1


def test_an_import_that_was_killed_is_completed_by_the_next(
    run: Run, world: World, environment: dict[str, str], tmp_path: Path
) -> None:
    """Whoever the first run imported is neither imported again nor refused as known."""
    people = [invent() for _ in range(150)]
    path = write(tmp_path / "people.csv", people)
    options = ("import", "members", str(path), "--as", "staff", "--json")
    with subprocess.Popen(
        [*COMMAND, *options], env=environment, cwd=tmp_path, stdout=PIPE, stderr=PIPE
    ) as first:
        wait(lambda: world.known(people[:1]) != [], "the first applicant")
        first.kill()
        first.communicate(timeout=SECONDS)
    second = run(*options)
    assert (second.status, second.answer["imported"], second.answer["refused"]) == (0, 150, [])
    assert len(world.known(people)) == 150


@pytest.mark.parametrize("own_columns", [False, True])
def test_a_register_is_imported_whole_or_not_at_all(
    run: Run, world: World, tmp_path: Path, own_columns: bool
) -> None:
    """With generic columns or the regulator's own, one bad row keeps all the others out."""
    good = [invent() for _ in range(CHUNK_ROWS)]
    bad = invent(registration_number="12")
    rows = [extract_row(person, own_columns=own_columns) for person in (*good, bad)]
    options = ("import", "register", "GMC", "extract.csv", "--as", "staff", "--json")
    write(tmp_path / "extract.csv", rows)
    refused = run(*options)
    assert (refused.status, refused.answer["accepted"]) == (1, 0)
    (refusal,) = refused.answer["refused"]
    assert (refusal["line"], refusal["field"]) == (CHUNK_ROWS + 2, next(iter(rows[0])))
    assert outcome_of(world, good[0]) == "refused"
    write(tmp_path / "extract.csv", rows[:-1])
    assert run(*options).answer["new"] == CHUNK_ROWS
    assert outcome_of(world, good[0]) == "verified"


def extract_row(person: Applicant, *, own_columns: bool) -> dict[str, str]:
    row = register_row(person)
    if not own_columns:
        return row
    return {
        "GMC Ref No": row["registration_number"],
        "Surname": row["family_name"],
        "Given Name": row["given_name"],
        "Other Names": "-",
        "Registration Status": "Registered with Licence",
    }


def outcome_of(world: World, person: Applicant) -> str:
    """What a check of the person's registration concludes; the first time they apply for it."""
    if not world.known([person]):
        world.call("membership.apply", token=world.staff, **person)
    (member,) = world.known([person])
    answer = world.call(
        "membership.verify_registration", token=world.staff, member_id=member["member_id"]
    )
    return str(answer["outcome"])


def test_an_unknown_regulator_is_the_command_s_error(run: Run, tmp_path: Path) -> None:
    """It is told once, with the regulators that there are."""
    write(tmp_path / "extract.csv", [register_row(invent())])
    result = run("import", "register", "XYZ", "extract.csv", "--as", "staff")
    assert (result.status, result.out) == (1, "")
    assert "GMC" in str(result.error["details"]["fields"]["regulator"])


def test_no_bar_is_drawn_where_nobody_watches(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    """The progress of an import is for terminals; there it names the stretch of work."""
    path = write(tmp_path / "people.csv", [invent() for _ in range(3)])
    options = ("import", "members", str(path), "--as", "staff", "--dry-run")
    assert run(*options).err == ""
    assert "Checking applicants" in on_terminal([*COMMAND, *options], environment)
