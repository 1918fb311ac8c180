"""Schemes are launched, and a thousand members apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clients.demo.office import Office
from clients.demo.schemes import HOSTS, SCHEMES, Entry, Scheme
from clients.demo.season import MONTHS, Calendar, Season

RUBRIC = {
    "criteria": [
        {"id": "leadership", "title": "Leadership", "weight": 2},
        {"id": "improvement", "title": "Improvement", "weight": 1},
        {"id": "motivation", "title": "Motivation", "weight": 1},
    ],
    "lowest": 0,
    "highest": 10,
    "pass_mark": 4,
    "reviews": 2,
    "moderation_gap": 2,
    "tie_breaks": ["criterion:leadership", "lot"],
}
QUESTIONS = [
    {"id": "statement", "prompt": "Why do you apply?", "max_words": 300},
    {
        "id": "experience",
        "prompt": "Have you led an improvement before?",
        "kind": "yes_no",
    },
]
WEIGHTS: Mapping[str, list[dict[str, object]]] = {
    "national": [{"name": "review", "weight": 1}, {"name": "interview", "weight": 2}],
    "sustainability": [{"name": "review", "weight": 1}, {"name": "sheet:assessment", "weight": 1}],
    "regional": [{"name": "review", "weight": 1}],
}
# The national scheme interviews; the others go by a workflow that need not.
WORKFLOWS = {"sustainability": "regional_scheme@1"}


def launch(office: Office, calendar: Calendar) -> list[Season]:
    """Register the hosts, publish the schemes and set their rounds."""
    registered = office.many(
        "Registering hosts",
        (
            office.call("programmes.register_host", name=name, nation="england", capacity=4)
            for name in HOSTS
        ),
    )
    hosts = [host["host_id"] for host in registered]
    return [_launch(office, scheme, hosts, calendar) for scheme in SCHEMES]


def _launch(office: Office, scheme: Scheme, hosts: Sequence[str], calendar: Calendar) -> Season:
    drafted = office.one(
        "programmes.create_programme",
        name=scheme.name,
        kind=scheme.kind,
        description="A year of leadership development; invented for the demonstration.",
        sustainability_outcome="Every fellow leads one project that lowers a footprint.",
        partners=[{"name": scheme.sponsor, "role": "sponsor"}],
        domains=["self", "team", "organisation", "system"],
        eligibility={
            "professions": list(scheme.professions),
            "career_stages": list(scheme.career_stages),
        },
    )
    programme_id = drafted["programme_id"]
    office.one("programmes.publish_programme", programme_id=programme_id)
    cohort = office.one(
        "programmes.open_cohort",
        programme_id=programme_id,
        title=f"{calendar.starts_on.year}/{calendar.ends_on.year % 100}",
        nation="england",
        opens_at=calendar.opens_at.isoformat(),
        closes_at=calendar.closes_at.isoformat(),
        starts_on=calendar.starts_on.isoformat(),
        months=MONTHS,
        posts=[
            {
                "id": post,
                "title": f"Fellow at {HOSTS[number - 1]}",
                "capacity": scheme.posts_a_host,
                "host_id": hosts[number - 1],
                "wte_percent": scheme.wte_percent,
            }
            for post, number in zip(scheme.posts, scheme.hosts, strict=True)
        ],
        questions=QUESTIONS,
        rubric=RUBRIC,
        interview_rubric={**RUBRIC, "moderation_gap": RUBRIC["highest"]},
        weights=WEIGHTS[scheme.key],
        workflow=WORKFLOWS.get(scheme.key),
    )
    return Season(scheme, programme_id, cohort["cohort_id"])


def apply(office: Office, seasons: Sequence[Season], members: Mapping[str, str]) -> None:
    """Everybody applies once the windows are open; ``members`` are ids by who they are."""
    for season in seasons:
        season.members = {who: members[who] for who in season.entries}
        answers = office.many(
            f"Applying to the {season.scheme.key} scheme",
            (
                office.own(
                    "programmes.submit_application",
                    season.members[who],
                    cohort_id=season.cohort_id,
                    answers=_answers(entry),
                )
                for who, entry in season.entries.items()
            ),
        )
        made = zip(season.entries, answers, strict=True)
        season.applications = {who: answer["application_id"] for who, answer in made}
        season.counts["applied"] = len(answers)


def apply_late(office: Office, season: Season, member_id: str) -> None:
    """Somebody comes after the window has closed, and is refused."""
    season.notes["late"] = office.refusal(
        "programmes.submit_application",
        by=member_id,
        role="member",
        member_id=member_id,
        cohort_id=season.cohort_id,
        answers={"statement": "Too late.", "experience": "no"},
    )


def _answers(entry: Entry) -> dict[str, str]:
    experience = "yes" if entry.merit > 50 else "no"
    return {"statement": f"Invented statement of {entry.who}.", "experience": experience}
