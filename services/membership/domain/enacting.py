"""The versions of the policy on professions that follow from decisions, derived from those by hand.

What the policy says on a day is the last version made by hand, and over it every decision in force
by then of which that version does not take account. Derived versions put this down, one for each
day on which it becomes something else, so that every decision of the service can name the version
it used. A version made by hand takes account of the decisions in force when it was proposed, on the
day for which it was; about them it has the last word.

A day on which a version comes into force is taken for those made by hand. A derived one is the next
revision of that day: it begins where the one before it ends, which nobody has to change. Of two
made at once for one day the store keeps one, and who comes too late derives anew, from that one. So
two professions changed for one day both are, and a version that comes into force later, even if it
was activated earlier, or proposed before and activated afterwards, does not undo a change of which
its authors could not know.

A past day is left alone: a decision that could not be put down in time is in force from today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.membership.domain.decisions import Decision
from services.membership.domain.policies.book import body_of
from services.membership.domain.policies.professions import Professions
from services.membership.domain.policies.versions import PolicyVersion, Version, Versions

KIND = "professions"


@dataclass(frozen=True)
class _Decided:
    """The decisions in force on a day, by profession in the order in which they were made."""

    by_profession: dict[str, list[Decision]]

    @classmethod
    def by(cls, day: date, decisions: Iterable[Decision]) -> _Decided:
        found: dict[str, list[Decision]] = {}
        for decision in decisions:
            if decision.effective_from <= day:
                found.setdefault(decision.profession, []).append(decision)
        return cls(found)

    @property
    def all(self) -> tuple[Decision, ...]:
        return tuple(each for made in self.by_profession.values() for each in made)

    def unknown_to(self, root: Version[Professions]) -> dict[str, list[Decision]]:
        """Of the professions about the last decision of which a version does not know."""
        return {
            profession: made
            for profession, made in self.by_profession.items()
            if made[-1].id not in root.includes
        }

    def over(self, root: Version[Professions]) -> Professions:
        """What a version says, but for those professions."""
        return root.policy.with_entries(made[-1].entry for made in self.unknown_to(root).values())


def next_version(
    versions: Versions[Professions], decisions: Iterable[Decision], today: date
) -> PolicyVersion | None:
    """The earliest version that is wanting; None when the policy says all that was decided.

    ``decisions`` of one profession are in the order in which they were made.
    """
    decisions = tuple(decisions)
    for day in _days(versions, decisions, today):
        root, now, decided = _root(versions, day), versions.on(day), _Decided.by(day, decisions)
        outdated = now.root not in (None, root.version)
        known = root.includes if outdated else now.includes
        unknown = [each for made in decided.unknown_to(root).values() for each in made]
        wanting = [each for each in unknown if each.id not in known]
        if wanting or outdated:
            return _derived(root, now, decided, wanting or unknown or decided.all, day, today)
    return None


def _days(
    versions: Versions[Professions], decisions: tuple[Decision, ...], today: date
) -> list[date]:
    """From today on, the days on which the policy may become something else."""
    days = {max(decision.effective_from, today) for decision in decisions}
    days |= {version.effective_from for version in versions.all if version.effective_from > today}
    return sorted(days | {today})


def _root(versions: Versions[Professions], day: date) -> Version[Professions]:
    """The version made by hand that is in force on a day, or would be without derived ones."""
    by_hand = (version for version in versions.all if version.root is None)
    return Versions.of(versions.kind, by_hand).on(day)


def _derived(
    root: Version[Professions],
    now: Version[Professions],
    decided: _Decided,
    because_of: Sequence[Decision],
    day: date,
    today: date,
) -> PolicyVersion:
    newest = max(because_of, key=lambda decision: (decision.decided_on, decision.id))
    later = "" if newest.effective_from == day else f".{day:%Y%m%d}"
    policy = decided.over(root)
    version = Version(
        version=f"{root.version}+{newest.id}{later}",
        effective_from=day,
        policy=policy,
        revision=now.revision + 1 if now.effective_from == day else 0,
        root=root.version,
        includes=tuple(dict.fromkeys((*root.includes, *(each.id for each in decided.all)))),
    )
    source = f"Version {root.version} with the decisions about professions made since."
    return PolicyVersion.derive(KIND, version, body_of(policy), source, today)
