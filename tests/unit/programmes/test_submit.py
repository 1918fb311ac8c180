"""Submitting an application: standing, eligibility, window, answers, once."""

from datetime import UTC, datetime, timedelta

import pytest

from services.programmes.errors import MemberNotCurrent, NotEligible, OutsideWindow
from services.programmes.events import ApplicationSubmitted
from services.programmes.subscriptions import RegistrationRefused, RegistrationVerified
from shared.errors import Duplicate, Invalid, NotFound, to_wire
from shared.telemetry import Context, activate, fresh_id
from tests.unit.programmes.builders import ANSWERS, MEMBER, NOW, Service

CLOSES = datetime(2026, 12, 29, 17, tzinfo=UTC)


def test_an_application_is_kept_and_announced(service: Service) -> None:
    """A current, eligible member's application is kept and recorded as one event."""
    cohort_id = service.an_open_cohort()
    service.admit()
    view = service.submit(cohort_id)
    assert service.applications.events == [
        ApplicationSubmitted(view.application_id, cohort_id, MEMBER, view.programme_id, NOW)
    ]
    assert service.get_application(application_id=view.application_id) == view
    assert (view.answers, view.status, view.shortlisted_at) == (ANSWERS, "submitted", None)


def test_a_member_not_known_is_refused_with_the_reason(service: Service) -> None:
    """Without events from membership nobody is current, and the wire says so."""
    with pytest.raises(MemberNotCurrent) as refusal:
        service.submit(service.an_open_cohort())
    wire = to_wire(refusal.value)
    assert wire["code"] == "programmes.member_not_current"
    assert wire["details"] == {"member_id": MEMBER, "reason": "not_known"}
    assert service.applications.events == []


def test_a_refusal_after_admission_closes_the_door_and_a_verification_opens_it(
    service: Service,
) -> None:
    """What the latest check of the registration says decides."""
    cohort_id = service.an_open_cohort()
    service.admit()
    service.tell(5, RegistrationRefused(MEMBER))
    with pytest.raises(MemberNotCurrent) as refusal:
        service.submit(cohort_id)
    assert refusal.value.details["reason"] == "registration_refused"
    service.tell(6, RegistrationVerified(MEMBER))
    assert service.submit(cohort_id).member_id == MEMBER


@pytest.mark.parametrize(
    ("profession", "nation", "rule", "value"),
    [
        ("nurse", "wales", "profession", "nurse"),
        ("doctor", "scotland", "nation", "scotland"),
        ("nurse", "scotland", "profession", "nurse"),
    ],
)
def test_the_rule_that_leaves_a_member_out_is_named(
    service: Service, profession: str, nation: str, rule: str, value: str
) -> None:
    """A refusal names the rule, the member's value and the values admitted."""
    cohort_id = service.an_open_cohort()
    service.admit(profession=profession, nation=nation)
    with pytest.raises(NotEligible) as refusal:
        service.submit(cohort_id)
    details = to_wire(refusal.value)["details"]
    assert (details["rule"], details["value"]) == (rule, value)
    assert value not in details["admitted"]
    assert service.applications.events == []


@pytest.mark.parametrize(
    ("programme", "profession", "nation"),
    [
        ({}, "doctor", "wales"),
        ({}, "pharmacist", "england"),
        ({"professions": []}, "podiatrist", "england"),
        ({"nations": []}, "doctor", "northern_ireland"),
        ({"professions": [], "nations": []}, "osteopath", "scotland"),
    ],
)
def test_an_empty_list_admits_all(
    service: Service, programme: dict[str, list[str]], profession: str, nation: str
) -> None:
    """Professions and nations listed are admitted, and any where none is listed."""
    cohort_id = service.an_open_cohort(**programme)
    service.admit(profession=profession, nation=nation)
    assert service.submit(cohort_id).cohort_id == cohort_id


