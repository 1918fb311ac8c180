"""Applications: checked as a whole, received once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.application import Application
from services.membership.domain.policies.professions import PilotLimits, Profession, Professions
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.terms import (
    CareerStage,
    Nation,
)
from services.membership.errors import (
    ProfessionNotAdmitted,
)
from services.membership.events import (
    ApplicationReceived,
    ContactChanged,
)
from shared.errors import Duplicate, Invalid
from tests.unit.membership.builders import (
    ARGUMENTS,
    BOOK,
    REGULATORS,
    TODAY,
    applicant,
    application,
)
from tests.unit.membership.world import World, cut_at_every_write

KEY = "GMC:0712345"
STUDENT: dict[str, Any] = {
    "career_stage": "student",
    "regulator": None,
    "registration_number": None,
}


def test_every_fault_of_an_application_is_named() -> None:
    """All that is wrong by the rules of the domain is said at once."""
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    with pytest.raises(Invalid) as refused:
        application(given_name="=1+1", date_of_birth=tomorrow, registration_number="12")
    assert sorted(refused.value.fields) == ["date_of_birth", "given_name", "registration_number"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"registration_number": None}, ["registration_number"]),
        ({"regulator": None}, ["regulator"]),
        ({"regulator": None, "registration_number": None}, ["registration_number", "regulator"]),
        ({**STUDENT, "regulator": "GMC"}, ["registration_number"]),
        ({**STUDENT, "registration_number": "0712345"}, ["regulator"]),
        ({"profession": "astrologer"}, ["profession"]),
    ],
)
def test_a_registration_is_whole_and_where_it_is_needed(
    changes: dict[str, Any], fields: list[str]
) -> None:
    """Half a registration is none, and whether one is needed is said by the grade."""
    with pytest.raises(Invalid) as refused:
        application(**changes)
    assert sorted(refused.value.fields) == fields


def test_a_grade_may_need_no_registration() -> None:
    """A student gives none, or one that is then checked."""
    assert not application(**STUDENT).registration_required
    assert application(**STUDENT).registration is None
    given = application(career_stage="student")
    assert (given.registration_required, given.registration is None) == (False, False)
    assert application().registration_required


def test_whom_no_grade_fits_needs_a_registration() -> None:
    """Until staff name a grade that needs none."""
    grades = BOOK.grades.all[0].policy
    none = replace(grades, rules=tuple(r for r in grades.rules if r.grade == "trainee"))
    version = Version("g", date(2026, 1, 1), none)
    book = replace(BOOK, grades=Versions.of("grades", iter([version])))
    given: dict[str, Any] = {
        **ARGUMENTS,
        "date_of_birth": date(1988, 2, 29),
        "nation": Nation.WALES,
        "career_stage": CareerStage.STUDENT,
    }
    made = Application.checked(**given, regulators=REGULATORS, book=book, today=TODAY)
    assert made.registration_required


def test_names_and_address_are_tidied() -> None:
    """The form that is stored has single spaces and none around it."""
    made = application(given_name=" Siân  Mair ", family_name="Jones ")
    assert (made.given_name, made.family_name) == ("Siân Mair", "Jones")


def checked(policy: Profession, **changes: Any) -> Application:
    """An application by a policy on professions of its own."""
    professions = Version("p1", date(2026, 1, 1), Professions(professions=(policy,)))
    book = replace(BOOK, professions=Versions.of("professions", iter([professions])))
    sound = {
        **ARGUMENTS,
        "date_of_birth": date(1988, 2, 29),
        "nation": Nation.WALES,
        "career_stage": CareerStage.ESTABLISHED,
    }
    return Application.checked(
        **{**sound, **changes}, regulators=REGULATORS, book=book, today=TODAY
    )


def doctor(admission: str, pilot: PilotLimits | None = None) -> Profession:
    return Profession(
        code="doctor", title="Doctor", admission=admission, pilot=pilot, source="test"
    )


def test_a_profession_that_may_not_join_is_refused() -> None:
    """Whether its regulator registers it or not; one nobody took a view of is unknown."""
    with pytest.raises(ProfessionNotAdmitted) as refused:
        checked(doctor("closed"))
    assert refused.value.details == {"profession": "doctor", "reason": "profession_not_admitted"}
    with pytest.raises(Invalid) as unknown:
        checked(doctor("admitted"), profession="nurse")
    assert list(unknown.value.fields) == ["profession"]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"until": TODAY}, None),
        ({"until": TODAY - timedelta(days=1)}, "pilot_over"),
        ({"nations": (Nation.SCOTLAND,)}, "nation_not_in_pilot"),
        ({"nations": (Nation.SCOTLAND, Nation.WALES)}, None),
        ({"career_stages": (CareerStage.SENIOR,)}, "career_stage_not_in_pilot"),
        ({"career_stages": (CareerStage.ESTABLISHED,)}, None),
    ],
)
def test_a_pilot_has_limits(limits: dict[str, Any], reason: str | None) -> None:
    """Inside them the application notes the policy under which it came."""
    pilot = PilotLimits(**{"until": date(2027, 1, 1), "places": 5, **limits})
    if reason is None:
        assert checked(doctor("pilot", pilot)).pilot == "p1"
    else:
        with pytest.raises(ProfessionNotAdmitted) as refused:
            checked(doctor("pilot", pilot))
        assert refused.value.details["reason"] == reason


def test_an_application_outside_a_pilot_is_of_none() -> None:
    """It is open to all of the profession."""
    assert checked(doctor("admitted")).pilot is None


def test_an_application_is_told_with_contact_apart() -> None:
    """Applying tells the application in public and the contact details in private."""
    assert applicant().recorded == (
        ContactChanged("m-1", "Siân", "Planted-Surname", "Sian.Planted@Example.org"),
        ApplicationReceived("m-1", "doctor", "wales", "established", "GMC", TODAY),
    )
    assert applicant(**STUDENT).recorded[1].regulator is None


def test_an_applicant_is_kept_and_told() -> None:
    """Applying keeps the applicant, who awaits verification, with their career so far."""
    world = World()
    answer = world.call("apply", **ARGUMENTS)
    assert (answer.status, answer.received_on, answer.dry_run, answer.pilot) == (
        "awaiting_verification",
        TODAY,
        False,
        False,
    )
    view = world.call("get_member", member_id=answer.member_id)
    assert (view.family_name, view.registration_number) == ("Planted-Surname", "0712345")
    assert [(each.career_stage, each.since) for each in view.career] == [("established", TODAY)]
    assert world.told() == [ContactChanged, ApplicationReceived]


def test_each_applicant_has_a_pseudonym_that_only_their_own_view_shows() -> None:
    """No other answer carries it."""
    world = World()
    one, other = world.member(), world.member()
    first, second = (
        world.call("get_equality_pseudonym", member_id=each).pseudonym for each in (one, other)
    )
    assert first != second
    assert first == world.members.get(one).pseudonym
    answers = [
        world.call("get_member", member_id=one),
        world.call("find_members"),
        world.call("get_account", member_id=one),
        world.call("explain_status", member_id=one),
    ]
    assert [answer for answer in answers if first in str(answer)] == []


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
    world.call("apply", **ARGUMENTS)
    with pytest.raises(Duplicate) as refused:
        world.call("apply", **{**ARGUMENTS, **changes}, dry_run=dry_run)
    assert refused.value.details["field"] == field
    assert list(refused.value.details["fields"]) == [field]
    assert len(world.events()) == 2


def test_the_same_number_at_another_regulator_is_no_duplicate() -> None:
    """Numbers are unique within a regulator, not over all of them."""
    world = World()
    number = {"registration_number": "01234"}
    world.apply(regulator="GOsC", profession="osteopath", **number)
    world.apply(regulator="GCC", profession="chiropractor", **number)
    assert len(world.call("find_members", filters=number).items) == 2


def test_a_dry_run_keeps_and_tells_nothing() -> None:
    """A dry run answers as the application would, without an id, and leaves no trace."""
    world = World()
    before = world.database.writes
    answer = world.call("apply", **ARGUMENTS, dry_run=True)
    assert (answer.member_id, answer.status, answer.dry_run) == (
        None,
        "awaiting_verification",
        True,
    )
    assert (world.database.writes, world.events()) == (before, [])


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
    assert world.events() == []


def test_an_application_cut_off_anywhere_is_completed_by_repeating_it() -> None:
    """There is one applicant, with the registration, told once."""
    worlds = cut_at_every_write(
        lambda world: world.call("apply", **ARGUMENTS, message="apply"), World
    )
    assert len(worlds) == 3
    for world in worlds:
        [member] = world.call("find_members").items
        assert world.told() == [ContactChanged, ApplicationReceived]
        assert world.document("registrations", KEY) is not None
        assert world.document("registrations", KEY)["member_id"] == member.member_id
        assert world.call("apply", **ARGUMENTS, message="apply").member_id == member.member_id
