"""Opening a cohort, its window, and answers to its questions."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes import schemas
from services.programmes.domain.cohort import Cohort, Question
from services.programmes.errors import OutsideWindow
from services.programmes.events import CohortOpened
from services.programmes.handlers import applications
from shared.errors import Invalid, NotFound
from tests.unit.programmes.builders import QUESTIONS, Service

OPENS = datetime(2026, 12, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 12, 29, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_cohort(*questions: Question, opens_at: datetime = OPENS) -> Cohort:
    """A valid cohort with these questions."""
    return Cohort.open(
        "cohort",
        programme_id="programme",
        title="2027/28",
        opens_at=opens_at,
        closes_at=CLOSES,
        posts=12,
        questions=questions,
    )


MOTIVATION = Question(id="motivation", prompt="Why?", max_words=5)
OTHER = Question(id="other", prompt="Else?", required=False, max_words=3)


def test_an_opened_cohort_is_kept_and_announced(service: Service) -> None:
    """Opening a cohort keeps it with its questions and records cohort.opened."""
    programme_id = service.create_programme().programme_id
    view = service.open_cohort(programme_id)
    assert service.cohorts.events == [
        CohortOpened(view.cohort_id, programme_id, "2027/28", OPENS, CLOSES, 12)
    ]
    request = schemas.GetCohort(cohort_id=view.cohort_id)
    assert applications.get_cohort(request, cohorts=service.cohorts) == view
    assert [question.id for question in view.questions] == ["motivation", "other"]


def test_a_cohort_needs_its_programme(service: Service) -> None:
    """A cohort of a programme that is not there is not opened."""
    with pytest.raises(NotFound):
        service.open_cohort("nowhere")
    assert service.cohorts.events == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"closes_at": "2026-12-01T09:00:00+00:00"}, ["closes_at"]),
        ({"closes_at": "2026-12-01T10:59:59+02:00"}, ["closes_at"]),
        ({"opens_at": "2026-12-01T09:00:00"}, ["opens_at"]),
        ({"opens_at": "2026-12-01"}, ["opens_at"]),
        ({"closes_at": "after Christmas"}, ["closes_at"]),
        ({"posts": 0}, ["posts"]),
        ({"posts": "12 or so"}, ["posts"]),
        ({"title": "  "}, ["title"]),
        ({"questions": [{**QUESTIONS[0], "id": "a.b"}]}, ["questions.0.id"]),
        ({"questions": [{**QUESTIONS[0], "id": "a\n"}]}, ["questions.0.id"]),
        ({"questions": [{**QUESTIONS[0], "max_words": 0}]}, ["questions.0.max_words"]),
        ({"questions": [{**QUESTIONS[0], "prompt": " "}]}, ["questions.0.prompt"]),
        ({"questions": [*QUESTIONS, QUESTIONS[0]]}, ["questions.2.id"]),
        ({"title": " ", "closes_at": "2025-12-01T09:00:00Z"}, ["title", "closes_at"]),
    ],
)
def test_malformed_cohorts_are_refused_by_field(
    service: Service, changes: dict[str, Any], fields: list[str]
) -> None:
    """Each fault is named by its path, an instant without an offset from UTC among them."""
    programme_id = service.create_programme().programme_id
    with pytest.raises(Invalid) as refusal:
        service.open_cohort(programme_id, **changes)
    assert list(refusal.value.fields) == fields
    assert service.cohorts.events == []


def test_instants_of_any_offset_are_kept_in_utc() -> None:
    """The same instant written with another offset is the same cohort."""
    paris = timezone(timedelta(hours=1))
    cohort = a_cohort(opens_at=datetime(2026, 12, 1, 10, 0, 0, 999, tzinfo=paris))
    assert cohort.opens_at == OPENS
    assert cohort.opens_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("now", [OPENS, OPENS + SECOND, CLOSES - SECOND])
def test_the_window_includes_its_first_and_its_last_second(now: datetime) -> None:
    """Applications are taken from the opening instant on, and until the last second."""
    a_cohort().require_open(now)


@pytest.mark.parametrize("now", [OPENS - SECOND, CLOSES, CLOSES + SECOND])
def test_outside_its_window_a_cohort_takes_nothing(now: datetime) -> None:
    """A second early, or at the closing instant itself, is refused with the instants."""
    with pytest.raises(OutsideWindow) as refusal:
        a_cohort().require_open(now)
    assert refusal.value.code == "programmes.outside_window"
    assert refusal.value.details == {
        "opens_at": OPENS.isoformat(),
        "closes_at": CLOSES.isoformat(),
        "now": now.isoformat(),
    }


@given(
    st.sampled_from([OPENS, CLOSES]),
    st.timedeltas(min_value=timedelta(days=-40), max_value=timedelta(days=40)),
)
def test_the_window_is_half_open(edge: datetime, distance: timedelta) -> None:
    """A cohort is open exactly when opens_at <= now < closes_at."""
    now = edge + distance
    try:
        a_cohort().require_open(now)
    except OutsideWindow:
        assert now < OPENS or now >= CLOSES
    else:
        assert OPENS <= now < CLOSES


def test_answers_are_kept_in_the_order_of_the_form() -> None:
    """Answers are tidied, and a question left out, or answered with blanks, has none."""
    cohort = a_cohort(MOTIVATION, OTHER)
    given_answers = {"other": "  and more ", "motivation": "To lead"}
    assert list(cohort.checked_answers(given_answers).items()) == [
        ("motivation", "To lead"),
        ("other", "and more"),
    ]
    assert cohort.checked_answers({"motivation": "x", "other": " \n"}) == {"motivation": "x"}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, ["answers.motivation"]),
        ({"motivation": " "}, ["answers.motivation"]),
        ({"motivation": "one two three four five six"}, ["answers.motivation"]),
        ({"motivation": "x", "secret": "y"}, ["answers.secret"]),
        (
            {"secret": "y", "other": "a b c d"},
            ["answers.motivation", "answers.other", "answers.secret"],
        ),
    ],
)
def test_faulty_answers_are_named(answers: dict[str, str], fields: list[str]) -> None:
    """Unknown questions, missing required answers and answers with too many words are named."""
    with pytest.raises(Invalid) as refusal:
        a_cohort(MOTIVATION, OTHER).checked_answers(answers)
    assert list(refusal.value.fields) == fields


def test_the_word_limit_says_both_numbers() -> None:
    """A refused answer says how long it is and how long it may be."""
    [reason] = OTHER.faults("a b c d")
    assert reason == "Has 4 words; at most 3 are allowed."


@given(st.lists(st.text("ab", min_size=1), max_size=8), st.sampled_from([" ", "\n", "\t \u2003"]))
def test_words_are_what_white_space_parts(words: list[str], space: str) -> None:
    """An optional answer passes exactly when it has at most the words allowed."""
    assert bool(OTHER.faults(space.join(words))) is (len(words) > OTHER.max_words)


def test_a_form_may_ask_nothing() -> None:
    """A cohort without questions takes an application without answers, and none with."""
    assert a_cohort().checked_answers({}) == {}
    with pytest.raises(Invalid):
        a_cohort().checked_answers({"motivation": "x"})
