"""The ``faculty`` command, as a process of its own that knows nothing but its environment."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import PIPE
from typing import Any, NamedTuple

import pytest

from clients.faculty.members import COLUMNS
from deploy.local import Stack
from deploy.local.environment import client_environment
from deploy.local.members import REPOSITORY, python_environment
from tests.e2e.world import SECONDS, Applicant, World, invent, register_row, wait

COMMAND = (sys.executable, "-m", "clients.faculty")
HEADER = ",".join(COLUMNS)
# What is wrong with one row, and the field that is named for it.
BAD_ROWS: dict[str, tuple[Applicant, str]] = {
    "GMC number": ({"registration_number": "123456"}, "registration_number"),
    "GDC number": (
        {"regulator": "GDC", "profession": "dentist", "registration_number": "12"},
        "registration_number",
    ),
    "NMC number": (
        {"regulator": "NMC", "profession": "nurse", "registration_number": "99A12345"},
        "registration_number",
    ),
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


class Result(NamedTuple):
    """How the command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def error(self) -> Any:
        return json.loads(self.err)

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def environment(stack: Stack) -> dict[str, str]:
    """What ``.run/env`` holds of a running stack."""
    return {
        **python_environment(),
        **client_environment(stack),
        "PYTHONPATH": str(REPOSITORY),
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs the command in a folder of its own until it ends."""

    def run_command(*arguments: str, stdin: str = "", **changes: str) -> Result:
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            env={**environment, **changes},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run_command


def write(path: Path, people: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows(people)
    return path


def known(world: World, people: Sequence[Applicant]) -> list[dict[str, Any]]:
    """Who of these people membership knows, by registration."""
    found = []
    for person in people:
        filters = {"registration_number": person["registration_number"]}
        found += world.call("membership.find_members", token=world.staff, filters=filters)["items"]
    return found


def test_a_call_prints_its_answer_as_json(run: Run) -> None:
    """Arguments come from the option or from stdin; the answer is on stdout alone."""
    for arguments, stdin in (('{"limit": 1}', ""), ("-", '{"limit": 1}')):
        result = run(
            "call", "membership.find_members", "--as", "staff", "--json", arguments, stdin=stdin
        )
        assert (result.status, result.err) == (0, "")
        assert set(result.answer) == {"items", "next_cursor"}


def test_a_key_does_nothing_twice(run: Run, world: World) -> None:
    """The same key and arguments give the same answer; with others it is an error."""
    person = invent()
    options = ("call", "membership.apply", "--as", "staff", "--key", person["email"])
    first, second = (run(*options, "--json", json.dumps(person)) for _ in range(2))
    assert first.answer == second.answer
    assert len(known(world, [person])) == 1
    other = run(*options, "--json", json.dumps({**person, "nation": "england"}))
    assert (other.status, other.error["code"]) == (1, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("membership.find_members",), "unauthenticated"),
        (("membership.find_members", "--token", "forged"), "unauthenticated"),
        (("membership.find_members", "--as", "member"), "forbidden"),
        (("membership.nothing", "--as", "staff"), "not_found"),
        (("nobody.nothing", "--as", "staff"), "forbidden"),
        (("membership.find_members", "--as", "staff", "--json", '{"colour": 1}'), "invalid"),
        (("membership.find_members", "--as", "staff", "--json", "[]"), "invalid"),
        (("membership.find_members", "--as", "nobody"), "invalid"),
    ],
)
def test_a_refusal_is_json_on_stderr(run: Run, arguments: tuple[str, ...], code: str) -> None:
    """The exit status is 1, the code is the wire table's, and stdout is empty."""
    result = run("call", *arguments)
    assert (result.status, result.out, result.error["code"]) == (1, "", code)


def test_an_expired_token_is_refused_with_the_reason(run: Run, stack: Stack) -> None:
    """The holder learns that a new token is needed, not that the old one was wrong."""
    token = stack.token("staff", ttl_seconds=-1)
    result = run("call", "membership.find_members", "--token", token)
    assert (result.status, result.error["details"]) == (1, {"reason": "expired"})


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("amqp://127.0.0.1:1//", "unavailable"),
        ("nonsense", "invalid"),
    ],
)
@pytest.mark.parametrize(
    "arguments", [("call", "membership.find_members"), ("events", "tail")], ids=" ".join
)
def test_a_broker_that_is_not_there_is_told_at_once(
    run: Run, uri: str, code: str, arguments: tuple[str, ...]
) -> None:
    """Nobody waits for an address at which no broker is."""
    result = run(*arguments, AMQP_URI=uri)
    assert (result.status, result.out, result.error["code"]) == (1, "", code)


