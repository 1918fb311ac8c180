"""Files in answers of ``faculty call``."""

import base64
import json

import pytest
from click.testing import CliRunner

from clients.faculty import cli, saving
from shared import errors

CONTENT = b"%PDF-1.4 \x00\xff"
ENCODED = base64.b64encode(CONTENT).decode()


class Answering:
    """A client that answers every call alike, and tells what was called."""

    def __init__(self, called):
        self._called = called

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def call_many(self, calls):
        self._called.extend(calls)
        return [(calls[0], {"content": ENCODED, "paper": {"content": ENCODED}, "filename": "x"})]


@pytest.fixture
def called():
    """What was called."""
    return []


@pytest.fixture
def run(monkeypatch, tmp_path, called):
    """Runs a call in an empty folder, with these options."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "Faculty", lambda *_: Answering(called))
    monkeypatch.setenv("AMQP_URI", "amqp://127.0.0.1:1//")
    return lambda *options: CliRunner().invoke(cli.main, ["call", "m.x", *options])


def test_a_file_is_saved_as_the_bytes_that_it_is(run, tmp_path):
    """The answer that is printed names the file instead."""
    result = run("--save", "content=paper.pdf")
    assert (tmp_path / "paper.pdf").read_bytes() == CONTENT
    assert json.loads(result.stdout) == {
        "content": "paper.pdf",
        "paper": {"content": ENCODED},
        "filename": "x",
    }


def test_several_are_saved_also_from_within(run, tmp_path):
    """A field of a field is named with a dot."""
    assert run("--save", "content=a", "--save", "paper.content=b").exit_code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == CONTENT


@pytest.mark.parametrize("field", ["contents", "paper", "content.deeper", "filename"])
def test_what_is_no_file_is_refused_and_the_answer_is_not_lost(run, tmp_path, field):
    """The call was made, so what it answered is printed; nothing is written."""
    result = run("--save", "content=a", "--save", f"{field}=b")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["content"] == ENCODED
    assert json.loads(result.stderr)["code"] == "invalid"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["content", "=file", "content=", "content=nowhere/f", "content=."])
def test_where_nothing_could_be_written_nothing_is_called(run, called, text):
    """Also where it is not said what goes where."""
    result = run("--save", text)
    assert result.exit_code == 2
    assert called == []


def test_an_answer_that_has_no_fields_has_no_file():
    """It is refused like any other."""
    with pytest.raises(errors.Invalid):
        saving.save([1], [saving.Target("content", None)])
