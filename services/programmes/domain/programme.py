"""A programme: what is offered, by whom and to whom, and what it does for sustainability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.programmes.domain.eligibility import Eligibility
from services.programmes.domain.terms import Faults, ProgrammeKind, blank_faults, repeated_faults
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.errors import NotPublished
from services.programmes.events import ProgrammeClosed, ProgrammePublished
from shared.errors import Invalid
from shared.events import Aggregate, text


class ProgrammeState(StrEnum):
    """Whether a programme is on offer."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class PartnerRole(StrEnum):
    """What an organisation does for a programme."""

    SPONSOR = "sponsor"
    PARTNER = "partner"


@dataclass(frozen=True, kw_only=True)
class Partner:
    """An organisation with which a programme is delivered."""

    name: str = text(200)
    role: PartnerRole


@dataclass(frozen=True, kw_only=True)
class Prospectus:
    """What a programme says of itself; complete, it can be published."""

    name: str
    kind: ProgrammeKind
    description: str
    sustainability_outcome: str
    partners: tuple[Partner, ...]
    domains: tuple[str, ...]
    eligibility: Eligibility

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The words of membership that it uses, by field."""
        of_rules = self.eligibility.words.items()
        return {"domains": self.domains} | {f"eligibility.{path}": used for path, used in of_rules}

    def faults(self, known: Vocabulary) -> Faults:
        """What cannot stand even in a draft, by field."""
        faults = blank_faults({"name": self.name}) | known.faults(self.words)
        faults |= repeated_faults("partners", "name", (each.name for each in self.partners))
        of_rules = self.eligibility.faults()
        return faults | {f"eligibility.{path}": reasons for path, reasons in of_rules.items()}

    def gaps(self) -> Faults:
        """What is missing before it can be published, by field."""
        texts = {
            "description": self.description,
            "sustainability_outcome": self.sustainability_outcome,
        }
        gaps = blank_faults(texts)
        if not self.domains:
            gaps["domains"] = ["At least one domain of the standards must be addressed."]
        return gaps


@dataclass
class Programme(Aggregate):
    """A scheme, course or event. It is a draft until it is published."""

    id: str
    prospectus: Prospectus
    state: ProgrammeState = ProgrammeState.DRAFT

    @classmethod
    def draft(cls, id: str, prospectus: Prospectus, known: Vocabulary) -> Programme:
        """The draft, or Invalid naming every fault."""
        return cls(id, _sound(prospectus, known))

    @property
    def name(self) -> str:
        return self.prospectus.name

    @property
    def eligibility(self) -> Eligibility:
        return self.prospectus.eligibility

    def revise(self, prospectus: Prospectus, known: Vocabulary) -> None:
        """Let it say something else; one on offer stays complete, and its kind is settled."""
        _sound(prospectus, known)
        if self.state is not ProgrammeState.DRAFT:
            self.require_published()
            _refuse(prospectus.gaps(), "The programme is not complete.")
            if prospectus.kind is not self.prospectus.kind:
                reason = "Is settled once the programme is published."
                raise Invalid("The kind is settled.", fields={"kind": [reason]})
        self.prospectus = prospectus

    def publish(self) -> None:
        """Put it on offer; raises Invalid naming what is missing. Once on offer it stays so."""
        if self.state is ProgrammeState.PUBLISHED:
            return
        if self.state is ProgrammeState.CLOSED:
            self.require_published()
        _refuse(self.prospectus.gaps(), "The programme is not complete.")
        self.state = ProgrammeState.PUBLISHED
        self.record(
            ProgrammePublished(
                programme_id=self.id,
                name=self.name,
                kind=self.prospectus.kind.value,
                nations=tuple(nation.value for nation in self.eligibility.nations),
                professions=tuple(self.eligibility.professions),
                domains=self.prospectus.domains,
            )
        )

    def close(self) -> None:
        """Take it off offer for good: no new cohorts; those that there are go on."""
        if self.state is ProgrammeState.CLOSED:
            return
        self.require_published()
        self.state = ProgrammeState.CLOSED
        self.record(ProgrammeClosed(programme_id=self.id))

    def require_published(self) -> None:
        """Raises NotPublished unless it is on offer."""
        if self.state is not ProgrammeState.PUBLISHED:
            needed = [ProgrammeState.PUBLISHED.value]
            raise NotPublished(programme_id=self.id, state=self.state.value, needed=needed)


def _sound(prospectus: Prospectus, known: Vocabulary) -> Prospectus:
    _refuse(prospectus.faults(known), "The programme is not valid.")
    return prospectus


def _refuse(faults: Faults, message: str) -> None:
    if faults:
        raise Invalid(message, fields=faults)
