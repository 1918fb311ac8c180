"""Preferences, the match, offers in rounds until the posts are filled, and placements."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from clients.demo.office import OTHER, THIRD, Answer, Office
from clients.demo.season import Season
from shared import errors

METHODS = {"national": "serial", "sustainability": "deferred_acceptance", "regional": "serial"}
MOST_ROUNDS = 6
# Longer than 48 working hours are, whatever holidays lie between.
_WAIT = timedelta(days=10)
_SEED = 2027


def prefer(office: Office, season: Season, closes_at: datetime) -> None:
    """Those who are ranked say which posts they would take; hosts say whom, where they rank."""
    office.one(
        "programmes.open_preferences",
        cohort_id=season.cohort_id,
        closes_at=closes_at.isoformat(),
    )
    ranked = _applications(office, season, "ranked")
    office.many(
        f"Preferring posts of the {season.scheme.key} scheme",
        (
            office.own(
                "programmes.submit_preferences",
                each["member_id"],
                application_id=each["application_id"],
                tiers=[[post] for post in season.entry(each["application_id"]).choices],
            )
            for each in ranked
        ),
    )
    if METHODS[season.scheme.key] == "deferred_acceptance":
        _rank_by_hosts(office, season, [each["application_id"] for each in ranked])


def _rank_by_hosts(office: Office, season: Season, ids: list[str]) -> None:
    """Each host likes those who like it, in an order of its own with a tie here and there."""
    calls = []
    for post in season.scheme.posts:
        chance = random.Random(f"{_SEED} {post}")
        liking = [id for id in ids if post in season.entry(id).choices]
        chance.shuffle(liking)
        pairs = len(liking) // 4 * 2
        tiers = [liking[n : n + 2] for n in range(0, pairs, 2)]
        tiers += [[id] for id in liking[pairs:]]
        calls.append(
            office.call(
                "programmes.rank_applicants",
                cohort_id=season.cohort_id,
                post_id=post,
                tiers=tiers,
            )
        )
    office.many("Ranking by hosts", calls)


def match(office: Office, season: Season) -> None:
    """The match with its proof, and what another method would have given."""
    method = METHODS[season.scheme.key]
    made = office.one("programmes.run_match", cohort_id=season.cohort_id, method=method)
    season.notes["match_id"] = made["match_id"]
    season.counts["matched"] = made["certificate"]["matched"]
    season.counts["pairs"] = made["certificate"]["pairs"]
    season.counts["blocking"] = made["certificate"]["blocking"]
    other = "serial" if method == "deferred_acceptance" else "deferred_acceptance"
    replayed = office.one("programmes.replay_match", match_id=made["match_id"], method=other)
    season.counts["moved_by_other_method"] = replayed["number"]


def offer(office: Office, season: Season, now: datetime) -> datetime:
    """Rounds of offers until nobody is left or every post is taken; the time when it is done."""
    for number in range(1, MOST_ROUNDS + 1):
        first = {"match_id": season.notes["match_id"]} if number == 1 else {}
        try:
            planned = office.one("programmes.prepare_round", cohort_id=season.cohort_id, **first)
        except errors.FacultyError as refused:
            if refused.code != "programmes.nothing_to_offer":
                raise
            break
        _release(office, season, planned)
        _answer(office, season, number)
        now += _WAIT
        office.go_to(now)
        season.counts["rounds"] = number
    _count(office, season)
    return now


def _release(office: Office, season: Season, planned: Answer) -> None:
    """One approves and another releases, with a reason for what the gate has found."""
    round_id = planned["round_id"]

    def measured() -> bool:
        found = office.one("programmes.check_release", round_id=round_id)["findings"]
        season.notes["findings"] = ", ".join(sorted({each["code"] for each in found})) or "none"
        return not any(each["code"] == "fairness_missing" for each in found)

    office.wait(measured, "the monitor has measured the round")
    season.notes.setdefault("first_findings", season.notes["findings"])
    office.one("programmes.approve_round", by=OTHER, round_id=round_id)
    office.one(
        "programmes.release_round",
        by=THIRD,
        round_id=round_id,
        reason="Looked at with the panel, which found the selection sound; invented.",
    )


def _answer(office: Office, season: Season, number: int) -> None:
    """Most accept, some in the hope of better; some hold, decline, or do not answer in time."""
    open_offers = list(
        office.pages("programmes.find_offers", cohort_id=season.cohort_id, state="open")
    )
    calls = []
    for each in open_offers:
        dice = random.Random(
            f"{_SEED} {number} {season.entry(each['application_id']).who}"
        ).random()
        own = {"offer_id": each["offer_id"]}
        if dice < 0.12:
            season.counts["declined"] += 1
            calls.append(office.own("programmes.decline_offer", each["member_id"], **own))
        elif dice < 0.17:
            season.counts["silent"] += 1
        else:
            calls.append(
                office.own("programmes.accept_offer", each["member_id"], **own, upgrades=dice < 0.5)
            )
    season.counts["offers"] += len(open_offers)
    office.many("Answering offers", calls)


def _count(office: Office, season: Season) -> None:
    states = ("accepted", "declined", "expired", "superseded")
    for state in states:
        found = list(
            office.pages("programmes.find_offers", cohort_id=season.cohort_id, state=state)
        )
        season.counts[f"offers_{state}"] = len(found)


def place(office: Office, seasons: Iterable[Season]) -> None:
    """Everybody who accepted has a placement."""
    for season in seasons:
        accepted = _applications(office, season, "accepted")
        placed = office.many(
            f"Placing fellows of the {season.scheme.key} scheme",
            (
                office.call("programmes.arrange_placement", application_id=each["application_id"])
                for each in accepted
            ),
        )
        season.counts["placed"] = len(placed)


def _applications(office: Office, season: Season, status: str) -> list[Answer]:
    return list(
        office.pages("programmes.find_applications", cohort_id=season.cohort_id, status=status)
    )
