"""Policy as versioned data: proposed, activated for a day, and never changed after that."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership import reference
from services.membership.commands.policies import ProposePolicyVersion
from services.membership.domain.policies.book import PolicyBook, the_one
from services.membership.domain.policies.professions import PilotLimits, Profession, Professions
from services.membership.errors import PolicyNotProposed
from services.membership.events import PolicyActivated
from shared.errors import Duplicate, Invalid
from shared.events import load
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.world import World, cut_at_every_write

SEEDS = {seed.id: seed for seed in reference.load_policies()}
ONE_DAY = timedelta(days=1)
RETENTION: dict[str, Any] = {
    "member_months": 60,
    "applicant_months": 6,
    "export_days": 14,
    "source": "Board",
}


def propose(world: World, version: str = "2027.1", **changes: Any) -> Any:
    arguments: dict[str, Any] = {
        "effective_from": date(2027, 1, 1),
        "reason": "Decided by the board.",
        "retention": RETENTION,
        **changes,
    }
    given = {name: value for name, value in arguments.items() if value is not None}
    return world.call("propose_policy_version", version=version, **given)


def activate(world: World, version: str = "2027.1", **changes: Any) -> Any:
    arguments = {"kind": "retention", "reason": "In force.", **changes}
    return world.call("activate_policy_version", version=version, **arguments)


def months(world: World, on: date) -> int:
    view = world.call("get_policy", kind="retention", on=on)
    return int(view.retention.member_months)


def test_a_proposal_is_of_one_kind_alone() -> None:
    """None and two are refused."""
    world = World()
    terms = {"rules": [{"kind": "rolling"}]}
    for changes in ({"retention": None}, {"terms": terms}):
        with pytest.raises(Invalid) as refused:
            propose(world, **changes)
        assert list(refused.value.fields) == [""]


@pytest.mark.parametrize(
    ("policy", "fields"),
    [
        ({"retention": {**RETENTION, "member_months": 0}}, ["retention.member_months"]),
        ({"retention": {**RETENTION, "years": 1}}, ["retention.years"]),
        (
            {"retention": None, "terms": {"rules": [{"kind": "fixed", "rollover": "02-30"}]}},
            ["terms.rules.0.rollover"],
        ),
        (
            {
                "retention": None,
                "grades": {
                    "grades": [{"code": "a", "title": "A", "source": "s"}] * 2,
                    "rules": [{"grade": "a"}, {"grade": "b"}],
                },
            },
            ["grades.grades.1.code", "grades.rules.1.grade"],
        ),
        (
            {
                "retention": None,
                "statuses": {
                    "rules": ["merged"],
                    "renewal_window_days": 1,
                    "grace_days": 1,
                    "source": "s",
                },
            },
            ["statuses.rules"],
        ),
    ],
)
def test_a_policy_at_fault_is_refused_with_every_fault(
    policy: dict[str, Any], fields: list[str]
) -> None:
    """What its schema sees and what it does not."""
    world = World()
    with pytest.raises(Invalid) as refused:
        propose(world, **policy)
    assert sorted(refused.value.fields) == fields
    assert world.database["policies"].count_documents({}) == len(SEEDS)


def test_a_name_is_used_once_for_each_kind() -> None:
    """The same call again is the same proposal."""
    world = World()
    for _ in range(2):
        propose(world, message="propose")
    with pytest.raises(Duplicate) as refused:
        propose(world)
    assert list(refused.value.details["fields"]) == ["version"]
    propose(world, retention=None, terms={"rules": [{"kind": "rolling"}]})


def test_only_one_of_several_policies_is_the_one() -> None:
    """Told by kind, and sound in itself."""
    retention = BOOK.retention.all[0].policy
    assert the_one({"retention": retention, "grades": None}) == ("retention", retention)
    broken = replace(BOOK.grades.all[0].policy, grades=())
    with pytest.raises(Invalid) as refused:
        the_one({"grades": broken})
    assert all(field.startswith("grades.rules.") for field in refused.value.fields)


def test_an_activated_version_decides_from_its_day_on() -> None:
    """Which is told once; it cannot be activated again."""
    world = World()
    propose(world)
    for _ in range(2):
        view = activate(world, message="activate")
    assert (view.summary.state, view.summary.activated_on) == ("active", TODAY)
    assert world.events("retention:2027.1") == [
        PolicyActivated("retention", "2027.1", date(2027, 1, 1))
    ]
    assert (months(world, date(2026, 12, 31)), months(world, date(2027, 1, 1))) == (72, 60)
    with pytest.raises(PolicyNotProposed) as refused:
        activate(world)
    assert refused.value.code == "membership.policy_not_proposed"
    with pytest.raises(PolicyNotProposed):
        activate(world, "2026.1")


def test_a_version_is_not_activated_for_days_that_have_passed() -> None:
    """Today is early enough; what was proposed in time may come too late."""
    world = World()
    with pytest.raises(Invalid) as refused:
        propose(world, "past", effective_from=TODAY - ONE_DAY)
    assert list(refused.value.fields) == ["effective_from"]
    for version, effective_from in (("now", TODAY), ("soon", TODAY + ONE_DAY)):
        propose(world, version, effective_from=effective_from)
    activate(world, "now")
    world.clock.advance(days=2)
    with pytest.raises(Invalid) as late:
        activate(world, "soon")
    assert list(late.value.fields) == ["effective_from"]


def test_two_versions_do_not_come_into_force_on_one_day() -> None:
    """The refusal says which one has it."""
    world = World()
    for version in ("a", "b"):
        propose(world, version)
    activate(world, "a")
    with pytest.raises(Invalid) as refused:
        activate(world, "b")
    assert refused.value.fields == {"effective_from": ["Version a comes into force on this day."]}


def test_of_two_activated_at_once_for_one_day_one_wins() -> None:
    """Though each saw the day free when it looked."""
    world = World()
    for version in ("a", "b"):
        propose(world, version)
    other, policies = world.another(), world.repository("policies")
    look = policies.book

    def look_and_be_overtaken() -> PolicyBook:
        policies.book = look
        book = look()
        activate(other, "b")
        return book

    policies.book = look_and_be_overtaken
    with pytest.raises(Invalid) as refused:
        activate(world, "a")
    assert list(refused.value.fields) == ["effective_from"]
    states = {
        each.version: each.state for each in world.pages("find_policy_versions", kind="retention")
    }
    assert (states["a"], states["b"]) == ("proposed", "active")
    assert [type(e) for e in world.events()] == [PolicyActivated]


def test_other_kinds_may_come_into_force_on_the_same_day() -> None:
    """The day is taken by kind."""
    world = World()
    propose(world)
    propose(world, retention=None, terms={"rules": [{"kind": "rolling"}]})
    activate(world)
    activate(world, kind="terms")
    day = date(2027, 1, 1)
    assert set(world.book.names(day, "retention", "terms").values()) == {"2027.1"}


def test_activation_cut_off_anywhere_is_completed_by_repeating_it() -> None:
    """There is one version in force, told once."""

    def act(world: World) -> None:
        propose(world, message="propose")
        activate(world, message="activate")

    for world in cut_at_every_write(act, World):
        assert months(world, date(2027, 1, 1)) == 60
        assert world.told("retention:2027.1") == [PolicyActivated]


def test_who_proposed_and_who_activated_stands_in_the_trail() -> None:
    """With their reasons."""
    world = World()
    propose(world, by="ann")
    activate(world, by="bob")
    trail = world.repository("policies").trail("retention:2027.1")
    assert [(entry.by, entry.action, entry.reason) for entry in trail] == [
        ("ann", "propose_policy_version", "Decided by the board."),
        ("bob", "activate_policy_version", "In force."),
    ]
    assert {change.field for change in trail[1].changes} == {"state", "activated_on"}


def test_decisions_name_the_version_that_made_them() -> None:
    """A term made before keeps its policy when another comes into force."""
    world = World()
    member_id = world.member()
    terms = {"rules": [{"kind": "rolling", "months": 6}], "payment_before_renewal": False}
    propose(world, "half-years", retention=None, terms=terms, effective_from=TODAY + ONE_DAY)
    activate(world, "half-years", kind="terms")
    world.clock.advance(days=1)
    other = world.member()
    for id, version, last in (
        (member_id, "2026.1", date(2027, 11, 22)),
        (other, "half-years", date(2027, 5, 23)),
    ):
        [term] = world.call("get_member", member_id=id).terms
        assert (term.policies["terms"], term.ends_on) == (version, last)


def profession(code: str = "a", admission: str = "admitted", **changes: Any) -> Profession:
    return Profession(code=code, title="A", admission=admission, source="test", **changes)


def test_a_pilot_and_nothing_else_has_limits() -> None:
    """And each profession is listed once."""
    limits = PilotLimits(until=TODAY, places=1)
    listed = Professions(
        professions=(
            profession(),
            profession(),
            profession("b", "pilot"),
            profession("c", "closed", pilot=limits),
            profession("d", "pilot", pilot=limits),
        )
    )
    assert [field for field, _ in listed.faults()] == [
        "professions.1.code",
        "professions.2.pilot",
        "professions.3.pilot",
    ]
    assert profession("b", "pilot").refusal("wales", "senior", TODAY) == "profession_not_admitted"


def test_the_schema_of_a_proposal_bounds_what_it_takes() -> None:
    """Names of versions are short and plain."""
    for version in ("", "a b", "-1", "a" * 41):
        with pytest.raises(Invalid) as refused:
            load(
                ProposePolicyVersion,
                {"version": version, "effective_from": "2027-01-01", "reason": "x"},
            )
        assert list(refused.value.fields) == ["version"]
