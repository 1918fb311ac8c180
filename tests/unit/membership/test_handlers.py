"""The use cases of membership on fakes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.membership import commands, handlers, schemas
from services.membership.domain.member import Member
from services.membership.domain.register import RegisterEntry
from services.membership.domain.selection import SelectionHistory
from services.membership.domain.terms import RegisterStatus
from services.membership.errors import AlreadyAdmitted, NotVerified
from services.membership.events import (
    ApplicationReceived,
    ContactChanged,
    MemberAdmitted,
    RegistrationVerified,
    StageReached,
)
from services.membership.subscriptions import ApplicationShortlisted, ApplicationSubmitted
from shared import telemetry
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import dump, load, new_id
from shared.outbox import envelope
from shared.testing import FakeClock, FakeRepository
from tests.unit.membership.builders import (
    ARGUMENTS,
    GRADES,
    NOW,
    PSEUDONYM,
    REGULATORS,
    TODAY,
    FakeRegister,
    apply_command,
    entry,
)


class World:
    """A membership service without broker and store."""

    def __init__(self, *register: RegisterEntry) -> None:
        self.members: Any = FakeRepository(Member, unique=("registration_key", "email_key"))
        self.selections: Any = FakeRepository(SelectionHistory)
        self.entries: Any = FakeRegister(*register)
        self.clock = FakeClock(NOW)

    def apply(self, **changes: Any) -> schemas.ApplicationView:
        return handlers.apply(
            apply_command(**changes),
            members=self.members,
            regulators=REGULATORS,
            clock=self.clock,
            make_pseudonym=lambda: PSEUDONYM,
        )

    def applied(self, **changes: Any) -> str:
        member_id = self.apply(**changes).member_id
        assert member_id is not None
        return member_id

    def import_register(
        self, rows: list[dict[str, Any]], regulator: str = "GMC", *, dry_run: bool = False
    ) -> schemas.ExtractView:
        command = load(
            commands.ImportRegister, {"regulator": regulator, "rows": rows, "dry_run": dry_run}
        )
        return handlers.import_register(
            command, entries=self.entries, regulators=REGULATORS, clock=self.clock
        )

    def verify(self, member_id: str) -> schemas.VerificationView:
        return handlers.verify_registration(
            commands.VerifyRegistration(member_id=member_id),
            members=self.members,
            entries=self.entries,
            clock=self.clock,
        )

    def admit(self, member_id: str) -> schemas.MemberView:
        return handlers.admit(
            commands.Admit(member_id=member_id),
            members=self.members,
            grades=GRADES,
            clock=self.clock,
        )

    def get(self, member_id: str) -> schemas.MemberView:
        return handlers.get_member(schemas.GetMember(member_id=member_id), members=self.members)

    def find(self, **arguments: Any) -> schemas.MemberPage:
        return handlers.find_members(
            load(schemas.FindMembers, arguments),
            members=self.members,
            regulators=REGULATORS,
            grades=GRADES,
        )

    def told(self) -> list[type[Any]]:
        return [type(happened) for happened in self.members.events]


REGISTER_ROW = {
    "registration_number": "0712345",
    "given_name": "SIAN",
    "family_name": "PLANTED SURNAME",
    "status": "registered",
}


def test_an_applicant_is_kept_and_told() -> None:
    """Applying keeps the applicant, who awaits verification, and tells both exchanges."""
    world = World()
    answer = world.apply()
    assert (answer.status, answer.received_on, answer.dry_run) == (
        "awaiting_verification",
        TODAY,
        False,
    )
    assert world.members.get(answer.member_id).pseudonym == PSEUDONYM
    assert world.told() == [ContactChanged, ApplicationReceived]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("registration_number", {"email": "other@example.org"}),
        ("email", {"registration_number": "0712346", "email": "SIAN.planted@example.ORG"}),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_duplicate_is_refused_by_field(
    field: str, changes: dict[str, Any], dry_run: bool
) -> None:
    """A known registration or e-mail address is refused by its name, in a dry run too."""
    world = World()
    world.apply()
    with pytest.raises(Duplicate) as refused:
        world.apply(**changes, dry_run=dry_run)
    assert refused.value.details["field"] == field
    assert list(refused.value.details["fields"]) == [field]
    assert len(world.told()) == 2


def test_the_same_number_at_another_regulator_is_no_duplicate() -> None:
    """Numbers are unique within a regulator, not over all of them."""
    world = World()
    osteopath = {"regulator": "GOsC", "profession": "osteopath", "registration_number": "01234"}
    chiropractor = {"regulator": "GCC", "profession": "chiropractor"}
    world.apply(**osteopath)
    world.apply(**{**osteopath, **chiropractor}, email="other@example.org")
    assert len(world.find().items) == 2


def test_a_dry_run_keeps_and_tells_nothing() -> None:
    """A dry run answers as the application would, without an id, and leaves no trace."""
    world = World()
    answer = world.apply(dry_run=True)
    assert (answer.member_id, answer.status, answer.dry_run) == (
        None,
        "awaiting_verification",
        True,
    )
    assert world.find().items == ()
    assert world.told() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "=HYPERLINK()"),
        ("family_name", "Ann\x1b"),
        ("given_name", "a" * 10_000_000),
        ("email", "nobody"),
        ("email", "+1@example.org"),
        ("date_of_birth", "2026-11-24"),
        ("date_of_birth", "2020-01-01"),
        ("date_of_birth", "1988-02-30"),
        ("profession", "astrologer"),
        ("nation", "france"),
        ("career_stage", "grand"),
        ("regulator", "GXC"),
        ("regulator", "NMC"),
        ("registration_number", "12"),
        ("salary", "1"),
    ],
)
def test_a_bad_field_is_refused_by_its_name(field: str, value: str) -> None:
    """Whatever is wrong with an application, the answer names the field and keeps nothing."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.apply(**{field: value})
    assert list(refused.value.fields) == [field]
    assert world.told() == []


