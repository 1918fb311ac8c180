"""What identifies somebody is taken out of what they wrote, and as little else as possible."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.reference import load_redaction

REDACTION = load_redaction()
MARK = REDACTION.mark


def redacted(text: str, *names: str, ids: tuple[str, ...] = ()) -> str:
    return REDACTION.applied(text, names=names, ids=ids)


NUMBERS = {
    "gmc": ("7123456", "712 3456", "7-123-456", "A7123456", "a 7 123 456", "7\u00a0123\u2009456"),
    "gphc": ("2123456", "5 123 456"),
    "nmc": ("12A3456B", "12a3456b", "12 a 3456 b", "12-A-3456-B"),
    "hcpc": ("PA12345", "pa12345", "pa 12 345", "PYL 1", "odp-1234", "or2", "or 12345", "AS 12"),
    "goc": ("01-12345", "D-1234", "d 123456", "01 1234"),
    "gdc": ("GDC 123", "gdc number: 123456", "123 456 (GDC)", "General Dental Council, 12 34 56"),
    "psni": ("PSNI 1", "psni no. 123456", "Pharmaceutical Society of Northern Ireland: 42"),
    "gosc": ("GOsC 7", "gosc registration number is 1234"),
    "gcc": ("GCC 12", "General Chiropractic Council 999"),
    "hcpc_named": ("HCPC or 2020",),
    "announced": ("registration number 12", "reg. no. 345", "my PIN is 987", "licence no: 11"),
}


@pytest.mark.parametrize("number", [n for numbers in NUMBERS.values() for n in numbers])
def test_registration_numbers_of_every_regulator_are_taken_out(number: str) -> None:
    """However they are spaced or cased; no digit of them stays."""
    left = redacted(f"I lead a team, {number}, and enjoy it.")
    assert MARK in left
    assert not re.search(r"\d", left)
    assert left.startswith("I lead a team") and left.endswith("and enjoy it.")


@pytest.mark.parametrize(
    "address",
    [
        "planted@example.org",
        "planted.one+tag@mail.example.nhs.uk",
        "planted @ example.org",
        "planted (at) example (dot) org",
        "planted [at] example.org",
        "planted at example dot org",
        "https://planted.example.org/about?x=1",
        "www.planted.example",
        "planted.co.uk/me",
        "linkedin.com/in/planted",
        "@planted_doc",
        "07700 900123",
        "+44 (0)20 7946 0958",
        "0044 7700 900 123",
        "(020) 7946 0958",
        "0000-0002-1825-0097",
        "0000 0002 1825 009X",
        "https://orcid.org/0000-0002-1825-0097",
        "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24",
        "SW1A 1AA",
        "ab 12 34 56 c",
        "485 777 3456",
    ],
)
def test_ways_to_reach_or_find_somebody_are_taken_out(address: str) -> None:
    """Mail, web, telephone and whatever identifies a person anywhere."""
    left = redacted(f"Reach me: {address}, please.")
    assert "planted" not in left and not re.search(r"\d", left)
    assert left.endswith("please.")


@pytest.mark.parametrize("said", ["born on 12 March 1985", "DOB: 12/03/85", "born in 1985"])
def test_days_of_birth_are_taken_out(said: str) -> None:
    """Where they are called so."""
    assert redacted(f"I was {said}.") == f"I was {MARK}."


@pytest.mark.parametrize(
    "text",
    [
        "I led 3 teams of 12 people in 2021 and saved £1,250,000 for 45 000 patients.",
        "From 2019-2021 waiting fell by 12.5%, as 2020 showed, for 10 or 20 people.",
        "I had 300 colleagues, i.e. half. And so on. We act at scale; a member of 3 boards.",
        "Nurses, doctors and pharmacists at work: it may, or will, give hope.",
        "",
    ],
)
def test_what_identifies_nobody_stays_as_it_was_written(text: str) -> None:
    """Amounts, years, percentages and ordinary words."""
    assert redacted(text, "Zoë", "Planted") == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zoë", ["Zoë"]),
        ("zoe", ["Zoë"]),
        ("ZOE\u0308", ["Zoë"]),
        ("Zo\u200be", ["Zoe"]),
        ("\uff3a\uff4f\uff45", ["Zoe"]),
        ("Smith-Jones", ["Smith-Jones"]),
        ("Jones", ["Smith-Jones"]),
        ("smith\u2013jones", ["Smith-Jones"]),
        ("Smith Jones", ["Smith-Jones"]),
        ("SmithJones", ["Smith-Jones"]),
        ("O\u2019Brien", ["O'Brien"]),
        ("obrien", ["O'Brien"]),
        ("Mueller", ["Müller"]),
        ("Muller", ["Müller"]),
        ("Lukasz", ["Łukasz"]),
        ("J. M. Smith", ["Jane Mary", "Smith"]),
        ("Smith, J", ["Jane", "Smith"]),
        ("Li Wei", ["Li", "Wei"]),
        ("Jo Li", ["Jo", "Li"]),
        ("janesmith", ["Jane", "Smith"]),
        ("Jane_Smith", ["Jane", "Smith"]),
        ("Hope", ["Hope"]),
        ("May", ["May"]),
    ],
)
def test_names_are_taken_out_however_they_are_spelt(text: str, names: list[str]) -> None:
    """Whole words and parts of them, without regard to case, accents and hyphens."""
    assert redacted(f"It was {text} who led.", *names) == f"It was {MARK} who led."


def test_names_that_are_words_are_taken_out_all_the_same() -> None:
    """Who reads must not be able to tell the one from the other."""
    assert redacted("I will. Will may.", "Will", "May") == f"I {MARK}."


def test_a_name_inside_another_word_stays() -> None:
    """Only whole words are names."""
    text = "Hopeful and anniversary; the manner of Willing people."
    assert redacted(text, "Hope", "Ann", "Will", "Man") == text


def test_a_name_of_two_letters_goes_only_beside_another() -> None:
    """Too many ordinary words are as short."""
    assert redacted("An idea of Do An.", "Do", "An") == f"An idea of {MARK}."
    assert redacted("Do it.", "Do", "Planted") == "Do it."


def test_ids_that_are_named_are_taken_out() -> None:
    """Whatever they look like."""
    assert redacted("As member-00001 I ...", ids=("member-00001",)) == f"As {MARK} I ..."
    assert redacted("As member-000012 I", ids=("member-00001",)) == "As member-000012 I"


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Mn", "Pd", "Zs", "Nd", "Po"]), max_size=60)
NAMES = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=3, max_size=10)


@given(WORDS, NAMES, WORDS)
def test_no_whole_word_of_a_name_stays(before: str, name: str, after: str) -> None:
    """Whatever is around it."""
    left = redacted(f"{before} {name.title()} {after}", name).replace(MARK, " ")
    decomposed = unicodedata.normalize("NFKD", left)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    assert name not in re.findall(r"[^\W\d_]+", plain.casefold())


@given(WORDS)
def test_what_is_not_taken_out_stays_in_its_order(text: str) -> None:
    """Nothing is changed, added or exchanged but for the marks."""
    pieces = redacted(text, "planted").split(MARK)
    place = 0
    for piece in pieces:
        place = text.index(piece, place) + len(piece)
    assert text.endswith(pieces[-1]) and text.startswith(pieces[0])


def test_every_pattern_says_where_its_form_comes_from() -> None:
    """They are data with a source, and names are unique."""
    assert all(each.source for each in REDACTION.patterns)
    assert len({each.name for each in REDACTION.patterns}) == len(REDACTION.patterns)


@pytest.mark.parametrize(
    "piece", ["a", "1", "1 ", "Jane ", "J.", "GDC ", "a@", "born ", "a at ", "www.", "é", "-", "+0"]
)
def test_a_long_answer_does_not_hold_anybody_up(piece: str) -> None:
    """No expression looks at the same letters again and again, which would never end."""
    long = (piece * 20_000)[:20_000]
    assert redacted(long, "Jane", "Ja", "Aa") != f"{long} "
