"""Two records of one person made one, and taken apart again without loss.

``kept.take_over(merged, take, today)`` and ``merged.merge_into(kept, ...)``; later
``kept.give_back(merged.id)`` and ``merged.come_back(today)``.

The merged record stays whole. All that changes on it is ``merged_on`` and ``merged_into``, and what
follows: its status is ``merged``, it may not be acted on, and its e-mail address is free.

The kept record takes over only what is asked for, as a copy, and notes it in ``takings``:

- Values (names, e-mail address, date of birth) take the place of those that were there, which are
  noted. Something that the merged record lacks is not taken.
- Entries with an identity (registrations by number, entitlements by source and first day, awards
  by application) are added behind those that are there; one that is there already is not. Of
  entitlements those are taken that count now, but no seats: a seat is whose the organisation's
  ledger says it is.
- Terms and postings of the account are added behind those that are there, every one.

Copies count from the day of the merge, because a past day is judged by what was on record then: it
becomes the day on which registrations were added and terms and entitlements recorded.

Taken apart, the kept record is what it would be had it never taken:

- A value goes back to the one before, unless it was changed since the merge; then it stays. It
  counts as changed when it is another one than was taken.
- Entries that were taken go, whatever became of them meanwhile, for they are the other person's;
  what became of them stands in the trail. All others stay, in their order, new ones too.
- Of several merges the later ones stand: a value that one of them took stays, and the value that
  comes back with it later is the one before both.

The merged record comes back exactly as it was, and then the days since are made up for as for
anybody: what ran out meanwhile is told now. ``settled`` goes on, because it says what was told.

Grade, profession, nation and career stage are not taken, because others were told of them for each
record: the record to keep is the one where they are right. What is kept in documents of its own,
such as consents, seats, learning and applications, stays under the id for which it was said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.membership.domain.facts import Entitlement, Posting, Term
from services.membership.domain.leaver import Leaver
from services.membership.domain.terms import EntitlementKind, Status
from services.membership.errors import Merged, NotMergeable, NotMerged
from services.membership.events import MemberMerged, MemberUnmerged
from shared.errors import Invalid


class Takeable(StrEnum):
    """What the kept record can take over from the merged one."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    EMAIL = "email"
    DATE_OF_BIRTH = "date_of_birth"
    REGISTRATIONS = "registrations"
    ENTITLEMENTS = "entitlements"
    AWARDS = "awards"
    TERMS = "terms"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Swap:
    """A value that was taken over, and the one in whose place it came; dates as text."""

    taken: str
    before: str | None


@dataclass(frozen=True)
class Taking:
    """What was taken over from one merged record: values, keys of entries, and entries."""

    member_id: str
    taken_on: date
    values: dict[str, Swap]
    registrations: tuple[str, ...] = ()
    entitlements: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    account: tuple[Posting, ...] = ()


@dataclass(frozen=True)
class Distinction:
    """Somebody who looks like the same person and is not, and since when that is known."""

    member_id: str
    since: date


def _entitlement_key(each: Entitlement) -> str:
    return f"{each.kind}:{each.source_id}:{each.from_on.isoformat()}"


_VALUES = (Takeable.GIVEN_NAME, Takeable.FAMILY_NAME, Takeable.EMAIL, Takeable.DATE_OF_BIRTH)
_KEYED: dict[Takeable, Callable[[Any], str]] = {
    Takeable.REGISTRATIONS: lambda each: str(each.key),
    Takeable.ENTITLEMENTS: _entitlement_key,
    Takeable.AWARDS: lambda each: str(each.fellowship_id),
}
_ADDED = (Takeable.TERMS, Takeable.ACCOUNT)
# The field of an entry that says since when it is on record.
_RECORDED = {
    Takeable.REGISTRATIONS: "added_on",
    Takeable.ENTITLEMENTS: "recorded_on",
    Takeable.TERMS: "recorded_on",
}
# What was decided about a person, and must be true of the record that is kept.
_BINDING = (Status.SUSPENDED, Status.REMOVED, Status.DECEASED)


