"""Applications that are given back: what stands meanwhile, and what becomes of the files."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.programmes.errors import OutsideWindow
from services.programmes.events import ApplicationReturned, ApplicationSubmitted
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import ANSWERS, NOW, QUESTIONS
from tests.unit.programmes.world import World, cut_at_every_write

UNTIL = datetime(2027, 1, 15, 17, tzinfo=UTC)
FILE = {"id": "cv", "prompt": "Your CV", "kind": "attachment", "max_files": 2}
OLD, NEW = b"%PDF-1.7 old", b"%PDF-1.7 new"


class Returned(World):
    """An application with a file that was given back to be corrected."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.cohort_id = self.cohort(questions=[*QUESTIONS, FILE])
        self.member_id = self.member()
        self.id = self.call(
            "start_application", cohort_id=self.cohort_id, member_id=self.member_id
        ).application_id
        self.old = self.attach(OLD)
        self.submit(answers=ANSWERS)
        self.give_back()

    def attach(self, content: bytes, **more: Any) -> str:
        made = self.call(
            "attach_file",
            application_id=self.id,
            question_id="cv",
            name="cv.pdf",
            media_type="application/pdf",
            content=base64.b64encode(content).decode(),
            **more,
        )
        return str(made.attachment_id)

    def remove(self, attachment_id: str) -> None:
        self.call("remove_attachment", application_id=self.id, attachment_id=attachment_id)

    def replace(self) -> str:
        """Attach the new file in place of the old one."""
        self.remove(self.old)
        return self.attach(NEW)

    def submit(self, **more: Any) -> Any:
        return self.call(
            "submit_application", cohort_id=self.cohort_id, member_id=self.member_id, **more
        )

    def give_back(self, until: datetime = UNTIL, reason: str = "Planted reason.") -> Any:
        return self.call(
            "return_application", application_id=self.id, until=until.isoformat(), reason=reason
        )

    def content(self, attachment_id: str) -> bytes:
        got = self.call("get_attachment", application_id=self.id, attachment_id=attachment_id)
        return base64.b64decode(got.content)

    @property
    def named(self) -> list[str]:
        return [each.id for each in self.application(self.id).files]

    @property
    def stored(self) -> list[str]:
        return sorted(part["blob"] for part in self.database["files"].find({}))

    @property
    def is_tidy(self) -> bool:
        """Whether what is stored is what is named, and no file is on its way."""
        self.pass_time(hours=2)
        return self.stored == sorted(self.named) and not [*self.database["uploads"].find({})]


def test_a_file_taken_away_stands_until_the_correction_is_handed_in() -> None:
    """The application keeps what it was handed in with, and both can be read."""
    world = Returned()
    new = world.replace()
    shown = world.call("get_application", application_id=world.id)
    assert [each.attachment_id for each in shown.attachments] == [new]
    assert (world.content(world.old), world.content(new)) == (OLD, NEW)
    assert world.is_tidy
    handed_in = world.submit()
    assert [each.attachment_id for each in handed_in.attachments] == [new]
    assert world.stored == [new]
    assert isinstance(error_of(lambda: world.content(world.old)), NotFound)
    assert world.is_tidy


def test_a_correction_that_is_too_late_gives_the_earlier_files_back() -> None:
    """So that a required one cannot get lost by half a correction."""
    world = Returned()
    new = world.replace()
    world.clock.now = UNTIL
    world.let_the_clock("tick")
    stands = world.call("get_application", application_id=world.id)
    assert (stands.status, stands.answers) == ("submitted", ANSWERS)
    assert [each.attachment_id for each in stands.attachments] == [world.old]
    assert isinstance(error_of(lambda: world.content(new)), NotFound)
    assert world.is_tidy


def test_a_correction_without_a_required_file_is_refused() -> None:
    """The earlier one does not count any more."""
    world = Returned()
    world.remove(world.old)
    error = error_of(world.submit)
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["attachments.cv"]
    assert world.named == [world.old]


