"""Completing a programme, and so joining its alumni."""

from datetime import date

import pytest

from services.programmes.errors import AlreadyCompleted, NotSelected
from services.programmes.events import AlumniJoined
from shared.errors import Invalid, NotFound
from tests.unit.programmes.learning import School


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def complete(school: School, application: object, on: str, message: str | None = None) -> object:
    return school.call(
        "complete_programme",
        message=message,
        cohort_id=application.cohort_id,  # type: ignore[attr-defined]
        member_id=application.member_id,  # type: ignore[attr-defined]
        completed_on=on,
    )


def test_who_completes_joins_the_alumni(school: School) -> None:
    """The application ends as completed, and the event names programme, cohort and day."""
    application = school.application(school.member())
    school.clock.advance(days=300)
    view = complete(school, application, "2027-08-31")
    assert (view.status, view.completed_on) == ("completed", date(2027, 8, 31))  # type: ignore[attr-defined]
    assert school.events(AlumniJoined) == [
        AlumniJoined(
            member_id=application.member_id,
            programme_id=school.programme_id,
            cohort_id=application.cohort_id,
            title="Chief Sustainability Officer's Clinical Fellow Scheme",
            completed_on=date(2027, 8, 31),
        )
    ]
    found = school.call("get_application", application_id=application.application_id)
    assert (found.status, found.completed_on) == ("completed", date(2027, 8, 31))


def test_completing_again_changes_nothing(school: School) -> None:
    """The same day is fine, by the same call or another; another day is refused."""
    application = school.application(school.member())
    school.clock.advance(days=300)
    complete(school, application, "2027-08-31", "m")
    complete(school, application, "2027-08-31", "m")
    complete(school, application, "2027-08-31")
    with pytest.raises(AlreadyCompleted) as refused:
        complete(school, application, "2027-08-30")
    assert refused.value.details["completed_on"] == "2027-08-31"
    assert len(school.events(AlumniJoined)) == 1


def test_who_was_not_selected_cannot_complete(school: School) -> None:
    """Having applied is not enough."""
    application = school.application(school.member(), shortlisted=False)
    with pytest.raises(NotSelected) as refused:
        complete(school, application, "2026-12-03")
    assert refused.value.details["status"] == "submitted"


def test_who_did_not_apply_cannot_complete(school: School) -> None:
    """A member of another cohort is not found in this one, nor is a cohort there is not."""
    application, stranger = school.application(school.member()), school.member()
    for cohort_id, member_id in (
        (application.cohort_id, stranger),
        ("nowhere", application.member_id),
    ):
        with pytest.raises(NotFound):
            school.call(
                "complete_programme",
                cohort_id=cohort_id,
                member_id=member_id,
                completed_on="2026-12-03",
            )


@pytest.mark.parametrize("on", ["2026-12-02", "2026-12-04"])
def test_the_day_is_neither_before_the_application_nor_to_come(school: School, on: str) -> None:
    """Applied and completed on the third at the earliest, and not tomorrow."""
    application = school.application(school.member())
    with pytest.raises(Invalid) as refused:
        complete(school, application, on)
    assert list(refused.value.fields) == ["completed_on"]
    complete(school, application, "2026-12-03")


def test_shortlisting_leaves_a_completed_application_alone(school: School) -> None:
    """It does not go back to the shortlist."""
    application = school.application(school.member())
    complete(school, application, "2026-12-03")
    ids = [application.application_id]
    view = school.call("shortlist", cohort_id=application.cohort_id, application_ids=ids)
    assert view.unchanged == (application.application_id,)
    found = school.call("get_application", application_id=application.application_id)
    assert found.status == "completed"
