"""The mail sink's index counts exactly the messages that senders were told were accepted."""

import json
from pathlib import Path

from deploy.local.mail import Sink

MESSAGE = (
    b"From: a@b.example\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Message-ID: <1@x>\r\n\r\n"
    b"Hello\r\n"
)


def index(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]


def test_a_message_is_kept_as_it_came(tmp_path: Path) -> None:
    """The file holds the bytes, the index says what is in it."""
    Sink(tmp_path).keep(MESSAGE, ["c@d.example"])
    (line,) = index(tmp_path)
    assert (line["message_id"], line["to"], line["subject"]) == ("1@x", "c@d.example", "Grüße")
    assert (tmp_path / line["file"]).read_bytes() == MESSAGE


def test_a_message_without_headers_is_kept_too(tmp_path: Path) -> None:
    """The sink judges nothing."""
    Sink(tmp_path).keep(b"", ["c@d.example"])
    assert index(tmp_path)[0]["message_id"] == ""


def test_a_line_torn_by_a_kill_is_dropped_at_the_next_start(tmp_path: Path) -> None:
    """Its sender was not answered and will send again."""
    Sink(tmp_path).keep(MESSAGE, ["c@d.example"])
    with (tmp_path / "index.jsonl").open("a") as file:
        file.write('{"message_id": "2@')
    Sink(tmp_path).keep(MESSAGE, ["e@f.example"])
    assert [line["to"] for line in index(tmp_path)] == ["c@d.example", "e@f.example"]
