"""Opening a cohort, its window, and answers to its questions."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.cohort import Cohort, Plan
from services.programmes.domain.question import Question
from services.programmes.domain.terms import Nation
from services.programmes.errors import OutsideWindow
from services.programmes.events import CohortClosed, CohortExtended, CohortOpened
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import QUESTIONS, RUBRIC
from tests.unit.programmes.world import World

OPENS = datetime(2026, 12, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 12, 29, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)


START = date(2027, 9, 1)


def a_cohort(*questions: Question, opens_at: datetime = OPENS) -> Cohort:
    """A valid cohort with these questions."""
    plan = Plan(
        programme_id="programme",
        title="2027/28",
        nation=Nation.ENGLAND,
        time_zone="Europe/London",
        opens_at=opens_at,
        closes_at=CLOSES,
        starts_on=START,
        months=12,
        posts=(),
        questions=questions,
        rubric=None,
        workflow="course@1",
    )
    return Cohort.open("cohort", plan, OPENS)


MOTIVATION = Question(id="motivation", prompt="Why?", max_words=5)
OTHER = Question(id="other", prompt="Else?", required=False, max_words=3)


def test_an_opened_cohort_is_kept_and_announced(world: World) -> None:
    """Opening a cohort keeps it with its questions and records cohort.opened."""
    programme_id = world.programme()
    cohort_id = world.cohort(programme_id)
    assert world.events(CohortOpened) == [
        CohortOpened(cohort_id, programme_id, "2027/28", OPENS, CLOSES, START, 12)
    ]
    view = world.call("get_cohort", cohort_id=cohort_id)
    assert [question.id for question in view.questions] == ["motivation", "other"]
    assert view.opens == "2026-12-01T09:00:00+00:00"
    assert world.pages("find_cohorts", programme_id=programme_id) == [view]


def test_the_window_is_shown_by_the_clocks_of_its_zone(world: World) -> None:
    """The instants stay the same."""
    cohort_id = world.cohort(closes_at="2027-06-01T12:00:00+00:00")
    view = world.call("get_cohort", cohort_id=cohort_id)
    assert view.closes == "2027-06-01T13:00:00+01:00"


def test_a_cohort_needs_its_programme(world: World) -> None:
    """A cohort of a programme that is not there is not opened."""
    assert isinstance(error_of(lambda: world.cohort("nowhere")), NotFound)
    assert world.events(CohortOpened) == []


POST = {"id": "city", "title": "City", "capacity": 2}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"closes_at": "2026-12-01T09:00:00+00:00"}, ["closes_at"]),
        ({"closes_at": "2026-12-01T10:59:59+02:00"}, ["closes_at"]),
        ({"opens_at": "2026-12-01T09:00:00"}, ["opens_at"]),
        ({"opens_at": "2026-12-01"}, ["opens_at"]),
        ({"closes_at": "after Christmas"}, ["closes_at"]),
        ({"starts_on": "2026-12-29"}, ["starts_on"]),
        ({"time_zone": "Europe/Atlantis"}, ["time_zone"]),
        ({"posts": []}, ["posts"]),
        ({"posts": [{**POST, "capacity": 0}]}, ["posts.0.capacity"]),
        ({"posts": [{**POST, "wte_percent": 101}]}, ["posts.0.wte_percent"]),
        ({"posts": [POST, POST]}, ["posts.1.id"]),
        ({"posts": [{**POST, "title": " "}]}, ["posts.0.title"]),
        ({"posts": [{**POST, "host_id": "nowhere"}]}, ["posts.0.host_id"]),
        ({"title": "  "}, ["title"]),
        ({"questions": [{**QUESTIONS[0], "id": "a.b"}]}, ["questions.0.id"]),
        ({"questions": [{**QUESTIONS[0], "id": "a\n"}]}, ["questions.0.id"]),
        ({"questions": [{**QUESTIONS[0], "max_words": 0}]}, ["questions.0.max_words"]),
        ({"questions": [{**QUESTIONS[0], "prompt": " "}]}, ["questions.0.prompt"]),
        ({"questions": [*QUESTIONS, QUESTIONS[0]]}, ["questions.2.id"]),
        ({"rubric": {**RUBRIC, "pass_mark": 6}}, ["rubric.pass_mark"]),
        ({"rubric": {**RUBRIC, "highest": 0}}, ["rubric.highest"]),
        ({"rubric": {**RUBRIC, "tie_breaks": ["lot", "beauty"]}}, None),
        ({"rubric": {**RUBRIC, "tie_breaks": ["earlier_submission"]}}, ["rubric.tie_breaks"]),
        ({"title": " ", "closes_at": "2025-12-01T09:00:00Z"}, ["title", "closes_at"]),
    ],
)
def test_malformed_cohorts_are_refused_by_field(
    world: World, changes: dict[str, Any], fields: list[str] | None
) -> None:
    """Each fault is named by its path, an instant without an offset from UTC among them."""
    error = error_of(lambda: world.cohort(**changes))
    assert isinstance(error, Invalid)
    assert list(error.fields) == (fields or ["rubric.tie_breaks.1", "rubric.tie_breaks"])
    assert world.events(CohortOpened) == []


def test_a_host_takes_more_or_fewer_than_it_said(world: World) -> None:
    """Never fewer than cohorts to come offer; who said so and why is in its trail."""
    host_id = world.host()
    cohort_id = world.cohort(posts=[world.post("city", capacity=4, host_id=host_id)])
    resized = world.call("change_host_capacity", host_id=host_id, capacity=4, reason="A ward shut.")
    assert resized.capacity == 4
    assert world.trails()[f"hosts:{host_id}"][-1].reason == "A ward shut."
    with pytest.raises(Invalid) as refused:
        world.call("change_host_capacity", host_id=host_id, capacity=3, reason="Another shut.")
    assert cohort_id in refused.value.fields["capacity"][0]
    assert world.call("get_host", host_id=host_id).capacity == 4
    world.call("withdraw_cohort", cohort_id=cohort_id, reason="Set up by mistake.")
    assert (
        world.call(
            "change_host_capacity", host_id=host_id, capacity=3, reason="Another shut."
        ).capacity
        == 3
    )
    with pytest.raises(NotFound):
        world.call("change_host_capacity", host_id="nowhere", capacity=3, reason="Invented.")


def test_posts_are_at_hosts_that_are_on_record(world: World) -> None:
    """A cohort has as many places as its posts together."""
    host_id = world.host("Invented Trust")
    assert [host.host_id for host in world.pages("find_hosts")] == [host_id]
    assert world.call("get_host", host_id=host_id).name == "Invented Trust"
    cohort_id = world.cohort(
        posts=[world.post("city", capacity=2, host_id=host_id, wte_percent=80), world.post("sea")]
    )
    view = world.call("get_cohort", cohort_id=cohort_id)
    assert (view.places, view.posts[0].host_id, view.posts[0].wte_percent) == (3, host_id, 80)


def test_a_window_may_be_extended_while_it_is_open(world: World) -> None:
    """To a later instant before the cohort starts; it is told, and the reason stays inside."""
    cohort_id = world.cohort()

    def extend(closes_at: str) -> Any:
        return world.call(
            "extend_cohort", cohort_id=cohort_id, closes_at=closes_at, reason="Planted reason."
        )

    for wrong in ("2026-12-28T17:00:00Z", "2027-09-01T00:00:00Z"):
        error = error_of(lambda wrong=wrong: extend(wrong))
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["closes_at"]
    assert extend("2027-01-05T17:00:00Z").closes_at == datetime(2027, 1, 5, 17, tzinfo=UTC)
    extend("2027-01-05T17:00:00Z")
    assert len(world.events(CohortExtended)) == 1
    world.pass_time(days=60)
    assert isinstance(error_of(lambda: extend("2027-03-01T00:00:00Z")), OutsideWindow)


def test_the_clock_tells_once_that_a_window_has_closed(world: World) -> None:
    """When it has, however often it looks, also where it was extended meanwhile."""
    cohort_id = world.cohort()
    world.cohort(opens_at="2027-01-01T00:00:00Z", closes_at="2027-02-01T00:00:00Z")
    for _ in range(3):
        world.pass_time(days=10)
    assert [each.cohort_id for each in world.events(CohortClosed)] == [cohort_id]
    assert world.events(CohortClosed)[0].closed_at == CLOSES
    world.pass_time(days=60)
    assert len(world.events(CohortClosed)) == 2


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
    assert list(cohort.checked_answers(given_answers, complete=True).items()) == [
        ("motivation", "To lead"),
        ("other", "and more"),
    ]
    assert cohort.checked_answers({"motivation": "x", "other": " \n"}, complete=True) == {
        "motivation": "x"
    }


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
        a_cohort(MOTIVATION, OTHER).checked_answers(answers, complete=True)
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
    assert a_cohort().checked_answers({}, complete=True) == {}
    with pytest.raises(Invalid):
        a_cohort().checked_answers({"motivation": "x"}, complete=True)
