"""A person's equality answers, held under a pseudonym and apart from who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.research.domain.characteristics import CodeList
from services.research.errors import ConsentRequired
from shared.events import Aggregate


@dataclass
class EqualityResponse(Aggregate):
    """The answers under one pseudonym, which is the ``id``.

    What is withdrawn is emptied, not deleted: were the document gone, a call that the broker
    delivers a second time would bring the answers back.
    """

    id: str
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    code_list: str | None = None
    consented_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def give(
        self, answers: Mapping[str, str], *, consent: bool, codes: CodeList, now: datetime
    ) -> None:
        """Replace all answers; raises ``ConsentRequired`` or ``Invalid``."""
        if not consent:
            raise ConsentRequired
        codes.check_answers(answers)
        self.answers = dict(answers)
        self.code_list = codes.version
        self.consented_at = now
        self.withdrawn_at = None

    def withdraw(self, now: datetime) -> None:
        """Remove every answer and the consent to them; a second time changes nothing."""
        if self.withdrawn_at is not None:
            return
        self.answers = {}
        self.code_list = None
        self.consented_at = None
        self.withdrawn_at = now
