"""Imports of applicants and registers: all or nothing, never twice, refusals by line and field."""

import csv

import pytest

from clients.faculty import members, registers
from clients.faculty.members import import_members
from clients.faculty.registers import import_register
from shared import errors

GOOD = {
    "given_name": "Nia",
    "family_name": "Mockford",
    "email": "nia.1@mail.example.org",
    "date_of_birth": "1990-01-01",
    "profession": "doctor",
    "nation": "wales",
    "career_stage": "trainee",
    "regulator": "GMC",
    "registration_number": "9990001",
}


class FakeServices:
    """Membership as far as the imports use it, with its memory of idempotency keys."""

    def __init__(self):
        self.members, self.by_key, self.calls = {}, {}, []
        self.register = {}
        self.suspended = set()
        self.crash_after = None

    def call_many(self, calls):
        for index, call in enumerate(calls):
            self.calls.append(call)
            if self.crash_after is not None and not call.arguments.get("dry_run"):
                if self.crash_after == 0:
                    raise KeyboardInterrupt
                self.crash_after -= 1
            try:
                yield index, self.answer(call)
            except errors.FacultyError as error:
                yield index, error

    def answer(self, call):
        if call.key is not None and call.key in self.by_key:
            return self.by_key[call.key]
        answer = getattr(self, call.method.partition(".")[2])(**call.arguments)
        if call.key is not None:
            self.by_key[call.key] = answer
        return answer

    def apply(self, *, email, profession, dry_run=False, **_others):
        if profession == "wizard":
            raise errors.Invalid("No.", fields={"profession": ["Unknown profession."]})
        if email in self.members:
            raise errors.Duplicate("There is one.", field="email")
        if not dry_run:
            self.members[email] = f"id-{len(self.members)}"
        return {"member_id": None if dry_run else self.members[email]}

    def verify_registration(self, *, member_id):
        refused = member_id in self.suspended
        return {
            "outcome": "refused" if refused else "verified",
            "reason": "suspended" if refused else None,
        }

    def admit(self, *, member_id):
        return {"member_id": member_id}

    def import_register(self, *, regulator, rows, dry_run):
        if regulator == "XYZ":
            raise errors.Invalid("No.", fields={"regulator": ["Unknown."]})
        bad = [i for i, row in enumerate(rows) if not row["registration_number"].isdigit()]
        if bad:
            fields = {f"rows.{i}.registration_number": ["Not a GMC number."] for i in bad}
            raise errors.Invalid("No.", fields=fields)
        if not dry_run:
            self.register |= {row["registration_number"]: row for row in rows}
        counts = {"accepted": len(rows), "new": len(rows), "changed": 0, "unchanged": 0}
        return {**counts, "differences": []}


def quiet(_title, _total):
    """A progress that nobody watches."""
    return lambda: None


@pytest.fixture
def services():
    """Services that know nobody."""
    return FakeServices()


@pytest.fixture
def applicants(tmp_path):
    """Writes a file of applicants who differ from the good one as told."""

    def write(*changes):
        path = tmp_path / "applicants.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, members.COLUMNS)
            writer.writeheader()
            for number, change in enumerate(changes):
                own = {
                    "email": f"a{number}@x.example.org",
                    "registration_number": f"999{number:04}",
                }
                writer.writerow(GOOD | own | change)
        return path

    return write


def places(refused):
    """Line and field of each refusal."""
    return [(refusal.line, refusal.field) for refusal in refused]


def test_good_rows_are_rehearsed_and_then_imported(services, applicants):
    """Every row is sent with ``dry_run`` before any is sent without."""
    outcome = import_members(services, applicants({}, {}), quiet)
    assert (outcome.rows, outcome.refused, len(outcome.imported)) == (2, [], 2)
    assert [call.arguments.get("dry_run", False) for call in services.calls] == [
        True,
        True,
        False,
        False,
    ]


def test_one_refused_row_imports_nothing(services, applicants):
    """Line and field are reported, and nobody is imported."""
    outcome = import_members(services, applicants({}, {"profession": "wizard"}), quiet)
    assert places(outcome.refused) == [(3, "profession")]
    assert outcome.imported == []
    assert services.members == {}


