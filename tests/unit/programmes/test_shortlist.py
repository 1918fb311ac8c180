"""Shortlisting, and reading applications."""

from datetime import timedelta

import pytest

from services.programmes.errors import NotInCohort
from services.programmes.events import ApplicationShortlisted
from shared.errors import Invalid, NotFound, Unavailable
from tests.unit.programmes.builders import NOW, Service


def shortlisted(service: Service) -> list[str]:
    """The ids of applications announced as shortlisted, in order."""
    events = service.applications.events
    return [each.application_id for each in events if isinstance(each, ApplicationShortlisted)]


def test_each_application_is_shortlisted_and_announced(service: Service) -> None:
    """Every application named is put on the list with one event; others are left alone."""
    cohort_id = service.an_open_cohort()
    first, second, third = service.applicants(cohort_id, 3)
    view = service.shortlist(cohort_id, [third, first])
    assert (view.shortlisted, view.unchanged) == ((third, first), ())
    assert shortlisted(service) == [third, first]
    found = service.get_application(application_id=first)
    assert (found.status, found.shortlisted_at) == ("shortlisted", NOW)
    assert service.get_application(application_id=second).status == "submitted"


def test_nothing_is_written_when_an_application_is_not_in_the_cohort(service: Service) -> None:
    """Ids that are unknown or belong to another cohort are all named, and nothing is done."""
    cohort_id, other_cohort_id = service.an_open_cohort(), service.an_open_cohort()
    first, second = service.applicants(cohort_id, 2)
    [elsewhere] = service.applicants(other_cohort_id, 1)
    with pytest.raises(NotInCohort) as refusal:
        service.shortlist(cohort_id, [first, "unknown", elsewhere, second])
    assert refusal.value.details == {"application_ids": ["unknown", elsewhere]}
    assert shortlisted(service) == []


def test_shortlisting_again_changes_nothing(service: Service) -> None:
    """What is on the list already keeps its time and is not announced again."""
    cohort_id = service.an_open_cohort()
    first, second = service.applicants(cohort_id, 2)
    service.shortlist(cohort_id, [first])
    service.clock.advance(hours=1)
    view = service.shortlist(cohort_id, [first, second, second])
    assert (view.shortlisted, view.unchanged) == ((second,), (first,))
    assert shortlisted(service) == [first, second]
    assert service.get_application(application_id=first).shortlisted_at == NOW
    later = service.get_application(application_id=second).shortlisted_at
    assert later == NOW + timedelta(hours=1)


def test_a_call_that_broke_off_is_completed_by_the_next(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failure between two writes the same call does the rest, and nothing twice."""
    cohort_id = service.an_open_cohort()
    ids = service.applicants(cohort_id, 3)
    change = service.applications.change
    with monkeypatch.context() as broken:

        def fail_at_the_second(id, action):  # type: ignore[no-untyped-def]
            if id == ids[1]:
                raise Unavailable()
            return change(id, action)

        broken.setattr(service.applications, "change", fail_at_the_second)
        with pytest.raises(Unavailable):
            service.shortlist(cohort_id, ids)
    assert shortlisted(service) == ids[:1]
    service.shortlist(cohort_id, ids)
    assert shortlisted(service) == ids


def test_a_shortlist_names_somebody(service: Service) -> None:
    """An empty list is a mistake, not a shortlist."""
    with pytest.raises(Invalid) as refusal:
        service.shortlist(service.an_open_cohort(), [])
    assert list(refusal.value.fields) == ["application_ids"]


def test_a_shortlist_needs_its_cohort(service: Service) -> None:
    """A cohort that is not there has no shortlist."""
    with pytest.raises(NotFound):
        service.shortlist("nowhere", ["any"])


def test_a_member_reads_only_their_own_application(service: Service) -> None:
    """To a member somebody else's application does not exist; staff name no member."""
    [id] = service.applicants(service.an_open_cohort(), 1)
    mine = service.get_application(application_id=id)
    assert service.get_application(application_id=id, member_id=mine.member_id) == mine
    with pytest.raises(NotFound) as theirs:
        service.get_application(application_id=id, member_id="somebody-else")
    with pytest.raises(NotFound) as nobodys:
        service.get_application(application_id="nowhere", member_id="somebody-else")
    assert theirs.value.code == nobodys.value.code


def test_a_cohorts_applications_come_page_by_page(service: Service) -> None:
    """Following the cursor gives each application of the cohort once, and no other's."""
    cohort_id, other_cohort_id = service.an_open_cohort(), service.an_open_cohort()
    ids = service.applicants(cohort_id, 5)
    service.applicants(other_cohort_id, 2)
    seen: list[str] = []
    cursor = None
    while True:
        page = service.find_applications(cohort_id=cohort_id, cursor=cursor, limit=2)
        seen += [each.application_id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(ids)
    with pytest.raises(NotFound):
        service.find_applications(cohort_id="nowhere", limit=2)