def test_a_correction_is_handed_in_wherever_it_is_cut_off() -> None:
    """The same call completes it, told once more and no more, and leaves no file behind."""

    def prepare() -> Returned:
        world = Returned()
        world.replace()
        return world

    def act(world: Returned) -> None:
        assert world.submit(message="m1").status == "submitted"

    for world in cut_at_every_write(act, prepare):
        assert len(world.events(ApplicationSubmitted)) == 2
        assert len(world.named) == 1
        assert world.named != [world.old]
        assert world.is_tidy


def test_what_stands_again_does_so_wherever_the_clock_is_cut_off() -> None:
    """The next tick completes it."""

    def prepare() -> Returned:
        world = Returned()
        world.replace()
        world.clock.now = UNTIL
        return world

    def act(world: Returned) -> None:
        world.clock.advance(hours=1)
        world.let_the_clock("tick")

    for world in cut_at_every_write(act, prepare):
        assert world.named == [world.old]
        assert len(world.events(ApplicationSubmitted)) == 2
        assert world.is_tidy


def test_a_correction_delivered_again_gives_its_answer_again() -> None:
    """Also when the time is over; another call is a duplicate."""
    world = Returned()
    first = world.submit(message="m1")
    world.clock.now = UNTIL + timedelta(days=1)
    assert world.submit(message="m1") == first
    assert error_of(world.submit).code == "duplicate"


def test_a_second_return_gives_more_time_and_keeps_what_was_written() -> None:
    """It is told once; the later reason is the one that is read."""
    world = Returned()
    new = world.replace()
    better = {"motivation": "Better"}
    world.call("save_draft", application_id=world.id, answers=better)
    later = UNTIL + timedelta(days=3)
    view = world.give_back(later, "Another reason.")
    assert (view.draft_until, view.return_reason) == (later, "Another reason.")
    assert (view.answers, view.draft.answers) == (ANSWERS, better)
    assert [each.attachment_id for each in view.attachments] == [new]
    assert len(world.events(ApplicationReturned)) == 1
    world.clock.now = later
    world.let_the_clock("tick")
    assert world.named == [world.old]


def test_more_time_given_as_the_clock_looks_is_time() -> None:
    """The clock acts on what it finds when it acts."""
    world = Returned()
    found = world.application(world.id)
    found.stand(UNTIL - timedelta(milliseconds=1))
    assert found.status == "returned"
    found.stand(UNTIL)
    assert found.status == "submitted"


@pytest.mark.parametrize(
    "until", [NOW - timedelta(days=1), NOW, datetime(2027, 9, 1, 0, 0, tzinfo=UTC)]
)
def test_there_is_time_to_correct_it_before_the_cohort_starts(until: datetime) -> None:
    """Neither in the past nor when everything is decided."""
    world = Returned()
    error = error_of(lambda: world.give_back(until))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["until"]


@pytest.mark.parametrize(
    ("microseconds", "taken"), [(-1_000_000, True), (-1, True), (0, False), (1, False)]
)
def test_the_time_to_correct_it_ends_to_the_instant(microseconds: int, taken: bool) -> None:
    """It is given to the millisecond; the refusal says from when, until when, and what it is."""
    world = Returned()
    assert world.give_back(UNTIL + timedelta(microseconds=999)).draft_until == UNTIL
    world.clock.now = UNTIL + timedelta(microseconds=microseconds)
    if taken:
        assert world.submit().status == "submitted"
        return
    error = error_of(world.submit)
    assert isinstance(error, OutsideWindow)
    assert error.details == {
        "opens_at": NOW.isoformat(),
        "closes_at": UNTIL.isoformat(),
        "now": world.clock.now.isoformat(),
    }


def test_what_is_being_written_stands_in_no_trail() -> None:
    """Else a draft that saves itself would outgrow its document; what is handed in is recorded."""
    world = Returned()
    for number in range(3):
        answers = {"motivation": f"Planted words {number}"}
        world.call("save_draft", application_id=world.id, answers=answers)
    trail = world.trails()[f"applications:{world.id}"]
    assert "Planted words" not in str(trail)
    world.submit()
    assert "Planted words 2" in str(world.trails()[f"applications:{world.id}"])
