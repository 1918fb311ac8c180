"""Asks who changed what; the answers are as in every service."""

from dataclasses import dataclass
from enum import StrEnum

from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


class Kind(StrEnum):
    """What has a history, under the name by which it is refused where it is not there."""

    PROGRAMME = "programme"
    WORKFLOW_VERSION = "workflow_version"
    HOST = "host"
    COHORT = "cohort"
    APPLICATION = "application"
    REVIEWER = "reviewer"
    INTEREST = "interest"
    PANEL = "panel"
    REVIEW = "review"
    MODERATION = "moderation"
    SHORTLIST = "shortlist"
    SLOT = "slot"
    INTERVIEW = "interview"
    PANEL_MARK = "panel_mark"
    SHEET = "sheet"
    RANKING = "ranking"
    PREFERENCES = "preferences"
    HOST_RANKING = "host_ranking"
    MATCH = "match"
    OFFER_ROUND = "offer_round"
    OFFER = "offer"
    PLACEMENT = "placement"
    REPORT = "report"
    ALUMNUS = "alumnus"
    OUTCOME = "outcome"
    SESSION = "session"
    ATTENDANCE = "attendance"
    CERTIFICATE = "certificate"
    OPPORTUNITY = "opportunity"


@dataclass(frozen=True, kw_only=True)
class GetHistory:
    """Ask for every change to one thing, newest first."""

    kind: Kind
    id: str = text(200)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)