def test_accept_valid_imports_the_good_rows(services, applicants):
    """On request the rows that are sound are imported without the others."""
    path = applicants({}, {"profession": "wizard"}, {"given_name": "=1+1"}, {})
    outcome = import_members(services, path, quiet, accept_valid=True)
    assert places(outcome.refused) == [(3, "profession"), (4, "given_name")]
    assert [line for line, _ in outcome.imported] == [2, 5]
    assert outcome.rows == 4


def test_a_dry_run_imports_nothing(services, applicants):
    """A dry run is a rehearsal and no more."""
    assert import_members(services, applicants({}), quiet, dry_run=True).refused == []
    assert services.members == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "A0@x.example.org"}, "email"),
        ({"registration_number": "999 0000", "regulator": "gmc"}, "registration_number"),
    ],
)
def test_the_same_person_twice_in_a_file_is_refused(services, applicants, change, field):
    """Two new rows with one address or registration are found before anything is sent."""
    outcome = import_members(services, applicants({}, change), quiet)
    assert places(outcome.refused) == [(3, field)]
    assert services.members == {}


def test_a_second_run_after_a_crash_completes_the_first(services, applicants):
    """What the first run imported is neither imported again nor refused as a duplicate."""
    path = applicants({}, {}, {})
    services.crash_after = 2
    with pytest.raises(KeyboardInterrupt):
        import_members(services, path, quiet)
    services.crash_after = None
    assert len(services.members) == 2
    outcome = import_members(services, path, quiet)
    assert outcome.refused == []
    assert sorted(member_id for _, member_id in outcome.imported) == ["id-0", "id-1", "id-2"]
    assert outcome.already_there == 2
    assert len(services.members) == 3


def test_a_file_is_imported_again_once_a_row_was_corrected(services, applicants):
    """The rows that were good before are known by their content, wherever they stand now."""
    first = import_members(
        services, applicants({}, {"profession": "wizard"}), quiet, accept_valid=True
    )
    assert places(first.refused) == [(3, "profession")]
    good = {"email": "a0@x.example.org", "registration_number": "9990000"}
    other = {"email": "b@x.example.org", "registration_number": "9990009"}
    second = import_members(services, applicants(other, good), quiet)
    assert (second.refused, second.already_there, len(second.imported)) == ([], 1, 2)
    assert len(services.members) == 2


def test_a_repeated_row_is_told_its_other_faults(services, applicants):
    """All that is wrong with a file is said at once."""
    change = {"email": "a0@x.example.org", "profession": "wizard"}
    outcome = import_members(services, applicants({}, change), quiet, dry_run=True)
    assert places(outcome.refused) == [(3, "email"), (3, "profession")]


def test_somebody_already_known_is_refused(services, applicants):
    """A duplicate that this file did not make is reported by field."""
    services.members["a1@x.example.org"] = "id-before"
    outcome = import_members(services, applicants({}, {}), quiet)
    assert places(outcome.refused) == [(3, "email")]
    assert list(services.members) == ["a1@x.example.org"]


def test_whoever_is_not_admitted_is_reported_and_no_error(services, applicants):
    """A refused registration keeps the applicant out and is not a fault of the file."""
    services.suspended = {"id-1"}
    outcome = import_members(services, applicants({}, {}), quiet, admit=True)
    assert (outcome.admitted, outcome.refused) == (1, [])
    assert [(person.line, person.reason) for person in outcome.not_admitted] == [(3, "suspended")]


@pytest.mark.parametrize("error", [errors.Forbidden("No."), errors.Unavailable("Away.")])
def test_what_does_not_concern_a_row_ends_the_import(services, applicants, monkeypatch, error):
    """A missing permission or an absent broker is the command's error, not the rows'."""

    def fail(**_arguments):
        raise error

    monkeypatch.setattr(services, "apply", fail)
    with pytest.raises(type(error)):
        import_members(services, applicants({}, {}), quiet)
    assert len(services.calls) == 1


def test_a_passing_failure_of_a_keyed_call_is_repeated(services, applicants, monkeypatch):
    """A conflict in the second pass is tried again under the same key."""
    real, failures = services.apply, [errors.Conflict("Again.")]

    def sometimes(*, dry_run=False, **arguments):
        if not dry_run and failures:
            raise failures.pop()
        return real(dry_run=dry_run, **arguments)

    monkeypatch.setattr(services, "apply", sometimes)
    outcome = import_members(services, applicants({}, {}), quiet)
    assert sorted(line for line, _ in outcome.imported) == [2, 3]


