"""What members are asked to consent to, by which channels, and in which words.

What somebody consented to is the wording they saw, so a wording is never edited: other words are
another version, and old versions stay listed for as long as forms with them are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.membership.domain.policies.faults import Faults
from services.membership.domain.terms import CODE, VERSION
from shared.events import items, text

if TYPE_CHECKING:
    from services.membership.domain.policies.versions import Versions


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What messages are for; ``lawful_basis`` says why consent is needed."""

    code: str = text(40, pattern=CODE)
    title: str = text(100)
    lawful_basis: str = text(500)
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way to reach somebody."""

    code: str = text(40, pattern=CODE)
    title: str = text(100)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words by which consent to a purpose is asked for."""

    purpose: str = text(40)
    version: str = text(40, pattern=VERSION)
    words: str = text(4_000)
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class Consents:
    """Purposes, channels and wordings."""

    purposes: tuple[Purpose, ...] = items(50, min_length=1)
    channels: tuple[Channel, ...] = items(20, min_length=1)
    wordings: tuple[Wording, ...] = items(500, min_length=1)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Codes and versions used twice, and wordings and purposes without each other."""
        codes = [purpose.code for purpose in self.purposes]
        yield from Faults.repeated("purposes", "code", codes)
        yield from Faults.repeated("channels", "code", [each.code for each in self.channels])
        keys = [f"{wording.purpose} {wording.version}" for wording in self.wordings]
        yield from Faults.repeated("wordings", "version", keys)
        for index, wording in enumerate(self.wordings):
            if wording.purpose not in codes:
                yield f"wordings.{index}.purpose", f"Must be one of: {', '.join(codes)}."
        worded = {wording.purpose for wording in self.wordings}
        for index, code in enumerate(codes):
            if code not in worded:
                yield f"purposes.{index}.code", "Has no wording."


@dataclass(frozen=True)
class Asked:
    """All that members had been asked by a day, by whichever versions of the policy."""

    purposes: frozenset[str]
    channels: frozenset[str]
    wordings: frozenset[tuple[str, str]]

    @classmethod
    def by(cls, versions: Versions[Consents], day: date) -> Asked:
        """What the versions in force up to a day name; before the first, what the first names."""
        begun = [each.policy for each in versions.all if each.effective_from <= day]
        policies = begun or [versions.on(day).policy]
        return cls(
            frozenset(each.code for policy in policies for each in policy.purposes),
            frozenset(each.code for policy in policies for each in policy.channels),
            frozenset((w.purpose, w.version) for policy in policies for w in policy.wordings),
        )

    def faults(
        self, purpose: str, channel: str, wording_version: str | None
    ) -> dict[str, list[str]]:
        """What nobody can have been asked, by field; without a wording that is not looked at."""
        known = sorted(version for code, version in self.wordings if code == purpose)
        fields = {}
        if purpose not in self.purposes:
            fields["purpose"] = [f"Must be one of: {', '.join(sorted(self.purposes))}."]
        elif wording_version is not None and wording_version not in known:
            fields["wording_version"] = [f"Must be one of: {', '.join(known)}."]
        if channel not in self.channels:
            fields["channel"] = [f"Must be one of: {', '.join(sorted(self.channels))}."]
        return fields
