"""A person's registrations with regulators, their checks, and sanctions before the committee."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.checks import RegistrationCheck, check_registration
from services.membership.domain.facts import Ending, Requirement, Review, Suspension
from services.membership.domain.person import Person
from services.membership.domain.register import RegisterEntry
from services.membership.domain.regulators import Registration
from services.membership.domain.terms import (
    EndingKind,
    Outcome,
    RefusalReason,
    RegisterStatus,
    ReviewOutcome,
)
from services.membership.errors import RegistrationHeld
from services.membership.events import (
    DeclarationReviewed,
    RegistrationRefused,
    RegistrationStatusChanged,
    RegistrationVerified,
)
from shared.errors import Invalid, NotFound, Refused

REGISTERED, DECLARED = "register", "declaration"


@dataclass(frozen=True)
class HeldRegistration:
    """A registration that the person says is theirs, with every look at the register."""

    regulator: str
    number: str
    key: str
    added_on: date
    checks: tuple[RegistrationCheck, ...] = ()

    @property
    def last_check(self) -> RegistrationCheck | None:
        return self.checks[-1] if self.checks else None

    @property
    def status(self) -> RegisterStatus | None:
        """What the register last said of this person."""
        said = [c.register_status for c in self.checks if c.register_status is not None]
        return said[-1] if said else None


@dataclass
class Registrant(Person):
    """A person with any number of registrations; the first is the one they applied with."""

    registration_required: bool = True
    requirements: tuple[Requirement, ...] = ()
    registrations: tuple[HeldRegistration, ...] = ()
    reviews: tuple[Review, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    endings: tuple[Ending, ...] = ()
    admitted_on: date | None = None

    @property
    def under_review(self) -> bool:
        """Whether the committee has still to look at something."""
        return any(review.outcome is None for review in self.reviews)

    @property
    def verified(self) -> bool:
        """Whether the last check of some registration confirmed it."""
        last = [r.last_check for r in self.registrations]
        return any(check is not None and check.outcome is Outcome.VERIFIED for check in last)

    def registration_needed(self, day: date) -> bool:
        """Whether a registration was needed on a day, as far as was known then."""
        before = (once.needed for once in self.requirements if day < once.until)
        return next(before, self.registration_required)

    def require_registration(self, needed: bool, today: date) -> None:
        """Let a registration be needed, or not, from today on."""
        if needed is not self.registration_required:
            once = Requirement(self.registration_required, today)
            self.requirements = (*self.requirements, once)
            self.registration_required = needed

    def registration(self, key: str) -> HeldRegistration:
        """By key, e.g. ``GMC:0712345``."""
        for held in self.registrations:
            if held.key == key:
                return held
        raise NotFound("The member has no such registration.", member_id=self.id)

    def add_registration(self, registration: Registration, today: date) -> None:
        """Put one more registration on record; it is checked separately."""
        if any(held.key == registration.key for held in self.registrations):
            raise RegistrationHeld(
                "The member has this registration already.", regulator=registration.regulator
            )
        added = HeldRegistration(
            registration.regulator, registration.number, registration.key, today
        )
        self.registrations = (*self.registrations, added)

    def compare(
        self, held: HeldRegistration, entry: RegisterEntry | None, today: date
    ) -> RegistrationCheck:
        """What a look at the register concludes; nothing is put on record."""
        return check_registration(held.regulator, self.given_name, self.family_name, entry, today)

    def check(self, key: str, entry: RegisterEntry | None, review_id: str, today: date) -> None:
        """Compare a registration with what the register says; may be done again at any time."""
        held = self.registration(key)
        check = check_registration(held.regulator, self.given_name, self.family_name, entry, today)
        before = held.status
        self._keep(replace(held, checks=(*held.checks, check)))
        if check.outcome is Outcome.VERIFIED:
            self.record(
                RegistrationVerified(
                    member_id=self.id,
                    regulator=held.regulator,
                    register_status=str(check.register_status),
                    checked_on=today,
                )
            )
        else:
            self.record(
                RegistrationRefused(
                    member_id=self.id,
                    regulator=held.regulator,
                    reason=str(check.reason),
                    checked_on=today,
                )
            )
        now = check.register_status
        if before is not None and now is not None and now is not before:
            self.record(
                RegistrationStatusChanged(
                    member_id=self.id,
                    regulator=held.regulator,
                    was=before,
                    now=now,
                    checked_on=today,
                )
            )
        if check.declaration_review and now is not before:
            self.reviews = (*self.reviews, Review(review_id, key, today, REGISTERED, str(now)))
        if check.reason is RefusalReason.ERASED and self.admitted_on is not None:
            self._remove("registration_erased", today)

    def declare_sanction(self, key: str, detail: str, review_id: str, today: date) -> None:
        """The person tells of a sanction; the committee looks at it."""
        self.registration(key)
        self.reviews = (*self.reviews, Review(review_id, key, today, DECLARED, detail))

    def decide_review(
        self,
        review_id: str,
        outcome: ReviewOutcome,
        reason: str,
        decided_by: str,
        suspended_until: date | None,
        today: date,
    ) -> None:
        """The committee's decision: cleared, with conditions, suspended for a time, or removed."""
        found = [review for review in self.reviews if review.id == review_id]
        if not found:
            raise NotFound("There is no such review of this member.", review_id=review_id)
        if found[0].outcome is not None:
            raise Refused("The committee has decided already.", review_id=review_id)
        if suspended_until is not None and suspended_until < today:
            reasons = {"suspended_until": ["Must not be in the past."]}
            raise Invalid("The suspension would be over.", fields=reasons)
        decided = replace(
            found[0], outcome=outcome, decided_on=today, decided_by=decided_by, reason=reason
        )
        self.reviews = tuple(decided if r.id == review_id else r for r in self.reviews)
        if outcome is ReviewOutcome.SUSPENDED:
            suspension = Suspension(today, "committee", today, suspended_until)
            self.suspensions = (*self.suspensions, suspension)
        if outcome is ReviewOutcome.REMOVED:
            self._remove("committee", today)
        self.record(DeclarationReviewed(member_id=self.id, outcome=outcome, decided_on=today))

    def _keep(self, held: HeldRegistration) -> None:
        self.registrations = tuple(held if h.key == held.key else h for h in self.registrations)

    def _remove(self, reason: str, today: date) -> None:
        self._end(EndingKind.REMOVED, reason, today, today)

    def _end(self, kind: EndingKind, reason: str, on: date, today: date) -> None:
        if not any(ending.stands(kind, today) for ending in self.endings):
            self.endings = (*self.endings, Ending(kind, on, reason, today))

    def _reverse(self, kinds: tuple[EndingKind, ...], today: date) -> None:
        self.endings = tuple(
            replace(ending, reversed_on=today)
            if ending.kind in kinds and ending.reversed_on is None
            else ending
            for ending in self.endings
        )