def test_a_failure_that_does_not_pass_ends_the_import_at_its_row(services, applicants, monkeypatch):
    """The first row is tried four times, and no other is begun meanwhile."""
    real, lines = services.apply, []

    def away(*, dry_run=False, **arguments):
        if dry_run:
            return real(dry_run=True, **arguments)
        lines.append(arguments["registration_number"])
        raise errors.Unavailable("Away.")

    monkeypatch.setattr(services, "apply", away)
    with pytest.raises(errors.Unavailable):
        import_members(services, applicants({}, {}), quiet)
    assert len(lines) == 4
    assert len(set(lines)) == 1


@pytest.fixture
def extract(tmp_path):
    """Writes an extract from lines."""

    def write(*lines):
        path = tmp_path / "extract.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


GMC_HEADER = "GMC Ref No,Surname,Given Name,Other Names,Registration Status"


def test_the_gmc_s_own_columns_and_statuses_are_understood(services, extract):
    """Wordings become the system's words, whatever their case; other columns are ignored."""
    wordings = {
        "Registered with Licence": "registered",
        "Registered without a licence": "registered_without_licence",
        "Provisionally registered with Licence": "provisional",
        "SUSPENDED": "suspended",
        "Erased after Fitness to Practise panel hearing": "erased",
        "Relinquished": "relinquished",
    }
    lines = [f"000000{i},Mock,Nia,,{wording}" for i, wording in enumerate(wordings)]
    outcome = import_register(services, "GMC", extract(GMC_HEADER, *lines), quiet)
    assert outcome.refused == []
    assert [row["status"] for row in services.register.values()] == list(wordings.values())
    assert services.register["0000000"] == {
        "registration_number": "0000000",
        "given_name": "Nia",
        "family_name": "Mock",
        "status": "registered",
    }


def test_an_unknown_status_is_refused_under_the_file_s_own_column(services, extract):
    """Nothing of an extract with an unknown wording is kept."""
    path = extract(GMC_HEADER, "1,Mock,Nia,,Registered with Licence", "2,Mock,Jo,,Retired to sea")
    outcome = import_register(services, "GMC", path, quiet)
    assert places(outcome.refused) == [(3, "Registration Status")]
    assert services.register == {}


def test_generic_columns_are_accepted_for_every_regulator(services, extract):
    """The four generic columns do for any body, the GMC included."""
    path = extract("registration_number,given_name,family_name,status", "1,Nia,Mock,registered")
    assert import_register(services, "GMC", path, quiet).counts["accepted"] == 1
    assert import_register(services, "GDC", path, quiet).counts["accepted"] == 1


def test_a_bad_row_in_a_late_chunk_refuses_the_extract_by_line_and_column(services, extract):
    """All chunks are rehearsed before the first is applied."""
    count = registers.CHUNK_ROWS + 10
    lines = [f"{i},Mock,Nia,,Suspended" for i in range(count)]
    lines[registers.CHUNK_ROWS + 4] = "x1,Mock,Nia,,Suspended"
    outcome = import_register(services, "GMC", extract(GMC_HEADER, *lines), quiet)
    assert places(outcome.refused) == [(registers.CHUNK_ROWS + 6, "GMC Ref No")]
    assert services.register == {}


def test_all_chunks_are_applied_and_counted(services, extract):
    """An extract of several chunks is imported whole."""
    count = registers.CHUNK_ROWS * 2 + 1
    lines = [f"{i},Mock,Nia,,Suspended" for i in range(count)]
    outcome = import_register(services, "GMC", extract(GMC_HEADER, *lines), quiet)
    assert outcome.counts["accepted"] == len(services.register) == count
    assert len(services.calls) == 6


def test_a_number_twice_in_an_extract_is_refused(services, extract):
    """A number can be only one person's."""
    path = extract(GMC_HEADER, "01,Mock,Nia,,Suspended", "0 1,Demo,Jo,,Suspended")
    assert places(import_register(services, "GMC", path, quiet).refused) == [(3, "GMC Ref No")]


def test_an_unknown_regulator_is_the_file_s_error_and_no_row_s(services, extract):
    """It is raised once, however many rows there are."""
    path = extract("registration_number,given_name,family_name,status", "1,Nia,Mock,registered")
    with pytest.raises(errors.Invalid) as caught:
        import_register(services, "XYZ", path, quiet)
    assert set(caught.value.fields) == {"regulator"}
