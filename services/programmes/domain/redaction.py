"""Takes what identifies a person out of what they wrote, for those who must not know who it was.

What is sought is data: patterns of addresses and numbers, the names of the person, their ids. Text
is read without accents and in plain characters, so that neither another alphabet's digits nor a
hyphen of another kind hides anything; what stays, stays as it was written.

    >>> redaction = Redaction(number=1, mark="[removed]", patterns=())
    >>> redaction.applied("It was me, Zoe O'Brien-Li!", names=["Zoë", "O'Brien-Li"])
    'It was me, [removed]!'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

# Letters that are no other letter with an accent on it, as they are written without them.
_PLAIN = {
    **{"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O"},
    **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH"},
    **{"ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "\N{LATIN SMALL LETTER DOTLESS I}": "i"},
    **dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}", "'"),
    **dict.fromkeys("\N{MODIFIER LETTER APOSTROPHE}\N{ACUTE ACCENT}", "'"),
}
# Umlauts are written so as well where there is no key for them.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s.,'`_-]{0,3}")
# A shorter word is taken out only beside another of the same name: too many words are "an" or "do".
SHORTEST_NAME = 3
Span = tuple[int, int]


@dataclass(frozen=True)
class Pattern:
    """A kind of address or number, and where its form is described."""

    name: str
    expression: re.Pattern[str]
    source: str


@dataclass(frozen=True)
class Redaction:
    """A version of what is taken out, and the mark that is left in its place."""

    number: int
    mark: str
    patterns: tuple[Pattern, ...]

    def applied(self, text: str, *, names: Iterable[str] = (), ids: Iterable[str] = ()) -> str:
        """The text with a mark in place of whatever identifies."""
        plain, places = _plain(text)
        found = chain(self._matched(plain, ids), _named(plain, frozenset(names)))
        spans = [(places[start], places[end - 1] + 1) for start, end in found if end > start]
        return _marked(text, spans, self.mark)

    def _matched(self, plain: str, ids: Iterable[str]) -> Iterator[Span]:
        of_ids = [
            re.compile(rf"(?<!\w){re.escape(_plain(id)[0])}(?!\w)", re.IGNORECASE) for id in ids
        ]
        for expression in (*(each.expression for each in self.patterns), *of_ids):
            yield from (match.span() for match in expression.finditer(plain))


def _named(plain: str, names: frozenset[str]) -> Iterator[Span]:
    """Names as whole words, with shorter ones and initials of the person that stand beside them."""
    parts = {part for name in names for part in _parts(name)}
    written = parts | {first + second for first in parts for second in parts}
    initials = {part[0].upper() for part in parts}
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(plain):
        if run and not _BETWEEN.fullmatch(plain, run[-1].end(), word.start()):
            yield from _identifying(run)
            run = []
        if word[0].casefold() in written or word[0] in initials:
            run.append(word)
        else:
            yield from _identifying(run)
            run = []
    yield from _identifying(run)


def _identifying(run: Sequence[re.Match[str]]) -> Iterator[Span]:
    """The span of words of a name in a row, if they are more than what anybody may write."""
    words = {word[0].casefold() for word in run if len(word[0]) > 1}
    if len(words) > 1 or any(len(word) >= SHORTEST_NAME for word in words):
        yield run[0].start(), run[-1].end()


def _parts(name: str) -> Iterator[str]:
    """The words of a name, each also as it may be spelt otherwise."""
    for spelling in {name, name.translate(_UMLAUTS)}:
        yield from (word.casefold() for word in _WORD.findall(_plain(spelling)[0]))


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain characters, and of each from which character of the text it comes."""
    if text.isascii():
        return text, range(len(text))
    made: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in _plain_of(character):
            made.append(plain)
            places.append(place)
    return "".join(made), places


def _plain_of(character: str) -> str:
    if character.isascii():
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    parts = unicodedata.normalize("NFKD", character)
    return "".join(map(_of_category, parts))


def _of_category(character: str) -> str:
    match unicodedata.category(character):
        case "Mn" | "Mc" | "Me" | "Cf":
            return ""
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Pd":
            return "-"
        case "Zs" | "Zl" | "Zp":
            return " "
        case _:
            return _PLAIN.get(character, character)


def _marked(text: str, spans: list[tuple[int, int]], mark: str) -> str:
    """A mark in place of each span, one for those that touch or overlap."""
    kept: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start > end or not kept:
            kept += [text[end:start], mark]
        end = max(end, stop)
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
    return "".join([*kept, text[end:]])
