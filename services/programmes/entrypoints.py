"""The programmes service on the broker: its calls, and the events it listens to."""

from services.programmes import commands, errors, schemas, subscriptions
from services.programmes.bootstrap import bootstrap
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import Meta
from shared.messaging import subscribe
from shared.operations import Operations
from shared.rpc import rpc
from shared.service import Application

READ = "programmes:read"
WRITE = "programmes:write"


class ProgrammesService(Operations):
    """Schemes and courses, their cohorts, applications to them, and what members learn there."""

    name = "programmes"
    app = Application(bootstrap)

    @rpc(
        commands.CreateProgramme,
        returns=schemas.ProgrammeView,
        scope=WRITE,
        errors=(Invalid,),
        writes=True,
    )
    def create_programme(self, command: commands.CreateProgramme) -> schemas.ProgrammeView:
        """Create a programme and publish it."""
        return self.app.create_programme(command)

    @rpc(
        commands.OpenCohort,
        returns=schemas.CohortView,
        scope=WRITE,
        errors=(Invalid, NotFound),
        writes=True,
    )
    def open_cohort(self, command: commands.OpenCohort) -> schemas.CohortView:
        """Set a round of applications of a programme."""
        return self.app.open_cohort(command)

    @rpc(
        commands.SubmitApplication,
        returns=schemas.ApplicationView,
        scope=WRITE,
        own="member_id",
        sensitive=("answers",),
        errors=(
            Invalid,
            NotFound,
            errors.MemberNotCurrent,
            errors.NotEligible,
            errors.OutsideWindow,
            Duplicate,
        ),
        writes=True,
    )
    def submit_application(self, command: commands.SubmitApplication) -> schemas.ApplicationView:
        """Apply to a cohort as a current member."""
        return self.app.submit_application(command)

    @rpc(
        commands.Shortlist,
        returns=schemas.ShortlistView,
        scope=WRITE,
        errors=(NotFound, errors.NotInCohort),
        writes=True,
    )
    def shortlist(self, command: commands.Shortlist) -> schemas.ShortlistView:
        """Put applications on their cohort's shortlist."""
        return self.app.shortlist(command)

    @rpc(
        commands.RecordSession,
        returns=schemas.SessionView,
        scope=WRITE,
        errors=(Invalid, NotFound),
        writes=True,
    )
    def record_session(self, command: commands.RecordSession) -> schemas.SessionView:
        """Record a session of a programme."""
        return self.app.record_session(command)

    @rpc(
        commands.RecordAttendance,
        returns=schemas.AttendanceView,
        scope=WRITE,
        errors=(NotFound, errors.SessionNotHeld, errors.MemberNotKnown),
        writes=True,
    )
    def record_attendance(self, command: commands.RecordAttendance) -> schemas.AttendanceView:
        """Record who attended a session."""
        return self.app.record_attendance(command)

    @rpc(
        commands.IssueCertificate,
        returns=schemas.CertificateView,
        scope=WRITE,
        errors=(Invalid, NotFound, errors.MemberNotKnown, Duplicate),
        writes=True,
    )
    def issue_certificate(self, command: commands.IssueCertificate) -> schemas.CertificateView:
        """Give a member a certificate of a programme."""
        return self.app.issue_certificate(command)

    @rpc(
        commands.RevokeCertificate,
        returns=schemas.CertificateView,
        scope=WRITE,
        sensitive=("reason",),
        errors=(NotFound, errors.CertificateRevokedBefore),
        writes=True,
    )
    def revoke_certificate(self, command: commands.RevokeCertificate) -> schemas.CertificateView:
        """Let a certificate no longer count."""
        return self.app.revoke_certificate(command)

    @rpc(
        schemas.VerifyCertificate,
        returns=schemas.CertificateView,
        scope=READ,
        sensitive=("code",),
        errors=(NotFound,),
        writes=False,
    )
    def verify_certificate(self, request: schemas.VerifyCertificate) -> schemas.CertificateView:
        """The certificate that has a code, and whether it is valid."""
        return self.app.verify_certificate(request)

    @rpc(
        commands.CompleteProgramme,
        returns=schemas.ApplicationSummary,
        scope=WRITE,
        errors=(Invalid, NotFound, errors.NotSelected, errors.AlreadyCompleted),
        writes=True,
    )
    def complete_programme(self, command: commands.CompleteProgramme) -> schemas.ApplicationSummary:
        """Record that a member completed a programme and joins its alumni."""
        return self.app.complete_programme(command)

    @rpc(
        schemas.GetSession,
        returns=schemas.SessionView,
        scope=READ,
        errors=(NotFound,),
        writes=False,
    )
    def get_session(self, request: schemas.GetSession) -> schemas.SessionView:
        """One session."""
        return self.app.get_session(request)

    @rpc(
        schemas.FindAttendance,
        returns=schemas.AttendancePage,
        scope=READ,
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_attendance(self, request: schemas.FindAttendance) -> schemas.AttendancePage:
        """Who attended a session."""
        return self.app.find_attendance(request)

    @rpc(
        schemas.FindCertificates,
        returns=schemas.CertificatePage,
        scope=READ,
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_certificates(self, request: schemas.FindCertificates) -> schemas.CertificatePage:
        """A member's certificates with their codes."""
        return self.app.find_certificates(request)

    @rpc(
        schemas.GetProgramme,
        returns=schemas.ProgrammeView,
        scope=READ,
        errors=(NotFound,),
        writes=False,
    )
    def get_programme(self, request: schemas.GetProgramme) -> schemas.ProgrammeView:
        """One programme."""
        return self.app.get_programme(request)

    @rpc(
        schemas.GetCohort,
        returns=schemas.CohortView,
        scope=READ,
        errors=(NotFound,),
        writes=False,
    )
    def get_cohort(self, request: schemas.GetCohort) -> schemas.CohortView:
        """One cohort with its questions."""
        return self.app.get_cohort(request)

    @rpc(
        schemas.GetApplication,
        returns=schemas.ApplicationView,
        scope=READ,
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_application(self, request: schemas.GetApplication) -> schemas.ApplicationView:
        """One application with its answers; members give their own ``member_id``."""
        return self.app.get_application(request)

    @rpc(
        schemas.FindApplications,
        returns=schemas.ApplicationPage,
        scope=READ,
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_applications(self, request: schemas.FindApplications) -> schemas.ApplicationPage:
        """A cohort's applications in the order in which they came."""
        return self.app.find_applications(request)

    @rpc(
        schemas.GetMemberStanding,
        returns=schemas.StandingView,
        scope=READ,
        writes=False,
    )
    def get_member_standing(self, request: schemas.GetMemberStanding) -> schemas.StandingView:
        """What membership's events have told of a member."""
        return self.app.get_member_standing(request)

    @subscribe(
        subscriptions.ApplicationReceived,
        subscriptions.RegistrationVerified,
        subscriptions.RegistrationRefused,
        subscriptions.StandingChanged,
        subscriptions.MemberAdmitted,
        subscriptions.MemberImported,
        subscriptions.DetailsCorrected,
        subscriptions.MemberMerged,
        subscriptions.MemberUnmerged,
    )
    def on_membership(self, event: subscriptions.MembershipEvent, meta: Meta) -> None:
        """Keep the local projection of members' standing."""
        self.app.record_standing(event, meta)

    @subscribe(subscriptions.ExportRequested)
    def on_export(self, event: subscriptions.ExportRequested, _meta: Meta) -> None:
        """Contribute to what a member is given."""
        self.app.contribute(event)

    @subscribe(subscriptions.MemberErased)
    def on_erased(self, event: subscriptions.MemberErased, _meta: Meta) -> None:
        """Forget a member."""
        self.app.forget_member(event)
