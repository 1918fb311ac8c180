"""The account of the journey: what it says, and that it fits eighty columns."""

import io

import pytest
from rich.cells import cell_len

from clients.demo.account import COLUMNS, console_of, print_account
from tests.unit.clients.demo_account import LETTER, journey, mailbox, outsider


@pytest.fixture
def printed(tmp_path):
    """The account of a small journey, as it is written to a file."""
    account, file = journey(), io.StringIO()
    mail = mailbox(tmp_path, account)
    print_account(console_of(file), account, outsider(tmp_path, account), mail, 12.34)
    return file.getvalue()


def squeezed(text):
    """The text with single spaces, wherever its lines end."""
    return " ".join(text.split())


def test_the_account_fits_eighty_columns(printed):
    """No line is wider, and none is cut off: long values go on in the next line."""
    assert max(map(cell_len, printed.splitlines())) <= COLUMNS
    assert "0" * 100 in printed.replace("\n", "").replace(" ", "")
    assert "…" not in printed


class Terminal(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("columns", "used"), [("200", COLUMNS), ("60", 60)])
def test_a_terminal_is_used_up_to_eighty_columns(monkeypatch, columns, used):
    """What is printed is the same wherever there is room for it."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    assert console_of(Terminal()).width == used


def test_people_are_counted_and_refusals_have_reasons(printed):
    """Who applied, who was admitted, and why others were not."""
    text = squeezed(printed)
    assert "44 people applied for membership, and 2 were admitted." in text
    for told in ("6 erased", "12 name differs", "12 not on register", "12 suspended"):
        assert told in text
    assert "refused: programmes.member_not_current" in text


def test_an_event_is_shown_as_it_came(printed):
    """Exchange, routing key, headers and body of one event; each counted once."""
    text = squeezed(printed)
    assert "exchange membership.events routing key member.admitted" in text
    assert "ce-id member.admitted id-1" in text
    assert '{ "member_id": "id-1" }' in text
    assert "44 application.received" in text


def test_a_letter_is_shown_whole(printed):
    """Its long paragraph is filled anew; a table in it stays as it was."""
    assert squeezed(LETTER) in squeezed(printed)
    assert "    Grade:          Member" in [line.rstrip() for line in printed.splitlines()]
    assert '2 "Welcome to the Faculty ..."' in squeezed(printed)


def test_an_indicator_has_ratio_interval_n_and_picture(printed):
    """What is flagged is said to be, in words and in a picture."""
    text = squeezed(printed)
    assert "ethnicity bme: 10 of 60 shortlisted (17%)" in text
    assert "Ratio 0.42, 95% interval 0.22 to 0.78, n = 135 Outside 0.80 to 1.25: flagged" in text
    assert "━●━" in text


def test_a_suppressed_indicator_has_a_reason_and_no_figure(printed):
    """Neither of the two groups is counted, and no ratio is drawn."""
    questions = printed.split("Are Chinese applicants")[1].split("Counted are")[0]
    text = squeezed(questions)
    assert "ethnicity chinese: not shown ethnicity white: not shown" in text
    assert "Reason: small numbers" in text
    assert not any(character.isdigit() for character in text)


def test_a_locale_without_the_characters_gets_others():
    """The account is printed though its lines cannot be drawn."""
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console_of(file).print("●━┫")
