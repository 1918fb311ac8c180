"""Members' leadership record."""

from typing import Any

from services.membership.commands import passport as commands
from services.membership.errors import Merged, NotAMember
from services.membership.schemas import passport as schemas
from services.membership.subscriptions import (
    AlumniJoined,
    AlumniRemoved,
    AttendanceRetracted,
    CertificateIssued,
    CertificateRevoked,
    LearningEvent,
    SessionAttended,
)
from shared.errors import Invalid, NotFound
from shared.events import Meta
from shared.messaging import subscribe
from shared.rpc import rpc


class Leadership:
    """Members' leadership record."""

    app: Any

    @rpc(
        commands.SelfAssess,
        returns=schemas.SelfAssessmentView,
        scope="membership:write",
        own="member_id",
        sensitive=("ratings",),
        errors=(Invalid, NotFound, NotAMember, Merged),
        writes=True,
    )
    def self_assess(self, command: commands.SelfAssess) -> schemas.SelfAssessmentView:
        """Assess oneself against the standards; earlier assessments stay as they are."""
        return self.app.self_assess(command)

    @rpc(
        schemas.GetSelfAssessments,
        returns=schemas.SelfAssessmentPage,
        scope="membership:read",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_self_assessments(
        self, request: schemas.GetSelfAssessments
    ) -> schemas.SelfAssessmentPage:
        """A member's self-assessments, oldest first."""
        return self.app.get_self_assessments(request)

    @rpc(
        schemas.GetLeadershipPassport,
        returns=schemas.LeadershipPassportView,
        scope="membership:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_leadership_passport(
        self, request: schemas.GetLeadershipPassport
    ) -> schemas.LeadershipPassportView:
        """A member's leadership record by domain, with a text to print."""
        return self.app.get_leadership_passport(request)

    @subscribe(
        SessionAttended,
        AttendanceRetracted,
        CertificateIssued,
        CertificateRevoked,
        AlumniJoined,
        AlumniRemoved,
    )
    def follow_learning(self, event: LearningEvent, _meta: Meta) -> None:
        """Note learning in the passport, and cover alumni."""
        self.app.follow_learning(event)
