"""How alike two records are, and how the likes of one are found without looking at all of them.

    match = compare(member, other, policy)
    match.score, match.reasons  # 60, (Found(NAME_SAME, 30), Found(BIRTH_SAME, 30))

Whoever reaches the policy's threshold shares more than a name: a birth date, an address, or almost
a registration number. So it is enough to look at those who have the same key of some block, see
``block_keys``, and at those who hold a number that is one slip away, see ``near_keys``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations
from string import ascii_uppercase, digits

from services.membership.domain.people import bare_names, email_key
from services.membership.domain.policies.matching import Matching, MatchReason
from services.membership.domain.registrant import HeldRegistration, Registrant

_PERCENT = 100


@dataclass(frozen=True)
class Found:
    """Something that two records agree in, and what that weighs."""

    reason: MatchReason
    points: int


@dataclass(frozen=True)
class Match:
    """Two records that agree in something; ``member_id`` is the later one of the two."""

    member_id: str
    other_id: str
    reasons: tuple[Found, ...]

    @property
    def score(self) -> int:
        return sum(found.points for found in self.reasons)


def compare(one: Registrant, other: Registrant, policy: Matching) -> Match:
    """What two records agree in; the order of the two does not matter."""
    earlier, later = sorted((one, other), key=lambda each: each.id)
    kinds = (_numbers, _addresses, _names, _births)
    found = (max(_weighed(kind(earlier, later, policy), policy), default=None) for kind in kinds)
    reasons = tuple(Found(each[1], each[0]) for each in found if each is not None)
    return Match(later.id, earlier.id, reasons)


def _weighed(reasons: Iterable[MatchReason], policy: Matching) -> Iterator[tuple[int, MatchReason]]:
    for reason in reasons:
        if points := policy.points.of(reason):
            yield points, reason


def _numbers(one: Registrant, other: Registrant, _policy: Matching) -> Iterator[MatchReason]:
    for held in one.registrations:
        for known in other.registrations:
            if held.regulator == known.regulator and known.number in near_numbers(held.number):
                yield MatchReason.NUMBER_NEAR
            if held.regulator != known.regulator and known.number == held.number:
                yield MatchReason.NUMBER_ELSEWHERE


def _addresses(one: Registrant, other: Registrant, policy: Matching) -> Iterator[MatchReason]:
    if one.email and other.email and policy.mailbox(one.email) == policy.mailbox(other.email):
        yield MatchReason.MAILBOX_SAME


def _names(one: Registrant, other: Registrant, policy: Matching) -> Iterator[MatchReason]:
    given, family = bare_names(one.given_name, one.family_name)
    known_given, known_family = bare_names(other.given_name, other.family_name)
    initial = 1 in (len(given), len(known_given))
    if family == known_family and given == known_given and not initial:
        yield MatchReason.NAME_SAME
    elif family == known_family and initial and given[:1] == known_given[:1]:
        yield MatchReason.NAME_INITIALS
    elif (given, family) == (known_family, known_given):
        yield MatchReason.NAME_SWAPPED
    elif not initial and _similar(
        f"{given} {family}", f"{known_given} {known_family}", policy.similar_percent
    ):
        yield MatchReason.NAME_SIMILAR


def _similar(one: str, other: str, percent: int) -> bool:
    """By the letters that stand in the same order in both, as a share of all.

    https://docs.python.org/3/library/difflib.html#difflib.SequenceMatcher.ratio
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    wanted = percent / _PERCENT
    return matcher.quick_ratio() >= wanted and matcher.ratio() >= wanted


def _births(one: Registrant, other: Registrant, _policy: Matching) -> Iterator[MatchReason]:
    born, known = one.date_of_birth, other.date_of_birth
    if born is None or known is None:
        return
    if born == known:
        yield MatchReason.BIRTH_SAME
    elif (born.year, born.month, born.day) == (known.year, known.day, known.month):
        yield MatchReason.BIRTH_SWAPPED


def near_numbers(number: str) -> set[str]:
    """All numbers with one character other, of the same kind, or two characters exchanged."""
    near = set()
    for index, character in enumerate(number):
        kind = next((kind for kind in (digits, ascii_uppercase) if character in kind), "")
        near |= {number[:index] + other + number[index + 1 :] for other in kind}
    for first, second in combinations(range(len(number)), 2):
        characters = list(number)
        characters[first], characters[second] = characters[second], characters[first]
        near.add("".join(characters))
    return near - {number}


def near_keys(registrations: Iterable[HeldRegistration], regulators: Iterable[str]) -> set[str]:
    """The keys of all registrations that would be near one of these, by codes of regulators."""
    codes, keys = tuple(regulators), set()
    for held in registrations:
        keys |= {f"{held.regulator}:{number}" for number in near_numbers(held.number)}
        keys |= {f"{code}:{held.number}" for code in codes if code != held.regulator}
    return keys


def block_keys(member: Registrant) -> dict[str, str]:
    """What those are looked for by who could be the same person; no policy changes these.

    The two names in the order of the alphabet; the birth date with day and month in order; what
    stands before the @ without a tag and dots, at whichever domain.
    """
    keys = {"block_name": " ".join(sorted(bare_names(member.given_name, member.family_name)))}
    if member.date_of_birth is not None:
        keys["block_dob"] = _birth_block(member.date_of_birth)
    if member.email:
        local = email_key(member.email).rpartition("@")[0]
        local = local.partition("+")[0] or local
        keys["block_email"] = local.replace(".", "") or local
    return keys


def _birth_block(born: date) -> str:
    low, high = sorted((born.month, born.day))
    return f"{born.year:04}{low:02}{high:02}"
