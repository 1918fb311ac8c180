"""A membership in time: terms, entitlements from elsewhere, and the account that pays for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.calendar import later
from services.membership.domain.facts import Entitlement, Posting, Term
from services.membership.domain.quoting import Quote
from services.membership.domain.registrant import Registrant
from services.membership.domain.standing import latest_cover
from services.membership.domain.terms import ApplicationState, EntitlementKind
from services.membership.errors import PaymentRequired
from services.membership.events import EntitlementChanged
from shared.errors import Duplicate, NotFound


@dataclass(frozen=True)
class Award:
    """An award of fellowship; ``revalidate_by`` is the last day before it must be confirmed.

    Its holder is told from ``notice_on``, and was on ``told_on``.
    """

    fellowship_id: str
    level: str
    post_nominals: str
    awarded_on: date
    revalidate_by: date | None = None
    ended_on: date | None = None
    notice_on: date | None = None
    told_on: date | None = None
    revalidated_on: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether the award is held on a day, taking it that it will be confirmed in time."""
        return self.awarded_on <= day and (self.ended_on is None or day < self.ended_on)

    def valid_on(self, day: date) -> bool:
        """Whether the award is held on a day by what was confirmed up to now."""
        return self.held_on(day) and (self.revalidate_by is None or day <= self.revalidate_by)


@dataclass
class Subscriber(Registrant):
    """Terms and entitlements are never taken off the record; the account is only added to."""

    application: ApplicationState = ApplicationState.RECEIVED
    grade: str | None = None
    grade_policy: str | None = None
    terms: tuple[Term, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    account: tuple[Posting, ...] = ()
    awards: tuple[Award, ...] = ()
    pilot: str | None = None
    reference: str | None = None
    merged_on: date | None = None
    merged_into: str | None = None
    erased_on: date | None = None

    @property
    def balance_pence(self) -> int:
        """What was paid less what was charged."""
        return sum(posting.pence for posting in self.account)

    @property
    def entitled(self) -> tuple[Entitlement, ...]:
        """The entitlements there are, without those that were given other dates since."""
        return tuple(each for each in self.entitlements if each.replaced_on is None)

    def fellow_on(self, day: date) -> bool:
        """Whether an award of fellowship is held on a day."""
        return any(award.held_on(day) for award in self.awards)

    def next_start(self, today: date) -> date:
        """The first day of the next term: the day after cover ends, whenever it is paid for."""
        cover = latest_cover(self, today)
        return later(cover.last, 1) if cover and cover.last else today

    def begin_term(self, quote: Quote, *, in_advance: bool, what: str, today: date) -> None:
        """Charge for a term and add it; raises PaymentRequired when it must be paid before."""
        owed = quote.total_pence - self.balance_pence
        if in_advance and owed > 0:
            raise PaymentRequired(
                "The account does not cover the fee.",
                member_id=self.id,
                fee_pence=quote.total_pence,
                owed_pence=owed,
            )
        term = Term(
            starts_on=quote.starts_on,
            ends_on=quote.ends_on,
            grade=quote.grade,
            fee_pence=quote.total_pence,
            recorded_on=today,
            policies=quote.policies,
        )
        self.terms = (*self.terms, term)
        self.charge(quote, what, today)

    def charge(self, quote: Quote, what: str, today: date) -> None:
        """Put a quote on the account."""
        if quote.total_pence:
            posting = Posting(today, -quote.total_pence, what, f"{what}:{quote.starts_on}")
            self.account = (*self.account, posting)

    def pay(self, pence: int, what: str, reference: str, on: date) -> None:
        """Enter money that came in, or went back if negative; a reference counts once."""
        for posting in self.account:
            if posting.reference == reference:
                if (posting.pence, posting.on) == (pence, on):
                    return
                reason = "Already used for another payment."
                raise Duplicate(
                    "There is already a payment with this reference.",
                    field="reference",
                    fields={"reference": [reason]},
                )
        self.account = (*self.account, Posting(on, pence, what, reference))

    def entitle(
        self,
        kind: EntitlementKind,
        source_id: str,
        from_on: date,
        until_on: date | None,
        today: date,
    ) -> None:
        """Grant cover from a source; granted again from the same day it takes the new end."""
        for before in self.entitled:
            if (before.kind, before.source_id, before.from_on) == (kind, source_id, from_on):
                if before.until_on != until_on:
                    self._change_end(before, until_on, today)
                return
        granted = Entitlement(kind, source_id, from_on, today, until_on)
        self.entitlements = (*self.entitlements, granted)
        self._tell(granted)

    def end_entitlement(
        self, kind: EntitlementKind, source_id: str, last_day: date, today: date
    ) -> None:
        """Let cover from a source end after a day; raises NotFound when none is running."""
        running = [
            e
            for e in self.entitled
            if (e.kind, e.source_id) == (kind, source_id)
            and (e.until_on is None or e.until_on > last_day)
        ]
        if not running:
            raise NotFound("The member has no such entitlement.", member_id=self.id)
        self._change_end(running[-1], last_day, today)

    def _change_end(self, before: Entitlement, until_on: date | None, today: date) -> None:
        """What was known before today stays on record, because it was acted upon."""
        after = replace(before, until_on=until_on, recorded_on=today)
        kept = () if before.recorded_on == today else (replace(before, replaced_on=today),)
        others = (e for e in self.entitlements if e is not before)
        self.entitlements = (*others, *kept, after)
        self._tell(after)

    def _tell(self, entitlement: Entitlement) -> None:
        self.record(
            EntitlementChanged(
                member_id=self.id,
                kind=entitlement.kind,
                source_id=entitlement.source_id,
                from_on=entitlement.from_on,
                until_on=entitlement.until_on,
            )
        )
