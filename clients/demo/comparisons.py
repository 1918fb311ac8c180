"""What the demonstration asks the monitor, in the monitor's words and in everybody's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """One group of applicants beside another, by a characteristic they were asked about."""

    characteristic: str
    group: str
    reference: str
    question: str


COMPARISONS = (
    Comparison(
        "ethnicity",
        "bme",
        "white",
        "Are black and minority ethnic applicants as likely to be shortlisted as white?",
    ),
    Comparison("gender", "woman", "man", "Are women as likely to be shortlisted as men?"),
    Comparison(
        "disability",
        "yes",
        "no",
        "Are disabled applicants as likely to be shortlisted as others?",
    ),
    Comparison(
        "ethnicity",
        "chinese",
        "white",
        "Are Chinese applicants as likely to be shortlisted as white?",
    ),
)
