"""Words of rules: what cannot be is refused, what may be is doubted, the likeliest is named."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Invalid
from shared.testing import error_of
from tests.unit.programmes.builders import PROGRAMME
from tests.unit.programmes.world import World


def draft(world: World, *, domains: tuple[str, ...] = ("self",), **rules: Any) -> Any:
    arguments = {**PROGRAMME, "domains": domains, "eligibility": rules}
    return world.call("create_programme", **arguments)


@pytest.mark.parametrize(
    ("words", "field", "reason"),
    [
        (
            {"career_stages": ["trainee", "trainees"]},
            "eligibility.career_stages.1",
            "There is no career stage trainees. Did you mean trainee?",
        ),
        (
            {"registration_statuses": ["provisonal"]},
            "eligibility.registration_statuses.0",
            "There is no registration status provisonal. Did you mean provisional?",
        ),
        (
            {"domains": ("self", "zebra")},
            "domains.1",
            "There is no domain zebra. There are: organisation, self, system, team.",
        ),
    ],
)
def test_a_word_that_cannot_be_is_refused(
    world: World, words: dict[str, Any], field: str, reason: str
) -> None:
    """Or else nobody would ever be eligible; the field is named, and what was probably meant."""
    error = error_of(lambda: draft(world, **words))
    assert isinstance(error, Invalid)
    assert error.fields == {field: [reason]}
    assert world.call("find_programmes").items == ()


def test_a_nation_that_is_none_is_refused(world: World) -> None:
    """Of these there is a fixed list."""
    error = error_of(lambda: draft(world, nations=["cornwall"]))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["eligibility.nations.0"]


def test_a_word_that_may_have_come_since_is_doubted(world: World) -> None:
    """Membership lets professions and grades in without a change here, so it is only said."""
    view = draft(world, professions=["docter", "doctor"], grades=["zebra"])
    assert view.warnings == {
        "eligibility.professions.0": [
            "No profession docter is known here, so it may be nobody's. Did you mean doctor?"
        ],
        "eligibility.grades.0": ["No grade zebra is known here, so it may be nobody's."],
    }
    id = view.programme_id
    assert world.call("publish_programme", programme_id=id).warnings == view.warnings
    assert world.call("get_programme", programme_id=id).warnings == view.warnings
    assert world.call("find_programmes").items[0].warnings == view.warnings


def test_a_profession_that_was_let_in_later_can_apply(world: World) -> None:
    """A warning stops nobody."""
    programme_id = world.programme(
        eligibility={"professions": ["pharmacy_assistant"], "career_stages": ["established"]}
    )
    cohort_id = world.cohort(programme_id)
    assert world.submitted(cohort_id, world.member(profession="pharmacy_assistant"))


def test_what_is_known_is_not_doubted(world: World) -> None:
    """A programme whose words are all known has no warnings."""
    assert draft(world, professions=["pharmacist"], grades=["member"]).warnings == {}


def test_a_programme_on_offer_is_not_revised_into_one_for_nobody(world: World) -> None:
    """It stays as it was."""
    programme_id = world.programme()
    wrong = {**PROGRAMME, "domains": ["selfless"]}
    error = error_of(lambda: world.call("revise_programme", programme_id=programme_id, **wrong))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["domains.0"]
    assert world.call("get_programme", programme_id=programme_id).domains == ("self", "system")


def test_certificates_and_sessions_name_domains_that_there_are(world: World) -> None:
    """They are printed, and stand in the passport."""
    programme_id = world.programme()
    wrong = {"domains": ["team", "organization"]}
    paper = {
        "kind": "award",
        "title": "Invented certificate",
        "issued_on": "2026-12-03",
        **wrong,
    }
    meeting = {
        "title": "Invented",
        "starts_at": "2027-02-01T10:00:00+00:00",
        "minutes": 60,
        **wrong,
    }
    calls = (
        ("issue_certificate", {"programme_id": programme_id, "member_id": world.member(), **paper}),
        (
            "schedule_session",
            {"programme_id": programme_id, "mode": "online", "capacity": {"online": 5}, **meeting},
        ),
    )
    for method, arguments in calls:
        error = error_of(lambda m=method, a=arguments: world.call(m, **a))  # type: ignore[misc]
        assert isinstance(error, Invalid)
        assert error.fields == {
            "domains.1": ["There is no domain organization. Did you mean organisation?"]
        }
