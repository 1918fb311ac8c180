"""Prints what the year of schemes brought: one column for each scheme."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from clients.demo.scheme_year import SchemeYear
from clients.demo.season import Season

_ROWS = (
    ("Applied", "applied"),
    ("Reviews, blind", "reviews"),
    ("Moderated", "moderated"),
    ("Shortlisted", "shortlisted"),
    ("Reserves", "reserves"),
    ("Interviewed", "interviewed"),
    ("Ranked", "ranked"),
    ("Posts", "places"),
    ("Matched", "matched"),
    ("Pairs that would rather", "blocking"),
    ("Rounds of offers", "rounds"),
    ("Offers made", "offers"),
    ("Declined", "offers_declined"),
    ("Expired unanswered", "offers_expired"),
    ("Replaced by a better one", "offers_superseded"),
    ("Accepted", "offers_accepted"),
    ("Placed", "placed"),
    ("Completed", "completed"),
)


def print_year(console: Console, year: SchemeYear) -> None:
    """The table, and what cannot be counted."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("")
    for season in year.seasons:
        shown.add_column(season.scheme.key.capitalize(), justify="right")
    for title, name in _ROWS:
        shown.add_row(title, *(f"{_count(season, name):,}" for season in year.seasons))
    console.print(shown)
    for sentence in sentences(year):
        console.print(sentence)


def _count(season: Season, name: str) -> int:
    return season.places if name == "places" else season.counts[name]


def sentences(year: SchemeYear) -> Iterator[str]:
    """What happened beside the numbers."""
    national, sustainability, regional = year.seasons
    yield (
        "Somebody who applied a moment after the window had closed was refused: "
        f"{regional.notes['late']}"
    )
    yield (
        "A column of ranks that was imported as scores by mistake was refused: "
        f"{sustainability.notes['ranks_as_scores']}"
    )
    yield (
        "Before its first round of offers the gate found in the national scheme: "
        f"{national.notes['first_findings']}; it was released by a second person with a reason."
    )
    yield (
        f"By the other method {sustainability.counts['moved_by_other_method']} applicants of the "
        "sustainability scheme would have got something else."
    )
    yield (
        f"{regional.counts['booked']} fellows had a place at a session and "
        f"{regional.counts['waiting']} waited; those who came travelled "
        f"{regional.counts['rail_km']:,} km by rail."
    )
    yield (
        f"Anybody who is shown certificate {national.notes['code']} learns that it is "
        f"{national.notes['verified']}."
    )
    yield (
        f"A vacancy was {year.board['before']} until its closing instant, then "
        f"{year.board['after']}."
    )
