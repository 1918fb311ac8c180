"""Somebody who may be erased: until when they are kept, and what is left of them after that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.fellow import Fellow
from services.membership.domain.forgetting import address_hash, forget_all
from services.membership.domain.retention import Keeping
from services.membership.events import MemberErased

# What kind of member they were when, their awards, and the sums that went through the books.
_STAYS = (
    "profession",
    "nation",
    "career_stage",
    "received_on",
    "application",
    "admitted_on",
    "grade",
    "grade_policy",
    "pilot",
    "terms",
    "endings",
    "awards",
    "account",
    "settled",
    "keeping",
    "merged_on",
    "merged_into",
)


@dataclass
class Leaver(Fellow):
    """``keeping`` is until when the person is kept, by the policy on retention.

    Of one who was erased ``suppressed`` is a hash of the address: enough to recognise it, and not
    to find it out.
    """

    keeping: Keeping | None = None
    suppressed: str | None = None

    def erase(self, request_id: str, today: date) -> None:
        """Forget the person; done again it changes nothing."""
        if self.erased_on is not None:
            return
        suppressed = address_hash(self.email) if self.email else None
        self.account = tuple(replace(posting, reference="") for posting in self.account)
        forget_all(self, *_STAYS)
        self.suppressed, self.erased_on = suppressed, today
        self.record(MemberErased(member_id=self.id, request_id=request_id, erased_on=today))
