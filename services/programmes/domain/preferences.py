"""Which posts applicants would take, and which applicants a host would: in tiers, best first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.programmes.domain.matching import Tiers
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import NotReadyToMatch, NotToBeMatched, PreferencesClosed
from shared.errors import Invalid
from shared.events import Aggregate

# From when it is known who has a chance until ranks are settled.
RANKING = frozenset(
    {
        ApplicationStatus.SHORTLISTED,
        ApplicationStatus.RESERVE,
        ApplicationStatus.INTERVIEWED,
        ApplicationStatus.RANKED,
    }
)


def checked(tiers: Sequence[Sequence[str]], known: Collection[str], what: str) -> Tiers:
    """The tiers, or Invalid naming every entry that is unknown or there twice."""
    faults: dict[str, list[str]] = {}
    seen: set[str] = set()
    for place, tier in enumerate(tiers):
        if not tier:
            faults[f"tiers.{place}"] = ["Must not be empty."]
        for position, id in enumerate(tier):
            if id in seen:
                faults[f"tiers.{place}.{position}"] = [f"This {what} stands there already."]
            elif id not in known:
                faults[f"tiers.{place}.{position}"] = [f"There is no such {what} here."]
            seen.add(id)
    if faults:
        raise Invalid(f"The order of {what}s is not valid.", fields=faults)
    return tuple(tuple(tier) for tier in tiers)


@dataclass
class Preferences(Aggregate):
    """The posts that one applicant would take; the id is that of the application."""

    id: str
    cohort_id: str
    member_id: str
    tiers: Tiers
    submitted_at: datetime

    def submit(self, tiers: Tiers, now: datetime) -> None:
        """Replace what was there; the same again changes nothing."""
        if tiers != self.tiers:
            self.tiers, self.submitted_at = tiers, now

    def forget(self) -> None:
        """Let go of what somebody wished for."""
        self.tiers = ()


def require_open(until: datetime | None, now: datetime) -> None:
    """Raises PreferencesClosed unless preferences are taken now."""
    if until is None or now >= until:
        raise PreferencesClosed(closes_at=until.isoformat() if until else None, now=now.isoformat())


def require_closed(until: datetime | None, now: datetime, wishes: Iterable[Tiers]) -> None:
    """Raises NotReadyToMatch unless preferences were taken, are closed, and somebody has some."""
    if until is None:
        state, why = "not_opened", "Nobody was asked for preferences; open_preferences comes first."
    elif now < until:
        state = "open"
        why = f"Preferences are taken until {until.isoformat()}; run_match once that is past."
    elif not any(wishes):
        state = "empty"
        why = "Nobody who takes part has named a post; open_preferences gives more time."
    else:
        return
    closes_at = until.isoformat() if until else None
    raise NotReadyToMatch(why, state=state, closes_at=closes_at, now=now.isoformat())


def require_ranking(application_id: str, status: ApplicationStatus, *, paused: bool) -> None:
    """Raises NotToBeMatched for who is not, or no longer, in the running."""
    if paused or status not in RANKING:
        raise NotToBeMatched(
            application_id=application_id,
            status=status.value,
            paused=paused,
            needed=sorted(each.value for each in RANKING),
        )


@dataclass
class HostRanking(Aggregate):
    """The applicants that the host of a post would take, where it ranks."""

    id: str
    cohort_id: str
    post_id: str
    tiers: Tiers
    number: int = 1
    """How often the host has ranked."""

    @staticmethod
    def key(cohort_id: str, post_id: str) -> str:
        """The id of a host's ranking."""
        return f"{cohort_id}:{post_id}"

    def replace(self, tiers: Tiers) -> None:
        """Rank otherwise; the same again changes nothing."""
        if tiers != self.tiers:
            self.tiers = tiers
            self.number += 1