def test_wrong_usage_is_status_2(run: Run) -> None:
    """A command that there is not is no refusal of the services."""
    assert run("bogus").status == run("call", "membership.find_members", "--bogus").status == 2


def test_the_file_of_a_running_stack_is_enough(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    """Address and tokens are found in .run/env when the environment has none."""
    names = [name for name in environment if name == "AMQP_URI" or name.startswith("TOKEN_")]
    (tmp_path / ".run").mkdir()
    lines = [f"{name}='{environment.pop(name)}'\n" for name in names]
    (tmp_path / ".run" / "env").write_text("".join(lines))
    assert run("call", "membership.find_members", "--as", "staff").status == 0


def test_tail_prints_an_event_as_it_happens(
    world: World, environment: dict[str, str], tmp_path: Path
) -> None:
    """What matches the pattern is a line of JSON each; an interrupt ends it with status 0."""
    command = [*COMMAND, "events", "tail", "--json", "--pattern", "application.received"]
    with subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=PIPE, stderr=PIPE, text=True
    ) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert tail.stderr.readline() == "Listening.\n"
        (member_id,) = world.apply([invent()])
        event = json.loads(tail.stdout.readline())
        tail.send_signal(2)
        rest, errors = tail.communicate(timeout=SECONDS)
    assert event["type"] == "faculty.membership.application.received"
    assert event["data"]["member_id"] == member_id
    assert (tail.returncode, rest, errors) == (0, "", "")


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
    assert len(known(world, people)) == 3


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
    assert known(world, [people[0], people[2]]) == []


def test_on_request_the_good_rows_are_imported(run: Run, world: World, tmp_path: Path) -> None:
    """The exit status still says that rows were refused."""
    people = [invent(), invent(email="bad"), invent()]
    path = write(tmp_path / "people.csv", people)
    result = run("import", "members", str(path), "--as", "staff", "--json", "--accept-valid")
    assert (result.status, result.answer["imported"]) == (1, 2)
    assert len(known(world, people)) == 2


def test_a_dry_run_imports_nobody(run: Run, world: World, tmp_path: Path) -> None:
    """It ends well when the file is good, and nobody is known afterwards."""
    people = [invent()]
    path = write(tmp_path / "people.csv", people)
    assert run("import", "members", str(path), "--as", "staff", "--dry-run").status == 0
    assert known(world, people) == []


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
    assert len(known(world, [person])) == 1


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
        wait(lambda: known(world, people[:1]) != [], "the first applicant")
        first.kill()
        first.communicate(timeout=SECONDS)
    second = run(*options)
    assert (second.status, second.answer["imported"], second.answer["refused"]) == (0, 150, [])
    assert len(known(world, people)) == 150


@pytest.mark.parametrize("own_columns", [False, True])
def test_a_register_is_imported_whole_or_not_at_all(
    run: Run, world: World, tmp_path: Path, own_columns: bool
) -> None:
    """With generic columns or the regulator's own, one bad row keeps the others out."""
    good, bad = invent(), invent(registration_number="12")
    rows = [extract_row(person, own_columns=own_columns) for person in (good, bad)]
    number = next(iter(rows[0]))
    options = ("import", "register", "GMC", "extract.csv", "--as", "staff", "--json")
    write(tmp_path / "extract.csv", rows)
    refused = run(*options)
    assert (refused.status, refused.answer["accepted"]) == (1, 0)
    (refusal,) = refused.answer["refused"]
    assert (refusal["line"], refusal["field"]) == (3, number)
    assert outcome_of(world, good) == "refused"
    write(tmp_path / "extract.csv", rows[:1])
    assert run(*options).answer["new"] == 1
    assert outcome_of(world, good) == "verified"


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
    if not known(world, [person]):
        world.call("membership.apply", token=world.staff, **person)
    (member,) = known(world, [person])
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


def on_terminal(command: Sequence[str], environment: dict[str, str]) -> str:
    """What the command writes to a terminal."""
    ours, theirs = os.openpty()
    with subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        written = b""
        while piece := read_some(ours):
            written += piece
        process.wait(timeout=SECONDS)
    os.close(ours)
    return written.decode()


def read_some(terminal: int) -> bytes:
    """A piece of what was written; nothing once the other side is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
