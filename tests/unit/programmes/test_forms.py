"""What a form asks for besides words: files of some kinds, so many, and dates."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.question import (
    MediaType,
    Question,
    QuestionKind,
    checked_answers,
    missing_files,
)
from shared.errors import Invalid
from shared.testing import error_of
from tests.unit.programmes.builders import QUESTIONS
from tests.unit.programmes.world import World

CV = {"id": "cv", "prompt": "Your CV", "kind": "attachment", "required": False}


def attach(world: World, application_id: str, **changes: Any) -> Any:
    arguments = {
        "application_id": application_id,
        "question_id": "cv",
        "name": "cv.txt",
        "media_type": "text/plain",
        "content": base64.b64encode(b"Invented.").decode(),
    }
    return world.call("attach_file", **{**arguments, **changes})


def a_draft(world: World, **asked: Any) -> str:
    cohort_id = world.cohort(questions=[*QUESTIONS, {**CV, **asked}])
    made = world.call("start_application", cohort_id=cohort_id, member_id=world.member())
    return str(made.application_id)


def test_a_question_says_which_kinds_of_file_answer_it(world: World) -> None:
    """Where it names none, any that is known does."""
    picky = a_draft(world, media_types=["application/pdf", "image/png"])
    error = error_of(lambda: attach(world, picky))
    assert isinstance(error, Invalid)
    assert error.fields == {"media_type": ["Must be one of: application/pdf, image/png."]}
    assert world.application(picky).files == ()
    assert attach(world, a_draft(world)).media_type == "text/plain"


def test_a_question_says_how_many_files_answer_it(world: World) -> None:
    """One that is taken away makes room for another."""
    id = a_draft(world, max_files=2)
    first, _ = attach(world, id), attach(world, id)
    error = error_of(lambda: attach(world, id))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["question_id"]
    world.call("remove_attachment", application_id=id, attachment_id=first.attachment_id)
    assert attach(world, id).attachment_id in [each.id for each in world.application(id).files]
    world.pass_time(hours=2)
    assert len(list(world.database["files"].find({}))) == 2


@pytest.mark.parametrize(("size", "taken"), [(1, True), (10, True), (11, False)])
def test_a_question_says_how_large_a_file_is(world: World, size: int, taken: bool) -> None:
    """To the byte, as decoded."""
    id, content = a_draft(world, max_bytes=10), base64.b64encode(b"x" * size).decode()
    if taken:
        assert attach(world, id, content=content).size == size
        return
    error = error_of(lambda: attach(world, id, content=content))
    assert isinstance(error, Invalid)
    assert error.fields == {"content": ["Has 11 bytes; at most 10 are allowed."]}


def test_a_file_delivered_again_is_attached_once(world: World) -> None:
    """The answer is the same, also where there was room for no other."""
    id = a_draft(world, max_files=1)
    first = attach(world, id, message="m1")
    world.clock.advance(minutes=1)
    assert attach(world, id, message="m1") == first
    assert len(world.application(id).files) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "text", "media_types": ["image/png"]}, "media_types"),
        ({"media_types": ["application/x-msdownload"]}, "media_types"),
        ({"max_files": 0}, "max_files"),
        ({"max_files": 11}, "max_files"),
        ({"max_bytes": 0}, "max_bytes"),
    ],
)
def test_what_no_file_can_answer_is_not_asked(
    world: World, changes: dict[str, Any], field: str
) -> None:
    """A form names the fault of its question."""
    error = error_of(lambda: a_draft(world, **changes))
    assert isinstance(error, Invalid)
    assert [path.split(".")[:3] for path in error.fields] == [["questions", "2", field]]


def test_dates_that_nobody_asks_for_are_named(world: World) -> None:
    """In a draft as when it is handed in."""
    cohort_id, dates = world.cohort(), {"unasked": "2027-01-01"}
    made = world.call("start_application", cohort_id=cohort_id, member_id=world.member())
    id = made.application_id
    for refused in (
        lambda: world.call("save_draft", application_id=id, answers={}, dates=dates),
        lambda: world.submitted(cohort_id, dates=dates),
    ):
        error = error_of(refused)
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["dates.unasked"]


KINDS = st.sampled_from(QuestionKind)
FORMS = st.lists(st.tuples(KINDS, st.booleans()), min_size=1, max_size=8).map(
    lambda asked: [
        Question(
            id=f"q_{n}",
            prompt="?",
            kind=kind,
            required=required,
            options=("a", "b") if kind is QuestionKind.CHOICE else (),
        )
        for n, (kind, required) in enumerate(asked)
    ]
)
RIGHT = {
    QuestionKind.TEXT: "words",
    QuestionKind.CHOICE: "b",
    QuestionKind.YES_NO: "no",
    QuestionKind.NUMBER: "12.5",
    QuestionKind.DATE: "2027-02-28",
}


@given(FORMS, st.data())
def test_a_form_is_complete_when_all_that_is_required_is_there(
    form: list[Question], data: st.DataObject
) -> None:
    """Answers and files alike; what is missing is named, and in a draft it may be missing."""
    given_ids = data.draw(st.sets(st.sampled_from([each.id for each in form])))
    answers = {
        each.id: RIGHT[each.kind] for each in form if each.id in given_ids and each.kind in RIGHT
    }
    lacking = {each.id for each in form if each.required and each.id not in given_ids}
    files = {each.id for each in form if each.kind is QuestionKind.ATTACHMENT}
    assert checked_answers(form, answers, complete=False) == answers
    assert set(missing_files(form, given_ids)) == {f"attachments.{id}" for id in lacking & files}
    wanted = {f"answers.{id}" for id in lacking - files}
    if not wanted:
        assert checked_answers(form, answers, complete=True) == answers
        return
    error = error_of(lambda: checked_answers(form, answers, complete=True))
    assert isinstance(error, Invalid)
    assert set(error.fields) == wanted


@given(FORMS, st.dictionaries(st.sampled_from([f"q_{n}" for n in range(9)]), st.text(max_size=20)))
def test_what_is_kept_of_any_answers_is_kept_again(
    form: list[Question], answers: dict[str, str]
) -> None:
    """Tidying twice is tidying once, and a file is never answered by words."""
    try:
        kept = checked_answers(form, answers, complete=False)
    except Invalid as refused:
        assert all(path.startswith("answers.") for path in refused.fields)
        return
    assert checked_answers(form, kept, complete=False) == kept
    assert not any(each.id in kept for each in form if each.kind is QuestionKind.ATTACHMENT)


@pytest.mark.parametrize("media_type", MediaType)
def test_every_kind_of_file_can_be_asked_for(world: World, media_type: MediaType) -> None:
    """By its media type."""
    cohort_id = world.cohort(questions=[{**CV, "media_types": [media_type.value]}])
    (asked,) = world.call("get_cohort", cohort_id=cohort_id).questions
    assert asked.media_types == (media_type,)
