"""The year of the fellows: sessions, reports, completion, certificates and what comes after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from clients.demo.office import Answer, Office
from clients.demo.season import Calendar, Season

REPORTS = ("start", "mid", "final")
ASKED = ("content", "delivery", "access", "change")
_PLACES = 20


def learn(office: Office, season: Season, calendar: Calendar) -> None:
    """A session with more fellows than places: booked, attended, travelled to and talked about."""
    fellows = _placements(office, season)
    day = calendar.starts_on + timedelta(days=42)
    session = office.one(
        "programmes.schedule_session",
        programme_id=season.programme_id,
        cohort_id=season.cohort_id,
        title="Leading change for a sustainable service",
        starts_at=calendar.at(day, 10).isoformat(),
        minutes=210,
        mode="hybrid",
        place={"nation": "england", "town": "Inventon"},
        domains=["self", "team"],
        capacity={"in_person": _PLACES, "online": 200},
    )
    booked = office.many(
        "Booking a session",
        (
            office.own(
                "programmes.book_session",
                each["member_id"],
                session_id=session["session_id"],
                way="in_person",
            )
            for each in fellows
        ),
    )
    there = [each["member_id"] for each in booked if each["state"] == "confirmed"]
    season.counts["booked"] = len(there)
    season.counts["waiting"] = len(booked) - len(there)
    office.go_to(calendar.at(day, 16))
    office.one(
        "programmes.record_attendance",
        session_id=session["session_id"],
        member_ids=there,
        way="in_person",
    )
    _afterwards(office, season, session["session_id"], there)


def _afterwards(office: Office, season: Season, session_id: str, there: list[str]) -> None:
    office.many(
        "Declaring travel",
        (
            office.own(
                "programmes.declare_travel",
                member_id,
                session_id=session_id,
                legs=[{"mode": "national_rail", "km": 60 + 10 * position}],
            )
            for position, member_id in enumerate(there)
        ),
    )
    office.many(
        "Giving feedback",
        (
            office.own(
                "programmes.give_feedback",
                member_id,
                session_id=session_id,
                ratings=[{"question": name, "score": 4} for name in ASKED],
            )
            for member_id in there
        ),
    )
    travel = office.one("programmes.get_session_travel", session_id=session_id)
    season.counts["rail_km"] = travel["metres"].get("national_rail", 0) // 1_000
    season.counts["attended"] = len(there)


def complete(office: Office, seasons: Iterable[Season], calendar: Calendar) -> None:
    """Reports are signed off, fellows complete, and each has a certificate that can be verified."""
    for season in seasons:
        fellows = _placements(office, season)
        _report(office, fellows)
        completed = office.many(
            f"Completing the {season.scheme.key} scheme",
            (
                office.call(
                    "programmes.complete_programme",
                    cohort_id=season.cohort_id,
                    member_id=each["member_id"],
                    completed_on=calendar.ends_on.isoformat(),
                )
                for each in fellows
            ),
        )
        season.counts["completed"] = len(completed)
        issued = office.one(
            "programmes.issue_certificates",
            cohort_id=season.cohort_id,
            issued_on=calendar.ends_on.isoformat(),
        )
        season.counts["certificates"] = len(issued["issued"])
        _verify(office, season, fellows[0]["member_id"])


def _report(office: Office, fellows: list[Answer]) -> None:
    for kind in REPORTS:
        office.many(
            f"Writing the {kind} report",
            (
                office.own(
                    "programmes.submit_report",
                    each["member_id"],
                    placement_id=each["placement_id"],
                    kind=kind,
                    text="Invented report.",
                )
                for each in fellows
            ),
        )
        office.many(
            f"Signing off the {kind} report",
            (
                office.call(
                    "programmes.sign_off_report", placement_id=each["placement_id"], kind=kind
                )
                for each in fellows
            ),
        )


def _verify(office: Office, season: Season, member_id: str) -> None:
    """Somebody who is shown a certificate, and has no token, asks whether it is real."""
    (certificate,) = office.one("programmes.find_certificates", member_id=member_id)["items"]
    shown = office.faculty.call("programmes.verify_certificate", code=certificate["code"])
    season.notes["verified"] = "valid" if shown["valid"] else "not valid"
    season.notes["code"] = certificate["code"]


def _placements(office: Office, season: Season) -> list[Answer]:
    return list(office.pages("programmes.find_placements", cohort_id=season.cohort_id))
