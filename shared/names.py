"""A name that is not known, and the known ones that were probably meant.

>>> unknown("method", "find_membrs", ["find_members", "get_member"])
'There is no method find_membrs. Did you mean find_members?'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_NEAREST = 3
_SHOWN = 100
_LISTED = 12


def readable(name: str) -> str:
    """The name of a class as people say it.

    >>> readable("OfferRound")
    'offer round'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Known names that are spelt alike, or of which this is a part; the likeliest first."""
    names = sorted(known)
    alike = get_close_matches(name[:_SHOWN], names, _NEAREST)
    around = [each for each in names if name and name in each]
    return list(dict.fromkeys((*alike, *around)))[:_NEAREST]


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """The sentence that refuses a name, with what was probably meant, or all where they are few."""
    names = sorted(known)
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
    sentence = f"There is no {kind} {shown}."
    if meant := nearest(name, names):
        return f"{sentence} Did you mean {' or '.join(meant)}?"
    if 0 < len(names) <= _LISTED:
        return f"{sentence} There are: {', '.join(names)}."
    return sentence
