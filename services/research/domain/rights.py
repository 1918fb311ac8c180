"""Answers to what members may ask about their own data, as membership passes it on.

Research knows nobody by a member's id, so it has nothing to give and nothing to forget.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.research.events import ErasureAcknowledged, ExportContributed
from shared.events import Aggregate

NOTES = (
    "Research keeps nothing under a member's id. Equality answers are kept under a pseudonym, and"
    " are never given for one person.",
)
# By then nothing leads from the pseudonym to the person, for membership has forgotten it.
KEPT = ("equality_answers_under_pseudonym",)


@dataclass
class Answer(Aggregate):
    """That a request was answered and when."""

    id: str
    request_id: str
    member_id: str
    answered_on: date

    @classmethod
    def contribute(cls, request_id: str, member_id: str, data: str, today: date) -> Answer:
        """Say that there is nothing, and why."""
        answer = cls(f"export:{request_id}:{member_id}", request_id, member_id, today)
        answer.record(
            ExportContributed(
                request_id=request_id,
                service="research",
                member_id=member_id,
                part=1,
                parts=1,
                contributed_on=today,
                data=data,
            )
        )
        return answer

    @classmethod
    def acknowledge(cls, request_id: str, member_id: str, today: date) -> Answer:
        """Say that nothing leads to the member."""
        answer = cls(f"erasure:{member_id}", request_id, member_id, today)
        answer.record(
            ErasureAcknowledged(
                request_id=request_id,
                service="research",
                member_id=member_id,
                erased={},
                kept=KEPT,
            )
        )
        return answer
