"""A simulated year of three fellow schemes and a thousand applicants, from launch to alumni.

The clock of programmes is put forward to each day on which something is due; what falls due in
between, it does by itself: windows close, offers expire, placements begin.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from clients.demo import fellows, launching, placing, selecting
from clients.demo.office import Office
from clients.demo.sample import DATA
from clients.demo.schemes import Entry
from clients.demo.season import Calendar, Season

# After the last interview the panels meet; preferences are open for two weeks.
_RANKED, _PREFERRED = timedelta(weeks=5), timedelta(weeks=2)


@dataclass
class SchemeYear:
    """What the year brought: one season for each scheme, and the board."""

    seasons: list[Season] = field(default_factory=list)
    board: dict[str, str] = field(default_factory=dict)
    """How the opportunity stood before and after its closing instant."""

    @property
    def applicants(self) -> int:
        """How many applied to all schemes together."""
        return sum(season.counts["applied"] for season in self.seasons)


def entries() -> list[Entry]:
    """Who applies to which scheme, as the sample data have it."""
    with (DATA / "schemes.csv").open(encoding="utf-8", newline="") as file:
        return [
            Entry(row["who"], row["scheme"], int(row["merit"]), tuple(row["choices"].split()))
            for row in csv.DictReader(file)
        ]


def run(office: Office, members: Mapping[str, str], outsider_id: str) -> SchemeYear:
    """Run the whole year; ``members`` are ids by who they are, the outsider comes too late."""
    calendar = Calendar(datetime.now(UTC))
    year = SchemeYear(launching.launch(office, calendar))
    for season in year.seasons:
        mine = [entry for entry in entries() if entry.scheme == season.scheme.key]
        season.entries = {entry.who: entry for entry in mine}
    opportunity_id = _advertise(office, calendar, year)
    office.go_to(calendar.opens_at)
    launching.apply(office, year.seasons, members)
    office.go_to(calendar.closes_at)
    launching.apply_late(office, year.seasons[-1], outsider_id)
    year.board["after"] = _on_board(office, opportunity_id)
    _select(office, year, calendar)
    _offer(office, year, calendar)
    office.go_to(calendar.at(calendar.starts_on))
    fellows.learn(office, year.seasons[-1], calendar)
    office.go_to(calendar.at(calendar.ends_on, 12))
    fellows.complete(office, year.seasons, calendar)
    return year


def _select(office: Office, year: SchemeYear, calendar: Calendar) -> None:
    national, sustainability, _ = year.seasons
    selecting.review(office, year.seasons)
    selecting.shortlist(office, year.seasons)
    selecting.interview(office, national, calendar)
    selecting.assess(office, sustainability)
    selecting.rank(office, year.seasons)


def _offer(office: Office, year: SchemeYear, calendar: Calendar) -> None:
    now = calendar.at(calendar.interviews_on) + _RANKED
    office.go_to(now)
    for season in year.seasons:
        placing.prefer(office, season, now + _PREFERRED)
    now += _PREFERRED
    office.go_to(now)
    for season in year.seasons:
        placing.match(office, season)
        now = placing.offer(office, season, now)
    placing.place(office, year.seasons)


def _advertise(office: Office, calendar: Calendar, year: SchemeYear) -> str:
    """An opportunity on the board, which closes with the schemes' windows."""
    drafted = office.one(
        "programmes.draft_opportunity",
        title="Clinical lead, one day a week",
        organisation="Invented Hospital 07",
        kind="vacancy",
        nation="england",
        summary="A day a week for a year, to lead the redesign of a service.",
        details="Invented for the demonstration; members read how to apply here.",
        closes_at=calendar.closes_at.isoformat(),
    )
    opportunity_id = str(drafted["teaser"]["opportunity_id"])
    office.one("programmes.publish_opportunity", opportunity_id=opportunity_id)
    year.board["before"] = _on_board(office, opportunity_id)
    return opportunity_id


def _on_board(office: Office, opportunity_id: str) -> str:
    """Whether anybody, without a token, finds it on the board."""
    page = office.faculty.call("programmes.find_opportunities", limit=200)
    found = any(each["opportunity_id"] == opportunity_id for each in page["items"])
    return "on the board" if found else "gone"
