"""How long what applicants wrote is kept, whatever became of it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from services.programmes.domain.application import Application
from tests.unit.programmes.builders import QUESTIONS
from tests.unit.programmes.world import World, cut_at_every_write

CLOSES = datetime(2026, 12, 29, 17, tzinfo=UTC)
STARTS = datetime(2027, 9, 1, tzinfo=UTC)
FILE = {"id": "cv", "prompt": "Your CV", "kind": "attachment", "required": False}
ANSWERS = {"motivation": "Planted words"}


def a_draft(world: World, cohort_id: str | None = None) -> str:
    """The id of a draft with an answer and a file."""
    cohort_id = cohort_id or world.cohort(questions=[*QUESTIONS, FILE])
    made = world.call("start_application", cohort_id=cohort_id, member_id=world.member())
    world.call("save_draft", application_id=made.application_id, answers=ANSWERS)
    world.call(
        "attach_file",
        application_id=made.application_id,
        question_id="cv",
        name="Planted.txt",
        media_type="text/plain",
        content=base64.b64encode(b"Planted content").decode(),
    )
    return str(made.application_id)


def handed_in(world: World) -> str:
    """The id of an application with an answer and a file."""
    found = world.application(a_draft(world))
    world.call("submit_application", cohort_id=found.cohort_id, member_id=found.member_id)
    return str(found.id)


def at(world: World, instant: datetime) -> None:
    world.clock.now = instant
    world.let_the_clock("tick")


def is_empty(world: World, application_id: str) -> bool:
    """Whether nothing that was written is left anywhere, its file included."""
    names = ("applications", "files", "uploads")
    kept = str([list(world.database[name].find({})) for name in names])
    return not world.application(application_id).has_content and "Planted" not in kept


@pytest.mark.parametrize(
    "status",
    ["submitted", "longlisted", "shortlisted", "reserve", "interviewed", "ranked", "offered"],
)
def test_an_application_that_nobody_decided_about_is_emptied_too(world: World, status: str) -> None:
    """A year after the cohort has started without it; how far it came stays."""
    id = handed_in(world)
    world.bring(id, status)
    at(world, STARTS + timedelta(days=365, seconds=-1))
    assert world.application(id).answers == ANSWERS
    at(world, STARTS + timedelta(days=365, seconds=1))
    assert is_empty(world, id)
    assert world.application(id).status == status


@pytest.mark.parametrize("status", ["accepted", "placed", "completed"])
def test_the_application_of_a_fellow_is_kept(world: World, status: str) -> None:
    """It is part of what they achieved."""
    id = handed_in(world)
    world.bring(id, status)
    at(world, STARTS + timedelta(days=3_000))
    assert world.application(id).answers == ANSWERS
    assert len(world.application(id).files) == 1


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_draft_is_emptied_a_month_after_its_window(world: World, withdrawn: bool) -> None:
    """Withdrawn or not: it was never handed in."""
    id = a_draft(world)
    if withdrawn:
        world.call("withdraw_application", application_id=id)
    at(world, CLOSES + timedelta(days=30, seconds=-1))
    assert world.application(id).has_content
    at(world, CLOSES + timedelta(days=30, seconds=1))
    assert is_empty(world, id)


def test_a_draft_stays_while_its_window_is_extended(world: World) -> None:
    """The window is what it is now, which the applicant reads at once."""
    cohort_id = world.cohort(questions=[*QUESTIONS, FILE])
    id, left = a_draft(world, cohort_id), a_draft(world, cohort_id)
    later = CLOSES + timedelta(days=60)
    world.call(
        "extend_cohort", cohort_id=cohort_id, closes_at=later.isoformat(), reason="Planned so."
    )
    assert world.call("get_application", application_id=id).draft_until == later
    saved = world.call("save_draft", application_id=id, answers=ANSWERS)
    assert saved.draft_until == later
    for days in (-20, 29):
        at(world, later + timedelta(days=days))
        assert world.application(id).has_content
        assert world.application(left).has_content
    at(world, later + timedelta(days=31))
    assert is_empty(world, id)
    assert is_empty(world, left)


def test_an_application_is_emptied_wherever_the_clock_is_cut_off() -> None:
    """And no file is left."""

    def prepare() -> World:
        world = World()
        world.kept = handed_in(world)  # type: ignore[attr-defined]
        world.bring(world.kept, "unsuccessful")  # type: ignore[attr-defined]
        world.clock.advance(days=365)
        return world

    def act(world: World) -> None:
        world.clock.advance(hours=2)
        world.let_the_clock("tick")

    for world in cut_at_every_write(act, prepare):
        world.pass_time(hours=2)
        assert is_empty(world, world.kept)  # type: ignore[attr-defined]


def test_what_has_gone_on_meanwhile_is_not_emptied(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a reversal comes between the look and the act; the next tick looks again."""
    id = handed_in(world)
    world.bring(id, "declined")
    applications = world.repository("applications")
    get, looked = applications.get, []

    def get_early(application_id: str) -> Application:
        found: Application = get(application_id)
        if not looked:
            looked.append(application_id)
            world.bring(application_id, "ranked")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(applications, "get", get_early)
        world.pass_time(days=366)
    assert looked == [id]
    assert world.application(id).answers == ANSWERS
    assert "Planted words" in str(world.trails()[f"applications:{id}"])
