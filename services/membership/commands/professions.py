"""Opening membership to a profession, step by step."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.policies.professions import PilotLimits
from services.membership.domain.positions import DualMembership, Stance
from services.membership.domain.terms import CODE
from shared.events import text


@dataclass(frozen=True, kw_only=True)
class ProposeProfession:
    """Propose to open membership to a profession that it is closed to, known to the policy or not.

    ``regulator`` is the code of the statutory regulator, if there is one.
    """

    code: str = text(60, pattern=CODE)
    title: str = text(100)
    rationale: str = text(4_000)
    regulator: str | None = text(20, default=None)


@dataclass(frozen=True, kw_only=True)
class OpenConsultation:
    """Ask professional bodies for their position until the end of ``closes_on``.

    One that was held before it is entered has an ``opened_on``, too; without, it opens today.
    """

    code: str = text(60, pattern=CODE)
    closes_on: date
    opened_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecordBodyPosition:
    """Put on record what a professional body says, named by its id as an organisation or by name.

    Without ``dual_membership`` nothing was agreed about it. ``recorded_on`` is by default today.
    """

    code: str = text(60, pattern=CODE)
    body: str = text(200)
    position: Stance
    recognises_membership: bool
    dual_membership: DualMembership | None = None
    statement: str = text(4_000, min_length=0, default="")
    recorded_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class StartPilot:
    """Let people of a profession join within limits, by default from today."""

    code: str = text(60, pattern=CODE)
    limits: PilotLimits
    effective_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class AdmitProfession:
    """Open membership to a profession from a day on."""

    code: str = text(60, pattern=CODE)
    effective_from: date


@dataclass(frozen=True, kw_only=True)
class RefuseProfession:
    """Keep membership closed to a profession; a pilot ends with it."""

    code: str = text(60, pattern=CODE)
    reason: str = text(2_000)