def test_the_window_is_checked_by_the_clock(service: Service) -> None:
    """The last second is in time, the closing instant is not."""
    cohort_id = service.an_open_cohort()
    service.admit()
    service.admit("late")
    service.clock.advance(seconds=(CLOSES - NOW).total_seconds() - 1)
    assert service.submit(cohort_id).submitted_at == CLOSES - timedelta(seconds=1)
    service.clock.advance(seconds=1)
    with pytest.raises(OutsideWindow):
        service.submit(cohort_id, "late")
    assert len(service.applications.events) == 1


def test_faulty_answers_keep_nothing(service: Service) -> None:
    """An application with faulty answers is refused by field and not kept."""
    cohort_id = service.an_open_cohort()
    service.admit()
    with pytest.raises(Invalid) as refusal:
        service.submit(cohort_id, answers={"motivation": "x", "unasked": "y"})
    assert list(refusal.value.fields) == ["answers.unasked"]
    assert service.applications.events == []


@pytest.mark.parametrize("answer", ["x" * 20_001, "nul \x00"])
def test_answers_are_bounded_before_any_rule(service: Service, answer: str) -> None:
    """No answer carries megabytes or a NUL, whatever its number of words."""
    with pytest.raises(Invalid) as refusal:
        service.submit("any", answers={"motivation": answer})
    [field] = refusal.value.fields
    assert field.startswith("answers.motivation")


def test_a_long_answer_within_the_word_limit_is_kept_whole(service: Service) -> None:
    """The cohort's word limit rules, not the length that other texts have."""
    service.admit()
    programme_id = service.create_programme().programme_id
    question = {"id": "essay", "prompt": "At length?", "max_words": 1_000}
    cohort_id = service.open_cohort(programme_id, questions=[question]).cohort_id
    essay = " ".join(["leadership"] * 1_000)
    assert service.submit(cohort_id, answers={"essay": essay}).answers == {"essay": essay}


def test_a_member_applies_to_a_cohort_once(service: Service) -> None:
    """A second application is a duplicate that points at the first, also after the closing."""
    cohort_id = service.an_open_cohort()
    service.admit()
    first = service.submit(cohort_id)
    service.clock.advance(days=60)
    with pytest.raises(Duplicate) as refusal:
        service.submit(cohort_id)
    assert refusal.value.details["application_id"] == first.application_id
    assert len(service.applications.events) == 1


def test_the_unique_key_stops_two_at_the_same_moment(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When neither of two requests can see the other, the store refuses the second."""
    cohort_id = service.an_open_cohort()
    service.admit()
    service.submit(cohort_id)
    monkeypatch.setattr(service.applications, "first", lambda criteria: None)
    with pytest.raises(Duplicate) as refusal:
        service.submit(cohort_id)
    assert refusal.value.details["field"] == "application_key"


def test_a_request_delivered_again_gives_the_application_it_made(service: Service) -> None:
    """The same message gets its answer again, also after the closing; another is a duplicate."""
    cohort_id = service.an_open_cohort()
    service.admit()
    seed = fresh_id()
    with activate(Context.start(message_id="call:1", seed=seed)):
        first = service.submit(cohort_id)
    service.clock.advance(days=60)
    with activate(Context.start(message_id="call:1", seed=seed)):
        assert service.submit(cohort_id) == first
    with activate(Context.start(message_id="call:2", seed=fresh_id())), pytest.raises(Duplicate):
        service.submit(cohort_id)
    assert len(service.applications.events) == 1


def test_a_member_may_apply_to_two_cohorts_and_two_members_to_one(service: Service) -> None:
    """Only the same member and the same cohort together are one application."""
    one, two = service.an_open_cohort(), service.an_open_cohort()
    service.admit()
    service.admit("another")
    service.submit(one)
    service.submit(two)
    service.submit(one, "another")
    assert len(service.applications.events) == 3


def test_a_cohort_that_is_not_there_is_not_found(service: Service) -> None:
    """An application needs its cohort."""
    service.admit()
    with pytest.raises(NotFound):
        service.submit("nowhere")
