"""What may be asked about preferences and matches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import fields, validate

from services.programmes.domain.cohort import MAX_POSTS
from services.programmes.domain.matching import Method
from shared.events import items, text

RANKED_BY_A_HOST = 5_000
Id = Annotated[str, fields.String(validate=validate.Length(min=1, max=64))]
PostTier = Annotated[
    tuple[str, ...],
    fields.List(
        fields.String(validate=validate.Length(min=1, max=60)),
        validate=validate.Length(min=1, max=MAX_POSTS),
    ),
]
ApplicantTier = Annotated[
    tuple[str, ...],
    fields.List(
        fields.String(validate=validate.Length(min=1, max=64)),
        validate=validate.Length(min=1, max=RANKED_BY_A_HOST),
    ),
]


@dataclass(frozen=True, kw_only=True)
class OpenPreferences:
    """Let applicants of a cohort say which posts they would take, until an instant."""

    cohort_id: str = text(64)
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class SubmitPreferences:
    """Say which posts an applicant would take, in place of what was said before."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    tiers: tuple[PostTier, ...] = items(
        MAX_POSTS, description="Ids of posts, the best tier first; those in a tier are alike."
    )


@dataclass(frozen=True, kw_only=True)
class RankApplicants:
    """Say which applicants the host of a post would take, in place of what was said before."""

    cohort_id: str = text(64)
    post_id: str = text(60)
    tiers: tuple[ApplicantTier, ...] = items(
        RANKED_BY_A_HOST, description="Ids of applications, the best tier first."
    )


@dataclass(frozen=True, kw_only=True)
class RunMatch:
    """Match the ranked applicants of a cohort with its posts; dry, nothing is kept."""

    cohort_id: str = text(64)
    method: Method
    dry_run: bool = False
