"""Policy as versioned data: seeded, proposed, activated for a day, and never changed after that."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.membership import reference
from services.membership.commands.policies import ProposePolicyVersion
from services.membership.domain.policies.book import KINDS, PolicyBook, body_of, policy_of, the_one
from services.membership.domain.policies.professions import PilotLimits, Profession, Professions
from services.membership.domain.policies.versions import PolicyState, Version, Versions
from services.membership.domain.terms import CareerStage, Nation
from services.membership.errors import PolicyNotProposed
from services.membership.events import PolicyActivated
from services.membership.repository import PolicyVersions
from services.membership.schemas.policies import PolicyView
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import load
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.world import World, cut_at_every_write

SEEDS = {seed.id: seed for seed in reference.load_policies()}
FILES = sorted(Path(reference.__file__).parent.glob("data/policies/*.json"))
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


# Seeds


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_seed_is_named_dated_sourced_and_sound(path: Path) -> None:
    """The file's name is its kind and version, and its policy survives the store."""
    seed = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem == f"{seed['kind']}-{seed['version']}"
    stored = SEEDS[f"{seed['kind']}:{seed['version']}"]
    assert stored.state is PolicyState.ACTIVE
    assert stored.effective_from.isoformat() == seed["effective_from"]
    assert stored.source == seed["source"] != ""
    policy = policy_of(seed["kind"], stored.body)
    assert body_of(policy) == stored.body
    assert policy_of(seed["kind"], json.loads(json.dumps(stored.body))) == policy


def test_every_kind_of_policy_is_seeded_and_can_be_proposed_and_shown() -> None:
    """A new kind that is missing somewhere is found here."""
    assert {seed.kind for seed in SEEDS.values()} == set(KINDS)
    assert set(KINDS) == set(PolicyBook.__dataclass_fields__)
    for cls in (ProposePolicyVersion, PolicyView):
        assert set(KINDS) <= set(cls.__dataclass_fields__)


def test_the_seeded_policies_fit_one_another() -> None:
    """Every grade has a fee and a term, every profession at every stage in every nation a grade."""
    grades, prices = BOOK.grades.on(TODAY).policy, BOOK.prices.on(TODAY).policy
    for grade in grades.codes:
        assert prices.fee(grade, fellow=False)
        assert BOOK.terms.on(TODAY).policy.of(grade).last_day(TODAY) != TODAY
    for profession in BOOK.professions.on(TODAY).policy.codes:
        for stage in CareerStage:
            for nation in Nation:
                assert grades.grade(profession, stage, nation) is not None


def test_seeds_are_put_in_once_and_never_over_what_is_there() -> None:
    """However many instances start, and after a version was changed by hand."""
    world = World()
    stored = world.document("policies", "retention:2026.1")
    world.another()
    for repository in world.app.repositories:
        repository.prepare()
    assert world.document("policies", "retention:2026.1") == stored
    assert world.database["policies"].count_documents({}) == len(SEEDS)


def test_instances_that_start_at_once_seed_once() -> None:
    """The quicker one wins, and the other goes on."""
    world = World()
    versions = PolicyVersions(world.database, world.outbox, reference.load_policies())
    looked, look = set[str](), versions.documents.find_one

    def look_too_early(criteria: Any) -> Any:
        wanted = criteria.get("_id")
        id = wanted.get("$eq") if isinstance(wanted, dict) else wanted
        if id in SEEDS.keys() - looked:
            looked.add(id)
            return None
        return look(criteria)

    versions.documents.find_one = look_too_early
    stored = list(versions.documents.find({}))
    versions.prepare()
    assert looked == set(SEEDS)
    assert list(versions.documents.find({})) == stored


# Versions in force


def test_the_version_in_force_is_the_latest_that_has_come() -> None:
    """From its first day on, never about earlier days; before the first, the first."""
    dated = [
        Version(name, date(year, 1, 1), name)
        for name, year in (("b", 2027), ("a", 2026), ("c", 2028))
    ]
    versions = Versions.of("grades", iter(dated))
    for day, version in (
        (date(2020, 1, 1), "a"),
        (date(2026, 1, 1), "a"),
        (date(2026, 12, 31), "a"),
        (date(2027, 1, 1), "b"),
        (date(2030, 1, 1), "c"),
    ):
        assert versions.on(day).version == version
    with pytest.raises(NotFound):
        Versions.of("grades", iter(())).on(TODAY)


def test_the_book_has_what_is_active_of_every_kind() -> None:
    """A proposed version decides nothing; a kind nobody knows any more is passed over."""
    world = World()
    propose(world, effective_from=TODAY)
    assert months(world, TODAY) == 72
    activate(world)
    assert months(world, TODAY) == 60
    assert world.book.names(TODAY, "retention", "grades") == {
        "retention": "2027.1",
        "grades": "2026.1",
    }
    stored = world.document("policies", "retention:2026.1")
    assert stored is not None
    world.database["policies"].insert_one(
        {**stored, "_id": "x:1", "id": "x:1", "kind": "x", "active_key": "x from 2026-01-01"}
    )
    assert months(world, TODAY) == 60


def test_versions_are_read_by_name_by_day_and_as_a_list() -> None:
    """The summary says since when and why; the others of the view are empty."""
    world = World()
    propose(world)
    view = world.call("get_policy", kind="retention", version="2027.1")
    assert (view.summary.state, view.summary.source) == ("proposed", "Decided by the board.")
    assert (view.summary.proposed_on, view.summary.activated_on) == (TODAY, None)
    assert view.retention.applicant_months == 6
    assert [name for name in KINDS if getattr(view, name) is not None] == ["retention"]
    now = world.call("get_policy", kind="retention")
    assert (now.summary.version, now.summary.effective_from) == ("2026.1", date(2026, 1, 1))
    propose(world, "2027.2")
    listed = world.pages("find_policy_versions", kind="retention", limit=2)
    assert [each.version for each in listed] == ["2026.1", "2027.1", "2027.2"]


def test_an_unknown_kind_or_version_is_named() -> None:
    """To read and to activate."""
    world = World()
    for ask in (
        lambda: world.call("get_policy", kind="x"),
        lambda: world.call("find_policy_versions", kind="x"),
        lambda: activate(world, kind="x"),
    ):
        with pytest.raises(Invalid) as refused:
            ask()
        assert list(refused.value.fields) == ["kind"]
    for ask in (
        lambda: world.call("get_policy", kind="retention", version="x"),
        lambda: activate(world, "x"),
    ):
        with pytest.raises(NotFound):
            ask()


# Proposing


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


# Activating


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
    for version, effective_from in (
        ("past", TODAY - ONE_DAY),
        ("now", TODAY),
        ("soon", TODAY + ONE_DAY),
    ):
        propose(world, version, effective_from=effective_from)
    with pytest.raises(Invalid) as refused:
        activate(world, "past")
    assert list(refused.value.fields) == ["effective_from"]
    activate(world, "now")
    world.clock.advance(days=2)
    with pytest.raises(Invalid):
        activate(world, "soon")


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


# Professions


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
