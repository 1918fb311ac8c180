"""Records that look like one person's: looked for in blocks, and told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.membership.commands import duplicates as commands
from services.membership.domain.matching import Match, block_keys, compare, near_keys
from services.membership.domain.member import Member
from services.membership.domain.policies.matching import Matching
from services.membership.domain.regulators import Regulators
from services.membership.domain.search import LAST
from services.membership.handlers.desk import Desk
from services.membership.schemas import duplicates as schemas
from shared.errors import Invalid
from shared.repository import decode_cursor, encode_cursor

if TYPE_CHECKING:
    from services.membership.repository import Members, Registrations

# No more of a block are compared with one member: a thousand people born on 1 January 1970 were
# not born on that day, and comparing all of them with one another would find nothing out.
CROWD = 200


def find_duplicates(
    request: schemas.FindDuplicates,
    *,
    desk: Desk,
    registrations: Registrations,
    regulators: Regulators,
) -> schemas.DuplicatePage:
    """Pairs that the policy in force thinks worth a look, a page at a time."""
    version = desk.policies.book().matching.on(desk.today())
    least = request.minimum_score or version.policy.threshold
    codes = tuple(body.code for body in regulators.all)
    look = _Look(desk.members, registrations, codes, version.policy, least)
    if request.member_id is None:
        pairs, more = _of_all(request, look)
    else:
        pairs, more = _of_one(request.member_id, request, look)
    items = tuple(map(schemas.DuplicateView.of, pairs))
    return schemas.DuplicatePage(items, version.version, tuple(look.crowded), more)


def _of_all(request: schemas.FindDuplicates, look: _Look) -> tuple[list[Match], str | None]:
    """The pairs whose later one is on this page of members, so each pair is met once."""
    page = look.members.find({}, cursor=request.cursor, limit=request.limit)
    here = [member for member in page.items if _stands_alone(member)]
    near = look.near(here)
    pairs = [
        pair
        for member in here
        for pair in look.pairs(member, near.get(member.id, ()), before=member.id)
    ]
    return sorted(pairs, key=_place), page.next_cursor


def _of_one(
    member_id: str, request: schemas.FindDuplicates, look: _Look
) -> tuple[list[Match], str | None]:
    member = look.members.get(member_id)
    after = decode_cursor(request.cursor) if request.cursor else ""
    found: list[Match] = []
    if _stands_alone(member):
        found = sorted(look.pairs(member, look.near([member]).get(member.id, ())), key=_place)
    left = [pair for pair in found if _place(pair) > after]
    page = left[: request.limit]
    return page, encode_cursor(_place(page[-1])) if len(left) > len(page) else None


def _place(pair: Match) -> str:
    """The likeliest pair first; a text, for it is a cursor too."""
    return f"{9_999 - pair.score}|{pair.member_id}|{pair.other_id}"


def _stands_alone(member: Member) -> bool:
    return member.merged_on is None and member.erased_on is None


@dataclass
class _Look:
    """Who is compared with whom, and by what."""

    members: Members
    registrations: Registrations
    regulators: tuple[str, ...]
    policy: Matching
    least: int
    crowded: list[str] = field(default_factory=list)

    def near(self, members: Iterable[Member]) -> dict[str, list[Member]]:
        """Those whose registration numbers are a slip away, by member; one question for all."""
        wanted = {member.id: near_keys(member.registrations, self.regulators) for member in members}
        holders = self.registrations.holders({key for keys in wanted.values() for key in keys})
        ids = {id: {holders[key] for key in keys & holders.keys()} for id, keys in wanted.items()}
        people = self.members.some(each for holding in ids.values() for each in holding)
        return {
            id: [people[each] for each in holding if each in people] for id, holding in ids.items()
        }

    def pairs(self, member: Member, near: Iterable[Member], before: str = LAST) -> Iterator[Match]:
        """The pairs that a member makes with those whose ids come before one."""
        others = {other.id: other for other in near if other.id < before}
        crowded = False
        for name, value in block_keys(member).items():
            block = self.members.sharing(name, value, CROWD, before)
            crowded |= block.next_cursor is not None
            others |= {other.id: other for other in block.items}
        if crowded:
            self.crowded.append(member.id)
        for other in others.values():
            if self._open(member, other):
                pair = compare(member, other, self.policy)
                if pair.score >= self.least:
                    yield pair

    def _open(self, member: Member, other: Member) -> bool:
        known = member.differs_from(other.id) or other.differs_from(member.id)
        return member.id != other.id and _stands_alone(other) and not known


def dismiss_duplicate(command: commands.DismissDuplicate, *, desk: Desk) -> schemas.DismissalView:
    """Note on the later record that the earlier one is somebody else's; the trail has the reason.

    So the pair is known for what it is where it would be proposed.
    """
    earlier, later = sorted((command.member_id, command.other_id))
    if earlier == later:
        reason = "Must be another member."
        raise Invalid("These are not two.", fields={"other_id": [reason]})
    desk.actionable(earlier)
    member = desk.change(later, lambda found, _book, today: found.tell_apart(earlier, today))
    (since,) = (each.since for each in member.distinctions if each.member_id == earlier)
    return schemas.DismissalView(later, earlier, since)
