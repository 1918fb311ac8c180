"""What programmes keeps, each in a collection of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from services.programmes.domain.application import Application
from services.programmes.domain.certificate import Certificate
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.domain.rights import Answer
from services.programmes.domain.session import Attendance, Session
from services.programmes.domain.standing import Facet, merged_into
from shared.events import Aggregate
from shared.export import disclosed
from shared.projection import Projection
from shared.repository import (
    Index,
    Page,
    Repository,
    decode_cursor,
    encode_cursor,
    store_errors,
)

A = TypeVar("A", bound=Aggregate)

_INTO = f"facets.{Facet.MERGE}.values.into"


class Programmes(Repository[Programme]):
    """Published programmes."""

    collection = "programmes"
    aggregate = Programme


class Cohorts(Repository[Cohort]):
    """Rounds of applications."""

    collection = "cohorts"
    aggregate = Cohort


class Applications(Repository[Application]):
    """Applications; the unique key lets a member apply to a cohort once."""

    collection = "applications"
    aggregate = Application
    indexes = (
        Index("application_key", unique=True),
        Index(("cohort_id", "id")),
        Index(("member_id", "id")),
    )


class Sessions(Repository[Session]):
    """Sessions of programmes."""

    collection = "sessions"
    aggregate = Session


class Attendances(Repository[Attendance]):
    """Who attended what, each in a document of its own, so that a person's can be found."""

    collection = "attendances"
    aggregate = Attendance
    indexes = (Index(("session_id", "id")), Index(("member_id", "id")))


class Certificates(Repository[Certificate]):
    """Certificates; the unique keys keep a code to one and let one not be issued twice."""

    collection = "certificates"
    aggregate = Certificate
    audited = True
    untracked = frozenset({"standing_key"})
    indexes = (
        Index("code", unique=True),
        Index("standing_key", unique=True, sparse=True),
        Index(("member_id", "id")),
    )

    def _state(self, aggregate: Certificate) -> dict[str, Any]:
        state = super()._state(aggregate)
        return {**state, "standing_key": aggregate.standing_key} if aggregate.valid else state


class Standings(Projection):
    """What membership's events tell of its members, by member id.

    Who was merged into whom may be told in any order, so for a while it may even go in a circle.
    """

    collection = "standings"
    indexes = (Index(_INTO, sparse=True),)

    def followed(self, member_id: str) -> str:
        """The member, or the one they were merged into in the end."""
        passed = [member_id]
        while (into := merged_into(self.get(passed[-1]))) and into not in passed:
            passed.append(into)
        return passed[-1]

    def ids_of(self, member_id: str) -> list[str]:
        """The member and all that were merged into them, also through others, in order."""
        found, waiting = {member_id}, [member_id]
        while waiting:
            with store_errors():
                merged = self.documents.find({_INTO: {"$eq": waiting.pop()}}, {"_id": True})
                new = {document["_id"] for document in merged} - found
            found |= new
            waiting += new
        return sorted(found)


def page_of(
    repository: Repository[A],
    member_ids: Sequence[str],
    criteria: Mapping[str, Any],
    cursor: str | None,
    limit: int,
) -> Page[A]:
    """What is kept of a member under several ids, one after another; a page has one id's.

    Raises Invalid naming ``cursor``.
    """
    member_id, _, inner = decode_cursor(cursor).partition(":") if cursor else ("", "", "")
    left = [id for id in member_ids if id >= member_id]
    if not left:
        return Page((), None)
    within = {**criteria, "member_id": left[0]}
    page = repository.find(within, cursor=inner if left[0] == member_id else None, limit=limit)
    if page.next_cursor is not None:
        return Page(page.items, encode_cursor(f"{left[0]}:{page.next_cursor}"))
    return Page(page.items, encode_cursor(f"{left[1]}:") if left[1:] else None)


class Answers(Repository[Answer]):
    """Which requests of members about their data were answered, and when."""

    collection = "rights_answers"
    aggregate = Answer


@dataclass(frozen=True)
class Holdings:
    """All that is kept of one member."""

    applications: Applications
    attendances: Attendances
    certificates: Certificates
    standings: Standings

    def disclosed(self, member_id: str) -> Iterator[dict[str, Any]]:
        """Every record, as the member may read it."""
        for repository in (self.applications, self.attendances, self.certificates):
            yield from disclosed(repository, {"member_id": member_id})
        standing = self.standings.get(member_id)
        if standing:
            yield {"record": "Standing", "id": member_id, "data": standing}

    def forget(self, member_id: str) -> dict[str, int]:
        """Forget what says more than facts, and whatever is told yet; how many of each kind.

        Of certificates nothing but the reasons in their trails goes. Safe to repeat.
        """
        self.standings.erase(member_id)
        applications = list(self.applications.scan({"member_id": member_id}))
        for application in applications:
            self.applications.change(application.id, lambda found: found.forget(), forget=True)
        certificates = list(self.certificates.scan({"member_id": member_id}))
        for certificate in certificates:
            self.certificates.change(certificate.id, lambda _: None, forget=True)
        return {"applications": len(applications), "certificate_trails": len(certificates)}
