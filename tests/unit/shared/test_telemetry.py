"""Logs carry ids and no personal data."""

import json
import logging
from collections.abc import Iterator

import pytest

from shared import telemetry
from shared.telemetry import Context, activate, redact, redact_text

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


def test_a_trace_is_continued() -> None:
    """The trace id of the caller is kept and the span is our own."""
    parts = Context.start(traceparent=TRACE).traceparent.split("-")
    assert parts[1] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert parts[2] != "00f067aa0ba902b7"


@pytest.mark.parametrize("bad", ["", "rubbish", TRACE.upper(), TRACE + "\n", "01" + TRACE[2:]])
def test_a_malformed_trace_starts_a_new_one(bad: str) -> None:
    """Rubbish in a header neither fails the message nor travels on."""
    traceparent = Context.start(traceparent=bad, tracestate="a=b").traceparent
    assert telemetry._TRACEPARENT.fullmatch(traceparent)
    assert "4bf92f35" not in traceparent


def test_contexts_nest() -> None:
    """The outer context is back when the inner one ends."""
    with activate(Context.start(correlation_id="outer")):
        with activate(Context.start(correlation_id="inner")):
            assert telemetry.current().correlation_id == "inner"
        assert telemetry.current().correlation_id == "outer"


@pytest.mark.parametrize(
    "secret",
    [
        "ada.lovelace@example.org",
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "amqp://staff:hunter2@127.0.0.1:5672/",
    ],
)
def test_secrets_inside_text_are_redacted(secret: str) -> None:
    """An address, a token or a password is taken out of any text at any depth."""
    text = str(redact({"error": [f"failed for {secret} today"]}))
    for part in ("ada.lovelace", "c2lnbmF0dXJl", "hunter2"):
        assert part not in text
    assert "today" in text


@pytest.mark.parametrize("key", ["auth_token", "email", "e_mail", "family_name", "answers", "args"])
def test_sensitive_keys_are_redacted(key: str) -> None:
    """What stands under a sensitive name is never printed, whatever it looks like."""
    assert redact({"outer": {key: "anything"}}) == {"outer": {key: telemetry.REDACTED}}


def test_ordinary_values_are_untouched() -> None:
    """Redaction changes nothing else."""
    assert redact({"member_id": "1", "count": 3, "rate": 0.5}) == {
        "member_id": "1",
        "count": 3,
        "rate": 0.5,
    }


@pytest.mark.usefixtures("root_logger")
def test_a_log_line_is_json_with_ids(capsys: pytest.CaptureFixture[str]) -> None:
    """Our own lines and those of libraries are JSON with service, level and correlation id."""
    telemetry.configure("things")
    with activate(Context.start(correlation_id="c-1", traceparent=TRACE)):
        telemetry.logger("x").info("made", thing_id="1", email="ada@example.org")
        logging.getLogger("library").warning("could not reach %s", "ada@example.org")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (ours["event"], ours["service"], ours["thing_id"]) == ("made", "things", "1")
    assert ours["correlation_id"] == theirs["correlation_id"] == "c-1"
    assert ours["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert ours["email"] == telemetry.REDACTED
    assert theirs["event"] == f"could not reach {telemetry.REDACTED}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            '{"thing_id": "t", "given_name": "Anna", "age"',
            '{"thing_id": "t", "given_name": [redacted], "age"',
        ),
        ('{"family_name": "Ann', '{"family_name": [redacted]'),
        ("date_of_birth=1951-03-04, x", "date_of_birth=[redacted], x"),
        ('{"answers": {"ethnicity": "A"}, "x": 1', '{"answers": [redacted]'),
        ("to anna@example.org and", "to [redacted] and"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_a_broken_text_is_redacted_by_name_and_by_form(text: str, shown: str) -> None:
    """What cannot be parsed may still say who somebody is."""
    assert redact_text(text) == shown


def test_what_is_nested_without_end_is_left_out() -> None:
    """A value that somebody made to break the log does not break it."""
    value: list[object] = ["the innermost"]
    for _ in range(5_000):
        value = [value]
    assert "the innermost" not in str(redact(value))
