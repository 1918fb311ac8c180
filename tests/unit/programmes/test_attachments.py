"""Files that go with applications: what they say they are, kept once, and gone when they go."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.attachment import attachment, tidy_name
from services.programmes.domain.question import MediaType, Question, QuestionKind
from services.programmes.errors import OutsideWindow, WrongStage
from services.programmes.events import ExportContributed
from services.programmes.subscriptions import ExportRequested, MemberErased
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import ANSWERS, NOW, QUESTIONS
from tests.unit.programmes.world import World, cut_at_every_write


def a_word_document() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


CONTENTS = {
    MediaType.PDF: b"%PDF-1.7 \xe2\xe3 invented",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n invented",
    MediaType.JPEG: b"\xff\xd8\xff invented",
    MediaType.WORD: a_word_document(),
    MediaType.TEXT: "Invented, with ŵ.".encode(),
}
PDF = CONTENTS[MediaType.PDF]
FILE = {"id": "cv", "prompt": "Your CV", "kind": "attachment", "max_bytes": 1_000}


class Desk:
    """A cohort that asks for a file, and a draft of somebody."""

    def __init__(self, world: World, *, required: bool = True) -> None:
        self.world = world
        questions = [*QUESTIONS, {**FILE, "required": required}]
        self.cohort_id = world.cohort(questions=questions)
        self.member_id = world.member()
        made = world.call("start_application", cohort_id=self.cohort_id, member_id=self.member_id)
        self.id = made.application_id

    def attach(self, bytes_: bytes = PDF, media_type: str = MediaType.PDF, **more: Any) -> Any:
        arguments = {
            "question_id": "cv",
            "name": "cv.pdf",
            "media_type": media_type,
            "content": base64.b64encode(bytes_).decode(),
            "application_id": self.id,
        }
        return self.world.call("attach_file", **{**arguments, **more})

    def remove(self, attachment_id: str, **more: Any) -> Any:
        return self.world.call(
            "remove_attachment", application_id=self.id, attachment_id=attachment_id, **more
        )

    def submit(self) -> Any:
        return self.world.call(
            "submit_application",
            cohort_id=self.cohort_id,
            member_id=self.member_id,
            answers=ANSWERS,
        )

    @property
    def files(self) -> int:
        return len(list(self.world.database["files"].find({})))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.mark.parametrize("media_type", MediaType)
def test_a_file_is_kept_and_given_back_as_it_was(desk: Desk, media_type: MediaType) -> None:
    """Its reference says name, type, size and checksum."""
    content = CONTENTS[media_type]
    view = desk.attach(content, media_type.value)
    assert (view.size, view.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    got = desk.world.call(
        "get_attachment",
        application_id=desk.id,
        member_id=desk.member_id,
        attachment_id=view.attachment_id,
    )
    assert base64.b64decode(got.content) == content
    assert {**vars(got.attachment), "version": view.version} == vars(view)
    assert list(desk.world.database["uploads"].find({})) == []
    assert desk.submit().attachments == (got.attachment,)


def test_whoever_attached_a_file_can_go_on_writing(desk: Desk) -> None:
    """The answer says the version that there is now; delivered again it says so again."""
    before = desk.world.call("get_application", application_id=desk.id).version
    view = desk.attach(message="m1")
    assert view.version == desk.world.call("get_application", application_id=desk.id).version
    assert view.version > before
    assert desk.attach(message="m1") == view
    saved = desk.world.call(
        "save_draft", application_id=desk.id, answers=ANSWERS, version=view.version
    )
    assert saved.version > view.version


def test_a_required_file_is_asked_for_when_it_is_handed_in(desk: Desk) -> None:
    """By the name of its question."""
    error = error_of(desk.submit)
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["attachments.cv"]
    desk.attach()
    assert desk.submit().status == "submitted"


@pytest.mark.parametrize("claimed", MediaType)
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_file_must_be_what_it_says(desk: Desk, claimed: MediaType, content: bytes) -> None:
    """Looked at, not believed."""
    if CONTENTS[claimed] == content:
        return
    error = error_of(lambda: desk.attach(content, claimed.value))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["content"]
    assert desk.files == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"content": ""}, "content"),
        ({"content": "not base64!"}, "content"),
        ({"content": base64.b64encode(PDF + b"x" * 1_000).decode()}, "content"),
        ({"question_id": "motivation"}, "question_id"),
        ({"question_id": "nothing"}, "question_id"),
        ({"media_type": "application/x-msdownload"}, "media_type"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_attached_is_refused_by_field(
    desk: Desk, more: dict[str, str], field: str
) -> None:
    """Empty, too large, no answer to a question, or of another kind; nothing is kept."""
    error = error_of(lambda: desk.attach(**more))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [field]
    assert desk.files == 0


def test_a_file_is_the_applicant_s_to_give_and_take(desk: Desk) -> None:
    """Somebody else's does not exist; one that is not there is gone already."""
    view = desk.attach()
    other = desk.world.member()
    for refused in (
        lambda: desk.attach(member_id=other),
        lambda: desk.remove(view.attachment_id, member_id=other),
        lambda: desk.world.call(
            "get_attachment",
            application_id=desk.id,
            member_id=other,
            attachment_id=view.attachment_id,
        ),
        lambda: desk.world.call("get_attachment", application_id=desk.id, attachment_id="nothing"),
    ):
        assert isinstance(error_of(refused), NotFound)
    another = Desk(desk.world)
    another.remove(view.attachment_id)
    assert desk.files == 1
    for _ in range(2):
        assert desk.remove(view.attachment_id).attachments == ()
    assert desk.files == 0


