"""Applications are reviewed blind, shortlisted, interviewed or assessed, and ranked."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from clients.demo.office import OTHER, Answer, Office
from clients.demo.season import Calendar, Season

REVIEWERS = tuple(f"reviewer-{number:02}@faculty" for number in range(1, 41))
SHORTLISTED_A_POST, RESERVES_A_POST = 3, 1
_CRITERIA = ("leadership", "improvement", "motivation")
_HIGHEST = 10
_SEED = 2026


def review(office: Office, seasons: Iterable[Season]) -> None:
    """Reviewers are taken into the pool and score what they are given, without names."""
    office.many(
        "Adding reviewers",
        (office.call("programmes.add_reviewer", reviewer_id=id, capacity=100) for id in REVIEWERS),
    )
    for season in seasons:
        cohort_id = season.cohort_id
        listed = office.one("programmes.longlist", cohort_id=cohort_id)
        season.counts["longlisted"] = len(listed["longlisted"])
        office.one("programmes.appoint_reviewers", cohort_id=cohort_id, reviewer_ids=REVIEWERS)
        allocated = office.one("programmes.allocate_reviews", cohort_id=cohort_id)
        loads = allocated["loads"].values()
        season.notes["loads"] = f"{min(loads)} to {max(loads)}"
        _score(office, season)
        _moderate(office, season)
        office.one("programmes.close_scoring", cohort_id=cohort_id)
        ranked = office.one("programmes.rank_reviews", cohort_id=cohort_id)
        season.counts["reviewed"] = ranked["ranked"]


def _score(office: Office, season: Season) -> None:
    reviews = list(office.pages("programmes.find_reviews", cohort_id=season.cohort_id))
    read = office.many(
        f"Reading for the {season.scheme.key} scheme",
        (
            office.call(
                "programmes.get_review",
                by=review["reviewer_id"],
                role="reviewer",
                review_id=review["review_id"],
            )
            for review in reviews
        ),
    )
    office.many(
        f"Reviewing the {season.scheme.key} scheme",
        (
            office.call(
                "programmes.score_review",
                by=review["reviewer_id"],
                role="reviewer",
                review_id=review["review_id"],
                edition=shown["edition"],
                scores=_found(season, review["application_id"], review["reviewer_id"]),
            )
            for review, shown in zip(reviews, read, strict=True)
        ),
    )
    season.counts["reviews"] = len(reviews)


def _moderate(office: Office, season: Season) -> None:
    """Where two reviewers differ too much, three of the panel agree on scores."""
    outliers = list(office.pages("programmes.find_outliers", cohort_id=season.cohort_id))
    office.many(
        "Moderating",
        (
            office.call(
                "programmes.moderate",
                application_id=outlier["application_id"],
                scores=_found(season, outlier["application_id"], "panel"),
                moderators=REVIEWERS[:3],
                reason="The panel read it again; invented.",
            )
            for outlier in outliers
        ),
    )
    season.counts["moderated"] = len(outliers)


def _found(season: Season, application_id: str, by: str) -> dict[str, int]:
    """What somebody finds in an application: its merit, give or take a little."""
    merit = season.entry(application_id).merit
    chance = random.Random(f"{_SEED} {season.entry(application_id).who} {by}")
    return {
        name: min(_HIGHEST, max(0, round(merit / 10 + chance.gauss(0, 1)))) for name in _CRITERIA
    }


def shortlist(office: Office, seasons: Iterable[Season]) -> None:
    """About three for each post, and some reserves; the rest go no further."""
    for season in seasons:
        answer = office.one(
            "programmes.shortlist",
            cohort_id=season.cohort_id,
            take=season.places * SHORTLISTED_A_POST,
            reserves=season.places * RESERVES_A_POST,
            reject_rest=True,
        )
        season.counts["shortlisted"] = len(answer["shortlisted"])
        season.counts["reserves"] = len(answer["reserves"])


def interview(office: Office, season: Season, calendar: Calendar) -> None:
    """Slots are offered, booked by the applicants, held, and scored by their panels."""
    chosen = _in(office, season, "shortlisted")
    times = list(_times(len(chosen), calendar))
    added = office.one("programmes.add_slots", cohort_id=season.cohort_id, slots=times)
    slots = list(zip(added["slot_ids"], times, chosen, strict=True))
    office.many(
        "Booking interviews",
        (
            office.own("programmes.book_slot", each["member_id"], slot_id=slot_id)
            for slot_id, _, each in slots
        ),
    )
    office.go_to(calendar.at(calendar.interviews_on + timedelta(weeks=4)))
    office.many(
        "Scoring interviews",
        (
            office.call(
                "programmes.score_interview",
                by=reviewer,
                role="reviewer",
                slot_id=slot_id,
                scores=_found(season, each["application_id"], f"interview {reviewer}"),
            )
            for slot_id, time, each in slots
            for reviewer in time["panel"]
        ),
    )
    season.counts["interviewed"] = len(slots)


def _times(number: int, calendar: Calendar) -> Iterator[dict[str, Any]]:
    """Half hours with panels of two, all panels at work at once, on as many days as it takes."""
    panels = [REVIEWERS[n : n + 2] for n in range(0, 12, 2)]
    for position in range(number):
        panel = panels[position % len(panels)]
        place_in_day, days = (position // len(panels)) % 12, position // len(panels) // 12
        day = calendar.interviews_on + timedelta(days=days)
        starts_at = calendar.at(day) + timedelta(minutes=30 * place_in_day)
        yield {
            "starts_at": starts_at.isoformat(),
            "minutes": 30,
            "mode": "online",
            "panel": panel,
        }


def assess(office: Office, season: Season) -> None:
    """Marks come from elsewhere: first the column of ranks by mistake, then the scores."""
    chosen = [each["application_id"] for each in _in(office, season, "shortlisted")]
    marks = {id: season.entry(id).merit for id in chosen}
    by_mark = sorted(chosen, key=lambda id: -marks[id])
    ranks = {id: place for place, id in enumerate(by_mark, start=1)}
    season.notes["ranks_as_scores"] = office.refusal(
        "programmes.import_scores",
        cohort_id=season.cohort_id,
        sheet=_sheet(ranks, highest=len(chosen)),
    )
    sheet = _sheet(marks, highest=100)
    tried = office.one(
        "programmes.import_scores", cohort_id=season.cohort_id, sheet=sheet, dry_run=True
    )
    season.counts["marks"] = tried["matched"]
    kept = office.one("programmes.import_scores", cohort_id=season.cohort_id, sheet=sheet)
    if kept["state"] == "held":
        office.one(
            "programmes.confirm_scores",
            by=OTHER,
            sheet_id=kept["sheet_id"],
            reason="Seen the invented marking sheet: the higher the better.",
        )


def _sheet(marks: dict[str, int], highest: int) -> dict[str, object]:
    return {
        "name": "assessment",
        "marked_by": "Invented Assessment Centre",
        "instrument": "Situational judgement, invented",
        "column": {
            "kind": "score",
            "lowest": 0,
            "highest": highest,
            "higher_is_better": True,
        },
        "rows": [{"application_id": id, "value": str(mark)} for id, mark in marks.items()],
    }


def rank(office: Office, seasons: Iterable[Season]) -> None:
    """The final ranking, checked by making it again; who is not in it goes no further."""
    for season in seasons:
        made = office.one("programmes.rank_final", cohort_id=season.cohort_id, reject_rest=True)
        season.counts["ranked"] = len(made["entries"])
        checked = office.one("programmes.verify_ranking", cohort_id=season.cohort_id, stage="final")
        season.notes["reproduced"] = "yes" if checked["reproduced"] else "no"


def _in(office: Office, season: Season, status: str) -> list[Answer]:
    return list(
        office.pages("programmes.find_applications", cohort_id=season.cohort_id, status=status)
    )
