"""The ``faculty`` command as far as it needs no broker."""

import json

import pytest
from click.testing import CliRunner

from clients.faculty import configuration
from clients.faculty.cli import main
from clients.faculty.reports import write_refusals
from clients.faculty.tables import Refusal
from shared import errors


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs the command in an empty folder with no settings but these."""
    monkeypatch.chdir(tmp_path)
    for name in ("AMQP_URI", "TOKEN_STAFF"):
        monkeypatch.delenv(name, raising=False)

    def run_command(*arguments, **environment):
        return CliRunner().invoke(main, arguments, env=environment)

    return run_command


def test_errors_are_json_on_stderr_with_status_1(run):
    """A program can read what went wrong, and stdout stays empty."""
    result = run("call", "membership.get_member")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(result.stderr)["code"] == "invalid"
    assert "AMQP_URI" in json.loads(result.stderr)["message"]


def test_a_role_without_a_token_is_named(run):
    """The missing setting is named."""
    result = run("call", "m.x", "--as", "staff", AMQP_URI="amqp://127.0.0.1:1//")
    assert "TOKEN_STAFF" in json.loads(result.stderr)["message"]


def test_a_slip_in_a_role_is_answered_with_the_role(run):
    """As one for which there is a token."""
    settings = {"AMQP_URI": "amqp://127.0.0.1:1//", "TOKEN_STAFF": "t"}
    result = run("call", "m.x", "--as", "stafff", **settings)
    assert "Did you mean staff?" in json.loads(result.stderr)["message"]


@pytest.mark.parametrize("text", ["[1]", "{", "null"])
def test_arguments_must_be_a_json_object(run, text):
    """Anything else is refused before a connection is made."""
    result = run("call", "m.x", "--json", text, AMQP_URI="amqp://127.0.0.1:1//")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["code"] == "invalid"


@pytest.mark.parametrize("method", ["", "membership", "membership.", "a.b.c", "a b.c", "m.x\n"])
def test_a_method_is_named_with_its_service(run, method):
    """What cannot be a method is refused before a connection is made."""
    result = run("call", method, AMQP_URI="amqp://127.0.0.1:1//")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["code"] == "invalid"


@pytest.mark.parametrize(
    "uri", ["nonsense", "http://localhost/", "127.0.0.1:5672", "amqp://x:y/", "amqp://[::1/"]
)
def test_a_broker_s_address_is_an_amqp_address(run, uri):
    """Another address is refused with the setting's name."""
    result = run("call", "m.x", AMQP_URI=uri)
    assert result.exit_code == 1
    assert "AMQP_URI" in json.loads(result.stderr)["message"]


def test_a_report_that_cannot_be_written_is_refused_first(run, tmp_path):
    """Nothing is imported whose refusals could not be kept."""
    (tmp_path / "f.csv").write_text("given_name\nNia\n")
    result = run("import", "members", "f.csv", "--report", "nowhere/r.csv", AMQP_URI="amqp://x//")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_an_absent_broker_is_unavailable(run):
    """The error says it may be tried again."""
    result = run("call", "m.x", AMQP_URI="amqp://127.0.0.1:1//")
    assert json.loads(result.stderr)["code"] == "unavailable"
    assert "make up" in json.loads(result.stderr)["message"]
    assert json.loads(result.stderr)["retryable"] is True


def test_wrong_columns_end_an_import_before_anything_is_sent(run, tmp_path):
    """The missing and the unknown columns are named."""
    (tmp_path / "f.csv").write_text("given_name,colour\nNia,red\n")
    result = run("import", "members", "f.csv", AMQP_URI="amqp://127.0.0.1:1//")
    fields = json.loads(result.stderr.splitlines()[-1])["details"]["fields"]
    assert {"colour", "email"} <= set(fields)
    assert "given_name" not in fields


def test_the_environment_goes_before_the_running_stack(tmp_path, monkeypatch):
    """A running stack fills in what the environment leaves out; quotes are the shell's."""
    file = tmp_path / "env"
    file.write_text("# a stack\nAMQP_URI='amqp://x y'\nexport TOKEN_STAFF=abc\n")
    monkeypatch.setenv("TOKEN_STAFF", "mine")
    monkeypatch.delenv("AMQP_URI", raising=False)
    values = configuration.environment(file)
    assert configuration.amqp_uri(values) == "amqp://x y"
    assert configuration.token(values, "staff", None) == "mine"
    assert configuration.token(values, "staff", "given") == "given"
    assert configuration.token(values, None, None) is None
    with pytest.raises(errors.Invalid):
        configuration.token(values, "reviewer", None)


def test_refusals_are_written_as_csv_or_json(tmp_path):
    """The file's ending decides."""
    refused = [Refusal(3, "email", 'Not "valid".')]
    write_refusals(refused, tmp_path / "r.csv")
    write_refusals(refused, tmp_path / "r.json")
    assert (tmp_path / "r.csv").read_text().splitlines() == [
        "line,field,reason",
        '3,email,"Not ""valid""."',
    ]
    [entry] = json.loads((tmp_path / "r.json").read_text())
    assert entry == {"line": 3, "field": "email", "reason": 'Not "valid".'}
