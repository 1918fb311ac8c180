"""What an applicant for fellowship puts together: evidence, and referees with their references."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from services.membership.domain.evidence import EvidenceGiven, EvidenceItem, evidence_faults
from services.membership.domain.people import email_key, tidy_name
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.terms import FellowshipState
from services.membership.errors import FellowshipOutOfOrder
from services.membership.events import FellowshipReferenced
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import Aggregate

# Bounds of one document, far above what any policy asks for.
EVIDENCE_LIMIT, REFEREE_LIMIT = 100, 20

DRAFT, AWAITING_REFERENCES = FellowshipState.DRAFT, FellowshipState.AWAITING_REFERENCES
IN_ASSESSMENT = FellowshipState.IN_ASSESSMENT


class Known(Protocol):
    """A record of somebody who is known; one person may have several that were merged."""

    @property
    def id(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class Reference:
    """What a referee wrote."""

    received_on: date
    supportive: bool
    text: str


@dataclass(frozen=True)
class Referee:
    """Somebody who is asked about an applicant; ``member_id`` where the address is a member's."""

    referee_id: str
    name: str
    email: str
    relationship: str
    nominated_on: date
    member_id: str | None = None
    withdrawn_on: date | None = None
    reference: Reference | None = None

    @property
    def standing(self) -> bool:
        return self.withdrawn_on is None


@dataclass
class Dossier(Aggregate):
    """An application for fellowship up to its assessment."""

    id: str
    member_id: str
    level: str
    route: str
    started_on: date
    state: FellowshipState = DRAFT
    submitted_on: date | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    referees: tuple[Referee, ...] = ()
    policies: dict[str, str] = field(default_factory=dict)

    @property
    def references(self) -> int:
        """How many references have come in."""
        return sum(each.reference is not None for each in self.referees)

    def rules(self, book: PolicyBook, today: date) -> FellowshipRules:
        """What the application is judged by: from submission on the version of that moment."""
        pinned = self.policies.get("fellowship")
        found = (each.policy for each in book.fellowship.all if each.version == pinned)
        return next(found, book.fellowship.on(today).policy)

    def require_state(self, action: str, *states: FellowshipState) -> None:
        """Raises FellowshipOutOfOrder unless the application is in one of the states."""
        if self.state not in states:
            raise FellowshipOutOfOrder(
                fellowship_id=self.id,
                action=action,
                state=self.state.value,
                possible_in=[state.value for state in states],
            )

    def add_evidence(
        self, given: EvidenceGiven, evidence_id: str, book: PolicyBook, today: date
    ) -> None:
        """Put evidence into a draft; raises Invalid naming every field at fault."""
        self.require_state("add_evidence", DRAFT)
        rules, standards = self.rules(book, today), book.standards.on(today).policy
        faults = evidence_faults(given, rules, standards, today)
        if len(self.evidence) >= EVIDENCE_LIMIT:
            faults[""] = [f"There are {EVIDENCE_LIMIT} items already."]
        if faults:
            raise Invalid("The evidence is not valid.", fields=faults)
        self.evidence = (*self.evidence, EvidenceItem.of(given, evidence_id, today))

    def remove_evidence(self, evidence_id: str) -> None:
        """Take evidence out of a draft."""
        self.require_state("remove_evidence", DRAFT)
        kept = tuple(item for item in self.evidence if item.evidence_id != evidence_id)
        if len(kept) == len(self.evidence):
            raise NotFound("There is no such evidence.", evidence_id=evidence_id)
        self.evidence = kept

    def nominate_referee(self, referee: Referee, applicant: Sequence[Known]) -> None:
        """Name somebody else than oneself, by any of one's records, and whom one has not named."""
        self.require_state("nominate_referee", DRAFT, AWAITING_REFERENCES)
        faults: dict[str, list[str]] = {}
        if not tidy_name(referee.name):
            faults["name"] = ["Must not be blank."]
        if is_referee((referee,), applicant):
            faults["email"] = ["Nobody can be their own referee."]
        standing = (each for each in self.referees if each.standing)
        if any(email_key(each.email) == email_key(referee.email) for each in standing):
            faults["email"] = ["Already a referee of this application."]
        if len(self.referees) >= REFEREE_LIMIT:
            faults[""] = [f"{REFEREE_LIMIT} referees have been named already."]
        if faults:
            raise Invalid("The referee is not valid.", fields=faults)
        self.referees = (*self.referees, replace(referee, name=tidy_name(referee.name)))

    def withdraw_referee(self, referee_id: str, today: date) -> None:
        """Do without a referee, unless they have answered."""
        self.require_state("withdraw_referee", DRAFT, AWAITING_REFERENCES)
        referee = self.referee(referee_id)
        if not referee.standing:
            return
        if referee.reference is not None:
            raise FellowshipOutOfOrder(
                "The reference has come in already.",
                fellowship_id=self.id,
                action="withdraw_referee",
                referee_id=referee_id,
            )
        self._keep(replace(referee, withdrawn_on=today))

    def referee(self, referee_id: str) -> Referee:
        """One of the referees; raises NotFound."""
        found = next((each for each in self.referees if each.referee_id == referee_id), None)
        if found is None:
            raise NotFound("There is no such referee.", referee_id=referee_id)
        return found

    def record_reference(
        self, referee_id: str, reference: Reference, book: PolicyBook, today: date
    ) -> None:
        """Enter what a referee wrote; with the last that is needed, assessment begins."""
        self.require_state("record_reference", AWAITING_REFERENCES, IN_ASSESSMENT)
        referee = self.referee(referee_id)
        if not referee.standing:
            raise FellowshipOutOfOrder(
                "The referee was withdrawn.",
                fellowship_id=self.id,
                action="record_reference",
                referee_id=referee_id,
            )
        if referee.reference is not None:
            reason = "This referee's reference has come in already."
            raise Duplicate(reason, field="referee_id", fields={"referee_id": [reason]})
        require_between("received_on", reference.received_on, self.submitted_on, today)
        self._keep(replace(referee, reference=reference))
        outstanding = max(0, self.rules(book, today).referees - self.references)
        if not outstanding:
            self.state = IN_ASSESSMENT
        self.record(
            FellowshipReferenced(
                fellowship_id=self.id,
                member_id=self.member_id,
                received_on=reference.received_on,
                outstanding=outstanding,
            )
        )

    def _keep(self, referee: Referee) -> None:
        self.referees = tuple(
            referee if each.referee_id == referee.referee_id else each for each in self.referees
        )


def is_referee(referees: Iterable[Referee], records: Sequence[Known]) -> bool:
    """Whether somebody is, or was to be, a referee, by id or address of any of their records."""
    ids, addresses = {each.id for each in records}, {email_key(each.email) for each in records}
    return any(each.member_id in ids or email_key(each.email) in addresses for each in referees)


def require_between(field: str, day: date, first: date | None, today: date) -> None:
    """Raises Invalid naming the field for a day before the first, or in the future."""
    if day > today:
        raise Invalid("Not yet.", fields={field: ["Must not be in the future."]})
    if first is not None and day < first:
        reason = f"Must not be before {first.isoformat()}."
        raise Invalid("Too early.", fields={field: [reason]})
