"""When two records are proposed to be one person's: what each agreement weighs, and how much does.

>>> gmail = MailService(domains=("gmail.com", "googlemail.com"), dots="ignored", source="...")
>>> gmail.mailbox("Nia.Probert+faculty", "googlemail.com")
'niaprobert@gmail.com'
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from services.membership.domain.people import email_key
from shared.events import choice, integer, items, text

POINTS = 100
SCORE_LIMIT = 4 * POINTS
_TAG = "+"


class MatchReason(StrEnum):
    """What two records agree in; of one kind of agreement the heaviest counts.

    Numbers: one character other or two exchanged with the same regulator, or the same number with
    another one; two people never have the same with one. Names: the same once case, accents and
    marks are put aside; given and family name exchanged; the family name and an initial; or not
    far from one another. Birth: the same day, or with day and month exchanged.
    """

    NUMBER_NEAR = "number_near"
    NUMBER_ELSEWHERE = "number_elsewhere"
    MAILBOX_SAME = "mailbox_same"
    NAME_SAME = "name_same"
    NAME_SWAPPED = "name_swapped"
    NAME_INITIALS = "name_initials"
    NAME_SIMILAR = "name_similar"
    BIRTH_SAME = "birth_same"
    BIRTH_SWAPPED = "birth_swapped"


@dataclass(frozen=True, kw_only=True)
class MatchPoints:
    """What each reason weighs; one that weighs nothing is not looked at."""

    number_near: int = integer(0, POINTS)
    number_elsewhere: int = integer(0, POINTS)
    mailbox_same: int = integer(0, POINTS)
    name_same: int = integer(0, POINTS)
    name_swapped: int = integer(0, POINTS)
    name_initials: int = integer(0, POINTS)
    name_similar: int = integer(0, POINTS)
    birth_same: int = integer(0, POINTS)
    birth_swapped: int = integer(0, POINTS)

    def of(self, reason: MatchReason) -> int:
        """The weight of one reason."""
        points: int = getattr(self, reason.value)
        return points

    def best(self, kind: str) -> int:
        """The weight of the heaviest reason of a kind, e.g. ``name``."""
        names = (field.name for field in fields(self) if field.name.startswith(f"{kind}_"))
        return max(int(getattr(self, name)) for name in names)


@dataclass(frozen=True, kw_only=True)
class MailService:
    """Whose different addresses are one mailbox's, as the service itself says.

    ``domains`` are names of the same mailboxes. What follows a ``+`` is a tag that the owner makes
    up (RFC 5233 calls it detail); some services also put dots aside.
    """

    domains: tuple[str, ...] = items(20, min_length=1)
    tags: str = choice(("ignored", "kept"), default="ignored")
    dots: str = choice(("ignored", "kept"), default="kept")
    source: str = text(300)

    def mailbox(self, local: str, domain: str) -> str | None:
        """The one spelling of an address of this service; None for another service's."""
        if domain.casefold() not in self.domains:
            return None
        local = local.casefold()
        if self.tags == "ignored":
            local = local.partition(_TAG)[0] or local
        if self.dots == "ignored":
            local = local.replace(".", "") or local
        return f"{local}@{self.domains[0]}"


@dataclass(frozen=True, kw_only=True)
class Matching:
    """A pair is proposed whose reasons together weigh at least ``threshold``.

    Names are similar from ``similar_percent`` on, where 100 are equal ones.
    """

    threshold: int = integer(1, SCORE_LIMIT)
    points: MatchPoints
    similar_percent: int = integer(50, 100)
    mail_services: tuple[MailService, ...] = items(100, default=())
    source: str = text(300)

    def mailbox(self, email: str) -> str:
        """The form in which two addresses of one mailbox are equal; ours of no known service."""
        key = email_key(email)
        local, _, domain = key.rpartition("@")
        known = (service.mailbox(local, domain) for service in self.mail_services)
        return next((found for found in known if found is not None), key)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Domains used twice, and thresholds that nothing or a name alone would reach.

        Many people share a name, and pairs are not looked for by likeness of names alone.
        """
        kinds = ("number", "mailbox", "name", "birth")
        if sum(map(self.points.best, kinds)) < self.threshold:
            yield "threshold", "No pair could reach it."
        if self.points.best("name") >= self.threshold:
            yield "threshold", "Must be above the points of a name alone."
        domains = [domain for service in self.mail_services for domain in service.domains]
        for index, service in enumerate(self.mail_services):
            for domain in service.domains:
                if domain != domain.casefold():
                    yield f"mail_services.{index}.domains", "Must be in lower case."
                if domains.count(domain) > 1:
                    yield f"mail_services.{index}.domains", f"{domain} is used twice."
