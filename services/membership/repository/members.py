"""Members, and whose each registration is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.membership.domain.calendar import number
from services.membership.domain.groups import Group
from services.membership.domain.matching import block_keys
from services.membership.domain.member import Member
from services.membership.domain.people import email_key, search_name
from services.membership.domain.search import LAST
from shared.errors import Duplicate, NotFound
from shared.events import utc_now
from shared.paging import beginning
from shared.repository import (
    BATCH,
    Index,
    Page,
    Repository,
    Store,
    batches,
    encode_cursor,
    store_errors,
)


class Members(Repository[Member]):
    """Members and applicants; an e-mail address belongs to one of them.

    What is searched is kept beside the state in the form in which it is compared: keys by which
    pages go end in the id, so that no two are the same.
    """

    collection = "members"
    aggregate = Member
    audited = True
    untracked = frozenset(
        {
            "settled",
            "keeping",
            "status",
            "group_key",
            "regulator",
            "review_key",
            "tick_key",
            "retention_key",
            "due_key",
            "name_key",
            "given_key",
            "email_key",
            "block_name",
            "block_dob",
            "block_email",
        }
    )
    withheld = frozenset({"pseudonym", "takings"})
    of_others = frozenset({"merge", "unmerge"})
    indexes = (
        Index("email_key", unique=True, sparse=True),
        Index("reference", unique=True, sparse=True),
        Index("name_key"),
        Index("given_key"),
        Index("tick_key", sparse=True),
        Index("due_key", sparse=True),
        Index("review_key", sparse=True),
        Index("retention_key", sparse=True),
        Index("suppressed", sparse=True),
        Index("block_name", sparse=True),
        Index("block_dob", sparse=True),
        Index("block_email", sparse=True),
        Index("merged_into", sparse=True),
        Index(("regulator", "id")),
        Index(("status", "id")),
        Index(("group_key", "id")),
        Index(("settled.policy", "id")),
        Index(("keeping.policy", "id")),
        Index(("profession", "id")),
        Index(("nation", "id")),
        Index(("career_stage", "id")),
        Index(("grade", "id")),
    )

    def _state(self, aggregate: Member) -> dict[str, Any]:
        return {**super()._state(aggregate), **search_keys(aggregate)}

    def sharing(self, name: str, value: str, limit: int, before: str = LAST) -> Page[Member]:
        """Those who have the value of a block, up to an id, in the order of ids."""
        within = {"$gte": f"{value}|", "$lt": f"{value}|{before}"}
        return self.find({name: within}, by=name, limit=limit)

    def pseudonyms(self, ids: Iterable[str]) -> dict[str, str]:
        """The pseudonym of each, empty for who was erased; raises NotFound naming one unknown."""
        wanted, found = list(dict.fromkeys(ids)), dict[str, str]()
        with store_errors():
            for some in batches(wanted):
                for document in self.documents.find({"_id": {"$in": some}}, {"pseudonym": 1}):
                    found[document["_id"]] = document["pseudonym"]
        for id in wanted:
            if id not in found:
                raise NotFound("There is no such member.", id=id)
        return found

    def merged_into(self, member_id: str) -> list[str]:
        """The ids of the records that were merged into a member's, and into those."""
        found: list[str] = []
        waiting = [member_id]
        while waiting:
            wanted = {"merged_into": {"$eq": waiting.pop()}}
            with store_errors():
                ids = [each["_id"] for each in self.documents.find(wanted, {"_id": 1})]
            found += ids
            waiting += ids
        return sorted(found)

    def some(self, ids: Iterable[str]) -> dict[str, Member]:
        """Those there are of the ids, by id."""
        return {
            member.id: member
            for batch in batches(sorted(set(ids)))
            for member in self.scan({"_id": {"$in": batch}})
        }


def search_keys(member: Member) -> dict[str, Any]:
    """What is stored beside a member's state for searching; keys that do not apply are left out."""
    settled, id = member.settled, member.id
    assert settled is not None, "members are settled before they are saved"
    keys: dict[str, Any] = {
        "status": settled.status.value,
        "group_key": Group.of(member, settled.status).key,
        "name_key": f"{search_name(member.family_name, member.given_name)}|{id}",
        "given_key": f"{search_name(member.given_name, member.family_name)}|{id}",
    }
    if member.registrations:
        keys["regulator"] = member.registrations[0].regulator
    if member.under_review:
        keys["review_key"] = id
    if member.email and member.merged_on is None:
        keys["email_key"] = email_key(member.email)
    if settled.next_on is not None:
        keys["tick_key"] = f"{number(settled.next_on)}|{id}"
    if member.keeping is not None and member.keeping.due_on is not None:
        keys["retention_key"] = f"{number(member.keeping.due_on)}|{id}"
    if settled.covered_to is not None:
        keys["due_key"] = f"{number(settled.covered_to)}|{id}"
    if member.merged_on is None and member.erased_on is None:
        keys |= {name: f"{value}|{id}" for name, value in block_keys(member).items()}
    return keys


