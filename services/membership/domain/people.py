"""Names, e-mail addresses and birth dates: what is accepted, and when two names are one person's.

>>> same_person("Siân", "O'Brien-Jones", "S", "OBRIEN JONES")
True
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

NAME_LIMIT = 100
EMAIL_LIMIT = 254
YOUNGEST, OLDEST = 16, 110

# A spreadsheet runs a cell that begins so: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = tuple("=+-@\t\r")
_JOINERS = "\u200c\u200d"  # needed to spell some Persian and Indic names
_UNPRINTABLE = ("C", "Zl", "Zp")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
# Letters that Unicode does not decompose, with the spelling registers use for them.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


def begins_a_formula(text: str) -> bool:
    """Whether a spreadsheet would compute the text; full-width signs count too."""
    return unicodedata.normalize("NFKC", text.lstrip(" ")).startswith(_FORMULA_STARTS)


def _has_unprintable(text: str) -> bool:
    return any(
        unicodedata.category(character).startswith(_UNPRINTABLE) and character not in _JOINERS
        for character in text
    )


def tidy_name(name: str) -> str:
    """The name in composed form with single spaces, the form that is stored."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def name_faults(name: str) -> list[str]:
    """Why the text cannot be a name; empty when it can."""
    if begins_a_formula(name):
        return ["Must not begin with =, +, -, @, a tab or a carriage return."]
    if _has_unprintable(name):
        return ["Must not contain control characters."]
    if len(tidy_name(name)) > NAME_LIMIT:
        return [f"Must be at most {NAME_LIMIT} characters."]
    if not any(character.isalpha() for character in name):
        return ["Must contain a letter."]
    return []


def email_faults(email: str) -> list[str]:
    """Why the text cannot be an e-mail address; empty when it can."""
    if begins_a_formula(email):
        return ["Must not begin with =, +, -, @, a tab or a carriage return."]
    if _has_unprintable(email) or not _EMAIL.fullmatch(email):
        return ["Not a valid email address."]
    if len(email) > EMAIL_LIMIT:
        return [f"Must be at most {EMAIL_LIMIT} characters."]
    return []


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return unicodedata.normalize("NFC", email.strip().casefold())


def age_on(day: date, born: date) -> int:
    """Completed years; someone born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birth_date_faults(born: date, today: date) -> list[str]:
    """Why the date cannot be an applicant's birth date; empty when it can."""
    if born > today:
        return ["Must not be in the future."]
    if not YOUNGEST <= age_on(today, born) <= OLDEST:
        return [f"Age must be from {YOUNGEST} to {OLDEST} years."]
    return []


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _family(name: str) -> str:
    return "".join(character for character in _folded(name) if character.isalpha())


def _first_given(name: str) -> str:
    tokens = re.split(r"[\s.\-\u2010\u2011]+", _folded(name))
    letters = ("".join(c for c in token if c.isalpha()) for token in tokens)
    return next((token for token in letters if token), "")


def bare_names(given: str, family: str) -> tuple[str, str]:
    """The first given name and the family name, as ``same_person`` compares them.

    >>> bare_names("Siân Mair", "O'Brien-Jones")
    ('sian', 'obrienjones')
    """
    return _first_given(given), _family(family)


def search_name(*names: str) -> str:
    """Names in the form in which they are searched: no case, no accents, single spaces.

    >>> search_name("O'Neill-Jones", "Siân")
    "o'neill-jones sian"
    """
    return " ".join(_folded(" ".join(names)).split())


def same_person(given: str, family: str, other_given: str, other_family: str) -> bool:
    """Whether a name on a register is the applicant's.

    Family names must have the same letters once case, accents, spaces, hyphens and apostrophes are
    put aside. Of the given names only the first counts, compared in the same way; an initial agrees
    with any name that begins with it.
    """
    if _family(family) != _family(other_family):
        return False
    first, other = _first_given(given), _first_given(other_given)
    if len(first) == 1 or len(other) == 1:
        return first[:1] == other[:1]
    return first == other
