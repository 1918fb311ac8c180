"""What the tests of programmes share: valid arguments, and the handlers wired to fakes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.programmes import commands, schemas, subscriptions
from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.handlers import applications, following
from services.programmes.repository import Standings
from shared.events import Meta, load
from shared.testing import FakeClock, FakeDatabase, FakeRepository

NOW = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
MEMBER = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24"

PROGRAMME: dict[str, Any] = {
    "name": "Chief Sustainability Officer's Clinical Fellow Scheme",
    "kind": "national_scheme",
    "nations": ["england", "wales"],
    "professions": ["doctor", "pharmacist"],
    "description": "Twelve months in a national organisation.",
    "sustainability_outcome": "Fellows lead one project that lowers emissions of care.",
}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "motivation", "prompt": "Why do you apply?", "required": True, "max_words": 5},
    {"id": "other", "prompt": "Anything else?", "required": False, "max_words": 3},
]
COHORT: dict[str, Any] = {
    "title": "2027/28",
    "opens_at": "2026-12-01T09:00:00+00:00",
    "closes_at": "2026-12-29T17:00:00+00:00",
    "posts": 12,
    "questions": QUESTIONS,
}
ANSWERS = {"motivation": "To lead change"}


def meta(sequence: int, member_id: str = MEMBER) -> Meta:
    """The envelope of a membership event; its type and source do not matter to handlers."""
    return Meta(
        id=f"{member_id}-{sequence}",
        type="faculty.membership.any",
        source="faculty/membership",
        subject=member_id,
        sequence=sequence,
        time=NOW,
        correlation_id="c",
    )


class Service:
    """The handlers of programmes with fakes for the store and the clock."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.programmes = FakeRepository(Programme)
        self.cohorts = FakeRepository(Cohort)
        self.applications = FakeRepository(Application, unique=("application_key",))
        self.standings = Standings(FakeDatabase())

    def _call(self, handler: Callable[..., Any], request: Any, *names: str) -> Any:
        return handler(request, **{name: getattr(self, name) for name in names})

    def create_programme(self, **changes: Any) -> schemas.ProgrammeView:
        command = load(commands.CreateProgramme, {**PROGRAMME, **changes})
        return self._call(applications.create_programme, command, "programmes")

    def open_cohort(self, programme_id: str, **changes: Any) -> schemas.CohortView:
        arguments = {"programme_id": programme_id, **COHORT, **changes}
        command = load(commands.OpenCohort, arguments)
        return self._call(applications.open_cohort, command, "programmes", "cohorts")

    def an_open_cohort(self, **programme: Any) -> str:
        """The id of a valid cohort of a programme with these changes."""
        return self.open_cohort(self.create_programme(**programme).programme_id).cohort_id

    def tell(self, sequence: int, event: subscriptions.MembershipEvent) -> None:
        """Deliver an event of membership."""
        following.record_standing(event, meta(sequence, event.member_id), standings=self.standings)

    def admit(
        self, member_id: str = MEMBER, profession: str = "doctor", nation: str = "wales"
    ) -> None:
        """Deliver all that membership says of a person who is verified and admitted."""
        self.tell(2, subscriptions.ApplicationReceived(member_id, profession, nation))
        self.tell(3, subscriptions.RegistrationVerified(member_id))
        self.tell(4, subscriptions.MemberAdmitted(member_id, profession, nation))

    def submit(
        self, cohort_id: str, member_id: str = MEMBER, answers: dict[str, str] | None = None
    ) -> schemas.ApplicationView:
        arguments = {
            "cohort_id": cohort_id,
            "member_id": member_id,
            "answers": ANSWERS if answers is None else answers,
        }
        return self._call(
            applications.submit_application,
            load(commands.SubmitApplication, arguments),
            "programmes",
            "cohorts",
            "applications",
            "standings",
            "clock",
        )

    def applicants(self, cohort_id: str, number: int) -> list[str]:
        """The ids of applications by as many admitted members, in order."""
        submitted = []
        for each in range(number):
            member_id = f"member-{cohort_id}-{each}"
            self.admit(member_id)
            submitted.append(self.submit(cohort_id, member_id).application_id)
        return submitted

    def shortlist(self, cohort_id: str, application_ids: list[str]) -> schemas.ShortlistView:
        arguments = {"cohort_id": cohort_id, "application_ids": application_ids}
        command = load(commands.Shortlist, arguments)
        return self._call(applications.shortlist, command, "cohorts", "applications", "clock")

    def get_application(self, **arguments: Any) -> schemas.ApplicationView:
        request = load(schemas.GetApplication, arguments)
        return self._call(applications.get_application, request, "applications", "standings")

    def find_applications(self, **arguments: Any) -> schemas.ApplicationPage:
        request = load(schemas.FindApplications, arguments)
        names = ("cohorts", "applications", "standings")
        return self._call(applications.find_applications, request, *names)

    def get_member_standing(self, member_id: str = MEMBER) -> schemas.StandingView:
        request = schemas.GetMemberStanding(member_id=member_id)
        return self._call(following.get_member_standing, request, "standings")