def test_an_extract_is_imported_and_harmless_when_repeated() -> None:
    """The first import is new, the same again unchanged and unwritten, a new status a change."""
    world = World()
    first, second = world.import_register([REGISTER_ROW]), world.import_register([REGISTER_ROW])
    third = world.import_register([{**REGISTER_ROW, "status": "erased"}])
    assert [(view.new, view.unchanged, view.changed) for view in (first, second, third)] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert world.entries.writes == 2
    assert world.entries.get("GMC:0712345").status is RegisterStatus.ERASED


def test_a_rehearsed_extract_is_not_kept() -> None:
    """A dry run counts and keeps nothing."""
    world = World()
    answer = world.import_register([REGISTER_ROW], "gmc", dry_run=True)
    assert (answer.regulator, answer.accepted, answer.new, answer.dry_run) == ("GMC", 1, 1, True)
    assert world.entries.entries == {}


def test_one_bad_row_keeps_the_whole_extract_out() -> None:
    """No row is kept of an extract with a bad one, which is named."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.import_register([REGISTER_ROW, {**REGISTER_ROW, "registration_number": "x"}])
    assert list(refused.value.fields) == ["rows.1.registration_number"]
    assert world.entries.entries == {}


def test_an_extract_has_a_size_and_a_regulator() -> None:
    """No rows, more than 5,000, or an unknown regulator are refused by field."""
    world = World()
    for rows in ([], [REGISTER_ROW] * 5_001):
        with pytest.raises(Invalid) as refused:
            world.import_register(rows)
        assert list(refused.value.fields) == ["rows"]
    with pytest.raises(Invalid) as unknown:
        world.import_register([REGISTER_ROW], "GXC")
    assert list(unknown.value.fields) == ["regulator"]


def test_verification_and_admission() -> None:
    """Who is on the register is verified and can be admitted; both are told."""
    world = World(entry())
    member_id = world.applied()
    checked = world.verify(member_id)
    assert (checked.outcome, checked.status, checked.reason) == ("verified", "applicant", None)
    view = world.admit(member_id)
    assert (view.status, view.grade, view.admitted_on) == ("current", "member", TODAY)
    assert world.told()[2:] == [RegistrationVerified, MemberAdmitted]


def test_a_refused_verification_is_an_answer() -> None:
    """Absence from the register is an outcome with a reason; a later extract can mend it."""
    world = World()
    member_id = world.applied()
    checked = world.verify(member_id)
    assert (checked.outcome, checked.reason) == ("refused", "not_on_register")
    with pytest.raises(NotVerified):
        world.admit(member_id)
    world.import_register([REGISTER_ROW])
    world.clock.advance(days=1)
    assert world.verify(member_id).checked_on == TODAY + timedelta(days=1)
    assert world.admit(member_id).status == "current"


def test_a_restricted_registration_is_shown_for_review() -> None:
    """Conditions do not stop an admission, and staff see the flag."""
    world = World(entry(RegisterStatus.CONDITIONS))
    member_id = world.applied()
    assert world.verify(member_id).declaration_review
    assert world.admit(member_id).declaration_review


def test_a_second_admission_is_refused() -> None:
    """An admitted member is not admitted again."""
    world = World(entry())
    member_id = world.applied()
    world.verify(member_id)
    world.admit(member_id)
    with pytest.raises(AlreadyAdmitted):
        world.admit(member_id)


def test_whom_nobody_knows_is_not_found() -> None:
    """Every use case about one member says when there is none."""
    world = World()
    for ask in (world.verify, world.admit, world.get):
        with pytest.raises(NotFound):
            ask("nobody")


def test_members_are_found_by_filters_and_pages() -> None:
    """Filters compare, pages follow one another without overlap."""
    world = World()
    ids = [
        world.applied(registration_number=f"071234{n}", email=f"m{n}@example.org") for n in range(5)
    ]
    assert [m.member_id for m in world.find(filters={"email": "M3@example.org"}).items] == [ids[3]]
    assert world.find(filters={"status": "current"}).items == ()
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = world.find(filters={"nation": "wales"}, cursor=cursor, limit=2)
        seen += [member.member_id for member in page.items]
        cursor = page.next_cursor
    assert sorted(seen) == sorted(ids)
    assert cursor is None


@pytest.mark.parametrize("limit", [0, 201])
def test_a_page_has_a_size(limit: int) -> None:
    """A page is of 1 to 200 members."""
    with pytest.raises(Invalid) as refused:
        World().find(limit=limit)
    assert list(refused.value.fields) == ["limit"]


def test_only_the_pseudonyms_own_view_shows_it() -> None:
    """No answer but get_equality_pseudonym carries the pseudonym."""
    world = World(entry())
    member_id = world.applied()
    answers = [world.verify(member_id), world.admit(member_id), world.get(member_id), world.find()]
    assert all(PSEUDONYM not in str(dump(answer)) for answer in answers)
    own = handlers.get_equality_pseudonym(
        schemas.GetEqualityPseudonym(member_id=member_id), members=world.members
    )
    assert own.pseudonym == PSEUDONYM


def test_answers_fit_their_schemas() -> None:
    """Every answer is valid by its own response schema."""
    world = World(entry())
    member_id = world.applied()
    imported = world.import_register([REGISTER_ROW])
    for answer in (imported, world.verify(member_id), world.admit(member_id), world.find()):
        assert load(type(answer), dump(answer)) == answer


def submitted(member_id: str) -> ApplicationSubmitted:
    return load(
        ApplicationSubmitted,
        {
            "application_id": "application-1",
            "cohort_id": "cohort-1",
            "member_id": member_id,
            "programme_id": "programme-1",
            "submitted_at": "2026-11-20T23:30:00+00:00",
        },
        tolerant=True,
    )


def test_stages_are_told_once_under_the_pseudonym() -> None:
    """Submitted and shortlisted are told once each, without member or application."""
    world = World()
    member_id = world.applied()
    shortlisted = ApplicationShortlisted(
        "application-1", "cohort-1", member_id, datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    )
    for event in (submitted(member_id), shortlisted, submitted(member_id)):
        handlers.record_stage(event, members=world.members, selections=world.selections)
    told = world.selections.events
    assert [(happened.stage, happened.reached_on.isoformat()) for happened in told] == [
        ("submitted", "2026-11-20"),
        ("shortlisted", "2026-11-21"),
    ]
    assert all(isinstance(happened, StageReached) for happened in told)
    text = " ".join(str(dump(happened)) for happened in told)
    assert PSEUDONYM in text
    assert [secret for secret in (member_id, "application-1") if secret in text] == []


def test_no_trace_leads_from_a_stage_to_the_member() -> None:
    """A stage shares neither subject nor correlation nor trace with what caused it."""
    world = World()
    member_id = world.applied()
    cause = telemetry.Context.start(correlation_id="cause", message_id="event:e-1:follow")
    with telemetry.activate(cause):
        handlers.record_stage(
            submitted(member_id), members=world.members, selections=world.selections
        )
    [batch] = world.selections.outbox.waiting
    sent = envelope("membership", batch.id, batch.entries[0])
    assert sent.headers["ce-subject"] == PSEUDONYM
    text = str(sent)
    trace_id = cause.traceparent.split("-")[1]
    assert [link for link in ("cause", "e-1", trace_id, member_id) if link in text] == []


def test_a_redelivered_stage_is_told_once() -> None:
    """The same event again finds itself applied, on the first stage and on a later one."""
    world = World()
    member_id = world.applied()
    for _ in range(2):
        with telemetry.activate(telemetry.Context.start(message_id="event:e-1:follow")):
            handlers.record_stage(
                submitted(member_id), members=world.members, selections=world.selections
            )
    assert len(world.selections.events) == 1


def test_a_redelivered_application_gives_the_same_answer() -> None:
    """A call that runs again after a crash finds what its first run kept, and is no duplicate."""
    world = World()
    seed = new_id()
    answers = []
    for _ in range(2):
        with telemetry.activate(telemetry.Context.start(message_id="call:1", seed=seed)):
            answers.append(world.apply())
    assert answers[0] == answers[1]
    assert len(world.told()) == 2


def test_a_stage_of_somebody_unknown_is_tried_again() -> None:
    """An event that overtook the application raises, so that it is delivered again."""
    world = World()
    with pytest.raises(NotFound):
        handlers.record_stage(
            submitted("nobody"), members=world.members, selections=world.selections
        )


def test_applications_are_loaded_as_sent() -> None:
    """The arguments of the contract, and no others, make an application."""
    command = apply_command()
    assert {name for name in ARGUMENTS if not hasattr(command, name)} == set()
