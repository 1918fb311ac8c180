"""Reads of programmes and workflows, and their answers."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.programmes.domain.eligibility import Eligibility, Judgement
from services.programmes.domain.programme import Partner, Programme, ProgrammeState
from services.programmes.domain.terms import SNAKE_CASE, ProgrammeKind
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.domain.workflow import Workflow, WorkflowVersion
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, items, text


@dataclass(frozen=True, kw_only=True)
class GetProgramme:
    """Ask for one programme."""

    programme_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindProgrammes:
    """Ask for programmes in the order in which they were drafted."""

    state: ProgrammeState | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class CheckEligibility:
    """Ask whether a member may apply to a cohort, and which rules say what."""

    cohort_id: str = text(64)
    member_id: str = text(64)
    dates: dict[str, date] = items(20, default={}, description="Dates of the rules, by id.")


@dataclass(frozen=True, kw_only=True)
class GetWorkflow:
    """Ask for a version of a workflow, e.g. ``national_scheme@1``."""

    workflow: str = text(80)


@dataclass(frozen=True, kw_only=True)
class FindWorkflows:
    """Ask for all versions of workflows, or of one."""

    name: str | None = text(60, pattern=SNAKE_CASE, default=None)


@dataclass(frozen=True)
class ProgrammeView:
    """A programme; an empty list of a rule means that it leaves nobody out.

    ``warnings`` name, by field, words that are not known here and may be slips of the pen.
    """

    programme_id: str
    state: ProgrammeState
    name: str
    kind: ProgrammeKind
    description: str
    sustainability_outcome: str
    partners: tuple[Partner, ...]
    domains: tuple[str, ...]
    eligibility: Eligibility
    warnings: dict[str, list[str]]

    @classmethod
    def of(cls, programme: Programme, known: Vocabulary) -> Self:
        said = programme.prospectus
        return cls(
            programme_id=programme.id,
            state=programme.state,
            name=said.name,
            kind=said.kind,
            description=said.description,
            sustainability_outcome=said.sustainability_outcome,
            partners=said.partners,
            domains=said.domains,
            eligibility=said.eligibility,
            warnings=known.warnings(said.words),
        )


@dataclass(frozen=True)
class ProgrammePage:
    """Some programmes; ``next_cursor`` is null on the last page."""

    items: tuple[ProgrammeView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class EligibilityView:
    """Whether a member may apply; ``reason`` says what their membership lacks, if it does."""

    cohort_id: str
    member_id: str
    eligible: bool
    reason: str | None
    rules: tuple[Judgement, ...]


@dataclass(frozen=True)
class WorkflowView:
    """A version of a workflow."""

    id: str
    name: str
    number: int
    source: str
    workflow: Workflow

    @classmethod
    def of(cls, version: WorkflowVersion) -> Self:
        return cls(version.id, version.name, version.number, version.source, version.workflow)


@dataclass(frozen=True)
class WorkflowList:
    """Versions of workflows by name and number."""

    items: tuple[WorkflowView, ...]
