"""Names, e-mail addresses and birth dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain import people
from tests.unit.membership.builders import TODAY


@pytest.mark.parametrize(
    "name",
    [
        "Siân",
        "O'Brien-Jones",
        "van der Berg",
        "Łukasz",
        "李",
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        "Ng",
        "d\u2019Arcy",
        "J.",
    ],
)
def test_names_of_people_are_accepted(name: str) -> None:
    """Names in any script, with what names contain, are names."""
    assert people.name_faults(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+44",
        "-Ann",
        "@SUM(A1)",
        "\tAnn",
        "\rAnn",
        " =HYPERLINK()",
        "\uff1dcmd",
        "\uff0bcmd",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_no_name(name: str) -> None:
    """Formula injection is refused, also after spaces and with full-width signs."""
    [reason] = people.name_faults(name)
    assert reason.startswith("Must not begin with")


@pytest.mark.parametrize(
    "name", ["An\x00n", "An\nn", "An\x1bn", "An\u202en", "An\u2028n", "\x7fAnn"]
)
def test_control_characters_are_no_part_of_a_name(name: str) -> None:
    """Neither control characters nor those that reorder or break a line are let through."""
    assert people.name_faults(name) == ["Must not contain control characters."]


def test_a_name_has_letters_and_a_length() -> None:
    """A name has a letter and at most 100 characters."""
    assert people.name_faults("  ") == people.name_faults("123") == ["Must contain a letter."]
    assert people.name_faults("a" * 100) == []
    assert people.name_faults("a" * 101) == ["Must be at most 100 characters."]


@settings(deadline=None)
@given(st.text(max_size=120))
def test_an_accepted_name_stays_accepted_when_tidied(name: str) -> None:
    """Tidying is stable and never makes a bad name out of a good one."""
    tidy = people.tidy_name(name)
    assert people.tidy_name(tidy) == tidy
    if not people.name_faults(name):
        assert people.name_faults(tidy) == []
        assert tidy[0] not in "=+-@"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@b",
        "a b@c.org",
        "a@b..org",
        "a@@b.org",
        "=a@b.org",
        "@b.org",
        "a@b.org\r\nBcc: x",
    ],
)
def test_what_is_no_email_is_refused(email: str) -> None:
    """No domain, a space, a formula or a second header line: not an address."""
    assert people.email_faults(email) != []


def test_an_email_has_a_length() -> None:
    """An address may have 254 characters and no more."""
    longest = f"a@{'b' * 246}.co.uk"
    assert len(longest) == 254
    assert people.email_faults(longest) == []
    assert people.email_faults(longest + "k") != []


def test_an_email_is_one_in_any_case() -> None:
    """Two spellings of an address have one key."""
    assert people.email_key(" Sian@Example.ORG ") == people.email_key("sian@example.org")


@pytest.mark.parametrize(
    ("born", "accepted"),
    [
        (TODAY + timedelta(days=1), False),
        (TODAY, False),
        (date(2010, 11, 24), False),
        (date(2010, 11, 23), True),
        (date(1916, 11, 23), True),
        (date(1915, 11, 24), True),
        (date(1915, 11, 23), False),
        (date(1, 1, 1), False),
    ],
)
def test_an_applicant_is_between_16_and_110(born: date, accepted: bool) -> None:
    """The youngest is 16 today and the oldest has not turned 111."""
    assert (people.birth_date_faults(born, TODAY) == []) is accepted


def test_a_leap_day_birthday_is_on_the_first_of_march() -> None:
    """Born on 29 February, one is a year older from 1 March in common years."""
    assert people.age_on(date(2026, 2, 28), date(2008, 2, 29)) == 17
    assert people.age_on(date(2026, 3, 1), date(2008, 2, 29)) == 18


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_age_counts_birthdays(born: date, day: date) -> None:
    """Age never falls as days pass, and is a year more after a year."""
    if day < date.max:
        assert people.age_on(day + timedelta(days=1), born) >= people.age_on(day, born)
    if day.year < 9999 and (day.month, day.day) != (2, 29):
        assert people.age_on(day.replace(year=day.year + 1), born) == people.age_on(day, born) + 1


@pytest.mark.parametrize(
    ("given", "family", "listed_given", "listed_family"),
    [
        ("Siân", "Müller", "SIAN", "MULLER"),
        ("Siân Mair", "O'Brien", "Sian", "OBRIEN"),
        ("S", "Smith-Jones", "Sian Mair", "Smith Jones"),
        ("Sian", "Łukasz", "S.", "Lukasz"),
        ("Anne-Marie", "Strauß", "Anne", "STRAUSS"),
        ("J.P.", "d\u2019Arcy", "John Paul", "D'Arcy"),
        ("Bjørn", "Sæther", "Bjorn", "Saether"),
        ("明", "李", "明", "李"),
    ],
)
def test_one_persons_name_in_two_spellings(
    given: str, family: str, listed_given: str, listed_family: str
) -> None:
    """Case, accents, hyphens, further given names and initials make no other person."""
    assert people.same_person(given, family, listed_given, listed_family)
    assert people.same_person(listed_given, listed_family, given, family)


@pytest.mark.parametrize(
    ("given", "family", "listed_given", "listed_family"),
    [
        ("Sian", "Jones", "Sian", "Johns"),
        ("Sian", "Jones", "Mair", "Jones"),
        ("S", "Jones", "Mair", "Jones"),
        ("Si", "Jones", "Sian", "Jones"),
        ("Sian", "Jones", "Jones", "Sian"),
        ("Mair Sian", "Jones", "Sian", "Jones"),
    ],
)
def test_two_peoples_names(given: str, family: str, listed_given: str, listed_family: str) -> None:
    """Another family name, or another first given name, is another person."""
    assert not people.same_person(given, family, listed_given, listed_family)


@settings(deadline=None)
@given(st.text("aA éÉ'-.", min_size=1, max_size=12), st.text("bB üÜ'-.", min_size=1, max_size=12))
def test_everybody_has_their_own_name(given_name: str, family_name: str) -> None:
    """A name agrees with itself in upper case."""
    assert people.same_person(given_name, family_name, given_name.upper(), family_name.upper())
