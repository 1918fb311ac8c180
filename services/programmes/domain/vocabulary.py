"""The words by which membership speaks of members, so that a rule cannot name what nobody is.

Membership's events carry them, and a slip in a rule would leave everybody out without a sound. A
list that is closed holds all there are; to one that is open membership may have added since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.programmes.domain.eligibility import Word
from services.programmes.domain.terms import Faults
from shared.errors import Invalid
from shared.events import items, text
from shared.names import nearest, unknown


@dataclass(frozen=True, kw_only=True)
class WordList:
    """The words of one kind, which ``name`` says in the singular."""

    name: str = text(60)
    open: bool
    source: str = text(500)
    words: tuple[Word, ...] = items(500, min_length=1)

    def doubt(self, word: str) -> str:
        """What is said of a word that is not on the list."""
        if not self.open:
            return unknown(self.name, word, self.words)
        meant = nearest(word, self.words)
        hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
        return f"No {self.name} {word} is known here, so it may be nobody's.{hint}"


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """All lists, by what they are called wherever they are asked for."""

    professions: WordList
    career_stages: WordList
    grades: WordList
    registration_statuses: WordList
    domains: WordList

    def faults(self, used: Mapping[str, Sequence[str]]) -> Faults:
        """A reason for every word that cannot be, by ``<path>.<position>``.

        ``used`` are words by their path, which ends in the name of their list.
        """
        return dict(self._doubts(used, open=False))

    def warnings(self, used: Mapping[str, Sequence[str]]) -> Faults:
        """The same for every word that may be one, but is not known here."""
        return dict(self._doubts(used, open=True))

    def require(self, **used: Sequence[str]) -> None:
        """Raises Invalid naming every word that cannot be."""
        if faults := self.faults(used):
            raise Invalid("There is no such word.", fields=faults)

    def _doubts(
        self, used: Mapping[str, Sequence[str]], *, open: bool
    ) -> Iterator[tuple[str, list[str]]]:
        for path, words in used.items():
            listed: WordList = getattr(self, path.rpartition(".")[2])
            for position, word in enumerate(words if listed.open is open else ()):
                if word not in listed.words:
                    yield f"{path}.{position}", [listed.doubt(word)]