@dataclass
class Mergeable(Leaver):
    """A record that may turn out to be of the same person as another one, or not to be."""

    takings: tuple[Taking, ...] = ()
    distinctions: tuple[Distinction, ...] = ()

    def require_unmerged(self) -> None:
        """Raises Merged, which says with whom to go on."""
        if self.merged_on is not None:
            raise Merged(member_id=self.id, into=self.merged_into)

    def taking_from(self, member_id: str) -> Taking | None:
        """What was taken over from a record that is merged into this one."""
        return next((each for each in self.takings if each.member_id == member_id), None)

    def differs_from(self, member_id: str) -> bool:
        """Whether it is known that this is somebody else."""
        return any(each.member_id == member_id for each in self.distinctions)

    def tell_apart(self, member_id: str, today: date) -> None:
        """Note that a record which looks like the same person's is somebody else's; once."""
        if not self.differs_from(member_id):
            self.distinctions = (*self.distinctions, Distinction(member_id, today))

    def merge_into(self, kept: Mergeable, today: date, status: Status, kept_status: Status) -> None:
        """Let another record stand for this one from today on.

        Done before and cut off before the other one took over, it goes on. Raises Invalid, Merged
        when either is merged already, and NotMergeable.
        """
        if kept.id == self.id:
            reason = "Must be another member than the one that is kept."
            raise Invalid("These are not two.", fields={"merged_id": [reason]})
        kept.require_unmerged()
        if self.merged_into == kept.id and kept.taking_from(self.id) is None:
            return
        self.require_unmerged()
        if self.under_review:
            raise NotMergeable(
                "The committee has still to decide about a sanction.", reason="under_review"
            )
        if status in _BINDING and kept_status is not status:
            raise NotMergeable("Keep this record, and merge the other one.", reason=status.value)
        self.merged_on, self.merged_into = today, kept.id
        self.record(MemberMerged(member_id=self.id, into_member_id=kept.id, merged_on=today))

    def come_back(self, today: date) -> None:
        """Stand for itself again; raises NotMerged."""
        if self.merged_on is None or self.merged_into is None:
            raise NotMerged(member_id=self.id)
        kept_id = self.merged_into
        self.merged_on = self.merged_into = None
        self.record(MemberUnmerged(member_id=self.id, from_member_id=kept_id, unmerged_on=today))

    def take_over(self, merged: Mergeable, take: Iterable[Takeable], today: date) -> None:
        """Take over what is asked for; raises Merged when that was done before."""
        if self.taking_from(merged.id) is not None:
            raise Merged(member_id=merged.id, into=self.id)
        asked, contact = frozenset(take), self._contact
        values = {
            name.value: Swap(taken, _text(getattr(self, name)))
            for name in _VALUES
            if name in asked and (taken := _text(getattr(merged, name)))
        }
        for name, swap in values.items():
            setattr(self, name, _value(name, swap.taken))
        entries: dict[str, Any] = {
            name.value: take_entries(name, merged, today)
            for names, take_entries in ((_KEYED, self._take_keyed), (_ADDED, self._take_added))
            for name in names
            if name in asked
        }
        self.takings = (*self.takings, Taking(merged.id, today, values, **entries))
        self._tell_contact_unless(contact)

    def _take_keyed(self, name: Takeable, merged: Mergeable, today: date) -> tuple[str, ...]:
        """Keys that two merges bring are noted by both, so that the last one takes them along."""
        key, here = _KEYED[name], getattr(self, name)
        present = {key(each) for each in here}
        own = present - self._keys_taken(name)
        offered = [each for each in merged._offered(name) if key(each) not in own]
        new = [_recorded(name, each, today) for each in offered if key(each) not in present]
        setattr(self, name, (*here, *new))
        return tuple(map(key, offered))

    def _take_added(self, name: Takeable, merged: Mergeable, today: date) -> tuple[Any, ...]:
        new = tuple(_recorded(name, each, today) for each in merged._offered(name))
        setattr(self, name, (*getattr(self, name), *new))
        return new

    def _offered(self, name: Takeable) -> tuple[Any, ...]:
        if name is Takeable.ENTITLEMENTS:
            return tuple(e for e in self.entitled if e.kind is not EntitlementKind.SEAT)
        entries: tuple[Any, ...] = getattr(self, name)
        return entries

    def _keys_taken(self, name: Takeable) -> set[str]:
        return {key for taking in self.takings for key in getattr(taking, name)}

    def give_back(self, member_id: str) -> None:
        """Be without what was taken over from a record; nothing where nothing was."""
        taking = self.taking_from(member_id)
        if taking is None:
            return
        index, contact = self.takings.index(taking), self._contact
        before, after = self.takings[:index], self.takings[index + 1 :]
        for name, swap in taking.values.items():
            after = self._put_back(name, swap, after)
        self.takings = (*before, *after)
        for keyed, key in _KEYED.items():
            gone = set(getattr(taking, keyed)) - self._keys_taken(keyed)
            here = getattr(self, keyed)
            setattr(self, keyed, tuple(each for each in here if key(each) not in gone))
        for added in _ADDED:
            setattr(self, added, _without(getattr(self, added), getattr(taking, added)))
        self._tell_contact_unless(contact)

    def _put_back(self, name: str, swap: Swap, later: tuple[Taking, ...]) -> tuple[Taking, ...]:
        """The value came under that of the next taking, or it is the one there is."""
        for index, taking in enumerate(later):
            above = taking.values.get(name)
            if above is None:
                continue
            if above.before == swap.taken:
                values = {**taking.values, name: replace(above, before=swap.before)}
                return (*later[:index], replace(taking, values=values), *later[index + 1 :])
            return later
        if _text(getattr(self, name)) == swap.taken:
            setattr(self, name, _value(name, swap.before))
        return later

    @property
    def _contact(self) -> tuple[str, str, str]:
        return self.given_name, self.family_name, self.email

    def _tell_contact_unless(self, contact: tuple[str, str, str]) -> None:
        if self._contact != contact:
            self.tell_contact()


def _text(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, text: str | None) -> Any:
    is_date = name == Takeable.DATE_OF_BIRTH and text is not None
    return date.fromisoformat(str(text)) if is_date else text


def _recorded(name: Takeable, entry: Any, today: date) -> Any:
    field = _RECORDED.get(name)
    return entry if field is None else replace(entry, **{field: today})


def _without(entries: tuple[Any, ...], taken: tuple[Any, ...]) -> tuple[Any, ...]:
    """The entries but for one like each of the taken ones, from the end."""
    left = list(reversed(entries))
    for each in taken:
        if each in left:
            left.remove(each)
    return tuple(reversed(left))