class Registrations(Store):
    """Whose a registration is, by ``REGULATOR:number``; each belongs to one person."""

    collection = "registrations"
    # ``key`` repeats the id, which the embedded store does not find ranges of.
    indexes = (Index("key"), Index("number"), Index("member_id"))

    def claim(self, key: str, member_id: str) -> bool:
        """Take the registration for a member; False when they have it, Duplicate if another has.

        A claim is made before the member is saved. One whose member was never saved, because a
        process ended in between and nobody repeated the call, is void after an hour.
        """
        regulator, number = key.split(":", 1)
        claim = {
            "_id": key,
            "key": key,
            "regulator": regulator,
            "number": number,
            "member_id": member_id,
            "claimed_at": utc_now(),
        }
        with store_errors():
            try:
                self.documents.insert_one(claim)
            except DuplicateKeyError:
                return self._claim_again(claim)
        return True

    def _claim_again(self, claim: dict[str, Any]) -> bool:
        held = self.documents.find_one({"_id": claim["_id"]})
        if held is None:
            return self.claim(claim["_id"], claim["member_id"])  # just given up
        if held["member_id"] == claim["member_id"]:
            return False
        if not self._void(held):
            raise Duplicate("Another one has the same registration.", field="registration_number")
        guard = {"_id": claim["_id"], "member_id": held["member_id"]}
        if not self.documents.replace_one(guard, claim).matched_count:
            raise Duplicate("Another one has the same registration.", field="registration_number")
        return True

    def _void(self, held: Mapping[str, Any]) -> bool:
        if utc_now() - held["claimed_at"] < timedelta(hours=1):
            return False
        member = self.database[Members.collection].find_one({"_id": held["member_id"]})
        held_by_member = member.get("registrations", ()) if member else ()
        return all(each["key"] != held["_id"] for each in held_by_member)

    def transfer(self, key: str, from_id: str, to_id: str) -> None:
        """Let a registration be another member's; done again it changes nothing.

        Raises Duplicate when it is neither's.
        """
        change = {"$set": {"member_id": to_id, "claimed_at": utc_now()}}
        with store_errors():
            moved = self.documents.update_one({"_id": key, "member_id": from_id}, change)
        if not moved.matched_count:
            self.claim(key, to_id)

    def release(self, key: str, member_id: str) -> None:
        """Give up a claim."""
        with store_errors():
            self.documents.delete_one({"_id": key, "member_id": member_id})

    def of_member(self, member_id: str) -> list[str]:
        """The keys of a member's registrations."""
        with store_errors():
            claims = list(self.documents.find({"member_id": member_id}))
        return sorted(claim["_id"] for claim in claims)

    def holders(self, keys: Iterable[str]) -> dict[str, str]:
        """Member ids by registration key."""
        found: dict[str, str] = {}
        for batch in batches(list(keys)):
            with store_errors():
                claims = list(self.documents.find({"_id": {"$in": batch}}))
            found |= {claim["_id"]: claim["member_id"] for claim in claims}
        return found

    def of_regulator(self, regulator: str, cursor: str | None, limit: int) -> Page[tuple[str, str]]:
        """Keys and member ids of a regulator's registrations, in the order of numbers."""
        begins = beginning({"$gte": f"{regulator}:", "$lt": f"{regulator};"}, cursor)
        with store_errors():
            found = self.documents.find({"key": begins}).sort("key", 1).limit(limit + 1)
            claims = list(found)
        more = encode_cursor(claims[limit - 1]["_id"]) if len(claims) > limit else None
        return Page(tuple((each["_id"], each["member_id"]) for each in claims[:limit]), more)

    def members_with(self, number: str) -> list[str]:
        """Ids of those who have a number, with whichever regulator."""
        with store_errors():
            claims = list(self.documents.find({"number": number}).limit(BATCH))
        return sorted({claim["member_id"] for claim in claims})
