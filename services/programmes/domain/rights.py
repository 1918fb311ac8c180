"""Answers to what members may ask about their own data, as membership passes it on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from services.programmes.events import ErasureAcknowledged, ExportContributed
from shared.events import Aggregate

# Who was awarded what, and how far applications got, does not say what was written in them.
KEPT = (
    "alumni",
    "applications_without_answers",
    "attendance",
    "bookings",
    "certificates",
    "completions",
    "matches_by_application",
    "outcomes",
    "placements",
    "reports_without_text",
    "review_scores",
)


@dataclass
class Answer(Aggregate):
    """That a request was answered and when; what was answered is not kept."""

    id: str
    request_id: str
    member_id: str
    answered_on: date

    @classmethod
    def contribute(cls, request_id: str, member_id: str, texts: Sequence[str], today: date) -> Self:
        """Give all that is kept of a member, in parts that are told in one write."""
        answer = cls(f"export:{request_id}:{member_id}", request_id, member_id, today)
        for part, data in enumerate(texts, 1):
            answer.record(
                ExportContributed(
                    request_id=request_id,
                    service="programmes",
                    member_id=member_id,
                    part=part,
                    parts=len(texts),
                    data=data,
                    contributed_on=today,
                )
            )
        return answer

    @classmethod
    def acknowledge(
        cls, request_id: str, member_id: str, erased: Mapping[str, int], today: date
    ) -> Self:
        """Say that a member is forgotten here."""
        answer = cls(f"erasure:{member_id}", request_id, member_id, today)
        answer.record(
            ErasureAcknowledged(
                request_id=request_id,
                service="programmes",
                member_id=member_id,
                erased=dict(erased),
                kept=KEPT,
            )
        )
        return answer
