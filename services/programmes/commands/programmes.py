"""What may be asked about programmes and workflows."""

from dataclasses import dataclass

from services.programmes.domain.eligibility import Eligibility, Word
from services.programmes.domain.programme import Partner
from services.programmes.domain.terms import SNAKE_CASE, ProgrammeKind
from services.programmes.domain.workflow import Workflow
from shared.events import integer, items, text


@dataclass(frozen=True, kw_only=True)
class _Prospectus:
    name: str = text(200)
    kind: ProgrammeKind
    description: str = text(5_000, min_length=0, default="")
    sustainability_outcome: str = text(
        2_000,
        min_length=0,
        default="",
        description="What participants learn or change for a sustainable environment.",
    )
    partners: tuple[Partner, ...] = items(50, default=())
    domains: tuple[Word, ...] = items(
        20, default=(), description="Domains of the standards that it addresses."
    )
    eligibility: Eligibility = Eligibility()


@dataclass(frozen=True, kw_only=True)
class CreateProgramme(_Prospectus):
    """Draft a programme; what is missing yet may follow."""


@dataclass(frozen=True, kw_only=True)
class ReviseProgramme(_Prospectus):
    """Let a programme say this instead of what it said."""

    programme_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class PublishProgramme:
    """Put a programme on offer."""

    programme_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class CloseProgramme:
    """Take a programme off offer for good."""

    programme_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class PublishWorkflow:
    """Publish the next version of a workflow; cohorts opened before keep theirs."""

    name: str = text(60, pattern=SNAKE_CASE)
    number: int = integer(1, 10_000)
    workflow: Workflow
    source: str = text(500, description="Where its rules come from, with the date.")
