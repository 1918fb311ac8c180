"""What the tests of programmes share: valid arguments."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
MEMBER = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24"

PROGRAMME: dict[str, Any] = {
    "name": "Chief Sustainability Officer's Clinical Fellow Scheme",
    "kind": "regional_scheme",
    "description": "Twelve months in a national organisation.",
    "sustainability_outcome": "Fellows lead one project that lowers emissions of care.",
    "partners": [{"name": "Invented Health Agency", "role": "sponsor"}],
    "domains": ["self", "system"],
    "eligibility": {
        "professions": ["doctor", "pharmacist"],
        "nations": ["england", "wales"],
    },
}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "motivation", "prompt": "Why do you apply?", "required": True, "max_words": 5},
    {"id": "other", "prompt": "Anything else?", "required": False, "max_words": 3},
]
RUBRIC: dict[str, Any] = {
    "criteria": [
        {"id": "leadership", "title": "Leadership", "weight": 2},
        {"id": "motivation", "title": "Motivation", "weight": 1},
    ],
    "lowest": 0,
    "highest": 5,
    "pass_mark": 3,
    "reviews": 2,
    "moderation_gap": 2,
    "tie_breaks": ["criterion:leadership", "earlier_submission", "lot"],
}
COHORT: dict[str, Any] = {
    "title": "2027/28",
    "nation": "england",
    "opens_at": "2026-12-01T09:00:00+00:00",
    "closes_at": "2026-12-29T17:00:00+00:00",
    "starts_on": "2027-09-01",
    "posts": [{"id": "post", "title": "Post", "capacity": 12}],
    "questions": QUESTIONS,
    "rubric": RUBRIC,
}
ANSWERS = {"motivation": "To lead change"}