def test_nothing_changes_once_it_was_handed_in(desk: Desk) -> None:
    """Nor when the window has closed on a draft."""
    view = desk.attach()
    late = Desk(desk.world)
    desk.submit()
    assert isinstance(error_of(desk.attach), WrongStage)
    assert isinstance(error_of(lambda: desk.remove(view.attachment_id)), WrongStage)
    desk.world.pass_time(days=27)
    assert isinstance(error_of(late.attach), OutsideWindow)
    assert desk.files == 1


@pytest.mark.parametrize("act_name", ["attach", "remove"])
def test_wherever_it_is_cut_off_the_same_call_completes_it(act_name: str) -> None:
    """And no file is left behind."""

    def prepare() -> World:
        world = World()
        desk = Desk(world)
        world.desk = desk  # type: ignore[attr-defined]
        world.view = desk.attach() if act_name == "remove" else None  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        desk: Desk = world.desk  # type: ignore[attr-defined]
        if act_name == "attach":
            desk.attach(message="m1")
        else:
            desk.remove(world.view.attachment_id, message="m1")  # type: ignore[attr-defined]

    for world in cut_at_every_write(act, prepare):
        desk: Desk = world.desk  # type: ignore[attr-defined]
        wanted = 1 if act_name == "attach" else 0
        world.pass_time(hours=2)
        assert len(world.application(desk.id).attachments) == wanted
        assert desk.files == wanted
        assert list(world.database["uploads"].find({})) == []


def test_what_broke_off_for_good_is_cleared_by_the_clock() -> None:
    """Cut off at any write and never called again."""
    for writes in range(4):
        world = World()
        desk = Desk(world)
        with world.cut_off(writes):
            desk.attach()
        world.pass_time(hours=2)
        assert desk.files == len(world.application(desk.id).attachments)
        assert list(world.database["uploads"].find({})) == []


def test_erased_and_old_applications_lose_their_files(world: World) -> None:
    """The export says which there were."""
    erased, old = Desk(world), Desk(world)
    for desk in (erased, old):
        desk.attach(name="Planted.pdf")
        desk.submit()
    world.tell(ExportRequested("r-1", erased.member_id))
    (event,) = world.events(ExportContributed)
    (application,) = [
        each for each in json.loads(event.data)["records"] if each["record"] == "Application"
    ]
    (named,) = application["data"]["attachments"]
    assert named["name"] == "Planted.pdf"
    world.tell(MemberErased("r-2", erased.member_id))
    assert erased.files == 1
    assert "Planted" not in str(world.document("applications", erased.id))
    world.bring(old.id, "unsuccessful")
    world.pass_time(days=365)
    assert old.files == 0
    assert list(world.database["uploads"].find({})) == []


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\cv.docx", "cv.pdf"),
        ("CV <final>?.PDF", "CV final.pdf"),
        ("...", "file.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("x" * 255, f"{'x' * 120}.pdf"),
        ("Siân, CV.pdf", "Siân, CV.pdf"),
    ],
)
def test_names_are_safe_to_save_under(name: str, tidy: str) -> None:
    """Without folders, control characters or another ending."""
    assert tidy_name(name, MediaType.PDF) == tidy


def test_a_document_with_macros_is_another_kind(desk: Desk) -> None:
    """Which cannot be attached."""
    buffer = BytesIO(a_word_document())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/vbaProject.bin", "invented")
    error = error_of(lambda: desk.attach(buffer.getvalue(), MediaType.WORD.value))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["content"]


@given(
    st.sampled_from(MediaType),
    st.sampled_from(sorted(CONTENTS.values())),
    st.lists(st.tuples(st.integers(0, 200), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_whatever_the_bytes_are_they_are_taken_or_refused(
    media_type: MediaType, content: bytes, damage: list[tuple[int, bytes]]
) -> None:
    """Also those that nearly are a file."""
    for place, piece in damage:
        content = content[:place] + piece + content[place + len(piece) :]
    asked = Question(id="cv", prompt="?", kind=QuestionKind.ATTACHMENT)
    try:
        made = attachment("a", asked, "cv", media_type, content, NOW)
    except Invalid as refused:
        assert list(refused.fields) == ["content"]
    else:
        assert (made.size, made.media_type) == (len(content), media_type)


@given(st.text(min_size=1, max_size=255))
def test_no_name_is_dangerous(name: str) -> None:
    """Whatever was typed."""
    tidy = tidy_name(name, MediaType.TEXT)
    assert tidy.endswith(".txt")
    assert not set('/\\<>:"|?*\0\n') & set(tidy)
    assert tidy.isprintable()
    assert not tidy.startswith(".")
